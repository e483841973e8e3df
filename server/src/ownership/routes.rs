//! Paths of ownership.

use actix_web::{HttpResponse, web};
use http::{Method, StatusCode};
use longshore_api::{
    ops::Permission,
    web::access::{Access, GiveAccess},
    words::say,
};

use super::{Key, logic};
use crate::{
    access::Need,
    call::operation,
    containers::find_row,
    fault::Fault,
    rest::{Body, Caller, Route, Shared, route},
};

/// Every path of ownership with what it needs.
pub fn routes() -> Vec<Route> {
    let need = || Need::OnContainer(operation("container-inspect"));
    vec![
        route(Method::GET, "/hosts/{host}/containers/{id}/access", need(), access),
        route(Method::PUT, "/hosts/{host}/containers/{id}/access", need(), give),
    ]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(access, give))]
pub struct Document;

/// Whose a container is, and who else may see it.
#[utoipa::path(get, path = "/api/v1/hosts/{host}/containers/{id}/access", responses((status = 200, body = Access)))]
async fn access(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<web::Json<Access>, Fault> {
    let (host, reference) = at.into_inner();
    let row = find_row(&house, &caller.pass, &reference)?;
    let owned = house.owners.of(&host, &row.id);
    let may_change = logic::may_change(&caller.pass, &host, owned.as_deref());
    let key = Key::of_container(&row.id, &row.name, row.stack.as_deref(), row.service.as_deref());
    Ok(web::Json(logic::told(&house.accounts, owned, key, may_change).await?))
}

/// Gives a container to somebody, and says who else may see it: its managers may, and its owner.
#[utoipa::path(
    put,
    path = "/api/v1/hosts/{host}/containers/{id}/access",
    request_body = GiveAccess,
    responses((status = 204))
)]
async fn give(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
    form: Body<GiveAccess>,
) -> Result<HttpResponse, Fault> {
    let (host, reference) = at.into_inner();
    let row = find_row(&house, &caller.pass, &reference)?;
    let owned = house.owners.of(&host, &row.id);
    if !logic::may_change(&caller.pass, &host, owned.as_deref()) {
        let missing = say::permission_missing(house.accounts.givers(), &host, Permission::Manage.code());
        return Err(Fault::new(StatusCode::FORBIDDEN, missing));
    }
    let key = Key::of_container(&row.id, &row.name, row.stack.as_deref(), row.service.as_deref());
    let wish = form.into_inner();
    let pass = caller.pass.on_container(&house.access, &row.id, &row.name)?;
    house
        .access
        .change(&pass, "access-give", async |change| {
            let rooms = (&house.store, &*house.owners, &*house.accounts);
            logic::give(&change, rooms, &host, (owned, key), wish).await?;
            house.inventory.meet_all(&host);
            house.accounts.rights.changed();
            Ok(())
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
