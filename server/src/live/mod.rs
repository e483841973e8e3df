//! The live line: one websocket per browser. A delta is made against what that browser was sent last, at the moment
//! when it can be sent, so a slow browser costs memory for one window and never for a queue.

mod session;
mod subscription;

use std::{rc::Rc, sync::Arc};

use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::{body::Incoming, upgrade::OnUpgrade};
use longshore_api::{web::API, words::say};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_util::task::TaskTracker;

use crate::{
    access::{Need, Pass, admit},
    fault::Fault,
    front::{Body, Context, full, problem, upgrade},
    house::House,
};

/// Whether a path is the live line's.
pub fn is(path: &str) -> bool {
    path.split('?').next().and_then(|p| p.strip_prefix(API)) == Some("/live")
}

/// Upgrades the request and serves the line on its own.
pub async fn serve(
    house: &Arc<House>,
    tasks: &TaskTracker,
    context: Rc<Context>,
    mut request: Request<Incoming>,
) -> Response<Body> {
    match open(house, &context, &mut request).await {
        Ok((pass, upgrade, accept)) => {
            tasks.spawn_local(session::run(Arc::clone(house), pass, upgrade));
            let mut answer = Response::new(full(""));
            *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
            let headers = answer.headers_mut();
            headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
            answer
        }
        Err(fault) => problem(&fault, &context.request_id),
    }
}

async fn open(
    house: &House,
    context: &Context,
    request: &mut Request<Incoming>,
) -> Result<(Pass, OnUpgrade, HeaderValue), Fault> {
    let pass = admit(house, context, Need::SignedIn, None).await?;
    let pass = pass.ok_or_else(|| Fault::internal("a live line without a caller"))?;
    if request.method() != Method::GET {
        return Err(Fault::method_not_allowed(request.method().as_str(), &["GET"]));
    }
    let headers = request.headers();
    let is = |name: header::HeaderName, wanted: &[u8]| {
        headers.get(name).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(wanted))
    };
    if !is(header::UPGRADE, b"websocket") || !is(header::SEC_WEBSOCKET_VERSION, b"13") {
        return Err(Fault::new(StatusCode::UPGRADE_REQUIRED, say::header_invalid("Upgrade")));
    }
    let key = key(headers).ok_or_else(|| Fault::bad_request(say::header_invalid("Sec-WebSocket-Key")))?;
    let accept = HeaderValue::from_str(&derive_accept_key(key)).map_err(Fault::internal)?;
    Ok((pass, upgrade(request)?, accept))
}

/// 16 bytes in base64.
fn key(headers: &HeaderMap) -> Option<&[u8]> {
    let key = headers.get(header::SEC_WEBSOCKET_KEY)?.as_bytes();
    (key.len() == 24 && key.iter().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(b))).then_some(key)
}
