//! The far end of a connection. While an answer goes on, hyper only writes, so a client that is gone would be noticed at
//! the next byte; a log that is silent has none for days.

use std::{os::fd::OwnedFd, rc::Rc, time::Duration};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    net::sockopt,
};
use tokio::{net::TcpStream, time::sleep};

/// So often an open answer looks.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A machine that vanished without a word is asked for after so long a silence, and given up after three more.
const SILENCE: Duration = Duration::from_secs(60);

/// Sees whether the client is still there. Of no connection, it always is.
#[derive(Clone, Debug, Default)]
pub struct Far(Option<Rc<OwnedFd>>);

impl Far {
    /// Of a fresh connection.
    pub(super) fn of(stream: &TcpStream) -> Self {
        let ask = sockopt::set_socket_keepalive(stream, true)
            .and_then(|()| sockopt::set_tcp_keepidle(stream, SILENCE))
            .and_then(|()| sockopt::set_tcp_keepintvl(stream, SILENCE / 6))
            .and_then(|()| sockopt::set_tcp_keepcnt(stream, 3));
        if let Err(error) = ask {
            tracing::debug!(%error, "a connection is not kept alive");
        }
        Self(rustix::io::fcntl_dupfd_cloexec(stream, 0).ok().map(Rc::new))
    }

    /// Resolves when the client has closed, or half-closed: who waits for an answer keeps the line open.
    pub async fn gone(&self) {
        loop {
            sleep(LOOK_EVERY).await;
            if self.is_gone() {
                return;
            }
        }
    }

    fn is_gone(&self) -> bool {
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
        assert!(!far.is_gone());
        drop(client);
        server.readable().await.expect("the client's end");
        assert!(far.is_gone());
    }
}
