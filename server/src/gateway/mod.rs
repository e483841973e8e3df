//! The Docker Engine API under `/api/v1/hosts/{host}/docker/`, and on streams that websockets carry ([`carried`]), with the
//! caller's rights: every request is found in the operation table, checked, and built anew. No client byte of path, query,
//! headers or JSON body goes to the engine: what was read is judged and written anew.

mod carried;
mod execs;
mod named;
mod narrow;
mod perform;
mod prune;
mod request;
mod sieve;
mod stream;

pub use carried::serve_carried;
pub use execs::Execs;

use std::{rc::Rc, sync::Arc};

use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use longshore_api::{
    ops::{self, ApiVersion, Matched, Operation, Permission, RouteError, rebuild_query, resolve},
    web::API,
    words::say,
};
use tokio_util::task::TaskTracker;

use crate::{
    access::{Credential, Demand, Target, identify},
    accounts::Principal,
    fault::Fault,
    front::{Body, Context, engine_message},
    hosts::Host,
    house::House,
};
use narrow::{Narrowed, narrow};
use perform::{Ready, makes};

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

/// Of a create, clients take "not there" for the image, and pull that; what else is not there is said otherwise.
fn not_the_image(fault: Fault) -> Fault {
    let code = &fault.sentence().code;
    let is_beside = *code != say::image_unknown("", "").code && *code != say::host_unknown("").code;
    if fault.status() == StatusCode::NOT_FOUND && is_beside {
        return fault.with_status(StatusCode::BAD_REQUEST);
    }
    fault
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
    let creates = matched.operation.id == "container-create";
    let answer = carry_out(house, tasks, context, slug, (principal, matched, raw_query), request).await;
    if creates { answer.map_err(not_the_image) } else { answer }
}

/// Does what was found in the table, for whoever may.
async fn carry_out(
    house: &Arc<House>,
    tasks: &TaskTracker,
    context: &Rc<Context>,
    slug: &str,
    (principal, matched, raw_query): (Principal, Matched, Option<&str>),
    request: Request<Incoming>,
) -> Result<Response<Body>, Fault> {
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
        true => narrow::of_manager(house, &pass, &host, &matched, &mut query).await?,
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

/// A cookie comes by itself; a key is only sent by who means it.
pub fn needs_key(context: &Context) -> Result<(), Fault> {
    match context.credential {
        Some(Credential::Cookies(_)) => Err(Fault::new(StatusCode::UNAUTHORIZED, say::gateway_needs_key())),
        _ => Ok(()),
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
