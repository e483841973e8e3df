//! The browser's part: index page and assets, all of them in the binary.

use actix_web::{HttpRequest, HttpResponse, http::Method};
use longshore_api::words::say;
use rust_embed::RustEmbed;

use crate::{
    fault::Fault,
    rest::{At, Shared},
    secret,
};

/// What `cargo xtask` has put together: `index.html` and `assets/`, each asset with its digest in its name and its
/// brotli form beside it.
#[derive(RustEmbed)]
#[cfg_attr(debug_assertions, folder = "../target/site")]
#[cfg_attr(not(debug_assertions), folder = "../target/site-release")]
struct Site;

/// Answers everything that no route has taken: an asset, or the index page, whose router knows the rest.
pub async fn serve(request: HttpRequest, house: Shared, at: At) -> Result<HttpResponse, Fault> {
    let path = request.path();
    if path == "/api" || path.starts_with("/api/") {
        return Err(Fault::not_found(say::not_found()));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(Fault::method_not_allowed(request.method().as_str(), &["GET", "HEAD"]));
    }
    if let Some(name) = path.strip_prefix("/assets/") {
        return asset(name, at.brotli);
    }
    index(&house.settings.front.base, &at)
}

/// The whole name of an asset, digest included: `rapidoc` and `js` find `rapidoc-0123456789ab.js`.
pub fn asset_named(stem: &str, ending: &str) -> Option<String> {
    let (begin, end) = (format!("assets/{stem}-"), format!(".{ending}"));
    let found = Site::iter().find(|name| name.starts_with(&begin) && name.ends_with(&end))?;
    found.strip_prefix("assets/").map(str::to_owned)
}

fn asset(name: &str, brotli: bool) -> Result<HttpResponse, Fault> {
    let unknown = || Fault::not_found(say::not_found());
    let (_, extension) = name.rsplit_once('.').ok_or_else(unknown)?;
    let content_type = match extension {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "bin" => "application/octet-stream",
        _ => return Err(unknown()),
    };
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header(("content-type", content_type))
        .insert_header(("cache-control", "public, max-age=31536000, immutable"))
        .insert_header(("vary", "accept-encoding"));
    if brotli && let Some(packed) = Site::get(&format!("assets/{name}.br")) {
        return Ok(answer.insert_header(("content-encoding", "br")).body(packed.data));
    }
    let file = Site::get(&format!("assets/{name}")).ok_or_else(unknown)?;
    Ok(answer.body(file.data))
}

fn index(base: &str, at: &At) -> Result<HttpResponse, Fault> {
    let page =
        Site::get("index.html").ok_or_else(|| Fault::internal("the index page is not in the binary"))?;
    let nonce = secret::random_token();
    let page = String::from_utf8_lossy(&page.data)
        .replace("{{base}}", &format!("{base}/"))
        .replace("{{nonce}}", &nonce)
        .replace("{{lang}}", at.locale.tag());
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'self'; \
         form-action 'self'; frame-ancestors 'none'"
    );
    Ok(HttpResponse::Ok()
        .insert_header(("content-type", "text/html; charset=utf-8"))
        .insert_header(("cache-control", "no-store"))
        .insert_header(("content-security-policy", policy))
        .insert_header(("x-frame-options", "DENY"))
        .insert_header(("cross-origin-opener-policy", "same-origin"))
        .body(page))
}
