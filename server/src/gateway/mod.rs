//! The Docker Engine API under `/api/v1/hosts/{host}/docker/`, and on streams that websockets carry ([`carried`]), with the
//! caller's rights: every request is found in the operation table, checked, and built anew. No client byte of path, query,
//! headers or JSON body goes to the engine: what was read is judged and written anew.

mod carried;
mod narrow;
mod places;
mod prune;
mod request;
mod sieve;
mod stream;

pub use carried::serve_carried;
pub use narrow::Execs;
pub use places::{Place, Places};

use std::{rc::Rc, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use hyper::{body::Incoming, upgrade::OnUpgrade};
use longshore_api::{
    ops::{
        self, ApiVersion, Kind, Matched, Operation, Permission, Query, RouteError, Stream, body::Reference,
        rebuild_query, resolve,
    },
    web::API,
    words::say,
};
use tokio_util::task::TaskTracker;

use crate::{
    access::{Credential, Demand, Outcome, Pass, Target, identify},
    fault::Fault,
    front::{Body, BodyError, Context, Far, engine_message, full},
    hosts::{Flow, Host, collect},
    house::House,
    ownership::{self, claim, find, making},
};
use narrow::{Narrowed, narrow};
use request::Rebuilt;
use sieve::Eyes;

/// The host's slug and the engine's own path, query included, if the path is the gateway's.
pub fn split(path: &str) -> Option<(&str, &str)> {
    let (host, rest) = path.strip_prefix(API)?.strip_prefix("/hosts/")?.split_once('/')?;
    let rest = rest.strip_prefix("docker")?;
    rest.starts_with('/').then_some((host, rest))
}

/// Serves one request. Answers speak the engine's way, refusals too.
pub async fn serve(
    house: &Arc<House>,
    tasks: &TaskTracker,
    context: &Rc<Context>,
    host: &str,
    rest: &str,
    request: Request<Incoming>,
) -> Response<Body> {
    let fault = match forward(house, tasks, context, host, rest, request).await {
        Ok(answer) => return answer,
        Err(fault) => fault,
    };
    let mut answer = engine_message(&fault, &context.request_id);
    // A client that is told no version takes the engine for an ancient one, and complains of that.
    if matches!(fault.status(), StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT)
        && let Ok(host) = house.hosts.get(host)
        && let Ok(api) = host.line.api().unwrap_or(ApiVersion::NEWEST).to_string().parse()
    {
        answer.headers_mut().insert("api-version", api);
    }
    answer
}

async fn forward(
    house: &Arc<House>,
    tasks: &TaskTracker,
    context: &Rc<Context>,
    slug: &str,
    rest: &str,
    request: Request<Incoming>,
) -> Result<Response<Body>, Fault> {
    needs_key(context)?;
    let (path, raw_query) = match rest.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (rest, None),
    };
    // Who is nobody learns nothing of the table.
    let principal = identify(house, context).await?.at_gateway();
    let matched = resolve(request.method().as_str(), path).map_err(|error| {
        let fault = refusal(error);
        if fault.status() == StatusCode::FORBIDDEN {
            let call = format!("{} {path}", request.method());
            house.access.refused_call(&principal, slug, &call, &context.request_id, fault.status());
        }
        fault
    })?;
    let mut query = rebuild_query(matched.operation, raw_query).map_err(refusal)?;
    let (operation, demand) = (matched.operation, Demand::Operation(matched.operation));
    let manages = principal.roles().allow(slug, Permission::Manage);
    let target = match (manages, is_managers_alone(operation)) {
        (true, _) => Target::Object { host: slug.to_owned(), id: None, name: name_of(&matched) },
        // As one that is not there: whoever is asked for anything of a name goes on to ask for the next kind.
        (false, true) => {
            let id = matched.params.first().cloned();
            Target::Object { host: slug.to_owned(), id, name: name_of(&matched) }
        }
        (false, false) => Target::SomeObject { host: slug.to_owned() },
    };
    let pass = house.access.require(&principal, demand, target, &context.request_id)?;
    let host = house.hosts.get(slug)?;
    if operation.answer == ops::Answer::Pruned && !manages {
        let api = version(house, &host, &matched)?;
        return prune::own(house, &pass, (operation, api), &query).await;
    }
    let Narrowed { pass, id } = match manages {
        true => {
            narrow::of_manager(house, &pass, &host, &matched).await?;
            Narrowed { pass, id: None }
        }
        false => narrow(house, &pass, &host, &matched, &mut query).await?,
    };
    let refused = |fault: &Fault| {
        if fault.status() == StatusCode::FORBIDDEN {
            house.access.refused(&pass, fault);
        }
    };
    let called = matched.params.first().map(String::as_str);
    let named = pass.judge_query(called, &mut query).inspect_err(refused)?;
    let limit = (!manages && operation.id == "container-list").then(|| query.take("limit")).flatten();
    let api = version(house, &host, &matched)?;
    let mut uri = matched.path(api, id.as_deref()).map_err(refusal)?;
    if !query.is_empty() {
        uri = format!("{uri}?{query}");
    }
    let rebuilt = request::rebuild(house, &pass, &matched, uri, request).await.inspect_err(refused)?;
    let (house, tasks, far) = (Arc::clone(house), tasks.clone(), context.far.clone());
    let ready = Ready { house, tasks, far, host, matched, pass, query, named, limit, rebuilt };
    if !makes(operation) {
        return ready.call().await;
    }
    // Whoever makes something and is gone before the answer has made it all the same: it is theirs.
    let tasks = ready.tasks.clone();
    tasks.spawn_local(ready.call()).await.map_err(Fault::internal)?
}

