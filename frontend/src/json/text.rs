//! Texts: what stands between quotes.

use std::borrow::Cow;

/// Reads a text after its opening quote and says how much was read, the closing quote included.
pub(super) fn text(rest: &str) -> Option<(Cow<'_, str>, usize)> {
    let end = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\') || byte < 0x20)?;
    if rest.as_bytes()[end] == b'"' {
        return Some((Cow::Borrowed(&rest[..end]), end + 1));
    }
    let mut out = rest[..end].to_owned();
    let mut letters = rest[end..].char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((Cow::Owned(out), end + at + 1)),
            '\\' => out.push(match letters.next()?.1 {
                plain @ ('"' | '\\' | '/') => plain,
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => unit(&mut letters)?,
                _ => return None,
            }),
            letter if letter < ' ' => return None,
            letter => out.push(letter),
        }
    }
    None
}

/// `5bb9`, or two halves of one: `d83d\udea2`.
fn unit(letters: &mut std::str::CharIndices<'_>) -> Option<char> {
    let first = four(letters)?;
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first);
    }
    if letters.next()?.1 != '\\' || letters.next()?.1 != 'u' {
        return None;
    }
    let second = four(letters)?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    char::from_u32(0x10000 + ((first - 0xd800) << 10) + second)
}

fn four(letters: &mut std::str::CharIndices<'_>) -> Option<u32> {
    (0..4).try_fold(0, |number, _| Some(number * 16 + letters.next()?.1.to_digit(16)?))
}
