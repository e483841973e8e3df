//! Paths of new containers and of pulls.

use actix_web::{HttpResponse, web};
use http::Method;
use longshore_api::{
    ops::spec::ContainerSpec,
    web::{
        create::{
            CheckContainer, CheckedContainer, NEW_CONTAINER_MAX, NewContainer, NewImage, REFERENCE_MAX, Spec,
            with_tag,
        },
        job::StartedJob,
    },
};

use super::{
    logic::{self, Creation, PLATFORM_MAX},
    pull::Pull,
};
use crate::{
    call::need_some,
    fault::Fault,
    jobs::accepted,
    rest::{Body, Caller, Route, Shared, route},
};

/// Every path of new containers with what it needs.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::POST, "/hosts/{host}/containers", need_some("container-create"), create),
        route(Method::POST, "/hosts/{host}/new-container/check", need_some("container-create"), check),
        route(Method::POST, "/hosts/{host}/containers/{id}/spec", need_some("exec-create"), spec),
        route(Method::POST, "/hosts/{host}/images", need_some("image-create"), pull),
    ]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(create, check, spec, pull))]
pub struct Document;

/// Makes a container in the background, its image pulled before where that is wanted.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/containers", request_body = NewContainer, responses((status = 202, body = StartedJob)))]
async fn create(
    house: Shared,
    caller: Caller,
    form: Body<NewContainer, NEW_CONTAINER_MAX>,
) -> Result<HttpResponse, Fault> {
    let creation = Creation::read(&house, &caller.pass, form.into_inner()).await?;
    let shared = house.clone().into_inner();
    accepted(&house, &caller.pass, house.jobs.start_creation(shared, &caller.pass, creation)).await
}

/// Pulls an image in the background.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/images", request_body = NewImage, responses((status = 202, body = StartedJob)))]
async fn pull(house: Shared, caller: Caller, form: Body<NewImage>) -> Result<HttpResponse, Fault> {
    let NewImage { image, platform } = form.into_inner();
    let image = image.trim();
    if image.is_empty() {
        return Err(Fault::bad_request(longshore_api::words::say::create_no_image()).at("image"));
    }
    Fault::within(image, REFERENCE_MAX, "image")?;
    Fault::within(&platform, PLATFORM_MAX, "platform")?;
    let pull = Pull { image: with_tag(image), platform };
    let shared = house.clone().into_inner();
    accepted(&house, &caller.pass, house.jobs.start_pull(shared, &caller.pass, pull)).await
}

/// What stands in the way of a container, from memory: its name, its ports; and whether its image is here. Ports that
/// programs of the machine have are known where Longshore runs on it.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/new-container/check", request_body = CheckContainer, responses((status = 200, body = CheckedContainer)))]
async fn check(
    house: Shared,
    caller: Caller,
    wanted: Body<CheckContainer>,
) -> Result<web::Json<CheckedContainer>, Fault> {
    let view = house.inventory.seen_with(house.access.sight(&caller.pass));
    let host = house.hosts.get(caller.pass.host()?)?;
    let wanted = wanted.into_inner();
    Fault::within(&wanted.image, REFERENCE_MAX, "image")?;
    Fault::within(&wanted.name, ContainerSpec::NAME_MAX, "name")?;
    let beside = match wanted.ports.is_empty() {
        true => Vec::new(),
        false => logic::beside_engine(&host).await,
    };
    Ok(web::Json(view.check(&host.slug, &wanted, &beside)))
}

/// What a container was asked for to be, with its environment. It leaves a row in the audit log.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/containers/{id}/spec", responses((status = 200, body = Spec)))]
async fn spec(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<web::Json<Spec>, Fault> {
    logic::spec(&house, &caller.pass, &at.1).await.map(web::Json)
}
