//! The far end of a connection. While an answer goes on, hyper only writes, so a client that is gone would be noticed at
//! the next byte; a log that is silent has none for days.

use std::{os::fd::OwnedFd, rc::Rc, time::Duration};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    net::sockopt,
};
use tokio::net::TcpStream;

/// A machine that vanished without a word is asked for after so long a silence, and given up after three more.
const SILENCE: Duration = Duration::from_secs(60);

/// Sees whether the client is still there. Of no connection, it always is.
#[derive(Clone, Debug, Default)]
pub struct Far(Option<Rc<OwnedFd>>);

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
        Self(rustix::io::fcntl_dupfd_cloexec(stream, 0).ok().map(Rc::new))
    }

    /// Whether the client sends nothing any more. One that has closed and one that only has no more to say look alike until
    /// something is written to them: TCP has one sign for both.
    pub fn is_done(&self) -> bool {
        let Some(socket) = &self.0 else { return false };
        let mut asked = [PollFd::new(socket, PollFlags::RDHUP)];
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        poll(&mut asked, Some(&now)).is_ok_and(|answered| answered > 0)
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
