//! The front door: one listener for browsers, the `docker` command line and agents. hyper reads every request, on a
//! thread of its own per core; the gateway and websockets are served here, everything else is handed, in the same
//! thread, to the actix-web app. What a request is, is decided for each request anew, so that proxies may pool.
//!
//! Nothing is ever read as HTTP after a request to upgrade, granted or refused.

pub mod body;
mod context;
mod far;
mod handoff;
mod tls;
mod worker;

pub use context::Context;
pub use far::Far;
pub use tls::Tls;
pub use worker::Workers;

use std::{error::Error, pin::Pin};

use bytes::Bytes;
use http::{Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};

use crate::fault::Fault;

/// Any failure of a body.
pub type BodyError = Box<dyn Error + Send + Sync>;
/// The body of an answer, whoever made it. Not `Send`: it stays in its thread.
pub type Body = Pin<Box<dyn http_body::Body<Data = Bytes, Error = BodyError>>>;

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
    if fault.status().is_server_error() {
        tracing::error!(request.id = request_id, status = fault.status().as_u16(), "{fault}");
    } else {
        tracing::debug!(request.id = request_id, status = fault.status().as_u16(), "{fault}");
    }
}

fn finish(answer: &mut Response<Body>, fault: &Fault, content_type: &'static str) {
    *answer.status_mut() = fault.status();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    if let Some(seconds) = fault.retry_after_seconds() {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    if fault.status() == StatusCode::UNAUTHORIZED {
        headers
            .insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer realm=\"Longshore\""));
    }
}
