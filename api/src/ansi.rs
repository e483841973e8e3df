//! What terminals understand and pages do not: colours and other escape sequences in the lines of logs. Server and
//! browser read them by the same code, so that places in a line's text mean the same to both.

use std::borrow::Cow;

/// A colour of a text or of its ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// One of the sixteen that every terminal names, the bright ones from 8 on.
    Named(u8),
    /// Red, green and blue.
    Rgb(u8, u8, u8),
}

/// How a piece of text is to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// The text's colour.
    pub text: Option<Colour>,
    /// The ground's.
    pub ground: Option<Colour>,
    /// Heavier.
    pub bold: bool,
    /// Paler.
    pub dim: bool,
    /// Slanted.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
    /// Text and ground have changed places.
    pub inverse: bool,
}

impl Style {
    /// Takes over what `ESC [ … m` says.
    fn take(&mut self, codes: &str) {
        let mut codes = codes.split([';', ':']).map(|code| code.parse::<u16>().unwrap_or(0));
        while let Some(code) = codes.next() {
            match code {
                0 => *self = Self::default(),
                1 => self.bold = true,
                2 => self.dim = true,
                3 => self.italic = true,
                4 => self.underline = true,
                7 => self.inverse = true,
                22 => (self.bold, self.dim) = (false, false),
                23 => self.italic = false,
                24 => self.underline = false,
                27 => self.inverse = false,
                30..=37 => self.text = Some(named(code - 30)),
                38 => self.text = further(&mut codes).or(self.text),
                39 => self.text = None,
                40..=47 => self.ground = Some(named(code - 40)),
                48 => self.ground = further(&mut codes).or(self.ground),
                49 => self.ground = None,
                90..=97 => self.text = Some(named(code - 82)),
                100..=107 => self.ground = Some(named(code - 92)),
                _ => {}
            }
        }
    }
}

fn named(code: u16) -> Colour {
    Colour::Named(u8::try_from(code).unwrap_or(7))
}

/// The colour after 38 or 48: one of 256, or three parts.
fn further(codes: &mut impl Iterator<Item = u16>) -> Option<Colour> {
    let byte = |code: Option<u16>| u8::try_from(code?).ok();
    match codes.next()? {
        2 => Some(Colour::Rgb(byte(codes.next())?, byte(codes.next())?, byte(codes.next())?)),
        5 => Some(match byte(codes.next())? {
            code @ 0..16 => Colour::Named(code),
            code @ 16..232 => {
                let part = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
                let code = code - 16;
                Colour::Rgb(part(code / 36), part(code / 6 % 6), part(code % 6))
            }
            code => {
                let grey = 8 + 10 * (code - 232);
                Colour::Rgb(grey, grey, grey)
            }
        }),
        _ => None,
    }
}

/// A line's pieces, each with its look. Of what is no text only the looks remain.
pub fn pieces(line: &str) -> impl Iterator<Item = (Style, &str)> {
    let (mut style, mut rest) = (Style::default(), line);
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let end = rest.bytes().position(is_control).unwrap_or(rest.len());
            if end > 0 {
                let (piece, after) = rest.split_at(end);
                rest = after;
                return Some((style, piece));
            }
            let (codes, after) = sequence(rest);
            if let Some(codes) = codes {
                style.take(codes);
            }
            rest = after;
        }
    })
}

/// A line's text alone.
pub fn plain(line: &str) -> Cow<'_, str> {
    if line.bytes().any(is_control) {
        Cow::Owned(pieces(line).map(|(_, piece)| piece).collect())
    } else {
        Cow::Borrowed(line)
    }
}

fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && byte != b'\t'
}

/// Takes the control character that `text` begins with, and all that belongs to it: what it says of looks, and what
/// follows it.
fn sequence(text: &str) -> (Option<&str>, &str) {
    let bytes = text.as_bytes();
    let after = |at: usize| text.get(at..).unwrap_or_default();
    if bytes[0] != 0x1b {
        return (None, after(1));
    }
    match bytes.get(1) {
        Some(b'[') => {
            let Some(end) = bytes[2..].iter().position(|byte| (0x40..=0x7e).contains(byte)) else {
                return (None, "");
            };
            let end = end + 2;
            let codes = text.get(2..end).filter(|codes| {
                bytes[end] == b'm' && codes.bytes().all(|byte| byte.is_ascii_digit() || b";:".contains(&byte))
            });
            (codes, after(end + 1))
        }
        // Titles, links and other strings, up to their end.
        Some(b']' | b'P' | b'X' | b'^' | b'_') => {
            let end = bytes.iter().enumerate().skip(2).find_map(|(at, byte)| match byte {
                0x07 => Some(at + 1),
                0x1b if bytes.get(at + 1) == Some(&b'\\') => Some(at + 2),
                _ => None,
            });
            (None, end.map_or("", after))
        }
        // Character sets: one more follows.
        Some(b' '..=b'/') => (None, after(if bytes.get(2).is_some_and(u8::is_ascii) { 3 } else { 2 })),
        Some(byte) if byte.is_ascii() && !is_control(*byte) => (None, after(2)),
        _ => (None, after(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> Vec<(Style, &str)> {
        pieces(line).collect()
    }

    #[test]
    fn colours_change_where_they_are_said_to() {
        let green = Style { text: Some(Colour::Named(2)), ..Style::default() };
        let loud = Style { bold: true, ..green };
        assert_eq!(
            shown("a\x1b[32mb\x1b[1mc\x1b[0md"),
            [(Style::default(), "a"), (green, "b"), (loud, "c"), (Style::default(), "d")]
        );
        let text = |code: &str| shown(&format!("\x1b[{code}mx"))[0].0.text;
        assert_eq!(text("96"), Some(Colour::Named(14)));
        assert_eq!(text("38;5;9"), Some(Colour::Named(9)));
        assert_eq!(text("38;5;196"), Some(Colour::Rgb(255, 0, 0)));
        assert_eq!(text("38;5;255"), Some(Colour::Rgb(238, 238, 238)));
        assert_eq!(text("38;2;1;2;3"), Some(Colour::Rgb(1, 2, 3)));
        assert_eq!(text("38;5"), None);
        assert_eq!(shown("\x1b[mx\x1b[my"), [(Style::default(), "x"), (Style::default(), "y")]);
    }

    #[test]
    fn of_everything_else_only_the_text_remains() {
        for (line, text) in [
            ("plain \t容", "plain \t容"),
            ("\x1b]0;a title\x07text", "text"),
            ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
            ("\x1b[2Kx\x1b[?25ly\x1b(Bz", "xyz"),
            ("a\x08b\x7fc\x00", "abc"),
            ("cut \x1b[3", "cut "),
            ("cut \x1b", "cut "),
            ("\x1b]no end", ""),
            ("\x1b容", "容"),
            ("\x1b(容", "容"),
        ] {
            assert_eq!(plain(line), text, "{line:?}");
        }
    }
}
