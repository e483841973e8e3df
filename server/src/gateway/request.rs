//! The request to the engine, built from the matched row and typed values.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt as _;
use http::{HeaderMap, HeaderValue, Request, header};
use http_body_util::{BodyExt as _, BodyStream, Empty, Full, combinators::UnsyncBoxBody};
use hyper::{body::Incoming, upgrade::OnUpgrade};
use longshore_api::{
    ops::{self, Body, Kind, Matched, Operation, Stream, body::Checked},
    words::say,
};

use serde_json::Value;

use super::stream;
use crate::{
    access::Pass,
    audit::first_word,
    fault::Fault,
    front::{self, BodyError, body},
    house::House,
};

/// A JSON body has at most so many bytes. Twenty megabytes of environment are no container.
const JSON_MAX: usize = 4 * 1024 * 1024;

/// The body of a request to the engine.
pub(super) type ToEngine = UnsyncBoxBody<Bytes, BodyError>;

/// A request that was built anew.
pub(super) struct Rebuilt {
    pub(super) request: Request<ToEngine>,
    /// The client's end of the upgrade, where the row has one.
    pub(super) client: Option<OnUpgrade>,
    /// What the audit log is to say of it.
    pub(super) detail: String,
    /// Its JSON, where it has one.
    pub(super) body: Option<Checked>,
}

/// Builds the request to the engine.
pub(super) async fn rebuild(
    house: &Arc<House>,
    pass: &Pass,
    matched: &Matched,
    uri: String,
    mut request: Request<Incoming>,
) -> Result<Rebuilt, Fault> {
    let protocol = protocol(matched, request.headers());
    let client = protocol.map(|_| front::upgrade(&mut request)).transpose()?;
    let (parts, incoming) = request.into_parts();
    let mut out = Request::builder().method(matched.method.as_str()).uri(uri);
    // Credentials for registries: the engine reads them, base64 of JSON, and nothing else takes their form.
    for name in ["x-registry-auth", "x-registry-config"] {
        if let Some(value) = parts.headers.get(name) {
            let fits = |b: u8| b.is_ascii_alphanumeric() || b"+/=-_".contains(&b);
            if !value.as_bytes().iter().copied().all(fits) {
                return Err(Fault::bad_request(say::header_invalid(name)));
            }
            out = out.header(name, value);
        }
    }
    if let Some(protocol) = protocol {
        out = out
            .header(header::CONNECTION, HeaderValue::from_static("Upgrade"))
            .header(header::UPGRADE, HeaderValue::from_static(protocol));
    }
    let (mut detail, mut checked) = (String::new(), None);
    let (body, content_type): (ToEngine, _) = match matched.operation.body {
        Body::None => (empty(), None),
        Body::Tar => {
            let content_type = (!is_empty(&incoming)).then_some("application/x-tar");
            (stream::upload(house, pass, incoming).boxed_unsync(), content_type)
        }
        Body::Json | Body::JsonOptional => {
            match read_json(incoming, matched.operation.body == Body::JsonOptional).await? {
                Some(json) => {
                    detail = command_of(matched, &json);
                    let judged = pass.judge(json)?;
                    let json = Bytes::from(judged.to_bytes());
                    checked = Some(judged);
                    (Full::new(json).map_err(|never| match never {}).boxed_unsync(), Some("application/json"))
                }
                None => (empty(), None),
            }
        }
    };
    if let Some(content_type) = content_type {
        out = out.header(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    let request = out.body(body).map_err(Fault::internal)?;
    Ok(Rebuilt { request, client, detail, body: checked })
}

/// Of what is run in a container its first word.
fn command_of(matched: &Matched, json: &Value) -> String {
    let command = json.get("Cmd").filter(|_| matched.operation.id == "exec-create").and_then(Value::as_array);
    first_word(&command.into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>())
}

fn empty() -> ToEngine {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}

fn is_empty(body: &Incoming) -> bool {
    use hyper::body::Body as _;
    body.is_end_stream()
}

/// The protocol that a hijacked stream turns to: the builder's channels speak HTTP/2, all others are plain.
pub(super) fn protocol_of(operation: &Operation) -> &'static str {
    if operation.kind == Kind::Session { "h2c" } else { "tcp" }
}

/// The protocol that a request asks for and may have.
fn protocol(matched: &Matched, headers: &HeaderMap) -> Option<&'static str> {
    let known = protocol_of(matched.operation);
    let asked = headers.get(header::UPGRADE)?.as_bytes();
    (matched.operation.stream == Stream::Hijack && asked.eq_ignore_ascii_case(known.as_bytes()))
        .then_some(known)
}

/// Read strictly: what an engine makes of a key that stands twice is its own affair.
async fn read_json(incoming: Incoming, optional: bool) -> Result<Option<Value>, Fault> {
    let frames = BodyStream::new(incoming);
    let chunks = frames.filter_map(async |frame| match frame {
        Ok(frame) => frame.into_data().ok().map(Ok),
        Err(error) => Some(Err(error)),
    });
    let all = body::whole(chunks, JSON_MAX).await?;
    if optional && all.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    let all: &[u8] = if all.iter().all(u8::is_ascii_whitespace) { b"{}" } else { &all };
    Ok(Some(ops::body::read(all)?))
}
