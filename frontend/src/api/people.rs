//! Accounts of others, teams, host groups, grants.

use gloo_net::http::Method;
use longshore_api::web::{
    account::{ApiKey, CreatedApiKey, NewApiKey, Session},
    oidc::Identity,
    people::{
        EditAccount, EditHostGroup, Link, Made, Membership, Named, NewAccount, NewGrant, People, Rights, Team,
    },
};

use super::{Answer, ask, get, order, read, send, tell};

/// Everybody, and what gives them their rights.
pub(crate) async fn people() -> Answer<People> {
    get("people").await
}

/// One's own teams; all for an administrator.
pub(crate) async fn teams() -> Answer<Vec<Team>> {
    get("teams").await
}

/// Makes an account; the secret of its link is in this answer and never again.
pub(crate) async fn create(account: &NewAccount) -> Answer<Link> {
    ask(Method::POST, "people", account).await
}

/// Changes an account.
pub(crate) async fn edit(id: &str, edit: &EditAccount) -> Answer<()> {
    tell(Method::PATCH, &format!("people/{id}"), edit).await
}

/// Removes an account.
pub(crate) async fn remove(id: &str) -> Answer<()> {
    order(Method::DELETE, &format!("people/{id}")).await
}

/// Turns two-factor authentication off for an account.
pub(crate) async fn remove_totp(id: &str) -> Answer<()> {
    order(Method::DELETE, &format!("people/{id}/totp")).await
}

/// By which providers an account signs in.
pub(crate) async fn identities(id: &str) -> Answer<Vec<Identity>> {
    get(&format!("people/{id}/identities")).await
}

/// Ends that an account signs in through a provider.
pub(crate) async fn unbind(id: &str, provider: &str) -> Answer<()> {
    order(Method::DELETE, &format!("people/{id}/identities/{provider}")).await
}

/// Makes a new link to choose a password by; older ones cease to hold.
pub(crate) async fn new_link(id: &str) -> Answer<Link> {
    read(send::<()>(Method::POST, &format!("people/{id}/link"), None).await?).await
}

/// What an account may do on each host, and why.
pub(crate) async fn rights(id: &str) -> Answer<Vec<Rights>> {
    get(&format!("people/{id}/rights")).await
}

/// Where an account is signed in.
pub(crate) async fn sessions(id: &str) -> Answer<Vec<Session>> {
    get(&format!("people/{id}/sessions")).await
}

/// Ends a session of an account, or all.
pub(crate) async fn end_sessions(id: &str, session: Option<&str>) -> Answer<()> {
    let one = session.map(|session| format!("/{session}")).unwrap_or_default();
    order(Method::DELETE, &format!("people/{id}/sessions{one}")).await
}

/// The API keys of an account.
pub(crate) async fn keys(id: &str) -> Answer<Vec<ApiKey>> {
    get(&format!("people/{id}/keys")).await
}

/// Makes a key of a service account; its text is in this answer and never again.
pub(crate) async fn make_key(id: &str, key: &NewApiKey) -> Answer<CreatedApiKey> {
    ask(Method::POST, &format!("people/{id}/keys"), key).await
}

/// Removes a key of an account.
pub(crate) async fn remove_key(id: &str, key: &str) -> Answer<()> {
    order(Method::DELETE, &format!("people/{id}/keys/{key}")).await
}

/// Makes a team.
pub(crate) async fn create_team(name: String) -> Answer<Made> {
    ask(Method::POST, "teams", &Named { name }).await
}

/// Gives a team another name.
pub(crate) async fn rename_team(id: &str, name: String) -> Answer<()> {
    tell(Method::PUT, &format!("teams/{id}"), &Named { name }).await
}

/// Ends a team.
pub(crate) async fn remove_team(id: &str) -> Answer<()> {
    order(Method::DELETE, &format!("teams/{id}")).await
}

/// Puts an account into a team, by the name it signs in with.
pub(crate) async fn put_member(team: &str, name: &str, leader: bool) -> Answer<()> {
    tell(Method::PUT, &member(team, name), &Membership { leader }).await
}

/// Takes an account out of a team.
pub(crate) async fn take_out(team: &str, name: &str) -> Answer<()> {
    order(Method::DELETE, &member(team, name)).await
}

fn member(team: &str, name: &str) -> String {
    format!("teams/{team}/members/{}", String::from(js_sys::encode_uri_component(name)))
}

/// Makes a host group.
pub(crate) async fn create_group(name: String) -> Answer<Made> {
    ask(Method::POST, "host-groups", &Named { name }).await
}

/// Gives a host group another name and other hosts.
pub(crate) async fn edit_group(id: &str, edit: &EditHostGroup) -> Answer<()> {
    tell(Method::PUT, &format!("host-groups/{id}"), edit).await
}

/// Ends a host group.
pub(crate) async fn remove_group(id: &str) -> Answer<()> {
    order(Method::DELETE, &format!("host-groups/{id}")).await
}

/// Gives a role.
pub(crate) async fn give(grant: &NewGrant) -> Answer<Made> {
    ask(Method::POST, "grants", grant).await
}

/// Takes a role away.
pub(crate) async fn take_away(id: &str) -> Answer<()> {
    order(Method::DELETE, &format!("grants/{id}")).await
}
