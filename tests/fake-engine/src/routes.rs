//! Requests that meet no fault.

use std::{convert::Infallible, sync::Arc};

use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde_json::Value;

use crate::{
    answer,
    body::{AnswerBody, bulk, events, full, pull},
    fault::unversioned,
    hijack,
    world::World,
};

/// Answers one request.
pub(crate) async fn answer(
    world: Arc<World>,
    mut request: Request<Incoming>,
) -> Result<Response<AnswerBody>, Infallible> {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let method = request.method().as_str().to_owned();
    let parts: Vec<&str> = unversioned(&path).trim_matches('/').split('/').collect();
    match (method.as_str(), parts.as_slice()) {
        ("GET" | "HEAD", ["_ping"]) => return Ok(plain("OK")),
        ("GET", ["events"]) => return Ok(typed("application/json", events(&world))),
        ("GET", ["containers", _, "logs"]) => {
            let bytes = world.inner().bulk;
            return Ok(typed("application/vnd.docker.raw-stream", bulk(bytes)));
        }
        ("GET", ["images", "get"] | ["images", _, "get"]) => {
            let bytes = world.inner().bulk;
            return Ok(typed("application/x-tar", bulk(bytes)));
        }
        ("POST", ["images", "create"]) => {
            let (lines, hangs) = world.inner().pull.clone();
            return Ok(typed("application/json", pull(lines, hangs)));
        }
        ("POST", ["exec", _, "start"] | ["containers", _, "attach"]) => return hijack::echo(request),
        ("POST", ["exec", _, "resize"]) => return Ok(plain("")),
        _ => {}
    }
    // A client that is still sending when the answer is there would see a reset.
    let mut asked = Vec::new();
    while let Some(Ok(frame)) = request.body_mut().frame().await {
        asked.extend_from_slice(frame.data_ref().map_or(&[][..], |bytes| bytes));
    }
    if let ("POST", ["containers", "create"], Some(made)) =
        (&*method, &parts[..], made(&world, &query, &asked))
    {
        return Ok(of(201, &made));
    }
    Ok(match answer::json(&world, &method, &path, &query) {
        Some((status, json)) => of(status, &json),
        None => of(404, &answer::message("page not found")),
    })
}

/// Makes a container of a stack, where its image is there.
fn made(world: &World, query: &str, asked: &[u8]) -> Option<Value> {
    let asked: Value = serde_json::from_slice(asked).ok()?;
    asked["Labels"]["com.docker.compose.project"].as_str()?;
    let name = query.split('&').find_map(|pair| pair.strip_prefix("name="))?;
    let made = {
        let mut inner = world.inner();
        inner.images.iter().any(|image| asked["Image"] == image.as_str()).then(|| inner.make(name, asked))?
    };
    world.tell("create", &made);
    Some(serde_json::json!({ "Id": made.id, "Warnings": [] }))
}

fn of(status: u16, json: &Value) -> Response<AnswerBody> {
    let content = if json.is_null() { String::new() } else { json.to_string() };
    let mut answer = typed("application/json", full(content));
    *answer.status_mut() = StatusCode::from_u16(status).expect("a status of ours");
    answer
}

fn plain(text: &'static str) -> Response<AnswerBody> {
    typed("text/plain; charset=utf-8", full(text))
}

fn typed(kind: &'static str, body: AnswerBody) -> Response<AnswerBody> {
    let mut answer = Response::new(body);
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.headers_mut().insert("api-version", HeaderValue::from_static("1.41"));
    answer.headers_mut().insert("ostype", HeaderValue::from_static("linux"));
    answer
}
