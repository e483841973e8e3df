//! Paths of containers.

use actix_web::{HttpResponse, web};
use http::Method;
use longshore_api::{
    ops::Kind,
    web::{
        container::Verb,
        detail::{Changes, Detail, EnvValue, NewName, PastUsage, Process, Signal, Update},
        job::{ContainerTarget, JobKind, Recreate, StartedJob},
        removed::NotKept,
    },
    words::say,
};

use super::{detail, edit, logic};
use crate::{
    access::{Need, own},
    call::need_some,
    fault::Fault,
    jobs::accepted,
    rest::{Body, Caller, Route, Shared, route},
};

/// Every path of containers with what it needs.
pub fn routes() -> Vec<Route> {
    let needs = |verb| Need::OnSome(logic::operation(verb));
    vec![
        route(Method::GET, "/hosts/{host}/containers/{id}", need_some("container-inspect"), inspect),
        route(Method::POST, "/hosts/{host}/containers/{id}/env", need_some("exec-create"), env),
        route(Method::GET, "/hosts/{host}/containers/{id}/inspect", need_some("container-inspect"), document),
        route(Method::GET, "/hosts/{host}/containers/{id}/changes", need_some("container-changes"), changes),
        route(Method::GET, "/hosts/{host}/containers/{id}/processes", need_some("container-top"), processes),
        route(Method::GET, "/hosts/{host}/containers/{id}/usage", need_some("container-stats"), usage),
        route(
            Method::POST,
            "/hosts/{host}/containers/{id}/recreate",
            need_some("container-create"),
            recreate,
        ),
        route(Method::POST, "/hosts/{host}/containers/{id}/rename", need_some("container-rename"), rename),
        route(Method::POST, "/hosts/{host}/containers/{id}/signal", need_some("container-kill"), signal),
        route(Method::POST, "/hosts/{host}/containers/{id}/update", need_some("container-update"), update),
        route(Method::POST, "/hosts/{host}/containers/{id}/start", needs(Verb::Start), start),
        route(Method::POST, "/hosts/{host}/containers/{id}/stop", needs(Verb::Stop), stop),
        route(Method::POST, "/hosts/{host}/containers/{id}/restart", needs(Verb::Restart), restart),
        route(Method::POST, "/hosts/{host}/containers/{id}/pause", needs(Verb::Pause), pause),
        route(Method::POST, "/hosts/{host}/containers/{id}/unpause", needs(Verb::Unpause), unpause),
        route(Method::POST, "/hosts/{host}/containers/{id}/kill", needs(Verb::Kill), kill),
        route(Method::DELETE, "/hosts/{host}/containers/{id}", needs(Verb::Remove), remove),
        route(Method::POST, "/hosts/{host}/containers/{id}/{verb}", needs(Verb::Stop), other).refusing(),
    ]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    inspect, env, document, changes, processes, usage, recreate, rename, signal, update, start, stop,
    restart, pause, unpause, kill, remove
))]
pub struct Document;

/// One container as its page shows it, by its full id or its name; of its environment the names.
#[utoipa::path(get, path = "/api/v1/hosts/{host}/containers/{id}", responses((status = 200, body = Detail)))]
async fn inspect(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<web::Json<Detail>, Fault> {
    let (_, reference) = at.into_inner();
    detail::detail(&house, &caller.pass, &reference).await.map(web::Json)
}

/// The environment of a container with its values. It leaves a row in the audit log.
#[utoipa::path(
    post,
    path = "/api/v1/hosts/{host}/containers/{id}/env",
    responses((status = 200, body = Vec<EnvValue>))
)]
async fn env(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<web::Json<Vec<EnvValue>>, Fault> {
    let (_, reference) = at.into_inner();
    detail::env(&house, &caller.pass, &reference).await.map(web::Json)
}

/// A container as its engine describes it, without the values of its environment.
#[utoipa::path(
    get,
    path = "/api/v1/hosts/{host}/containers/{id}/inspect",
    responses((status = 200, body = serde_json::Value))
)]
async fn document(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<web::Json<serde_json::Value>, Fault> {
    let (_, reference) = at.into_inner();
    detail::document(&house, &caller.pass, &reference).await.map(web::Json)
}

/// The files in which a container differs from its image.
#[utoipa::path(
    get,
    path = "/api/v1/hosts/{host}/containers/{id}/changes",
    responses((status = 200, body = Changes))
)]
async fn changes(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<web::Json<Changes>, Fault> {
    let (_, reference) = at.into_inner();
    detail::changes(&house, &caller.pass, &reference).await.map(web::Json)
}

/// The processes of a container.
#[utoipa::path(
    get,
    path = "/api/v1/hosts/{host}/containers/{id}/processes",
    responses((status = 200, body = Vec<Process>))
)]
async fn processes(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<web::Json<Vec<Process>>, Fault> {
    let (_, reference) = at.into_inner();
    detail::processes(&house, &caller.pass, &reference).await.map(web::Json)
}

/// What a container used in the last hour, as far as the server has watched it.
#[utoipa::path(
    get,
    path = "/api/v1/hosts/{host}/containers/{id}/usage",
    responses((status = 200, body = PastUsage))
)]
async fn usage(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<web::Json<PastUsage>, Fault> {
    let (host, reference) = at.into_inner();
    let (id, _) = detail::find(&house, &caller.pass, &reference)?;
    Ok(web::Json(house.inventory.past_usage(&host, &id)))
}

/// Makes a container anew in the background: under its name, with what was asked for it. The old one comes back if the new
/// one does not run.
#[utoipa::path(
    post,
    path = "/api/v1/hosts/{host}/containers/{id}/recreate",
    request_body = Recreate,
    responses((status = 202, body = StartedJob))
)]
async fn recreate(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
    form: Body<Recreate>,
) -> Result<HttpResponse, Fault> {
    let (host, reference) = at.into_inner();
    let (id, name) = detail::find(&house, &caller.pass, &reference)?;
    if house.access.own().is(&host, Kind::Container, &id) {
        let fault = own(&name);
        house.access.refused(&caller.pass, &fault);
        return Err(fault);
    }
    let kind = JobKind::Recreate { newer: form.into_inner().newer };
    let targets = vec![ContainerTarget { host, id }];
    let shared = house.clone().into_inner();
    accepted(&house, &caller.pass, house.jobs.start(shared, &caller.pass, kind, targets)).await
}

