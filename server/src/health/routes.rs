//! Paths of health, at the root below the base path.

use std::time::Duration;

use actix_web::HttpResponse;
use http::{Method, StatusCode};
use longshore_api::words::say;
use tokio::time::timeout;

use crate::{
    access::{Need, admit},
    fault::Fault,
    rest::{At, Route, Shared, root_route},
};

/// A database that takes longer to answer is of no use.
const DATABASE: Duration = Duration::from_secs(3);

/// Every path of health with what it needs.
pub fn routes() -> Vec<Route> {
    vec![
        root_route(Method::GET, "/healthz", Need::Open, alive),
        root_route(Method::GET, "/readyz", Need::Open, ready),
        // Who may read the figures depends on the settings: asked within.
        root_route(Method::GET, "/metrics", Need::Open, figures),
    ]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(alive, ready, figures))]
pub struct Document;

/// Whether the process answers at all.
#[utoipa::path(get, path = "/healthz", responses((status = 200, body = String, content_type = "text/plain")))]
async fn alive() -> &'static str {
    "ok\n"
}

/// Whether it can work: the database answers and there is room for it, and it does not stop. 503 says what is wrong.
#[utoipa::path(get, path = "/readyz", responses((status = 200, body = String, content_type = "text/plain")))]
async fn ready(house: Shared) -> Result<&'static str, Fault> {
    let unready = |sentence| Fault::new(StatusCode::SERVICE_UNAVAILABLE, sentence);
    if house.stopping.is_cancelled() {
        return Err(unready(say::stopping()));
    }
    match timeout(DATABASE, house.store.check()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return Err(unready(say::database_silent()).because(error)),
        Err(error) => return Err(unready(say::database_silent()).because(error)),
    }
    match timeout(DATABASE, house.store.can_write()).await {
        Ok(Ok(())) => Ok("ok\n"),
        Ok(Err(error)) => Err(unready(say::data_unwritable(error.to_string())).because(error)),
        Err(error) => Err(unready(say::data_unwritable(error.to_string())).because(error)),
    }
}

/// Figures for Prometheus: for an administrator's API key, for a scraper on this machine that comes without a proxy, or
/// for anyone where `metrics-open` says so.
#[utoipa::path(get, path = "/metrics", responses((status = 200, body = String, content_type = "application/openmetrics-text")))]
async fn figures(house: Shared, at: At) -> Result<HttpResponse, Fault> {
    if !house.settings.metrics_open && !at.local {
        admit(&house, &at, Need::Administrator, None).await?;
    }
    let text = house.metrics.text(&house).map_err(Fault::internal)?;
    Ok(HttpResponse::Ok()
        .insert_header(("content-type", "application/openmetrics-text; version=1.0.0; charset=utf-8"))
        .insert_header(("cache-control", "no-store"))
        .body(text))
}
