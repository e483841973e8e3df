//! Paths of templates and of the sources that they come from.

use actix_web::{HttpResponse, web};
use http::Method;
use longshore_api::web::people::Made;
use longshore_templates::web::{
    OneTemplate, Place, Resolve, Resolved, SOURCE_MAX, Source, SourceForm, Templates,
};

use crate::{
    access::{Demand, Need, Pass, Target},
    call::need_some,
    fault::Fault,
    house::House,
    rest::{Body, Caller, Route, Shared, answered, changed, route},
};

/// A file that is sent stands in JSON, which writes a line end as two bytes.
const FORM_MAX: usize = 2 * SOURCE_MAX + 64 * 1024;

/// Every path of templates with what it needs.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::GET, "/templates", Need::SignedIn, list),
        route(Method::GET, "/templates/{id}", Need::SignedIn, one),
        route(Method::POST, "/hosts/{host}/templates/{id}/resolve", need_some("container-create"), resolve),
        route(Method::GET, "/template-sources", Need::Administrator, sources),
        route(Method::POST, "/template-sources", Need::Administrator, create),
        route(Method::PUT, "/template-sources/{id}", Need::Administrator, edit),
        route(Method::POST, "/template-sources/{id}/refresh", Need::Administrator, refresh),
        route(Method::DELETE, "/template-sources/{id}", Need::Administrator, remove),
    ]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(list, one, resolve, sources, create, edit, refresh, remove))]
pub struct Document;

/// Whether somebody may deploy what is for administrators only.
fn all(house: &House, pass: &Pass) -> bool {
    house.access.may(pass.principal(), Demand::Administer, &Target::Longshore)
}

/// What there is to deploy.
#[utoipa::path(get, path = "/api/v1/templates", responses((status = 200, body = Templates)))]
async fn list(house: Shared, caller: Caller) -> web::Json<Templates> {
    web::Json(house.templates.list(all(&house, &caller.pass)))
}

/// One template, with its questions.
#[utoipa::path(get, path = "/api/v1/templates/{id}", responses((status = 200, body = OneTemplate)))]
async fn one(house: Shared, caller: Caller, id: web::Path<String>) -> Result<web::Json<OneTemplate>, Fault> {
    Ok(web::Json(house.templates.one(&id, all(&house, &caller.pass))?))
}

/// What would be deployed with these answers. Nothing is changed; secrets that are not answered are made, and told once.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/templates/{id}/resolve", request_body = Resolve, responses((status = 200, body = Resolved)))]
async fn resolve(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
    wish: Body<Resolve>,
) -> Result<web::Json<Resolved>, Fault> {
    let view = house.inventory.seen_with(house.access.sight(&caller.pass));
    let host = house.hosts.get(caller.pass.host()?)?;
    let all = all(&house, &caller.pass);
    Ok(web::Json(house.templates.resolve(&view, &host.slug, &at.1, all, wish.into_inner()).await?))
}

/// Where templates come from, besides what comes with Longshore.
#[utoipa::path(get, path = "/api/v1/template-sources", responses((status = 200, body = Vec<Source>)))]
async fn sources(house: Shared, _: Caller) -> web::Json<Vec<Source>> {
    web::Json(house.templates.sources())
}

/// Makes a source, which is read in a moment. Where that fails the source is there, and says why.
#[utoipa::path(post, path = "/api/v1/template-sources", request_body = SourceForm, responses((status = 200, body = Made)))]
async fn create(
    house: Shared,
    caller: Caller,
    form: Body<SourceForm, FORM_MAX>,
) -> Result<web::Json<Made>, Fault> {
    let form = form.into_inner();
    let pass = caller.pass.about(called(&form.name)).noting(place(&form.place));
    answered(&house, &pass, "template-source-create", async |change| {
        Ok(house.templates.create(&change, form).await?)
    })
    .await
}

/// Changes a source, which is read again in a moment.
#[utoipa::path(put, path = "/api/v1/template-sources/{id}", request_body = SourceForm, responses((status = 204)))]
async fn edit(
    house: Shared,
    caller: Caller,
    id: web::Path<String>,
    form: Body<SourceForm, FORM_MAX>,
) -> Result<HttpResponse, Fault> {
    let form = form.into_inner();
    let pass = caller.pass.about(called(&house.templates.source_name(&id)?)).noting(place(&form.place));
    changed(&house, &pass, "template-source-edit", async |change| {
        Ok(house.templates.edit(&change, &id, form).await?)
    })
    .await
}

/// A source is read again in a moment; it says so as long as that takes.
#[utoipa::path(post, path = "/api/v1/template-sources/{id}/refresh", responses((status = 204)))]
async fn refresh(house: Shared, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let pass = caller.pass.about(called(&house.templates.source_name(&id)?));
    changed(&house, &pass, "template-source-refresh", async |_| Ok(house.templates.refresh(&id)?)).await
}

/// Removes a source with its templates. What was deployed from them stays.
#[utoipa::path(delete, path = "/api/v1/template-sources/{id}", responses((status = 204)))]
async fn remove(house: Shared, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let pass = caller.pass.about(called(&house.templates.source_name(&id)?));
    changed(&house, &pass, "template-source-remove", async |change| {
        Ok(house.templates.remove(&change, &id).await?)
    })
    .await
}

fn called(name: &str) -> String {
    format!("template source {name}")
}

/// A place in a line of the audit log.
fn place(place: &Place) -> String {
    match place {
        Place::Address { url, private: false } => url.clone(),
        Place::Address { url, private: true } => format!("{url}; private addresses too"),
        Place::Repository { url, path, private } => {
            let path = if path.is_empty() { String::new() } else { format!(", {path}") };
            let private = if *private { "; private addresses too" } else { "" };
            format!("repository {url}{path}{private}")
        }
        Place::Folder { path } => format!("folder {path}"),
        Place::File { name } => format!("file {name}"),
    }
}
