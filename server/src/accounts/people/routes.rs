//! Paths of people, teams, host groups and grants. What each needs stands in its row of [`routes`]; what depends on
//! whom or where it is about, in its handler.

use actix_web::{HttpResponse, web};
use http::Method;
use longshore_api::web::{
    account::{
        AcceptInvitation, ApiKey, CreatedApiKey, InvitationSecret, Invited, NewApiKey, Session, Standing,
        User,
    },
    people::{
        EditAccount, EditHostGroup, Link, Made, Membership, Named, NewAccount, NewGrant, People, Rights,
        Scope, Team,
    },
};

use super::super::{
    AccountError,
    routes::{entered, let_in},
};
use crate::{
    access::{Demand, Need, Pass, Target},
    fault::Fault,
    house::House,
    rest::{At, Body, Caller, Route, Shared, answered, changed, route},
};

/// Every path with what it needs.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::POST, "/invitation", Need::Open, invitation),
        route(Method::POST, "/invitation/accept", Need::Open, accept),
        route(Method::GET, "/people", Need::Appoint, people),
        route(Method::POST, "/people", Need::Administrator, create),
        route(Method::PATCH, "/people/{account}", Need::Administrator, edit),
        route(Method::DELETE, "/people/{account}", Need::Administrator, remove),
        route(Method::POST, "/people/{account}/link", Need::Administrator, new_link),
        route(Method::GET, "/people/{account}/rights", Need::Appoint, rights),
        route(Method::GET, "/people/{account}/sessions", Need::Administrator, sessions),
        route(Method::DELETE, "/people/{account}/sessions", Need::Administrator, end_sessions),
        route(Method::DELETE, "/people/{account}/sessions/{id}", Need::Administrator, end_session),
        route(Method::GET, "/people/{account}/keys", Need::Administrator, keys),
        route(Method::POST, "/people/{account}/keys", Need::Administrator, create_key),
        route(Method::DELETE, "/people/{account}/keys/{id}", Need::Administrator, delete_key),
        route(Method::DELETE, "/people/{account}/totp", Need::Administrator, remove_totp),
        route(Method::GET, "/teams", Need::SignedIn, teams),
        route(Method::POST, "/teams", Need::Administrator, create_team),
        route(Method::PUT, "/teams/{team}", Need::Administrator, rename_team),
        route(Method::DELETE, "/teams/{team}", Need::Administrator, delete_team),
        route(Method::PUT, "/teams/{team}/members/{name}", Need::SignedIn, put_member),
        route(Method::DELETE, "/teams/{team}/members/{name}", Need::SignedIn, take_out),
        route(Method::POST, "/host-groups", Need::Administrator, create_group),
        route(Method::PUT, "/host-groups/{group}", Need::Administrator, edit_group),
        route(Method::DELETE, "/host-groups/{group}", Need::Administrator, delete_group),
        route(Method::POST, "/grants", Need::Appoint, give),
        route(Method::DELETE, "/grants/{grant}", Need::Appoint, take_away),
    ]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    invitation,
    accept,
    people,
    create,
    edit,
    remove,
    new_link,
    rights,
    sessions,
    end_sessions,
    end_session,
    keys,
    create_key,
    delete_key,
    remove_totp,
    teams,
    create_team,
    rename_team,
    delete_team,
    put_member,
    take_out,
    create_group,
    edit_group,
    delete_group,
    give,
    take_away
))]
pub struct Document;

/// Whom a link is for.
#[utoipa::path(post, path = "/api/v1/invitation", request_body = InvitationSecret, responses((status = 200, body = Invited)))]
async fn invitation(
    house: Shared,
    at: At,
    form: Body<InvitationSecret>,
) -> Result<web::Json<Invited>, Fault> {
    let secret = form.into_inner().secret;
    let invited = house.accounts.invited(&secret, at.client);
    Ok(web::Json(let_in(&house, &at, "invitation-open", "", invited).await?))
}

/// Chooses the password of the account that a link is for, and signs it in.
#[utoipa::path(post, path = "/api/v1/invitation/accept", request_body = AcceptInvitation, responses((status = 200, body = User), (status = 202, body = Standing)))]
async fn accept(house: Shared, at: At, form: Body<AcceptInvitation>) -> Result<HttpResponse, Fault> {
    let accepted = house.accounts.accept(form.into_inner(), &at);
    let accepted = let_in(&house, &at, "invitation-accept", "", accepted).await?;
    tracing::info!(request.id = at.request_id, "a password was chosen by a link");
    Ok(entered(&house, &at, accepted))
}

