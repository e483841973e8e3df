//! One connection to the local socket: carried in a websocket of its own, or answered here why it is not.

use std::{
    io,
    os::fd::{AsFd as _, OwnedFd},
    time::Duration,
};

use http::StatusCode;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, Interest},
    net::UnixStream,
    time::timeout,
};
use tokio_tungstenite::tungstenite::protocol::Role;

use super::remote::{Remote, Trouble};
use crate::carry::{Broken, carry};

/// A client that has asked nothing for so long has nothing to ask.
const FIRST_BYTE: Duration = Duration::from_secs(60);
/// The head of a request that cannot be passed on is there so soon.
const HEAD: Duration = Duration::from_secs(5);
/// It has at most so many bytes.
const HEAD_MAX: usize = 192 * 1024;
/// What a client still sends is taken from it for so long, or it would not read our answer.
const DRAIN: Duration = Duration::from_secs(2);

/// Why a client's connection came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum Lost {
    /// There is no way to the host.
    #[error(transparent)]
    Refused(#[from] Trouble),
    /// There was one.
    #[error("a stream broke")]
    Broken(#[from] Broken),
}

/// Serves a client to its end.
///
/// # Errors
/// It was not served, and was told so, if it could be.
pub async fn serve(remote: &Remote, host: &str, mut client: UnixStream) -> Result<(), Lost> {
    // Whoever only looks whether somebody listens needs no stream.
    match timeout(FIRST_BYTE, client.readable()).await {
        Ok(Ok(())) => {}
        Ok(Err(_)) | Err(_) => return Ok(()),
    }
    match remote.stream(host).await {
        Ok(upgraded) => {
            let own = client.as_fd().try_clone_to_owned().map_err(Broken::Stream)?;
            Ok(carry(TokioIo::new(upgraded), Role::Client, client, closed(own), || {}).await?)
        }
        Err(trouble) => {
            refuse(&mut client, trouble.status(), &trouble.to_string()).await;
            Err(trouble.into())
        }
    }
}

/// Resolves when a client has closed altogether: one that only has no more to say still listens.
async fn closed(socket: OwnedFd) {
    // A registration of its own: what is forgotten here of readiness is still known where the stream is written.
    let Ok(socket) = UnixStream::from_std(socket.into()) else { return std::future::pending().await };
    while let Ok(ready) = socket.ready(Interest::WRITABLE).await {
        if ready.is_write_closed() {
            return;
        }
        let forget = || Err::<(), _>(io::ErrorKind::WouldBlock.into());
        let _ = socket.try_io(Interest::WRITABLE, forget);
    }
}

/// Answers a request here, as an engine would.
async fn refuse(client: &mut UnixStream, status: StatusCode, why: &str) {
    let head = async {
        let mut head = Vec::new();
        while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < HEAD_MAX {
            if client.read_buf(&mut head).await? == 0 {
                break;
            }
        }
        Ok::<_, io::Error>(())
    };
    let _ = timeout(HEAD, head).await;
    let body = serde_json::json!({ "message": format!("Longshore: {why}") }).to_string();
    let answer = format!(
        "HTTP/1.1 {} {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        status.as_u16(),
        status.canonical_reason().unwrap_or("Refused"),
        body.len()
    );
    let said = async {
        client.write_all(answer.as_bytes()).await?;
        client.shutdown().await?;
        let mut rest = [0; 4096];
        while client.read(&mut rest).await? > 0 {}
        Ok::<_, io::Error>(())
    };
    // Whoever is gone asks no more.
    let _ = timeout(DRAIN, said).await;
}
