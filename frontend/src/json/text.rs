//! The text of a document and how far it has been read: everything that is the same for all types.

use std::borrow::Cow;

use super::Unread;

/// So deep lists and objects stand within one another: what a document nests deeper is not ours.
const DEPTH_MAX: u8 = 128;

/// A document, read from its beginning.
pub(super) struct Text<'a> {
    whole: &'a str,
    at: usize,
    depth: u8,
}

/// A number as it is written.
pub(super) enum Number {
    /// Zero or more.
    Natural(u64),
    /// Below zero.
    Negative(i64),
    /// With a fraction or an exponent, or beyond the others.
    Float(f64),
}

impl<'a> Text<'a> {
    pub(super) fn of(whole: &'a str) -> Self {
        Self { whole, at: 0, depth: 0 }
    }

    /// The next byte that is no blank; 0 at the end.
    pub(super) fn peek(&mut self) -> u8 {
        let bytes = self.whole.as_bytes();
        while matches!(bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
        self.byte()
    }

    fn byte(&self) -> u8 {
        self.whole.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    pub(super) fn is_at_end(&mut self) -> bool {
        self.peek() == 0 && self.at == self.whole.len()
    }

    /// Goes past this byte, where it is the next.
    pub(super) fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == byte;
        self.at += usize::from(is_next);
        is_next
    }

    pub(super) fn take(&mut self, byte: u8) -> Result<(), Unread> {
        if self.takes(byte) { Ok(()) } else { Err(Unread) }
    }

    /// Goes past `null`, `true` or `false`.
    pub(super) fn word(&mut self, word: &str) -> Result<(), Unread> {
        self.peek();
        if !self.whole.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return Err(Unread);
        }
        self.at += word.len();
        Ok(())
    }

    /// Goes into a list or an object.
    pub(super) fn enter(&mut self, open: u8) -> Result<(), Unread> {
        self.take(open)?;
        self.depth += 1;
        if self.depth > DEPTH_MAX { Err(Unread) } else { Ok(()) }
    }

    /// Goes out of it: all of it has been read.
    pub(super) fn leave(&mut self, close: u8) -> Result<(), Unread> {
        self.depth -= 1;
        self.take(close)
    }

    /// Whether one more member follows in a list or an object, whose comma is gone past then.
    pub(super) fn follows(&mut self, first: &mut bool, close: u8) -> Result<bool, Unread> {
        if std::mem::take(first) {
            return Ok(self.peek() != close);
        }
        if self.peek() == close {
            return Ok(false);
        }
        self.take(b',')?;
        // No comma before the end.
        if self.peek() == close { Err(Unread) } else { Ok(true) }
    }

    /// A string without its quotation marks and escapes.
    pub(super) fn string(&mut self) -> Result<Cow<'a, str>, Unread> {
        self.take(b'"')?;
        let mut read = String::new();
        loop {
            let from = self.at;
            while !matches!(self.byte(), b'"' | b'\\' | 0..=0x1f) {
                self.at += 1;
            }
            let part = &self.whole[from..self.at];
            let end = self.byte();
            self.at += 1;
            match end {
                b'"' if read.is_empty() => return Ok(Cow::Borrowed(part)),
                b'"' => {
                    read.push_str(part);
                    return Ok(Cow::Owned(read));
                }
                b'\\' => {
                    read.push_str(part);
                    read.push(self.escaped()?);
                }
                _ => return Err(Unread),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, Unread> {
        let byte = self.byte();
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.four_digits()?;
                let mut code = first;
                if (0xd800..0xdc00).contains(&first) {
                    self.escape_follows()?;
                    let second = self.four_digits()?;
                    let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400).ok_or(Unread)?;
                    code = 0x1_0000 + ((first - 0xd800) << 10) + low;
                }
                char::from_u32(code).ok_or(Unread)?
            }
            _ => return Err(Unread),
        })
    }

    fn escape_follows(&mut self) -> Result<(), Unread> {
        let follows = self.whole.as_bytes()[self.at..].starts_with(b"\\u");
        self.at += 2;
        if follows { Ok(()) } else { Err(Unread) }
    }

    fn four_digits(&mut self) -> Result<u32, Unread> {
        let digits = self.whole.as_bytes().get(self.at..self.at + 4).ok_or(Unread)?;
        self.at += 4;
        digits
            .iter()
            .try_fold(0, |code, digit| Some(code * 16 + char::from(*digit).to_digit(16)?))
            .ok_or(Unread)
    }

    pub(super) fn number(&mut self) -> Result<Number, Unread> {
        self.peek();
        let negative = self.byte() == b'-';
        self.at += usize::from(negative);
        let (mut digits, mut exponent, mut any, mut whole) = (0_u64, 0_i32, false, true);
        loop {
            let byte = self.byte();
            match byte {
                b'0'..=b'9' => {
                    any = true;
                    let digit = u64::from(byte - b'0');
                    match digits.checked_mul(10).and_then(|digits| digits.checked_add(digit)) {
                        Some(more) => {
                            digits = more;
                            exponent -= i32::from(!whole);
                        }
                        // More digits than anything of ours has.
                        None => exponent += i32::from(whole),
                    }
                }
                b'.' if whole && any => (whole, any) = (false, false),
                _ => break,
            }
            self.at += 1;
        }
        if !any {
            return Err(Unread);
        }
        if matches!(self.byte(), b'e' | b'E') {
            whole = false;
            self.at += 1;
            exponent = exponent.saturating_add(self.exponent()?);
        }
        Ok(match (negative, whole && exponent == 0) {
            (false, true) => Number::Natural(digits),
            (true, true) if digits <= i64::MIN.unsigned_abs() => {
                Number::Negative((digits as i64).wrapping_neg())
            }
            _ => {
                let value = scaled(digits as f64, exponent);
                Number::Float(if negative { -value } else { value })
            }
        })
    }

    fn exponent(&mut self) -> Result<i32, Unread> {
        let negative = self.byte() == b'-';
        self.at += usize::from(matches!(self.byte(), b'-' | b'+'));
        let (mut exponent, mut any) = (0_i32, false);
        while let digit @ b'0'..=b'9' = self.byte() {
            exponent = exponent.saturating_mul(10).saturating_add(i32::from(digit - b'0'));
            any = true;
            self.at += 1;
        }
        if any { Ok(if negative { -exponent } else { exponent }) } else { Err(Unread) }
    }

    /// Goes past a value, whatever it is: what it was.
    pub(super) fn skip(&mut self) -> Result<&'a str, Unread> {
        self.peek();
        let from = self.at;
        let mut open = 0_u32;
        loop {
            match self.peek() {
                b'"' => drop(self.string()?),
                b'{' | b'[' => {
                    open += 1;
                    self.at += 1;
                    continue;
                }
                b'}' | b']' if open > 0 => {
                    open -= 1;
                    self.at += 1;
                }
                b',' | b':' if open > 0 => {
                    self.at += 1;
                    continue;
                }
                b't' => self.word("true")?,
                b'f' => self.word("false")?,
                b'n' => self.word("null")?,
                _ => _ = self.number()?,
            }
            if open == 0 {
                return Ok(&self.whole[from..self.at]);
            }
        }
    }
}

/// `digits` with the point moved, exact where both fit into a float: there are few digits in what a server says.
fn scaled(digits: f64, exponent: i32) -> f64 {
    let mut power = 1.0_f64;
    for _ in 0..exponent.unsigned_abs().min(400) {
        power *= 10.0;
    }
    if exponent < 0 { digits / power } else { digits * power }
}
