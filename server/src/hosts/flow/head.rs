//! The head of an answer.

use bytes::{Buf as _, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use super::{FlowError, Framing, chunks::Chunks};

/// A head has at most so many bytes and headers.
const HEAD_MAX: usize = 64 * 1024;
const HEADERS_MAX: usize = 100;

/// An answer's head, and how its body ends.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) framing: Framing,
}

/// Takes the head of the answer to `method` from the beginning of `raw`, if it is there whole.
pub(super) fn take(raw: &mut BytesMut, method: &Method) -> Result<Option<Head>, FlowError> {
    loop {
        let mut room = [httparse::EMPTY_HEADER; HEADERS_MAX];
        let mut parsed = httparse::Response::new(&mut room);
        let length = match parsed.parse(raw) {
            Ok(httparse::Status::Complete(length)) => length,
            Ok(httparse::Status::Partial) if raw.len() >= HEAD_MAX => {
                return Err(FlowError::Garbled("the head is too long"));
            }
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(_) => return Err(FlowError::Garbled("the head is no HTTP")),
        };
        let status = parsed.code.and_then(|code| StatusCode::from_u16(code).ok());
        let status = status.ok_or(FlowError::Garbled("the head has no status"))?;
        let mut headers = HeaderMap::with_capacity(parsed.headers.len());
        for header in parsed.headers.iter() {
            let name = HeaderName::from_bytes(header.name.as_bytes());
            let value = HeaderValue::from_bytes(header.value);
            let (Ok(name), Ok(value)) = (name, value) else {
                return Err(FlowError::Garbled("a header is none"));
            };
            headers.append(name, value);
        }
        raw.advance(length);
        if status == StatusCode::SWITCHING_PROTOCOLS {
            return Err(FlowError::Garbled("another protocol that nobody asked for"));
        }
        // What comes before the answer proper.
        if status.is_informational() {
            continue;
        }
        let framing = framing(status, &headers, method)?;
        return Ok(Some(Head { status, headers, framing }));
    }
}

fn framing(status: StatusCode, headers: &HeaderMap, method: &Method) -> Result<Framing, FlowError> {
    if method == Method::HEAD || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
        return Ok(Framing::Over);
    }
    let mut lengths = headers.get_all(header::CONTENT_LENGTH).iter();
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    match (lengths.next(), codings.next()) {
        (None, None) => Ok(Framing::UntilEnd),
        (Some(length), None) if lengths.next().is_none() => number(length)
            .map(|length| if length == 0 { Framing::Over } else { Framing::Length(length) })
            .ok_or(FlowError::Garbled("a length that is no number")),
        (None, Some(coding)) if codings.next().is_none() => {
            if coding.as_bytes().eq_ignore_ascii_case(b"chunked") {
                Ok(Framing::Chunked(Chunks::Size))
            } else {
                Err(FlowError::Garbled("a transfer coding that nobody asked for"))
            }
        }
        _ => Err(FlowError::Garbled("more than one length of the body")),
    }
}

/// Digits and nothing else: what else `parse` takes is no length.
fn number(value: &HeaderValue) -> Option<u64> {
    let text = value.to_str().ok()?;
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}