/// Everybody, and what gives them their rights.
#[utoipa::path(get, path = "/api/v1/people", responses((status = 200, body = People)))]
async fn people(house: Shared, _: Caller) -> Result<web::Json<People>, Fault> {
    Ok(web::Json(house.accounts.people().await?))
}

/// Makes an account; the answer is the only one that shows the secret of its link.
#[utoipa::path(post, path = "/api/v1/people", request_body = NewAccount, responses((status = 200, body = Link)))]
async fn create(house: Shared, caller: Caller, form: Body<NewAccount>) -> Result<web::Json<Link>, Fault> {
    let new = form.into_inner();
    let pass = caller.pass.about(account(&new.name));
    answered(&house, &pass, "account-create", async |change| Ok(house.accounts.create(&change, new).await?))
        .await
}

/// Changes an account.
#[utoipa::path(patch, path = "/api/v1/people/{account}", request_body = EditAccount, responses((status = 204)))]
async fn edit(
    house: Shared,
    caller: Caller,
    id: web::Path<String>,
    form: Body<EditAccount>,
) -> Result<HttpResponse, Fault> {
    let (pass, edit) = (about_account(&house, &caller, &id).await?, form.into_inner());
    let deed = match edit.disabled {
        Some(true) => "account-disable",
        Some(false) => "account-enable",
        None => "account-edit",
    };
    changed(&house, &pass, deed, async |change| Ok(house.accounts.edit(&change, &id, edit).await?)).await
}

/// Removes an account, at once and everywhere.
#[utoipa::path(delete, path = "/api/v1/people/{account}", responses((status = 204)))]
async fn remove(house: Shared, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let pass = about_account(&house, &caller, &id).await?;
    changed(&house, &pass, "account-remove", async |change| Ok(house.accounts.remove(&change, &id).await?))
        .await
}

/// Makes a link to choose a new password by; the answer is the only one that shows its secret.
#[utoipa::path(post, path = "/api/v1/people/{account}/link", responses((status = 200, body = Link)))]
async fn new_link(house: Shared, caller: Caller, id: web::Path<String>) -> Result<web::Json<Link>, Fault> {
    let pass = about_account(&house, &caller, &id).await?;
    answered(&house, &pass, "account-link", async |change| Ok(house.accounts.new_link(&change, &id).await?))
        .await
}

/// What an account may do on each host, and why.
#[utoipa::path(get, path = "/api/v1/people/{account}/rights", responses((status = 200, body = Vec<Rights>)))]
async fn rights(house: Shared, _: Caller, id: web::Path<String>) -> Result<web::Json<Vec<Rights>>, Fault> {
    let hosts: Vec<String> = house.hosts.all().into_iter().map(|host| host.slug.clone()).collect();
    Ok(web::Json(house.accounts.rights_of(&id, &hosts).await?))
}

/// The sessions of an account.
#[utoipa::path(get, path = "/api/v1/people/{account}/sessions", responses((status = 200, body = Vec<Session>)))]
async fn sessions(house: Shared, _: Caller, id: web::Path<String>) -> Result<web::Json<Vec<Session>>, Fault> {
    Ok(web::Json(house.accounts.sessions_of(&id).await?))
}

/// Ends every session of an account.
#[utoipa::path(delete, path = "/api/v1/people/{account}/sessions", responses((status = 204)))]
async fn end_sessions(house: Shared, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let pass = about_account(&house, &caller, &id).await?;
    changed(&house, &pass, "session-end-all", async |change| {
        Ok(house.accounts.end_sessions_of(&change, &id, None).await?)
    })
    .await
}

