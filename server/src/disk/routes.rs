//! Paths of disk use.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use http::Method;
use longshore_api::web::{disk::DiskUse, job::StartedJob};

use crate::{
    call::need,
    fault::Fault,
    jobs::accepted,
    rest::{Caller, Route, Shared, route},
};

/// Every path of disk use with what it needs.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::GET, "/hosts/{host}/disk", need("disk-usage"), disk),
        route(Method::POST, "/hosts/{host}/disk", need("disk-usage"), measure),
    ]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(disk, measure))]
pub struct Document;

/// What took the room on a host when it was measured last; null where it never was since the server started.
#[utoipa::path(get, path = "/api/v1/hosts/{host}/disk", responses((status = 200, body = Option<DiskUse>)))]
async fn disk(house: Shared, caller: Caller) -> Result<web::Json<Option<Arc<DiskUse>>>, Fault> {
    let view = house.inventory.seen_with(house.access.sight(&caller.pass));
    Ok(web::Json(view.disk(caller.pass.host()?)))
}

/// Measures what takes the room on a host, in the background.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/disk", responses((status = 202, body = StartedJob)))]
async fn measure(house: Shared, caller: Caller) -> Result<HttpResponse, Fault> {
    let shared = house.clone().into_inner();
    accepted(&house, &caller.pass, house.jobs.start_disk_use(shared, &caller.pass)).await
}
