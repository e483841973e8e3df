//! The front door: one listener for browsers, the `docker` command line and agents. hyper reads every request, on a
//! thread of its own per core; the gateway and websockets are served here, everything else is handed, in the same
//! thread, to the actix-web app. What a request is, is decided for each request anew, so that proxies may pool.
//!
//! Nothing is ever read as HTTP after a request to upgrade, granted or refused.

mod answered;
pub mod body;
mod context;
pub mod cookies;
mod far;
mod handoff;
mod peers;
mod tls;
mod worker;

pub use answered::{Asked, answered};
pub use context::{Context, check_host};
pub use cookies::Slip;
pub use far::{Carried, Far};
pub use tls::Tls;
pub use worker::Workers;

use std::{error::Error, pin::Pin, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, Version, header};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, server::conn::http1, upgrade::OnUpgrade};
use hyper_util::rt::TokioTimer;
use longshore_api::words::say;

use crate::fault::Fault;

/// A head must be there so soon after the connection, or the last answer, was ready for it. Longer than proxies keep
/// their pooled connections (nginx 60 s, caddy 120 s), so that it is they who close one and no request meets its end.
const HEAD_TIMEOUT: Duration = Duration::from_secs(130);
/// A head has at most so many bytes; registry credentials for many registries are the longest that are real.
const HEAD_MAX: usize = 192 * 1024;

/// Any failure of a body.
pub type BodyError = Box<dyn Error + Send + Sync>;
/// The body of an answer, whoever made it. Not `Send`: it stays in its thread.
pub type Body = Pin<Box<dyn http_body::Body<Data = Bytes, Error = BodyError>>>;

/// The client's end of the connection, for the protocol that its request asks to turn to. The one way to it.
///
/// # Errors
/// The request does not ask as HTTP wants it: a proxy on the way may have passed on what it did not understand, and would
/// read as HTTP what follows.
#[expect(clippy::disallowed_methods, reason = "this is where it is checked")]
pub fn upgrade(request: &mut Request<Incoming>) -> Result<OnUpgrade, Fault> {
    let asks = |value: &HeaderValue| {
        let words = value.to_str().unwrap_or_default().split(',');
        words.map(str::trim).any(|word| word.eq_ignore_ascii_case("upgrade"))
    };
    let connection = request.headers().get_all(header::CONNECTION);
    if request.version() < Version::HTTP_11 || !connection.iter().any(asks) {
        return Err(Fault::bad_request(say::header_invalid("Connection")));
    }
    Ok(hyper::upgrade::on(request))
}

/// How requests are read, from whatever they come by.
pub fn http() -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(HEAD_MAX).half_close(true);
    http
}

/// A body that is there whole.
pub fn full(bytes: impl Into<Bytes>) -> Body {
    Box::pin(Full::new(bytes.into()).map_err(|never| match never {}))
}

/// The problem document of a fault, with its cause in the log under the same request id.
pub fn problem(fault: &Fault, request_id: &str) -> Response<Body> {
    log(fault, request_id);
    let json = serde_json::to_vec(&fault.problem(request_id))
        .expect("a problem has no map with keys that are no text");
    let mut answer = Response::new(full(json));
    finish(&mut answer, fault, "application/problem+json");
    answer
}

/// The same as the Docker Engine API says it, for those who speak that: `{"message": …}` in English.
pub fn engine_message(fault: &Fault, request_id: &str) -> Response<Body> {
    log(fault, request_id);
    let message = match fault.engine_words() {
        Some(words) => words.to_owned(),
        None => fault.sentence().to_string(),
    };
    let mut answer = Response::new(full(serde_json::json!({ "message": message }).to_string()));
    finish(&mut answer, fault, "application/json");
    answer
}

fn log(fault: &Fault, request_id: &str) {
    // That there is no room is said once for many, by who has the room.
    let is_crowd = fault.status() == StatusCode::SERVICE_UNAVAILABLE && !fault.has_cause();
    if fault.status().is_server_error() && !is_crowd {
        tracing::error!(request.id = request_id, status = fault.status().as_u16(), "{fault}");
    } else {
        tracing::debug!(request.id = request_id, status = fault.status().as_u16(), "{fault}");
    }
}

fn finish(answer: &mut Response<Body>, fault: &Fault, content_type: &'static str) {
    *answer.status_mut() = fault.status();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some((name, value)) = fault.header() {
        headers.insert(name, value);
    }
    // Whoever is turned away for want of room does not keep a connection for it.
    if fault.status() == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if fault.status() == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Longshore\""));
    }
}