/// Ends one session of an account.
#[utoipa::path(delete, path = "/api/v1/people/{account}/sessions/{id}", responses((status = 204)))]
async fn end_session(
    house: Shared,
    caller: Caller,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Fault> {
    let (id, session) = path.into_inner();
    let pass = about_account(&house, &caller, &id).await?;
    changed(&house, &pass, "session-end", async |change| {
        Ok(house.accounts.end_sessions_of(&change, &id, Some(&session)).await?)
    })
    .await
}

/// The API keys of an account, without the keys themselves.
#[utoipa::path(get, path = "/api/v1/people/{account}/keys", responses((status = 200, body = Vec<ApiKey>)))]
async fn keys(house: Shared, _: Caller, id: web::Path<String>) -> Result<web::Json<Vec<ApiKey>>, Fault> {
    Ok(web::Json(house.accounts.keys_of(&id).await?))
}

/// Makes an API key of a service account; this answer is the only one that shows it.
#[utoipa::path(post, path = "/api/v1/people/{account}/keys", request_body = NewApiKey, responses((status = 200, body = CreatedApiKey)))]
async fn create_key(
    house: Shared,
    caller: Caller,
    id: web::Path<String>,
    form: Body<NewApiKey>,
) -> Result<web::Json<CreatedApiKey>, Fault> {
    let (pass, new) = (about_account(&house, &caller, &id).await?, form.into_inner());
    answered(&house, &pass, "key-create", async |change| {
        Ok(house.accounts.create_key_of(&change, &id, new).await?)
    })
    .await
}

/// Deletes an API key of an account; streams opened with it end.
#[utoipa::path(delete, path = "/api/v1/people/{account}/keys/{id}", responses((status = 204)))]
async fn delete_key(
    house: Shared,
    caller: Caller,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Fault> {
    let (id, key) = path.into_inner();
    let pass = about_account(&house, &caller, &id).await?;
    changed(&house, &pass, "key-delete", async |change| {
        Ok(house.accounts.end_key_of(&change, &id, &key).await?)
    })
    .await
}

/// Turns two-factor authentication off for an account whose person has lost both the app and the recovery codes.
#[utoipa::path(delete, path = "/api/v1/people/{account}/totp", responses((status = 204)))]
async fn remove_totp(house: Shared, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let pass = about_account(&house, &caller, &id).await?;
    changed(&house, &pass, "totp-remove", async |change| Ok(house.accounts.remove_totp(&change, &id).await?))
        .await
}

/// One's own teams, with their members; all teams for an administrator.
#[utoipa::path(get, path = "/api/v1/teams", responses((status = 200, body = Vec<Team>)))]
async fn teams(house: Shared, caller: Caller) -> Result<web::Json<Vec<Team>>, Fault> {
    Ok(web::Json(house.accounts.teams_of(&caller.pass).await?))
}

/// Makes a team.
#[utoipa::path(post, path = "/api/v1/teams", request_body = Named, responses((status = 200, body = Made)))]
async fn create_team(house: Shared, caller: Caller, form: Body<Named>) -> Result<web::Json<Made>, Fault> {
    let name = form.into_inner().name;
    let pass = caller.pass.about(team(&name));
    answered(&house, &pass, "team-create", async |change| {
        Ok(Made { id: house.accounts.create_team(&change, &name).await? })
    })
    .await
}

/// Gives a team another name.
#[utoipa::path(put, path = "/api/v1/teams/{team}", request_body = Named, responses((status = 204)))]
async fn rename_team(
    house: Shared,
    caller: Caller,
    id: web::Path<String>,
    form: Body<Named>,
) -> Result<HttpResponse, Fault> {
    let pass = caller.pass.about(team(&house.accounts.team_name(&id).await?));
    let name = form.into_inner().name;
    changed(&house, &pass, "team-rename", async |change| {
        Ok(house.accounts.rename_team(&change, &id, &name).await?)
    })
    .await
}

/// Ends a team, and what it was given.
#[utoipa::path(delete, path = "/api/v1/teams/{team}", responses((status = 204)))]
async fn delete_team(house: Shared, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let pass = caller.pass.about(team(&house.accounts.team_name(&id).await?));
    changed(&house, &pass, "team-remove", async |change| Ok(house.accounts.delete_team(&change, &id).await?))
        .await
}

/// Puts an account into a team.
#[utoipa::path(put, path = "/api/v1/teams/{team}/members/{name}", request_body = Membership, responses((status = 204)))]
async fn put_member(
    house: Shared,
    caller: Caller,
    path: web::Path<(String, String)>,
    form: Body<Membership>,
) -> Result<HttpResponse, Fault> {
    let (id, name) = path.into_inner();
    let (pass, how) = (leading(&house, &caller, &id, &name).await?, form.into_inner());
    changed(&house, &pass, "team-put", async |change| {
        Ok(house.accounts.put_member(&change, &pass, &id, &name, how).await?)
    })
    .await
}

/// Takes an account out of a team.
#[utoipa::path(delete, path = "/api/v1/teams/{team}/members/{name}", responses((status = 204)))]
async fn take_out(
    house: Shared,
    caller: Caller,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Fault> {
    let (id, name) = path.into_inner();
    let pass = leading(&house, &caller, &id, &name).await?;
    changed(&house, &pass, "team-take-out", async |change| {
        Ok(house.accounts.take_out(&change, &id, &name).await?)
    })
    .await
}

/// Makes a host group.
#[utoipa::path(post, path = "/api/v1/host-groups", request_body = Named, responses((status = 200, body = Made)))]
async fn create_group(house: Shared, caller: Caller, form: Body<Named>) -> Result<web::Json<Made>, Fault> {
    let name = form.into_inner().name;
    let pass = caller.pass.about(group(&name));
    answered(&house, &pass, "group-create", async |change| {
        Ok(Made { id: house.accounts.create_group(&change, &name).await? })
    })
    .await
}

/// Gives a host group another name and other hosts.
#[utoipa::path(put, path = "/api/v1/host-groups/{group}", request_body = EditHostGroup, responses((status = 204)))]
async fn edit_group(
    house: Shared,
    caller: Caller,
    id: web::Path<String>,
    form: Body<EditHostGroup>,
) -> Result<HttpResponse, Fault> {
    let pass = caller.pass.about(group(&house.accounts.group_name(&id).await?));
    let edit = form.into_inner();
    changed(&house, &pass, "group-edit", async |change| {
        Ok(house.accounts.edit_group(&change, &id, edit).await?)
    })
    .await
}

/// Ends a host group, and what was given on it.
#[utoipa::path(delete, path = "/api/v1/host-groups/{group}", responses((status = 204)))]
async fn delete_group(house: Shared, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let pass = caller.pass.about(group(&house.accounts.group_name(&id).await?));
    changed(&house, &pass, "group-remove", async |change| {
        Ok(house.accounts.delete_group(&change, &id).await?)
    })
    .await
}

/// Gives a role: on one host by whoever administers it, elsewhere by an administrator of everything.
#[utoipa::path(post, path = "/api/v1/grants", request_body = NewGrant, responses((status = 200, body = Made)))]
async fn give(house: Shared, caller: Caller, form: Body<NewGrant>) -> Result<web::Json<Made>, Fault> {
    let new = form.into_inner();
    let pass = appointing(&house, &caller, &new.scope)?;
    answered(&house, &pass, "grant-create", async |change| {
        Ok(Made { id: house.accounts.give(&change, &pass, new).await? })
    })
    .await
}

/// Takes a role away again; what was open by it ends.
#[utoipa::path(delete, path = "/api/v1/grants/{grant}", responses((status = 204)))]
async fn take_away(house: Shared, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let grant = house.accounts.grant(&id).await?;
    let pass = appointing(&house, &caller, &grant.scope)?;
    changed(&house, &pass, "grant-remove", async |change| Ok(house.accounts.take_away(&change, &id).await?))
        .await
}

/// As the audit log calls it.
fn account(name: &str) -> String {
    format!("account {name}")
}

fn team(name: &str) -> String {
    format!("team {name}")
}

fn group(name: &str) -> String {
    format!("host group {name}")
}

async fn about_account(house: &House, caller: &Caller, id: &str) -> Result<Pass, Fault> {
    Ok(caller.pass.about(account(&house.accounts.name_of(id).await?)))
}

/// Asks whether the caller may give and take roles there.
fn appointing(house: &House, caller: &Caller, scope: &Scope) -> Result<Pass, Fault> {
    let target = match scope {
        Scope::Host(host) => Target::Host(host.clone()),
        Scope::Everywhere | Scope::Group(_) => Target::Longshore,
    };
    let demand = if matches!(scope, Scope::Host(_)) { Demand::Appoint } else { Demand::Administer };
    house.access.require(caller.pass.principal(), demand, target, caller.pass.request_id())
}

/// Asks whether the caller may put this account into the team or take it out.
async fn leading(house: &House, caller: &Caller, id: &str, name: &str) -> Result<Pass, Fault> {
    let who = caller.pass.principal();
    // Who may not see a team learns nothing of it.
    let seen = house.accounts.teams_of(&caller.pass).await?.into_iter().find(|team| team.id == id);
    let seen = seen.ok_or(AccountError::TeamUnknown)?;
    let target = Target::Team { id: seen.id, name: format!("{name} in {}", team(&seen.name)) };
    house.access.require(who, Demand::Lead, target, caller.pass.request_id())
}
