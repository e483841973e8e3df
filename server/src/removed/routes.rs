//! Paths of removed containers.

use actix_web::{HttpResponse, web};
use http::Method;
use longshore_api::web::{create::Spec, removed::RemovedContainer};

use super::logic;
use crate::{
    call::need,
    fault::Fault,
    rest::{Caller, Route, Shared, route},
};

/// Every path of removed containers with what it needs.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::GET, "/hosts/{host}/removed-containers", need("container-inspect"), list_removed),
        route(Method::POST, "/hosts/{host}/removed-containers/{id}/spec", need("exec-create"), removed_spec),
        route(
            Method::DELETE,
            "/hosts/{host}/removed-containers/{id}",
            need("container-remove"),
            forget_removed,
        ),
    ]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(list_removed, removed_spec, forget_removed))]
pub struct Document;

/// The containers of a host that were removed here in the last 30 days, newest first.
#[utoipa::path(get, path = "/api/v1/hosts/{host}/removed-containers", responses((status = 200, body = Vec<RemovedContainer>)))]
async fn list_removed(house: Shared, caller: Caller) -> Result<web::Json<Vec<RemovedContainer>>, Fault> {
    Ok(web::Json(house.removed.list(&caller.pass).await?))
}

/// What a removed container was asked for to be, with its environment. It leaves a row in the audit log.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/removed-containers/{id}/spec", responses((status = 200, body = Spec)))]
async fn removed_spec(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<web::Json<Spec>, Fault> {
    logic::spec(&house, &caller.pass, &at.1).await.map(web::Json)
}

/// Forgets a removed container: it cannot be made again from here.
#[utoipa::path(delete, path = "/api/v1/hosts/{host}/removed-containers/{id}", responses((status = 204)))]
async fn forget_removed(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<HttpResponse, Fault> {
    let forget = |change| house.removed.forget(&caller.pass, &at.1, change);
    house.access.change(&caller.pass, "removed-forget", forget).await?;
    Ok(HttpResponse::NoContent().finish())
}