/// Gives a container another name.
#[utoipa::path(
    post,
    path = "/api/v1/hosts/{host}/containers/{id}/rename",
    request_body = NewName,
    responses((status = 204))
)]
async fn rename(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
    form: Body<NewName>,
) -> Result<HttpResponse, Fault> {
    let (_, reference) = at.into_inner();
    edit::rename(&house, &caller.pass, &reference, &form.into_inner().name).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sends a signal to the main process of a container.
#[utoipa::path(
    post,
    path = "/api/v1/hosts/{host}/containers/{id}/signal",
    request_body = Signal,
    responses((status = 204))
)]
async fn signal(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
    form: Body<Signal>,
) -> Result<HttpResponse, Fault> {
    let (_, reference) = at.into_inner();
    edit::signal(&house, &caller.pass, &reference, &form.into_inner().signal).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Changes the restart policy or the limits of a container at once.
#[utoipa::path(
    post,
    path = "/api/v1/hosts/{host}/containers/{id}/update",
    request_body = Update,
    responses((status = 204))
)]
async fn update(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
    form: Body<Update>,
) -> Result<HttpResponse, Fault> {
    let (_, reference) = at.into_inner();
    edit::update(&house, &caller.pass, &reference, &form.into_inner()).await?;
    Ok(HttpResponse::NoContent().finish())
}

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident($method:ident, $path:literal) = $verb:ident;)*) => { $(
        $(#[$doc])*
        #[utoipa::path($method, path = $path, responses((status = 204)))]
        async fn $name(
            house: Shared,
            caller: Caller,
            at: web::Path<(String, String)>,
        ) -> Result<HttpResponse, Fault> {
            let (_, id) = at.into_inner();
            logic::act(&house, &caller.pass, &id, Verb::$verb).await?;
            Ok(HttpResponse::NoContent().finish())
        }
    )* };
}

verbs! {
    /// Starts a container that is not running.
    start(post, "/api/v1/hosts/{host}/containers/{id}/start") = Start;
    /// Asks a container to end, and ends it after its grace time.
    stop(post, "/api/v1/hosts/{host}/containers/{id}/stop") = Stop;
    /// Stops a container and starts it again.
    restart(post, "/api/v1/hosts/{host}/containers/{id}/restart") = Restart;
    /// Freezes the processes of a container.
    pause(post, "/api/v1/hosts/{host}/containers/{id}/pause") = Pause;
    /// Thaws the processes of a container.
    unpause(post, "/api/v1/hosts/{host}/containers/{id}/unpause") = Unpause;
    /// Ends a container at once.
    kill(post, "/api/v1/hosts/{host}/containers/{id}/kill") = Kill;
}

/// Removes a stopped container; its volumes stay. 200 says why it cannot be made again.
#[utoipa::path(
    delete,
    path = "/api/v1/hosts/{host}/containers/{id}",
    responses((status = 204), (status = 200, body = NotKept))
)]
async fn remove(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<HttpResponse, Fault> {
    let (_, id) = at.into_inner();
    Ok(match logic::act(&house, &caller.pass, &id, Verb::Remove).await? {
        None => HttpResponse::NoContent().finish(),
        Some(why) => HttpResponse::Ok().json(NotKept { why }),
    })
}

async fn other(at: web::Path<(String, String, String)>) -> Result<HttpResponse, Fault> {
    let (_, _, verb) = at.into_inner();
    Err(Fault::not_found(say::verb_unknown(verb)))
}
