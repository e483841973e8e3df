//! A socket that can be left alone for a while.

use std::{
    io,
    os::fd::OwnedFd,
    pin::Pin,
    task::{self, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpStream, UnixStream},
};

use super::connector::Io;

/// While it is left alone, a read takes so much at most: more than an engine's small pieces fill of a socket.
const TAKEN: usize = 64 * 1024;

/// A socket of the runtime, that may leave it and come back.
pub(super) trait Resident: AsyncRead + AsyncWrite + Send + Unpin + Sized {
    fn leave(self) -> io::Result<OwnedFd>;
    fn enter(socket: OwnedFd) -> io::Result<Self>;
}

impl Resident for UnixStream {
    fn leave(self) -> io::Result<OwnedFd> {
        Ok(self.into_std()?.into())
    }

    fn enter(socket: OwnedFd) -> io::Result<Self> {
        Self::from_std(socket.into())
    }
}

impl Resident for TcpStream {
    fn leave(self) -> io::Result<OwnedFd> {
        Ok(self.into_std()?.into())
    }

    fn enter(socket: OwnedFd) -> io::Result<Self> {
        Self::from_std(socket.into())
    }
}

/// A socket that the runtime watches, or does not: each piece that arrives on one that is watched costs its sender a
/// wake-up, whether or not anybody here wants to know.
pub(super) enum Socket<S> {
    Watched(S),
    /// Non-blocking all the same.
    Unwatched(OwnedFd),
    /// The runtime took no more sockets.
    Lost,
}

impl<S: Resident> From<S> for Socket<S> {
    fn from(stream: S) -> Self {
        Self::Watched(stream)
    }
}

impl<S: Resident> Socket<S> {
    fn watched(&mut self) -> io::Result<Pin<&mut S>> {
        if let Self::Unwatched(_) = self
            && let Self::Unwatched(socket) = std::mem::replace(self, Self::Lost)
        {
            *self = Self::Watched(S::enter(socket)?);
        }
        match self {
            Self::Watched(stream) => Ok(Pin::new(stream)),
            _ => Err(io::ErrorKind::NotConnected.into()),
        }
    }
}

impl<S: Resident> Io for Socket<S> {
    fn doze(&mut self) {
        *self = match std::mem::replace(self, Self::Lost) {
            Self::Watched(stream) => stream.leave().map_or(Self::Lost, Self::Unwatched),
            other => other,
        };
    }
}

impl<S: Resident> AsyncRead for Socket<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Self::Unwatched(socket) = &*self {
            let room = buf.remaining().min(TAKEN);
            match rustix::io::retry_on_intr(|| rustix::io::read(socket, buf.initialize_unfilled_to(room))) {
                Ok(bytes) => {
                    buf.advance(bytes);
                    return Poll::Ready(Ok(()));
                }
                Err(rustix::io::Errno::AGAIN) => {}
                Err(error) => return Poll::Ready(Err(error.into())),
            }
        }
        self.watched()?.poll_read(cx, buf)
    }
}

impl<S: Resident> AsyncWrite for Socket<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.watched()?.poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.watched()?.poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        matches!(self, Self::Watched(stream) if stream.is_write_vectored())
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<io::Result<()>> {
        self.watched()?.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<io::Result<()>> {
        self.watched()?.poll_shutdown(cx)
    }
}
