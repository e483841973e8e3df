//! Paths of ownership.

use actix_web::{HttpResponse, web};
use http::Method;
use longshore_api::{
    ops::Kind,
    web::{
        access::{Access, GiveAccess},
        container::Container,
    },
};

use super::{Key, logic};
use crate::{
    access::{Demand, Need, Target},
    call::operation,
    containers::find_row,
    fault::Fault,
    rest::{Body, Caller, Route, Shared, changed, route},
};

/// Every path of ownership with what it needs.
pub fn routes() -> Vec<Route> {
    let need = || Need::OnSome(operation("container-inspect"));
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
    let owned = house.owners.of(&host, Kind::Container, &row.id);
    let may_change = house.access.may(caller.pass.principal(), Demand::Give, &object(&row));
    Ok(web::Json(logic::told(&house.accounts, owned, Key::of(&row), may_change).await?))
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
    let Caller { pass } = caller;
    let pass = house.access.require(pass.principal(), Demand::Give, object(&row), pass.request_id())?;
    let (owned, wish) = (house.owners.of(&host, Kind::Container, &row.id), form.into_inner());
    changed(&house, &pass, "access-give", async |change| {
        let rooms = (&house.store, &*house.owners, &*house.accounts);
        logic::give(&change, rooms, &host, (owned, Key::of(&row)), wish).await?;
        house.inventory.meet_all(&host);
        house.accounts.rights.changed();
        Ok(())
    })
    .await
}

fn object(row: &Container) -> Target {
    Target::Object {
        host: row.host.clone(),
        id: Some(row.id.clone()),
        name: format!("container {}", row.name),
    }
}
