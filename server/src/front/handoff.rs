//! From hyper to the actix-web app and back, in the same thread.

use std::{
    net::SocketAddr,
    pin::Pin,
    rc::Rc,
    task::{self, Poll},
};

use actix_http::{HttpMessage as _, Payload, Request as ActixRequest, error::PayloadError};
use actix_service::Service;
use actix_web::{
    Error as ActixError,
    body::{BodySize, MessageBody},
    dev::ServiceResponse,
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use http::{Request, Response, StatusCode};
use http_body_util::BodyStream;
use hyper::body::{Frame, Incoming, SizeHint};
use longshore_api::words::say;

use super::{Body, BodyError, Context, problem};
use crate::fault::Fault;

/// An actix body as hyper sees it.
struct FromActix<B>(Pin<Box<B>>);

impl<B: MessageBody> http_body::Body for FromActix<B>
where
    B::Error: std::fmt::Display,
{
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0
            .as_mut()
            .poll_next(cx)
            .map(|next| next.map(|chunk| chunk.map(Frame::data).map_err(|e| e.to_string().into())))
    }

    fn size_hint(&self) -> SizeHint {
        match self.0.size() {
            BodySize::Sized(n) => SizeHint::with_exact(n),
            BodySize::None => SizeHint::with_exact(0),
            BodySize::Stream => SizeHint::default(),
        }
    }
}

/// Calls the app for one request; `path` is the request's path and query below the base path.
pub(super) async fn call<S, B>(
    app: &S,
    peer: SocketAddr,
    context: Rc<Context>,
    path: &str,
    request: Request<Incoming>,
) -> Response<Body>
where
    S: Service<ActixRequest, Response = ServiceResponse<B>, Error = ActixError>,
    B: MessageBody + 'static,
    B::Error: std::fmt::Display,
{
    let request_id = context.request_id.clone();
    let Some(request) = to_actix(peer, context, path, request) else {
        return problem(&Fault::bad_request(say::not_found()), &request_id);
    };
    let answer = match app.call(request).await {
        Ok(answer) => answer,
        Err(error) => return problem_of(&error, &request_id),
    };
    if let Some(error) = answer.response().error() {
        return problem_of(error, &request_id);
    }
    from_actix(answer).unwrap_or_else(|error| problem(&Fault::internal(error), &request_id))
}

fn problem_of(error: &ActixError, request_id: &str) -> Response<Body> {
    if let Some(fault) = error.as_error::<Fault>() {
        return problem(fault, request_id);
    }
    // An extractor of actix itself refused: the status is its, the words are ours.
    let status = StatusCode::from_u16(error.as_response_error().status_code().as_u16())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let sentence =
        if status.is_server_error() { say::internal() } else { say::body_invalid(error.to_string()) };
    problem(&Fault::new(status, sentence).because(error.to_string()), request_id)
}

fn to_actix(
    peer: SocketAddr,
    context: Rc<Context>,
    path: &str,
    request: Request<Incoming>,
) -> Option<ActixRequest> {
    let (parts, body) = request.into_parts();
    let stream = BodyStream::new(body).filter_map(|frame| async move {
        match frame {
            Ok(frame) => frame.into_data().ok().map(Ok),
            Err(e) => Some(Err(PayloadError::Io(std::io::Error::other(e)))),
        }
    });
    let stream: Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>> = Box::pin(stream);
    let mut out = ActixRequest::with_payload(Payload::Stream { payload: stream });
    let head = out.head_mut();
    head.method = actix_web::http::Method::from_bytes(parts.method.as_str().as_bytes()).ok()?;
    head.uri = path.parse().ok()?;
    head.version = actix_web::http::Version::HTTP_11;
    head.peer_addr = Some(peer);
    for (name, value) in &parts.headers {
        head.headers.append(
            actix_web::http::header::HeaderName::from_bytes(name.as_str().as_bytes()).ok()?,
            actix_web::http::header::HeaderValue::from_bytes(value.as_bytes()).ok()?,
        );
    }
    out.extensions_mut().insert(context);
    Some(out)
}

fn from_actix<B>(answer: ServiceResponse<B>) -> Result<Response<Body>, http::Error>
where
    B: MessageBody + 'static,
    B::Error: std::fmt::Display,
{
    let (_, answer) = answer.into_parts();
    let mut out = Response::builder().status(answer.status().as_u16());
    for (name, value) in answer.headers() {
        out = out.header(name.as_str(), value.as_bytes());
    }
    let body: Body = Box::pin(FromActix(Box::pin(answer.into_body())));
    out.body(body)
}
