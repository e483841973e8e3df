//! A call that was asked for in full: what it makes is claimed, the engine is called, its answer cut and handed on.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use hyper::{body::Incoming, upgrade::OnUpgrade};
use longshore_api::{
    ops::{
        self, Kind, Matched, Operation, Query, Stream,
        body::{Checked, Reference},
    },
    words::say,
};
use serde_json::Value;
use tokio_util::task::TaskTracker;

use super::{
    request::{self, Rebuilt},
    sieve::{self, Eyes},
    stream,
};
use crate::{
    access::{Outcome, Pass},
    fault::Fault,
    front::{Body, BodyError, Far, full},
    hosts::{Flow, Host, collect},
    house::House,
    ownership::{self, claim, find, making},
};

/// Whether an operation makes something that is its caller's then, or moves what it is owned by, and is soon done.
pub(super) fn makes(operation: &Operation) -> bool {
    operation.answer == ops::Answer::Created || matches!(operation.id, "container-rename" | "image-tag")
}

/// A call that was asked for in full.
pub(super) struct Ready {
    pub(super) house: Arc<House>,
    pub(super) tasks: TaskTracker,
    pub(super) far: Far,
    pub(super) host: Arc<Host>,
    pub(super) matched: Matched,
    pub(super) pass: Pass,
    pub(super) query: Query,
    /// What its parameters name.
    pub(super) named: Vec<Reference>,
    /// At most so many of a list.
    pub(super) limit: Option<String>,
    pub(super) rebuilt: Rebuilt,
}

impl Ready {
    /// Claims what it makes, calls the engine, and writes down whose that is.
    pub(super) async fn call(self) -> Result<Response<Body>, Fault> {
        let Self { house, tasks, far, host, matched, pass, query, named, limit, rebuilt } = self;
        let (operation, manages) = (matched.operation, pass.manages());
        let refused = |fault: &Fault| {
            if fault.status() == StatusCode::FORBIDDEN {
                house.access.refused(&pass, fault);
            }
        };
        let Rebuilt { request, client, detail, body } = rebuilt;
        let making = making(&house, &pass, &host, (operation, &query, body.as_ref()), named).await;
        let claims = claim(&house, &pass, &host, making.inspect_err(refused)?).await.inspect_err(refused)?;
        let detail = if detail.is_empty() { named_by(&query, body.as_ref()) } else { detail };
        let pass = pass.clone().noting(detail);
        // What is asked in a head alone and answered at length needs nothing of hyper.
        let flows = operation.stream == Stream::Answer && operation.body == ops::Body::None;
        let call = async |permit| -> Result<Answered, Fault> {
            let answer = if flows {
                host.line.flow(&permit, request.map(drop)).await.map(Answered::Flow)
            } else {
                host.line.call(&permit, request).await.map(Answered::Line)
            };
            answer.map_err(|e| host.line.fault(e))
        };
        let answer = match operation.id {
            "container-rename" => {
                let called = matched.params.first().map(String::as_str).unwrap_or_default();
                let called = pass.object().ok_or(called);
                renamed(&house, &host, called, &query, async || house.access.perform(&pass, call).await)
                    .await?
            }
            _ => house.access.perform(&pass, call).await?,
        };
        let client = client.map(|end| (&tasks, end));
        if manages {
            return Ok(match answer {
                Answered::Line(answer) if operation.id == "exec-create" => {
                    let answer = begun(&house, &host, &pass, answer).await?;
                    give(&house, &matched, &pass, &far, answer, client)
                }
                Answered::Line(answer) => give(&house, &matched, &pass, &far, answer, client),
                Answered::Flow(answer) => give(&house, &matched, &pass, &far, answer, client),
            });
        }
        let limit = limit.and_then(|limit| limit.parse().ok()).filter(|limit| *limit > 0);
        let eyes = Eyes::new(&house, &pass, &host, limit);
        let asked = format!("{} {query}", matched.params.join(" "));
        let status = answer.status();
        let refuses = status >= 400;
        let is_whole = refuses || operation.stream == Stream::None && operation.answer != ops::Answer::AsIs;
        if !is_whole {
            claims.made(None).await?;
            let tells = operation.answer == ops::Answer::Events;
            let told = match answer {
                Answered::Line(answer) if tells => answer.map(|body| eyes.events(body)),
                Answered::Flow(answer) if tells => answer.map(|body| eyes.events(body)),
                Answered::Line(answer) => return Ok(give(&house, &matched, &pass, &far, answer, client)),
                Answered::Flow(answer) => return Ok(give(&house, &matched, &pass, &far, answer, client)),
            };
            return Ok(give(&house, &matched, &pass, &far, told, client));
        }
        let (answer, said) = match answer {
            Answered::Line(answer) => sieve::whole(&eyes, operation, &asked, answer).await?,
            Answered::Flow(answer) => sieve::whole(&eyes, operation, &asked, answer).await?,
        };
        if refuses {
            claims.undone().await?;
        } else {
            let made = said["Id"].as_str().or_else(|| said["Name"].as_str());
            if let (Some(id), "exec-create") = (made, operation.id) {
                house.execs.begun(&pass, id);
            }
            claims.made(made.filter(|_| operation.answer == ops::Answer::Created)).await?;
        }
        Ok(give(&house, &matched, &pass, &far, answer, client))
    }
}

