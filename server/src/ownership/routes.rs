//! Paths of ownership.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use http::Method;
use longshore_api::{
    ops::Kind,
    web::{
        access::{Access, GiveAccess, MayUse, Names, OwnedName, PartPeople, Whole},
        container::Container,
    },
    words::say,
};
use serde::Deserialize;

use super::{
    Key, Owned, called, logic,
    parts::{self, Part},
    why,
    wish::{self, Wish},
};
use crate::{
    access::{Demand, Need, Pass, Target},
    call::operation,
    containers::find_row,
    fault::Fault,
    rest::{Body, Caller, Route, Shared, changed, route},
    stacks,
};

/// Every path of ownership with what it needs.
pub fn routes() -> Vec<Route> {
    let need = || Need::OnSome(operation("container-inspect"));
    vec![
        route(Method::GET, "/hosts/{host}/containers/{id}/access", need(), access),
        route(Method::PUT, "/hosts/{host}/containers/{id}/access", need(), give),
        route(Method::GET, "/hosts/{host}/containers/{id}/people", need(), people),
        route(Method::GET, "/hosts/{host}/sharing/{whole}/{id}", need(), sharing),
        route(Method::PUT, "/hosts/{host}/sharing/{whole}/{id}", need(), share),
        route(Method::GET, "/hosts/{host}/sharing/{whole}/{id}/people", need(), who_shares),
        route(Method::GET, "/names", Need::SignedIn, names),
        route(Method::PUT, "/names/{id}", Need::SignedIn, give_name),
        route(Method::DELETE, "/names/{id}", Need::SignedIn, release_name),
    ]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(access, give, people, sharing, share, who_shares, names, give_name, release_name))]
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
    let (owned, wish) = (house.owners.of(&host, Kind::Container, &row.id), Wish::from(form.into_inner()));
    wish.fair(&house, &pass, owned.as_deref())?;
    let pass = pass.noting(wish.said(&house.accounts).await?);
    changed(&house, &pass, "access-give", async |change| {
        let rooms = (&house.store, &*house.owners, &*house.accounts);
        logic::give(&change, rooms, &host, vec![(owned, Key::of(&row))], wish).await?;
        house.inventory.meet_all(&host);
        called::given(&house);
        Ok(())
    })
    .await
}

/// Who may use a container, and why: for its owner and its managers.
#[utoipa::path(get, path = "/api/v1/hosts/{host}/containers/{id}/people", responses((status = 200, body = Vec<MayUse>)))]
async fn people(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<web::Json<Vec<MayUse>>, Fault> {
    let (host, reference) = at.into_inner();
    let row = find_row(&house, &caller.pass, &reference)?;
    let Caller { pass } = caller;
    house.access.require(pass.principal(), Demand::Give, object(&row), pass.request_id())?;
    let owned = house.owners.of(&host, Kind::Container, &row.id);
    Ok(web::Json(why::who_may_use(&house.accounts.people().await?, &host, owned.as_deref())))
}

/// A host's slug, what is meant, and its id: an image's, a network's or a volume's, or the name of a stack.
type At = web::Path<(String, Whole, String)>;

/// Whose the names of an image are, or a network, a volume, or all that is in a stack.
#[utoipa::path(
    get,
    path = "/api/v1/hosts/{host}/sharing/{whole}/{id}",
    responses((status = 200, body = Vec<OwnedName>))
)]
async fn sharing(house: Shared, caller: Caller, at: At) -> Result<web::Json<Vec<OwnedName>>, Fault> {
    let (host, whole, id) = at.into_inner();
    let mut told = Vec::new();
    for part in parts::of(&house, &caller.pass, &host, (whole, &id))? {
        let may_change = house.access.may(caller.pass.principal(), Demand::Give, &part.target(&host, ""));
        let Part { key, owned, .. } = part;
        let (id, kind) = (owned.as_ref().map(|owned| owned.id.clone()), key.kind.code().to_owned());
        let access = logic::told(&house.accounts, owned, key, may_change).await?;
        told.push(OwnedName { id: id.unwrap_or_default(), host: host.clone(), kind, here: true, access });
    }
    Ok(web::Json(told))
}

