//! Paths of the audit log.

use std::io;

use actix_web::{HttpResponse, web};
use futures_util::stream;
use http::Method;
use longshore_api::web::audit::{AuditCheck, AuditPage, AuditQuery, ExportFormat};
use serde::Deserialize;

use super::{export::Export, look};
use crate::{
    access::{Need, Outcome},
    download::file,
    fault::Fault,
    rest::{Caller, Route, Shared, route},
};

/// So many rows are walked while a page is opened.
const SHORT: u64 = 20_000;

/// Every path of the audit log with what it needs.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::GET, "/audit", Need::Administrator, list),
        route(Method::GET, "/audit/export", Need::Administrator, export),
        route(Method::GET, "/audit/check", Need::Administrator, checked),
        route(Method::POST, "/audit/check", Need::Administrator, check),
    ]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(list, export, checked, check))]
pub struct Document;

/// The audit log, newest first, a page at a time: `before` with the lowest number of one page asks for the next.
#[utoipa::path(get, path = "/api/v1/audit", params(AuditQuery), responses((status = 200, body = AuditPage)))]
async fn list(
    house: Shared,
    _: Caller,
    query: web::Query<AuditQuery>,
) -> Result<web::Json<AuditPage>, Fault> {
    Ok(web::Json(look::page(&house.store, &query).await?))
}

/// What is asked of an export.
#[derive(Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
struct ExportQuery {
    /// `csv` or `json`.
    format: ExportFormat,
    /// As for the list.
    text: String,
    /// As for the list.
    who: Option<String>,
    /// As for the list.
    host: Option<String>,
    /// As for the list.
    operation: Option<String>,
    /// As for the list.
    outcome: Option<String>,
    /// As for the list.
    door: Option<String>,
    /// As for the list.
    from: Option<i64>,
    /// As for the list.
    to: Option<i64>,
}

/// All of the audit log that fits, oldest first, as a file. It leaves a row in the audit log.
#[utoipa::path(get, path = "/api/v1/audit/export", params(ExportQuery), responses((status = 200)))]
async fn export(
    house: Shared,
    caller: Caller,
    query: web::Query<ExportQuery>,
) -> Result<HttpResponse, Fault> {
    let ExportQuery { format, text, who, host, operation, outcome, door, from, to } = query.into_inner();
    let (name, content_type) = match format {
        ExportFormat::Csv => ("audit.csv", "text/csv; charset=utf-8"),
        ExportFormat::Json => ("audit.json", "application/json"),
    };
    let pass = caller.pass.clone().noting(name);
    let fits = AuditQuery { text, who, host, operation, outcome, door, from, to, ..AuditQuery::default() };
    let begin = async |_| Ok(Begun(Export::new(&house, &caller.pass, fits, format)));
    let Begun(export) = house.access.change(&pass, "audit-export", begin).await?;
    let pieces = stream::try_unfold(export, async |mut export: Export| {
        Ok::<_, io::Error>(export.next().await?.map(|bytes| (bytes, export)))
    });
    Ok(file(name, content_type).streaming(pieces))
}

struct Begun(Export);

impl Outcome for Begun {
    fn status(&self) -> u16 {
        200
    }
}

/// What the last walk along the chain found. A short one is walked anew.
#[utoipa::path(get, path = "/api/v1/audit/check", responses((status = 200, body = AuditCheck)))]
async fn checked(house: Shared, _: Caller) -> Result<web::Json<AuditCheck>, Fault> {
    match house.ledger.checked() {
        Some(last) if last.entries > SHORT => Ok(web::Json(last)),
        _ => Ok(web::Json(house.ledger.check().await?)),
    }
}

/// Walks the whole chain, and tells what it found.
#[utoipa::path(post, path = "/api/v1/audit/check", responses((status = 200, body = AuditCheck)))]
async fn check(house: Shared, _: Caller) -> Result<web::Json<AuditCheck>, Fault> {
    Ok(web::Json(house.ledger.check().await?))
}
