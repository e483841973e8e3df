//! Bodies of answers: whole, fed by a task, or many bytes made on the way.

use std::{
    convert::Infallible,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Full, combinators::BoxBody};
use tokio::sync::{broadcast, mpsc};

use crate::world::{Said, World};

/// Any body.
pub(crate) type AnswerBody = BoxBody<Bytes, io::Error>;

/// One piece of bulk.
const PIECE: usize = 32 * 1024;

/// All of it at once.
pub(crate) fn full(content: impl Into<Bytes>) -> AnswerBody {
    Full::new(content.into()).map_err(|never: Infallible| match never {}).boxed()
}

/// Events until the listener leaves, or the stream is cut.
pub(crate) fn events(world: &Arc<World>) -> AnswerBody {
    let mut heard = world.events.subscribe();
    let (feed, body) = mpsc::channel(64);
    tokio::spawn(async move {
        loop {
            let next = tokio::select! {
                next = heard.recv() => next,
                () = feed.closed() => return,
            };
            let piece = match next {
                Ok(Said::Event(line)) => Ok(line),
                Ok(Said::Cut) => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
                Err(broadcast::error::RecvError::Lagged(_)) => continue,
                Err(broadcast::error::RecvError::Closed) => return,
            };
            let cut = piece.is_err();
            if feed.send(piece).await.is_err() || cut {
                return;
            }
        }
    });
    Fed(body).boxed()
}

/// The lines of a pull, and then the end or nothing more until the listener leaves.
pub(crate) fn pull(lines: Vec<&'static str>, hangs: bool) -> AnswerBody {
    let (feed, body) = mpsc::channel(64);
    tokio::spawn(async move {
        for line in lines {
            if feed.send(Ok(Bytes::from(format!("{line}\r\n")))).await.is_err() {
                return;
            }
        }
        if hangs {
            feed.closed().await;
        }
    });
    Fed(body).boxed()
}

struct Fed(mpsc::Receiver<io::Result<Bytes>>);

impl Body for Fed {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        self.0.poll_recv(cx).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}

/// So many bytes of a log or a tar archive: no two lines alike, so nothing can be guessed.
pub(crate) fn bulk(bytes: u64) -> AnswerBody {
    Bulk { left: bytes, line: 0 }.boxed()
}

struct Bulk {
    left: u64,
    line: u64,
}

impl Body for Bulk {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let mut piece = Vec::with_capacity(PIECE + 128);
        while piece.len() < PIECE {
            let line =
                format!("{:012} GET /api/orders/{} 200 0.013\n", self.line, self.line.wrapping_mul(48_271));
            piece.extend_from_slice(line.as_bytes());
            self.line += 1;
        }
        piece.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
        self.left -= piece.len() as u64;
        Poll::Ready(Some(Ok(Frame::data(piece.into()))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
