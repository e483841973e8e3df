//! A log whole, as a file.

use std::{io, pin::Pin, sync::Arc};

use actix_web::{HttpResponse, web};
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http::Method;
use http_body_util::BodyExt as _;

use super::{frames::Frames, source::Source};
use crate::{
    access::Need,
    call::operation,
    fault::Fault,
    health::Open,
    hosts::Flow,
    rest::{Caller, Route, Shared, route},
};

/// Every path of logs with what it needs.
pub fn routes() -> Vec<Route> {
    let needs = Need::Operation(operation("container-logs"));
    vec![route(Method::GET, "/hosts/{host}/containers/{id}/logs", needs, whole)]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(whole))]
pub struct Document;

/// A log on its way to a file.
struct Whole {
    flow: Flow,
    frames: Frames,
    /// Resolves when the right to it is gone, or the server stops.
    over: Pin<Box<dyn Future<Output = ()>>>,
    _open: Open,
}

/// The whole log of a container, as it was written: standard output and error in the order in which they came.
#[utoipa::path(get, path = "/api/v1/hosts/{host}/containers/{id}/logs", responses((status = 200)))]
async fn whole(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<HttpResponse, Fault> {
    let (_, id) = at.into_inner();
    let source = Source::find(&house, &caller.pass, &id).await?;
    let (flow, framed) = source.whole().await?;
    // The engine's names have nothing that would have to be quoted.
    let file = format!("attachment; filename=\"{}.log\"", source.name());
    let _open = house.metrics.stream();
    let over = {
        let (house, pass) = (Arc::clone(&house), caller.pass.clone());
        Box::pin(async move { house.until_over(&pass).await })
    };
    let whole = Whole { flow, frames: Frames::new(framed), over, _open };
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header(("Content-Disposition", file))
        .insert_header(("Cache-Control", "no-store"))
        .streaming(stream::try_unfold(whole, piece)))
}

/// The next piece; an error breaks the answer off, so that nobody takes half a log for a whole one.
async fn piece(mut whole: Whole) -> io::Result<Option<(Bytes, Whole)>> {
    loop {
        let frame = tokio::select! {
            frame = whole.flow.frame() => frame,
            () = &mut whole.over => return Err(io::Error::other("the right to this log is gone, or we stop")),
        };
        let Some(frame) = frame else { return Ok(None) };
        let Ok(bytes) = frame.map_err(io::Error::other)?.into_data() else { continue };
        let mut piece = BytesMut::with_capacity(bytes.len());
        let fed = whole.frames.feed(&bytes, |part| piece.extend_from_slice(part.bytes));
        fed.map_err(io::Error::other)?;
        if !piece.is_empty() {
            return Ok(Some((piece.freeze(), whole)));
        }
    }
}