/// Gives them to somebody, and says who else may see them: all that whoever asks may give away.
#[utoipa::path(
    put,
    path = "/api/v1/hosts/{host}/sharing/{whole}/{id}",
    request_body = GiveAccess,
    responses((status = 204))
)]
async fn share(house: Shared, caller: Caller, at: At, form: Body<GiveAccess>) -> Result<HttpResponse, Fault> {
    let (host, whole, id) = at.into_inner();
    let parts = parts::of(&house, &caller.pass, &host, (whole, &id))?;
    let name = parts::named(whole, &id, &parts);
    wish::give_parts(&house, &caller.pass, (&host, &name), parts, form.into_inner().into()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Who may use each part of it, and why: for who may give that part away.
#[utoipa::path(
    get,
    path = "/api/v1/hosts/{host}/sharing/{whole}/{id}/people",
    responses((status = 200, body = Vec<PartPeople>))
)]
async fn who_shares(house: Shared, caller: Caller, at: At) -> Result<web::Json<Vec<PartPeople>>, Fault> {
    let (host, whole, id) = at.into_inner();
    let mut parts = parts::of(&house, &caller.pass, &host, (whole, &id))?;
    let name = parts::named(whole, &id, &parts);
    let pass = &caller.pass;
    let may = |part: &Part| house.access.may(pass.principal(), Demand::Give, &part.target(&host, &name));
    // Where nothing may be given, the first says why.
    if parts.iter().any(may) {
        parts.retain(may);
    }
    let people = house.accounts.people().await?;
    let mut told = Vec::new();
    for part in parts {
        let target = part.target(&host, &name);
        house.access.require(pass.principal(), Demand::Give, target, pass.request_id())?;
        let people = why::who_may_use(&people, &host, part.owned.as_deref());
        told.push(PartPeople { kind: part.key.kind.code().to_owned(), name: part.key.name, people });
    }
    Ok(web::Json(told))
}

/// The words that a name, its stack, its host or its owner has.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    text: String,
}

/// The names on hosts that whoever asks may give away or give back: their own, and those of hosts that they manage.
#[utoipa::path(get, path = "/api/v1/names", params(("text" = Option<String>, Query)), responses((status = 200, body = Names)))]
async fn names(house: Shared, caller: Caller, asked: web::Query<Asked>) -> Result<web::Json<Names>, Fault> {
    let mut all = house.owners.everything();
    all.retain(|(owned, _)| house.access.may(caller.pass.principal(), Demand::Give, &target(owned)));
    for (owned, here) in &mut all {
        *here = *here
            || match owned.key.kind {
                Kind::Image => house.inventory.has_image(&owned.host, &owned.key.name),
                Kind::Stack => stacks::is_kept(&house, &owned.host, &owned.key.name),
                _ => false,
            };
    }
    Ok(web::Json(logic::names(&house.accounts, all, &asked.text).await?))
}

/// Gives a name to somebody, and says who else may see what it names.
#[utoipa::path(put, path = "/api/v1/names/{id}", request_body = GiveAccess, responses((status = 204)))]
async fn give_name(
    house: Shared,
    caller: Caller,
    at: web::Path<String>,
    form: Body<GiveAccess>,
) -> Result<HttpResponse, Fault> {
    let (pass, owned) = found(&house, &caller, &at)?;
    let wish = Wish::from(form.into_inner());
    wish.fair(&house, &pass, Some(&owned))?;
    let pass = pass.noting(wish.said(&house.accounts).await?);
    changed(&house, &pass, "access-give", async |change| {
        let rooms = (&house.store, &*house.owners, &*house.accounts);
        let (host, key) = (owned.host.clone(), owned.key.clone());
        logic::give(&change, rooms, &host, vec![(Some(owned), key)], wish).await?;
        called::given(&house);
        Ok(())
    })
    .await
}

/// Gives a name back: it is free again, and what is there of it is the managers'.
#[utoipa::path(delete, path = "/api/v1/names/{id}", responses((status = 204)))]
async fn release_name(house: Shared, caller: Caller, at: web::Path<String>) -> Result<HttpResponse, Fault> {
    let (pass, owned) = found(&house, &caller, &at)?;
    changed(&house, &pass, "name-release", async |change| {
        logic::release(&change, (&house.store, &house.owners), &owned).await?;
        called::given(&house);
        Ok(())
    })
    .await
}

/// A name that the caller may give away. Of one that is not even theirs they are told that there is none.
fn found(house: &Shared, caller: &Caller, id: &str) -> Result<(Pass, Arc<Owned>), Fault> {
    let unknown = || Fault::not_found(say::name_unknown());
    let owned = house.owners.of_row(id).ok_or_else(unknown)?;
    let (principal, object) = (caller.pass.principal(), target(&owned));
    let is_theirs = owned.account.as_deref() == Some(principal.account_id());
    if !is_theirs && !house.access.may(principal, Demand::Give, &object) {
        return Err(unknown());
    }
    Ok((house.access.require(principal, Demand::Give, object, caller.pass.request_id())?, owned))
}

fn target(owned: &Owned) -> Target {
    let Key { kind, stack, name } = &owned.key;
    let stack = if stack.is_empty() { String::new() } else { format!("{stack}/") };
    Target::Name {
        host: owned.host.clone(),
        id: owned.id.clone(),
        name: format!("{} {stack}{name}", kind.code()),
    }
}

fn object(row: &Container) -> Target {
    Target::Object {
        host: row.host.clone(),
        id: Some(row.id.clone()),
        name: format!("container {}", row.name),
    }
}
