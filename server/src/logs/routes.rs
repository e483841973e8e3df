//! What is asked of logs without a line of their own: one whole, as a file, and the last lines of one.

use std::io;

use actix_web::{HttpResponse, web};
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http::Method;
use longshore_api::web::log::LastWords;

use super::{frames::Frames, last, source::Source};
use crate::{
    access::Need,
    call::operation,
    containers,
    download::{Download, file},
    fault::Fault,
    rest::{Caller, Route, Shared, route},
};

/// Every path of logs with what it needs.
pub fn routes() -> Vec<Route> {
    let needs = || Need::OnSome(operation("container-logs"));
    vec![
        route(Method::GET, "/hosts/{host}/containers/{id}/logs", needs(), whole),
        route(Method::GET, "/hosts/{host}/containers/{id}/last-words", needs(), last_words),
    ]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(whole, last_words))]
pub struct Document;

/// The whole log of a container, as it was written: standard output and error in the order in which they came.
#[utoipa::path(get, path = "/api/v1/hosts/{host}/containers/{id}/logs", responses((status = 200)))]
async fn whole(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<HttpResponse, Fault> {
    let (_, id) = at.into_inner();
    let pass = containers::narrowed(&house, &caller.pass, &id)?;
    let source = Source::find(&house, &pass, &id).await?;
    let (flow, framed) = source.whole().await?;
    let whole = (Download::new(&house, &pass, flow), Frames::new(framed));
    // The engine's names have nothing that would have to be quoted.
    let mut head = file(&format!("{}.log", source.name()), "text/plain; charset=utf-8");
    Ok(head.streaming(stream::try_unfold(whole, piece)))
}

/// The last lines of a container's log.
#[utoipa::path(get, path = "/api/v1/hosts/{host}/containers/{id}/last-words", responses((status = 200, body = LastWords)))]
async fn last_words(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<web::Json<LastWords>, Fault> {
    let (_, id) = at.into_inner();
    let lines = last::last_words(&house, &caller.pass, &id).await?;
    Ok(web::Json(LastWords { lines }))
}

/// The next piece of what was written, out of the engine's frames.
async fn piece(
    (mut download, mut frames): (Download, Frames),
) -> io::Result<Option<(Bytes, (Download, Frames))>> {
    while let Some(bytes) = download.next().await? {
        let mut piece = BytesMut::with_capacity(bytes.len());
        let fed = frames.feed(&bytes, |part| piece.extend_from_slice(part.bytes));
        fed.map_err(io::Error::other)?;
        if !piece.is_empty() {
            return Ok(Some((piece.freeze(), (download, frames))));
        }
    }
    Ok(None)
}
