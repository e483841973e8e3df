//! A host is a stream: every way to reach an engine opens one. Above this line nobody knows which it is.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use futures_util::future::BoxFuture;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, UnixStream},
    time::timeout,
};

use super::socket::Socket;

/// A connection is there so soon, or it is not.
const DEADLINE: Duration = Duration::from_secs(10);
/// Whoever asks who listens waits no longer: it is asked while somebody types.
const LISTENER_MAX: Duration = Duration::from_millis(500);
/// Where the engine of the machine itself has its socket, also as a container of ours is given it.
const USUAL: [&str; 2] = ["/var/run/docker.sock", "/run/docker.sock"];

/// A byte stream in both directions.
pub trait Io: AsyncRead + AsyncWrite + Send + Unpin {
    /// Takes no notice of what arrives, until a read finds nothing. Who sends much in small pieces then wakes nobody for
    /// each of them. Only for a reader that comes back by itself; a stream that cannot do it goes on as it was.
    fn doze(&mut self) {}
}
/// Any stream to an engine.
pub type BoxedIo = Box<dyn Io>;

/// A way to reach an engine.
pub trait Connector: Send + Sync + 'static {
    /// Opens one fresh byte stream to the engine.
    fn connect(&self) -> BoxFuture<'_, Result<BoxedIo, ConnectError>>;

    /// Where it leads, as an administrator would write it.
    fn address(&self) -> &str;

    /// Whether it leads to a socket on this machine. Who listens there may still pass it on to another one.
    fn is_local(&self) -> bool {
        false
    }

    /// The process that listens on its socket on this machine, as we number it; 0 for the machine's own engine outside of
    /// what we see.
    fn listener(&self) -> BoxFuture<'_, Option<u32>> {
        Box::pin(std::future::ready(None))
    }
}

/// Why a stream could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nothing is there: no such socket file.
    #[error("no socket")]
    Missing,
    /// The socket is there, and we may not open it.
    #[error("no permission")]
    Forbidden,
    /// Nobody opened within the deadline.
    #[error("no connection within {} s", .0.as_secs())]
    Silent(Duration),
    /// Anything else the system said.
    #[error(transparent)]
    Io(io::Error),
}

/// An address that no connector knows.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Neither `unix://` nor `tcp://`.
    #[error("{0:?} is no engine address: write unix:///path/of/docker.sock or tcp://HOST:PORT")]
    Scheme(String),
    /// `unix://` with a path that is not absolute.
    #[error("{0:?}: the path of a socket begins with a slash")]
    Path(String),
    /// `tcp://` without host or port.
    #[error("{0:?}: tcp:// is followed by HOST:PORT")]
    Port(String),
}

/// The connector of an address: `unix:///var/run/docker.sock`, `tcp://10.0.0.7:2375`.
pub fn connector(address: &str) -> Result<Box<dyn Connector>, AddressError> {
    if let Some(path) = address.strip_prefix("unix://") {
        if !path.starts_with('/') {
            return Err(AddressError::Path(address.to_owned()));
        }
        return Ok(Box::new(Unix { path: path.into(), address: address.to_owned() }));
    }
    if let Some(to) = address.strip_prefix("tcp://") {
        let port = to
            .rsplit_once(':')
            .filter(|(host, _)| !host.is_empty())
            .and_then(|(_, port)| port.parse::<u16>().ok());
        if port.is_none_or(|port| port == 0) || to.contains('/') {
            return Err(AddressError::Port(address.to_owned()));
        }
        return Ok(Box::new(Tcp { to: to.to_owned(), address: address.to_owned() }));
    }
    Err(AddressError::Scheme(address.to_owned()))
}

struct Unix {
    path: PathBuf,
    address: String,
}

impl Connector for Unix {
    fn connect(&self) -> BoxFuture<'_, Result<BoxedIo, ConnectError>> {
        Box::pin(async {
            let stream = within(UnixStream::connect(&self.path)).await?;
            Ok(Box::new(Socket::from(stream)) as BoxedIo)
        })
    }

    fn address(&self) -> &str {
        &self.address
    }

    fn is_local(&self) -> bool {
        true
    }

    fn listener(&self) -> BoxFuture<'_, Option<u32>> {
        Box::pin(async {
            let stream = timeout(LISTENER_MAX, UnixStream::connect(&self.path)).await.ok()?.ok()?;
            let process = u32::try_from(stream.peer_cred().ok()?.pid()?).ok()?;
            // What we do not see may as well be in another container, which passes it on to another machine.
            let is_usual = USUAL.iter().any(|usual| self.path == Path::new(usual));
            (process != 0 || is_usual).then_some(process)
        })
    }
}

struct Tcp {
    to: String,
    address: String,
}

impl Connector for Tcp {
    fn connect(&self) -> BoxFuture<'_, Result<BoxedIo, ConnectError>> {
        Box::pin(async {
            let stream = within(TcpStream::connect(&self.to)).await?;
            stream.set_nodelay(true).map_err(ConnectError::Io)?;
            Ok(Box::new(Socket::from(stream)) as BoxedIo)
        })
    }

    fn address(&self) -> &str {
        &self.address
    }
}

async fn within<T>(connecting: impl Future<Output = io::Result<T>>) -> Result<T, ConnectError> {
    match timeout(DEADLINE, connecting).await {
        Err(_) => Err(ConnectError::Silent(DEADLINE)),
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(e)) => Err(match e.kind() {
            io::ErrorKind::NotFound => ConnectError::Missing,
            io::ErrorKind::PermissionDenied => ConnectError::Forbidden,
            _ => ConnectError::Io(e),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_understood_or_refused_with_what_to_write() {
        for good in
            ["unix:///var/run/docker.sock", "tcp://10.0.0.7:2375", "tcp://[::1]:2375", "tcp://quay:2375"]
        {
            assert_eq!(connector(good).map(|c| c.address().to_owned()), Ok(good.to_owned()));
        }
        let refused = |address| connector(address).map(|_| ()).expect_err(address);
        assert_eq!(refused("unix://docker.sock"), AddressError::Path("unix://docker.sock".into()));
        for bad in
            ["tcp://", "tcp://quay", "tcp://quay:0", "tcp://quay:99999", "tcp://:2375", "tcp://quay:1/x"]
        {
            assert_eq!(refused(bad), AddressError::Port(bad.into()));
        }
        for bad in ["", "http://quay:2375", "/var/run/docker.sock", "npipe://x"] {
            assert_eq!(refused(bad), AddressError::Scheme(bad.into()));
        }
    }
}