/// Whether an operation is on one thing of a kind that only managers have.
fn is_managers_alone(operation: &Operation) -> bool {
    use ops::Target::{Config, Node, Plugin, Secret, Service, Task};
    operation.method.reads() && matches!(operation.target, Service | Task | Node | Secret | Config | Plugin)
}

/// Whether an operation makes something that is its caller's then, or moves what it is owned by, and is soon done.
fn makes(operation: &Operation) -> bool {
    operation.answer == ops::Answer::Created || matches!(operation.id, "container-rename" | "image-tag")
}

/// A call that was asked for in full.
struct Ready {
    house: Arc<House>,
    tasks: TaskTracker,
    far: Far,
    host: Arc<Host>,
    matched: Matched,
    pass: Pass,
    query: Query,
    /// What its parameters name.
    named: Vec<Reference>,
    /// At most so many of a list.
    limit: Option<String>,
    rebuilt: Rebuilt,
}

impl Ready {
    /// Claims what it makes, calls the engine, and writes down whose that is.
    async fn call(self) -> Result<Response<Body>, Fault> {
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
                renamed(&house, &host, &matched, &query, async || house.access.perform(&pass, call).await)
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
            return Ok(match answer {
                Answered::Line(answer) if tells => {
                    give(&house, &matched, &pass, &far, answer.map(|body| eyes.events(body)), client)
                }
                Answered::Flow(answer) if tells => {
                    give(&house, &matched, &pass, &far, answer.map(|body| eyes.events(body)), client)
                }
                Answered::Line(answer) => give(&house, &matched, &pass, &far, answer, client),
                Answered::Flow(answer) => give(&house, &matched, &pass, &far, answer, client),
            });
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

/// A container's new name takes along what it is given by.
async fn renamed(
    house: &House,
    host: &Host,
    matched: &Matched,
    query: &Query,
    rename: impl AsyncFnOnce() -> Result<Answered, Fault>,
) -> Result<Answered, Fault> {
    let called = matched.params.first().map(String::as_str).unwrap_or_default();
    let Some(found) = find(host, Kind::Container, called).await? else { return rename().await };
    let name = query.get("name").unwrap_or_default().trim_start_matches('/');
    let rooms = (&house.store, &*house.owners);
    let mut answered = None;
    let done = ownership::rename(rooms, (&host.slug, &found.id), name, async || {
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

/// A cookie comes by itself; a key is only sent by who means it.
pub fn needs_key(context: &Context) -> Result<(), Fault> {
    match context.credential {
        Some(Credential::Cookies(_)) => Err(Fault::new(StatusCode::UNAUTHORIZED, say::gateway_needs_key())),
        _ => Ok(()),
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

/// What the operation is about, as the audit log calls it. Names are as the client wrote them: case matters.
fn name_of(matched: &Matched) -> String {
    let kind = matched.operation.kind.code();
    match matched.params.first() {
        Some(name) => format!("{kind} {name}"),
        None => kind.to_owned(),
    }
}

/// The version to call: the client's, if the host has it.
fn version(house: &House, host: &Host, matched: &Matched) -> Result<ApiVersion, Fault> {
    let newest = house.api_of(host)?;
    match matched.version {
        Some(asked) if asked > newest => {
            Err(Fault::bad_request(say::api_too_new(asked.to_string(), &host.slug, newest.to_string())))
        }
        asked => Ok(asked.unwrap_or(newest)),
    }
}

fn refusal(error: RouteError) -> Fault {
    let status = match error {
        RouteError::Refused { .. } => StatusCode::FORBIDDEN,
        RouteError::UnknownOperation { .. } => StatusCode::NOT_FOUND,
        RouteError::UnknownMethod { .. } => StatusCode::NOT_IMPLEMENTED,
        _ => StatusCode::BAD_REQUEST,
    };
    Fault::new(status, say::call_refused(error.to_string()))
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
        crate::front::full("")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_docker_part_of_a_host_is_the_gateway() {
        assert_eq!(split("/api/v1/hosts/local/docker/_ping"), Some(("local", "/_ping")));
        assert_eq!(split("/api/v1/hosts/local/docker//_ping?x=1"), Some(("local", "//_ping?x=1")));
        for other in [
            "/api/v1/hosts/local/docker",
            "/api/v1/hosts/local/dockerx/_ping",
            "/api/v1/hosts/local/containers/x",
            "/api/v1/hosts//",
            "/docker/_ping",
        ] {
            assert_eq!(split(other), None, "{other}");
        }
    }
}
