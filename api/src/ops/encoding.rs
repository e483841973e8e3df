//! Percent encoding as paths and form-encoded queries use it: read strictly, written in one way.

use std::fmt::Write;

/// Why a piece of a path or query could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// A `%` without two hexadecimal digits, or a character that must not stand there unencoded.
    Encoding,
    /// The decoded bytes are not UTF-8.
    Utf8,
}

/// Which rules a piece follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// One segment of a path: `+` is a plus.
    Segment,
    /// A key or value of a query: `+` is a space, and `;` is refused, which some engines read as `&`.
    Form,
}

impl Part {
    /// Whether the byte may stand in the raw text as itself.
    const fn allows_raw(self, byte: u8) -> bool {
        match self {
            Self::Segment => byte.is_ascii_graphic() && byte != b'?' && byte != b'#',
            Self::Form => byte.is_ascii_graphic() && byte != b';' && byte != b'#',
        }
    }

    /// Whether the byte is written as itself. Everything else is percent-encoded.
    const fn keeps(self, byte: u8) -> bool {
        let unreserved = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        // Image references are full of the two; both are ordinary characters of a path segment.
        unreserved || (matches!(self, Self::Segment) && matches!(byte, b':' | b'@'))
    }
}

/// The text that `raw` stands for.
pub(super) fn decode(raw: &str, part: Part) -> Result<String, Fault> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => match (rest.next().and_then(hex), rest.next().and_then(hex)) {
                (Some(high), Some(low)) => high << 4 | low,
                _ => return Err(Fault::Encoding),
            },
            b'+' if part == Part::Form => b' ',
            _ if part.allows_raw(byte) => byte,
            _ => return Err(Fault::Encoding),
        });
    }
    String::from_utf8(bytes).map_err(|_| Fault::Utf8)
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Writes `text` to `out` so that [`decode`] reads it back.
pub(super) fn encode(out: &mut impl Write, text: &str, part: Part) -> std::fmt::Result {
    for byte in text.bytes() {
        if part.keeps(byte) { out.write_char(char::from(byte))? } else { write!(out, "%{byte:02X}")? }
    }
    Ok(())
}
