//! Streams of a host's Docker Engine API from afar: each in a websocket of its own, which proxies leave alone where they
//! would cut a hijacked connection.

use std::future::pending;

use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::{io::duplex, task::spawn_local};
use tokio_tungstenite::tungstenite::protocol::Role;

use super::remote::Remote;
use crate::carry::carry;

/// Bytes between the websocket and who reads it, in each direction.
const BUFFER: usize = 64 * 1024;
/// A refusal has at most so many bytes.
const REFUSAL_MAX: usize = 64 * 1024;

/// Makes a call whose answer is a stream in both directions. `path` is one of the engine's.
///
/// # Errors
/// There is no way to the host, or the call is refused.
pub async fn hijack(
    remote: &Remote,
    host: &str,
    path: &str,
    json: Vec<u8>,
) -> anyhow::Result<TokioIo<Upgraded>> {
    let line = remote.stream(host).await?;
    let (near, far) = duplex(BUFFER);
    // Both end with the stream, or with the program.
    spawn_local(async move { carry(TokioIo::new(line), Role::Client, near, pending(), || {}).await.ok() });
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(far)).await?;
    spawn_local(async move { connection.with_upgrades().await.ok() });
    let mut request = Request::post(path).header(header::HOST, "docker").body(Full::<Bytes>::default())?;
    let headers = request.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("tcp"));
    if !json.is_empty() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *request.body_mut() = Full::from(json);
    }
    let mut answer = sender.send_request(request).await?;
    let status = answer.status();
    if status != StatusCode::SWITCHING_PROTOCOLS {
        let body = Limited::new(answer.into_body(), REFUSAL_MAX).collect().await;
        let body = body.map(|whole| whole.to_bytes()).unwrap_or_default();
        return Err(remote.refusal(status, &body).into());
    }
    #[expect(clippy::disallowed_methods, reason = "the server has granted what was asked by us")]
    let upgrade = hyper::upgrade::on(&mut answer);
    Ok(TokioIo::new(upgrade.await?))
}