/// What a change names besides what it is on, for the audit log: a new name, an image.
fn named_by(query: &Query, body: Option<&Checked>) -> String {
    let body = body.map(Checked::body);
    let of_body = |key: &str| body.and_then(|body| body.get(key)).and_then(Value::as_str);
    let of_query = |key: &str| query.get(key);
    let texts = [
        of_query("name").or_else(|| of_body("Name")),
        of_query("fromImage")
            .or_else(|| of_query("repo"))
            .or_else(|| of_query("t"))
            .or_else(|| of_body("Image")),
        of_query("tag"),
    ];
    texts.into_iter().flatten().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The id of a new command has so many bytes at most, and what is around it.
const BEGUN_MAX: usize = 64 * 1024;

/// An engine's answer to who began a command: it is theirs alone.
async fn begun(
    house: &House,
    host: &Host,
    pass: &Pass,
    answer: Response<Incoming>,
) -> Result<Response<Body>, Fault> {
    let (head, body) = answer.into_parts();
    let said = collect(body, BEGUN_MAX).await.map_err(|error| host.line.fault(error))?;
    let json: serde_json::Value = serde_json::from_slice(&said).unwrap_or_default();
    if let Some(id) = json["Id"].as_str().filter(|_| head.status.is_success()) {
        house.execs.begun(pass, id);
    }
    Ok(Response::from_parts(head, full(said)))
}

/// A container's new name takes along what it is given by; `called` is its full id, or what is still to be found by.
async fn renamed(
    house: &House,
    host: &Host,
    called: Result<&str, &str>,
    query: &Query,
    rename: impl AsyncFnOnce() -> Result<Answered, Fault>,
) -> Result<Answered, Fault> {
    let id = match called {
        Ok(id) => id.to_owned(),
        Err(called) => match find(host, Kind::Container, called).await? {
            Some(found) => found.id,
            None => return rename().await,
        },
    };
    let name = query.get("name").unwrap_or_default().trim_start_matches('/');
    let rooms = (&house.store, &*house.owners);
    let mut answered = None;
    let done = ownership::rename(rooms, (&host.slug, &id), name, async || {
        let answer = rename().await?;
        let status = StatusCode::from_u16(answer.status()).unwrap_or(StatusCode::BAD_GATEWAY);
        answered = Some(answer);
        // The engine's own words go to the client as they came.
        if status.is_success() { Ok(()) } else { Err(Fault::new(status, say::name_held())) }
    });
    let done = done.await;
    match answered {
        Some(answer) => Ok(answer),
        None => Err(done.err().unwrap_or_else(|| Fault::internal("a rename without an answer"))),
    }
}

enum Answered {
    Line(Response<Incoming>),
    Flow(Response<Flow>),
}

impl Outcome for Answered {
    fn status(&self) -> u16 {
        match self {
            Self::Line(answer) => answer.status(),
            Self::Flow(answer) => answer.status(),
        }
        .as_u16()
    }
}

fn give<B>(
    house: &Arc<House>,
    matched: &Matched,
    pass: &Pass,
    far: &Far,
    mut answer: Response<B>,
    client: Option<(&TaskTracker, OnUpgrade)>,
) -> Response<Body>
where
    B: http_body::Body<Data = Bytes, Error: Into<BodyError>> + Unpin + 'static,
{
    let status = answer.status();
    let headers = answer_headers(answer.headers());
    let body: Body = if status == StatusCode::SWITCHING_PROTOCOLS {
        if let Some((tasks, client)) = client {
            #[expect(clippy::disallowed_methods, reason = "the engine has granted what was asked by us")]
            let engine = hyper::upgrade::on(&mut answer);
            let exec = matched.params.first().filter(|_| matched.operation.id == "exec-start").cloned();
            let exec = pass.host().and_then(|host| house.hosts.get(host)).ok().zip(exec);
            stream::join(house, tasks, (pass, far), (client, engine), exec);
        }
        full("")
    } else if matched.operation.stream == Stream::None {
        stream::plain(answer.into_body())
    } else {
        stream::watched(house, pass, far, answer.into_body())
    };
    let mut out = Response::new(body);
    *out.status_mut() = status;
    *out.headers_mut() = headers;
    if status == StatusCode::SWITCHING_PROTOCOLS {
        out.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        let protocol = HeaderValue::from_static(request::protocol_of(matched.operation));
        out.headers_mut().insert(header::UPGRADE, protocol);
    }
    out
}

/// What clients read of an engine's head; all else stays here.
fn answer_headers(from: &HeaderMap) -> HeaderMap {
    const KEPT: [&str; 10] = [
        "content-type",
        "content-length",
        "content-disposition",
        "api-version",
        "builder-version",
        "docker-experimental",
        "ostype",
        "server",
        "swarm",
        "x-docker-container-path-stat",
    ];
    KEPT.into_iter().filter_map(|name| Some((name.parse().ok()?, from.get(name)?.clone()))).collect()
}
