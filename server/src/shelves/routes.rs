//! Paths of images, networks and volumes.

use actix_web::{HttpResponse, web};
use http::Method;
use longshore_api::web::shelf::{NewNetwork, NewVolume, Shelf};

use super::logic;
use crate::{
    call::need,
    fault::Fault,
    rest::{Body, Caller, Route, Shared, route},
};

/// Every path of images, networks and volumes with what it needs.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::DELETE, "/hosts/{host}/images/{id}", need("image-remove"), remove_image),
        route(Method::POST, "/hosts/{host}/networks", need("network-create"), create_network),
        route(Method::DELETE, "/hosts/{host}/networks/{id}", need("network-remove"), remove_network),
        route(Method::POST, "/hosts/{host}/volumes", need("volume-create"), create_volume),
        route(Method::DELETE, "/hosts/{host}/volumes/{id}", need("volume-remove"), remove_volume),
    ]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(remove_image, create_network, remove_network, create_volume, remove_volume))]
pub struct Document;

/// The host and the full id of what is meant.
type At = web::Path<(String, String)>;

fn done() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// Removes an image with all its tags. One that a container holds stays.
#[utoipa::path(delete, path = "/api/v1/hosts/{host}/images/{id}", responses((status = 204)))]
async fn remove_image(house: Shared, caller: Caller, at: At) -> Result<HttpResponse, Fault> {
    logic::remove_image(&house, &caller.pass, &at.1).await?;
    Ok(done())
}

/// Makes a network.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/networks", request_body = NewNetwork, responses((status = 204)))]
async fn create_network(
    house: Shared,
    caller: Caller,
    form: Body<NewNetwork>,
) -> Result<HttpResponse, Fault> {
    logic::create_network(&house, &caller.pass, form.into_inner()).await?;
    Ok(done())
}

/// Removes a network that no running container is attached to.
#[utoipa::path(delete, path = "/api/v1/hosts/{host}/networks/{id}", responses((status = 204)))]
async fn remove_network(house: Shared, caller: Caller, at: At) -> Result<HttpResponse, Fault> {
    logic::remove(&house, &caller.pass, Shelf::Networks, &at.1).await?;
    Ok(done())
}

/// Makes a volume.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/volumes", request_body = NewVolume, responses((status = 204)))]
async fn create_volume(house: Shared, caller: Caller, form: Body<NewVolume>) -> Result<HttpResponse, Fault> {
    logic::create_volume(&house, &caller.pass, form.into_inner()).await?;
    Ok(done())
}

/// Removes a volume, with all that is in it. One that a container holds stays.
#[utoipa::path(delete, path = "/api/v1/hosts/{host}/volumes/{id}", responses((status = 204)))]
async fn remove_volume(house: Shared, caller: Caller, at: At) -> Result<HttpResponse, Fault> {
    logic::remove(&house, &caller.pass, Shelf::Volumes, &at.1).await?;
    Ok(done())
}
