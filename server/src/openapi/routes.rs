//! The document, and the page that shows it.

use actix_web::{HttpResponse, web};
use http::Method;

use super::document;
use crate::{
    access::Need,
    fault::Fault,
    pages,
    rest::{Route, Shared, root_route},
};

/// Both are open: they say nothing that the sources do not.
pub fn routes() -> Vec<Route> {
    vec![
        root_route(Method::GET, "/api/openapi.json", Need::Open, json),
        root_route(Method::GET, "/api/docs", Need::Open, page),
    ]
}

/// This feature's part of the document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(json, page))]
pub struct Document;

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", responses((status = 200, body = serde_json::Value)))]
async fn json(house: Shared) -> web::Json<utoipa::openapi::OpenApi> {
    web::Json(document(&house.settings.front.base))
}

/// This document as a page to read and to try.
#[utoipa::path(get, path = "/api/docs", responses((status = 200, body = String, content_type = "text/html")))]
async fn page(house: Shared) -> Result<HttpResponse, Fault> {
    let base = &house.settings.front.base;
    let script = pages::asset_named("rapidoc", "js")
        .ok_or_else(|| Fault::internal("the script of the API page is not in the binary"))?;
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>Longshore API</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n\
         <script type=\"module\" src=\"{base}/assets/{script}\"></script>\n</head>\n<body>\n\
         <rapi-doc spec-url=\"{base}/api/openapi.json\" load-fonts=\"false\" render-style=\"read\" \
         show-header=\"false\" allow-spec-url-load=\"false\" allow-spec-file-load=\"false\" \
         allow-server-selection=\"false\" primary-color=\"#0a7280\"></rapi-doc>\n</body>\n</html>\n"
    );
    // RapiDoc styles itself inline; nothing else may.
    let policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                  connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    Ok(HttpResponse::Ok()
        .insert_header(("content-type", "text/html; charset=utf-8"))
        .insert_header(("cache-control", "no-store"))
        .insert_header(("content-security-policy", policy))
        .insert_header(("x-frame-options", "DENY"))
        .body(html))
}
