//! Paths of images, networks and volumes.

use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};
use http::{Method, StatusCode};
use longshore_api::{
    web::shelf::{ImageTag, LoadedImages, NetworkMember, NewNetwork, NewVolume, Shelf, ThingDetail},
    words::say,
};
use serde::Deserialize;

use super::{detail, load, logic, save};
use crate::{
    call::{need, need_some},
    fault::Fault,
    rest::{Body, Caller, Route, Shared, route},
};

/// Every path of images, networks and volumes with what it needs.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::GET, "/hosts/{host}/images/{id}", need_some("image-inspect"), image),
        route(Method::GET, "/hosts/{host}/images/{id}/save", need_some("image-save"), save_image),
        route(Method::POST, "/hosts/{host}/images/load", need("image-load"), load_images),
        route(Method::POST, "/hosts/{host}/images/{id}/tag", need_some("image-tag"), tag_image),
        route(Method::POST, "/hosts/{host}/images/{id}/untag", need_some("image-remove"), untag_image),
        route(Method::DELETE, "/hosts/{host}/images/{id}", need_some("image-remove"), remove_image),
        route(Method::POST, "/hosts/{host}/networks", need_some("network-create"), create_network),
        route(Method::GET, "/hosts/{host}/networks/{id}", need_some("network-inspect"), network),
        route(Method::POST, "/hosts/{host}/networks/{id}/connect", need_some("network-connect"), connect),
        route(
            Method::POST,
            "/hosts/{host}/networks/{id}/disconnect",
            need_some("network-disconnect"),
            disconnect,
        ),
        route(Method::DELETE, "/hosts/{host}/networks/{id}", need_some("network-remove"), remove_network),
        route(Method::POST, "/hosts/{host}/volumes", need_some("volume-create"), create_volume),
        route(Method::GET, "/hosts/{host}/volumes/{id}", need_some("volume-inspect"), volume),
        route(Method::DELETE, "/hosts/{host}/volumes/{id}", need_some("volume-remove"), remove_volume),
    ]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    image,
    save_image,
    load_images,
    tag_image,
    untag_image,
    remove_image,
    network,
    create_network,
    connect,
    disconnect,
    remove_network,
    volume,
    create_volume,
    remove_volume
))]
pub struct Document;

/// The host and the full id of what is meant.
type At = web::Path<(String, String)>;

fn done() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// An image: how it came to be, what it runs, who uses it.
#[utoipa::path(get, path = "/api/v1/hosts/{host}/images/{id}", responses((status = 200, body = ThingDetail)))]
async fn image(house: Shared, caller: Caller, at: At) -> Result<web::Json<ThingDetail>, Fault> {
    Ok(web::Json(detail::image(&house, &caller.pass, &at.1).await?))
}

/// An image with its tags as an archive, as `docker load` takes it.
#[utoipa::path(get, path = "/api/v1/hosts/{host}/images/{id}/save", responses((status = 200)))]
async fn save_image(house: Shared, caller: Caller, at: At) -> Result<HttpResponse, Fault> {
    save::save(&house, &caller.pass, &at.1).await
}

/// Loads the images of an archive, as `docker save` writes it; the archive is the body.
#[utoipa::path(
    post,
    path = "/api/v1/hosts/{host}/images/load",
    request_body(content_type = "application/x-tar"),
    responses((status = 200, body = LoadedImages))
)]
async fn load_images(
    house: Shared,
    caller: Caller,
    request: HttpRequest,
    archive: web::Payload,
) -> Result<web::Json<LoadedImages>, Fault> {
    // Forms of other sites cannot be sent as this without being asked.
    if !request.content_type().eq_ignore_ascii_case("application/x-tar") {
        return Err(Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, say::header_invalid("Content-Type")));
    }
    load::load(&house, &caller.pass, archive).await.map(web::Json)
}

/// Gives an image one more name.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/images/{id}/tag", request_body = ImageTag, responses((status = 204)))]
async fn tag_image(
    house: Shared,
    caller: Caller,
    at: At,
    form: Body<ImageTag>,
) -> Result<HttpResponse, Fault> {
    logic::tag_image(&house, &caller.pass, &at.1, form.into_inner()).await?;
    Ok(done())
}

/// Takes a name from an image that has others.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/images/{id}/untag", request_body = ImageTag, responses((status = 204)))]
async fn untag_image(
    house: Shared,
    caller: Caller,
    at: At,
    form: Body<ImageTag>,
) -> Result<HttpResponse, Fault> {
    logic::untag_image(&house, &caller.pass, &at.1, form.into_inner()).await?;
    Ok(done())
}

/// Which image is removed.
#[derive(Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
struct Listed {
    /// The tags that it was seen with, `a:1,b:2`: where it has others by now, it stays. Left out, it goes with whatever it has.
    tags: Option<String>,
}

/// Removes an image with all its tags. One that a container holds stays.
#[utoipa::path(delete, path = "/api/v1/hosts/{host}/images/{id}", params(Listed), responses((status = 204)))]
async fn remove_image(
    house: Shared,
    caller: Caller,
    at: At,
    listed: web::Query<Listed>,
) -> Result<HttpResponse, Fault> {
    logic::remove_image(&house, &caller.pass, &at.1, listed.tags.as_deref()).await?;
    Ok(done())
}

/// A network, and what is attached to it.
#[utoipa::path(get, path = "/api/v1/hosts/{host}/networks/{id}", responses((status = 200, body = ThingDetail)))]
async fn network(house: Shared, caller: Caller, at: At) -> Result<web::Json<ThingDetail>, Fault> {
    Ok(web::Json(detail::network(&house, &caller.pass, &at.1).await?))
}

/// Attaches a container to a network.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/networks/{id}/connect", request_body = NetworkMember, responses((status = 204)))]
async fn connect(
    house: Shared,
    caller: Caller,
    at: At,
    form: Body<NetworkMember>,
) -> Result<HttpResponse, Fault> {
    logic::connect(&house, &caller.pass, &at.1, form.into_inner()).await?;
    Ok(done())
}

/// Takes a container off a network.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/networks/{id}/disconnect", request_body = NetworkMember, responses((status = 204)))]
async fn disconnect(
    house: Shared,
    caller: Caller,
    at: At,
    form: Body<NetworkMember>,
) -> Result<HttpResponse, Fault> {
    logic::disconnect(&house, &caller.pass, &at.1, form.into_inner()).await?;
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

/// A volume, and who uses it.
#[utoipa::path(get, path = "/api/v1/hosts/{host}/volumes/{id}", responses((status = 200, body = ThingDetail)))]
async fn volume(house: Shared, caller: Caller, at: At) -> Result<web::Json<ThingDetail>, Fault> {
    Ok(web::Json(detail::volume(&house, &caller.pass, &at.1).await?))
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
