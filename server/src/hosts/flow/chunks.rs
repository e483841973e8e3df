//! Chunked bodies, decoded in place: however many chunks have arrived, they become one piece.

use bytes::{Buf as _, Bytes, BytesMut};

use super::FlowError;

/// The line with a chunk's size has at most so many bytes, extensions included.
const SIZE_LINE_MAX: usize = 256;
/// So many hexadecimal digits are a size.
const DIGITS_MAX: usize = 16;
/// Trailers have at most so many bytes in all; nobody reads them.
const TRAILERS_MAX: usize = 16 * 1024;

/// How far a chunked body has been read.
#[derive(Debug)]
pub(super) enum Chunks {
    /// The line with the next chunk's size comes.
    Size,
    /// So many bytes of the chunk are to come.
    Data(u64),
    /// The line end behind a chunk's bytes comes.
    DataEnd,
    /// Trailers come, of which so many bytes were there.
    Trailers(usize),
    /// All was read.
    Over,
}

impl Chunks {
    /// The bytes of all chunks in `raw`, which keeps only what is not understood yet for want of its rest.
    pub(super) fn take(&mut self, raw: &mut BytesMut) -> Result<Bytes, FlowError> {
        // Of `raw`, what is before `at` has been read, and its payload moved together to `start..end`.
        let (mut start, mut end, mut at) = (0, 0, 0);
        loop {
            match self {
                Self::Size => {
                    let Some(line) = line(&raw[at..], SIZE_LINE_MAX, "the line with a chunk's size")? else {
                        break;
                    };
                    *self = match size(line)? {
                        0 => Self::Trailers(0),
                        size => Self::Data(size),
                    };
                    at += line.len() + 2;
                }
                Self::Data(left) => {
                    let here = raw.len() - at;
                    let some = usize::try_from(*left).unwrap_or(usize::MAX).min(here);
                    if some == 0 {
                        break;
                    }
                    if end == 0 {
                        (start, end) = (at, at);
                    } else {
                        raw.copy_within(at..at + some, end);
                    }
                    end += some;
                    at += some;
                    *left -= some as u64;
                    if *left == 0 {
                        *self = Self::DataEnd;
                    }
                }
                Self::DataEnd => match &raw[at..] {
                    [b'\r', b'\n', ..] => {
                        at += 2;
                        *self = Self::Size;
                    }
                    [] | [b'\r'] => break,
                    _ => return Err(FlowError::Garbled("a chunk is longer than it says")),
                },
                Self::Trailers(bytes) => {
                    let Some(line) = line(&raw[at..], TRAILERS_MAX, "a trailer")? else { break };
                    at += line.len() + 2;
                    *bytes += line.len() + 2;
                    if line.is_empty() {
                        *self = Self::Over;
                    } else if *bytes > TRAILERS_MAX {
                        return Err(FlowError::Garbled("the trailers are too long"));
                    }
                }
                Self::Over => break,
            }
        }
        if end == 0 {
            raw.advance(at);
            return Ok(Bytes::new());
        }
        raw.advance(start);
        let payload = raw.split_to(end - start).freeze();
        raw.advance(at - end);
        Ok(payload)
    }
}

/// The first line without its end, if it is there whole.
fn line<'a>(raw: &'a [u8], max: usize, what: &'static str) -> Result<Option<&'a [u8]>, FlowError> {
    let searched = &raw[..raw.len().min(max)];
    match memchr::memchr(b'\n', searched) {
        Some(at) => match searched[..at].split_last() {
            Some((b'\r', line)) => Ok(Some(line)),
            _ => Err(FlowError::Garbled(what)),
        },
        None if raw.len() >= max => Err(FlowError::Garbled(what)),
        None => Ok(None),
    }
}

/// The size in a chunk's first line. What follows a semicolon is an extension, which nobody reads.
fn size(line: &[u8]) -> Result<u64, FlowError> {
    let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let fits = match &line[digits..] {
        [] => true,
        [next, ..] => matches!(next, b';' | b' ' | b'\t'),
    };
    if !fits || !(1..=DIGITS_MAX).contains(&digits) {
        return Err(FlowError::Garbled("a chunk's size is no number"));
    }
    Ok(line[..digits].iter().fold(0, |size, digit| {
        let value = char::from(*digit).to_digit(16).expect("only digits were counted");
        size << 4 | u64::from(value)
    }))
}
