//! The far end of a connection. While an answer goes on, hyper only writes, so a client that is gone would be noticed at
//! the next byte; a log that is silent has none for days.

use std::{cell::Cell, os::fd::OwnedFd, rc::Rc, time::Duration};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    net::sockopt,
};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

/// A machine that vanished without a word is asked for after so long a silence, and given up after three more.
const SILENCE: Duration = Duration::from_secs(60);

/// Sees whether the client is still there. Of no connection, it always is.
#[derive(Clone, Debug, Default)]
pub struct Far(End);

#[derive(Clone, Debug, Default)]
enum End {
    #[default]
    None,
    Socket(Rc<OwnedFd>),
    Carried(Carried),
}

/// The client of a stream that is carried in a websocket, as that knows of it.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    done: Rc<Cell<bool>>,
    gone: CancellationToken,
}

impl Carried {
    /// It has no more to say.
    pub fn end(&self) {
        self.done.set(true);
    }

    /// It is gone.
    pub fn leave(&self) {
        self.done.set(true);
        self.gone.cancel();
    }
}

impl From<Carried> for Far {
    fn from(carried: Carried) -> Self {
        Self(End::Carried(carried))
    }
}

impl Far {
    /// Of a fresh connection.
    pub(super) fn of(stream: &TcpStream) -> Self {
        // Keystrokes and deltas are small and must not wait for one another.
        let _ = stream.set_nodelay(true);
        let ask = sockopt::set_socket_keepalive(stream, true)
            .and_then(|()| sockopt::set_tcp_keepidle(stream, SILENCE))
            .and_then(|()| sockopt::set_tcp_keepintvl(stream, SILENCE / 6))
            .and_then(|()| sockopt::set_tcp_keepcnt(stream, 3));
        if let Err(error) = ask {
            tracing::debug!(%error, "a connection is not kept alive");
        }
        Self(
            rustix::io::fcntl_dupfd_cloexec(stream, 0)
                .map_or(End::None, |socket| End::Socket(Rc::new(socket))),
        )
    }

    /// Whether the client sends nothing any more. One that has closed and one that only has no more to say look alike until
    /// something is written to them: TCP has one sign for both.
    pub fn is_done(&self) -> bool {
        let socket = match &self.0 {
            End::None => return false,
            End::Carried(carried) => return carried.done.get(),
            End::Socket(socket) => socket,
        };
        let mut asked = [PollFd::new(socket, PollFlags::RDHUP)];
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        poll(&mut asked, Some(&now)).is_ok_and(|answered| answered > 0)
    }

    /// Resolves when the client is known to be gone, which a connection of its own tells only when something is written.
    pub async fn gone(&self) {
        match &self.0 {
            End::Carried(carried) => carried.gone.cancelled().await,
            End::None | End::Socket(_) => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_client_that_is_gone_is_noticed_and_one_that_waits_is_not() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let address = listener.local_addr().expect("its address");
        let client = TcpStream::connect(address).await.expect("a connection");
        let (server, _) = listener.accept().await.expect("a connection");
        let far = Far::of(&server);
        assert!(!far.is_done());
        drop(client);
        server.readable().await.expect("the client's end");
        assert!(far.is_done());
    }
}
