//! What is asked of logs without a line of their own: one whole, as a file, and the last lines of one.

use std::{collections::VecDeque, io, time::Duration};

use actix_web::{HttpResponse, web};
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http::{Method, StatusCode};
use longshore_api::{
    ansi,
    web::log::{LAST_WORDS, LastWords},
    words::say,
};
use tokio::time::timeout;

use super::{
    frames::Frames,
    source::{Source, Span},
};
use crate::{
    access::Need,
    call::operation,
    containers,
    download::{Download, file},
    fault::Fault,
    rest::{Caller, Route, Shared, route},
};

/// Of the end of a log so many bytes are read, and so long.
const READ_MAX: u64 = 1024 * 1024;
const READ_WITHIN: Duration = Duration::from_secs(10);
/// So many bytes of each of the last lines are told.
const WORDS_MAX: usize = 500;

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
    let (host, id) = at.into_inner();
    let source = Source::find(&house, &caller.pass, &id).await?;
    let tail = u32::try_from(LAST_WORDS).ok();
    let mut reading = source.open(Span { tail, ..Span::default() }).await?;
    let mut lines = VecDeque::new();
    let read = async {
        // An engine may send more than it was asked for.
        while reading.read <= READ_MAX && reading.more().await? {
            while let Some(line) = reading.ready() {
                let mut text = ansi::plain(&line.text).into_owned();
                text.truncate(text.floor_char_boundary(WORDS_MAX));
                lines.push_back(text);
                if lines.len() > LAST_WORDS {
                    lines.pop_front();
                }
            }
        }
        Ok::<_, Fault>(())
    };
    let silent = || Fault::new(StatusCode::GATEWAY_TIMEOUT, say::engine_silent(&host, READ_WITHIN.as_secs()));
    timeout(READ_WITHIN, read).await.map_err(|_| silent())??;
    Ok(web::Json(LastWords { lines: lines.into() }))
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
