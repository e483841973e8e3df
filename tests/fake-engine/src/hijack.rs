//! Consoles: what is typed comes back.

use std::convert::Infallible;

use http::{Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;

use crate::body::{AnswerBody, full};

/// Takes the connection over and echoes until the client has nothing more to say.
#[expect(clippy::disallowed_methods, reason = "engines take whoever asks")]
pub(crate) fn echo(request: Request<Incoming>) -> Result<Response<AnswerBody>, Infallible> {
    tokio::spawn(async move {
        if let Ok(upgraded) = hyper::upgrade::on(request).await {
            let (mut read, mut write) = tokio::io::split(TokioIo::new(upgraded));
            // A client that leaves in the middle is no fault of ours.
            let _ = tokio::io::copy(&mut read, &mut write).await;
            let _ = tokio::io::AsyncWriteExt::shutdown(&mut write).await;
        }
    });
    let mut answer = Response::new(full(""));
    *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let raw = header::HeaderValue::from_static("application/vnd.docker.raw-stream");
    answer.headers_mut().insert(header::CONTENT_TYPE, raw);
    answer.headers_mut().insert(header::CONNECTION, header::HeaderValue::from_static("Upgrade"));
    answer.headers_mut().insert(header::UPGRADE, header::HeaderValue::from_static("tcp"));
    Ok(answer)
}
