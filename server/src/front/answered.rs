//! A request on its way to its answer: what the log and the figures have of it, and what every answer says.

use std::{future::Future, rc::Rc, time::Instant};

use http::{HeaderValue, Method, Request, Response, StatusCode, header};

use super::{Body, Context};
use crate::{health::Class, house::House};

/// The log has so many characters of a path: an address of 60 KB is a way to fill disks.
const PATH_LOGGED: usize = 300;

/// What was asked for, as the log has it.
pub struct Asked {
    method: Method,
    path: String,
    class: Class,
}

impl Asked {
    /// By this request, of that part of the house.
    pub fn of<B>(request: &Request<B>, class: Class) -> Self {
        let path = request.uri().path().chars().take(PATH_LOGGED).collect();
        Self { method: request.method().clone(), path, class }
    }
}

/// Waits for the answer and makes it one of ours.
pub async fn answered(
    house: &House,
    context: &Rc<Context>,
    asked: Asked,
    answer: impl Future<Output = Response<Body>>,
) -> Response<Body> {
    let started = Instant::now();
    let Asked { method, path, class } = asked;
    let mut answer = answer.await;
    let status = answer.status();
    let duration = started.elapsed();
    house.metrics.answered(class, status.as_u16(), duration.as_secs_f64());
    let headers = answer.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&context.request_id) {
        headers.insert("x-request-id", id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // What is not said to keep is kept nowhere: answers are for one person.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    if context.https && house.settings.front.hsts {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    // After a request to upgrade that was not granted, the client may send bytes of the other protocol at once.
    if context.upgrade && status != StatusCode::SWITCHING_PROTOCOLS {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    macro_rules! logged {
        ($level:ident) => {
            tracing::$level!(
                request.id = context.request_id,
                client = %context.client,
                %method,
                path,
                status = status.as_u16(),
                duration_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
                "answered"
            )
        };
    }
    // Whoever watches asks every few seconds.
    if class == Class::Health && status.is_success() {
        logged!(debug)
    } else {
        logged!(info)
    }
    answer
}
