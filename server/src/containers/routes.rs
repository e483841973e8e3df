//! Paths of containers.

use actix_web::{HttpResponse, web};
use http::Method;
use longshore_api::{web::container::Verb, words::say};

use super::logic;
use crate::{
    access::Need,
    fault::Fault,
    rest::{Caller, Route, Shared, route},
};

/// Every path of containers with what it needs.
pub fn routes() -> Vec<Route> {
    let operate = Need::OnHost(logic::permission(Verb::Stop));
    let remove_needs = Need::OnHost(logic::permission(Verb::Remove));
    vec![
        route(Method::POST, "/hosts/{host}/containers/{id}/start", operate, start),
        route(Method::POST, "/hosts/{host}/containers/{id}/stop", operate, stop),
        route(Method::POST, "/hosts/{host}/containers/{id}/restart", operate, restart),
        route(Method::POST, "/hosts/{host}/containers/{id}/pause", operate, pause),
        route(Method::POST, "/hosts/{host}/containers/{id}/unpause", operate, unpause),
        route(Method::POST, "/hosts/{host}/containers/{id}/kill", operate, kill),
        route(Method::DELETE, "/hosts/{host}/containers/{id}", remove_needs, remove),
        route(Method::POST, "/hosts/{host}/containers/{id}/{verb}", operate, other).refusing(),
    ]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(start, stop, restart, pause, unpause, kill, remove))]
pub struct Document;

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident($method:ident, $path:literal) = $verb:ident;)*) => { $(
        $(#[$doc])*
        #[utoipa::path($method, path = $path, responses((status = 204)))]
        async fn $name(
            house: Shared,
            caller: Caller,
            at: web::Path<(String, String)>,
        ) -> Result<HttpResponse, Fault> {
            let (host, id) = at.into_inner();
            logic::act(&house, &caller.pass, &host, &id, Verb::$verb).await?;
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
    /// Removes a stopped container; its volumes stay.
    remove(delete, "/api/v1/hosts/{host}/containers/{id}") = Remove;
}

async fn other(at: web::Path<(String, String, String)>) -> Result<HttpResponse, Fault> {
    let (_, _, verb) = at.into_inner();
    Err(Fault::not_found(say::verb_unknown(verb)))
}
