//! An answer that flows: the head and body of a call whose request has no body, read straight from the connector's stream.
//! hyper hands every chunk to another task by itself, which for a log of a chunk a line costs more than all the rest; here
//! what has arrived is one piece. Nothing is held beyond that piece: who does not read lets the engine wait.

mod chunks;
mod head;
mod pace;
#[cfg(test)]
mod tests;

use std::{
    io,
    pin::Pin,
    task::{self, Poll, ready},
    time::Instant,
};

use bytes::{Bytes, BytesMut};
use chunks::Chunks;
use http::{Request, Response, header};
use http_body::{Frame, SizeHint};
use pace::Pace;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_util::io::poll_read_buf;

use super::connector::BoxedIo;

/// Room for reads: at first, and at most once reads have filled it.
const ROOM: usize = 16 * 1024;
const ROOM_MAX: usize = 256 * 1024;

/// Why an answer did not flow to its end.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    /// The stream broke.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The engine ended it before its end.
    #[error("the engine ended its answer too early")]
    Short,
    /// What came is no HTTP.
    #[error("not understood: {0}")]
    Garbled(&'static str),
}

/// The body of such an answer.
pub struct Flow {
    io: BoxedIo,
    raw: BytesMut,
    room: usize,
    framing: Framing,
    pace: Pace,
}

/// How a body ends.
#[derive(Debug)]
enum Framing {
    Chunked(Chunks),
    /// After so many bytes.
    Length(u64),
    /// With the stream.
    UntilEnd,
    /// It has.
    Over,
}

/// Sends a request without a body, and reads the head of its answer.
pub(super) async fn open(mut io: BoxedIo, request: Request<()>) -> Result<Response<Flow>, FlowError> {
    io.write_all(&written(&request)).await?;
    let mut raw = BytesMut::with_capacity(ROOM);
    let head = loop {
        if let Some(head) = head::take(&mut raw, request.method())? {
            break head;
        }
        if io.read_buf(&mut raw).await? == 0 {
            return Err(FlowError::Short);
        }
    };
    let mut answer =
        Response::new(Flow { io, raw, room: ROOM, framing: head.framing, pace: Pace::default() });
    *answer.status_mut() = head.status;
    *answer.headers_mut() = head.headers;
    Ok(answer)
}

/// The head of the request, as it is sent.
fn written(request: &Request<()>) -> Vec<u8> {
    let path = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let mut head = format!("{} {path} HTTP/1.1\r\n", request.method()).into_bytes();
    for (name, value) in request.headers() {
        for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            head.extend_from_slice(part);
        }
    }
    // A method that changes something says that nothing follows.
    if !request.method().is_safe() {
        head.extend_from_slice(header::CONTENT_LENGTH.as_str().as_bytes());
        head.extend_from_slice(b": 0\r\n");
    }
    head.extend_from_slice(b"\r\n");
    head
}

impl Framing {
    /// The bytes of the body that are in `raw`.
    fn take(&mut self, raw: &mut BytesMut) -> Result<Bytes, FlowError> {
        match self {
            Self::Chunked(chunks) => {
                let payload = chunks.take(raw)?;
                if matches!(chunks, Chunks::Over) {
                    *self = Self::Over;
                }
                Ok(payload)
            }
            Self::Length(left) => {
                let some = usize::try_from(*left).unwrap_or(usize::MAX).min(raw.len());
                *left -= some as u64;
                if *left == 0 {
                    *self = Self::Over;
                }
                Ok(raw.split_to(some).freeze())
            }
            Self::UntilEnd => Ok(raw.split().freeze()),
            Self::Over => Ok(Bytes::new()),
        }
    }
}

impl Flow {
    /// Reads what has arrived; whether there was anything before the end.
    fn poll_more(&mut self, cx: &mut task::Context<'_>) -> Poll<io::Result<bool>> {
        ready!(self.pace.poll(cx));
        // A piece that is still on its way to the client holds the room it is in.
        if self.raw.capacity() - self.raw.len() < self.room / 4 {
            self.raw.reserve(self.room);
        }
        let room = self.raw.capacity() - self.raw.len();
        let bytes = ready!(poll_read_buf(Pin::new(&mut self.io), cx, &mut self.raw))?;
        if bytes == room {
            self.room = (self.room * 2).min(ROOM_MAX);
        }
        if self.pace.gather(bytes, Instant::now()) {
            self.io.doze();
        }
        Poll::Ready(Ok(bytes > 0))
    }

    fn poll_piece(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<Option<Bytes>, FlowError>> {
        loop {
            let piece = self.framing.take(&mut self.raw)?;
            if !piece.is_empty() {
                return Poll::Ready(Ok(Some(piece)));
            }
            if matches!(self.framing, Framing::Over) {
                return Poll::Ready(Ok(None));
            }
            if !ready!(self.poll_more(cx))? {
                return Poll::Ready(match self.framing {
                    Framing::UntilEnd => {
                        self.framing = Framing::Over;
                        Ok(None)
                    }
                    _ => Err(FlowError::Short),
                });
            }
        }
    }
}

impl http_body::Body for Flow {
    type Data = Bytes;
    type Error = FlowError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, FlowError>>> {
        self.poll_piece(cx).map(|piece| piece.map(|piece| piece.map(Frame::data)).transpose())
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.framing, Framing::Over)
    }

    fn size_hint(&self) -> SizeHint {
        match self.framing {
            Framing::Length(left) => SizeHint::with_exact(left),
            Framing::Over => SizeHint::with_exact(0),
            Framing::Chunked(_) | Framing::UntilEnd => SizeHint::default(),
        }
    }
}
