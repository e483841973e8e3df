//! Paths of sign-in through providers. What each needs stands in its row of [`routes`].

use actix_web::{HttpResponse, http::header, web};
use http::{Method, StatusCode};
use longshore_api::web::{
    oidc::{
        Elsewhere, Identity, PasswordsOnlyFor, ProviderForm, ProviderTrouble, Providers, Unbound, WaysIn,
    },
    people::Made,
    totp::TotpProof,
};
use serde::Deserialize;

use super::{
    super::{
        routes::{STEP, session_cookie, without_slip},
        totp::Entered,
    },
    error::Trouble,
    flow::{BINDING, FLOW, Flow, Flows, page, which_of},
    sign_in::{Answered, Back},
};
use crate::{
    access::Need,
    fault::Fault,
    front::Context,
    house::House,
    rest::{At, Body, Caller, Cookies, Route, Shared, answered, changed, route},
};

/// Every path with what it needs.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::GET, "/sign-in", Need::Open, ways_in),
        route(Method::GET, "/oidc/{provider}/begin", Need::Open, begin),
        route(Method::POST, "/oidc/{provider}/begin", Need::Open, begin_from_page),
        route(Method::GET, "/oidc/callback", Need::Open, callback),
        route(Method::GET, "/oidc", Need::Administrator, providers),
        route(Method::PUT, "/oidc/passwords", Need::Administrator, passwords),
        route(Method::POST, "/oidc/providers", Need::Administrator, create),
        route(Method::PUT, "/oidc/providers/{provider}", Need::Administrator, edit),
        route(Method::DELETE, "/oidc/providers/{provider}", Need::Administrator, remove),
        route(Method::GET, "/account/identities", Need::Session, identities),
        route(Method::POST, "/account/identities", Need::Session, bind),
        route(Method::POST, "/account/identities/{provider}", Need::Session, begin_to_bind),
        route(Method::POST, "/account/identities/{provider}/off", Need::Session, unbind),
        route(Method::GET, "/people/{account}/identities", Need::Administrator, identities_of),
        route(Method::DELETE, "/people/{account}/identities/{provider}", Need::Administrator, unbind_of),
    ]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    ways_in,
    begin,
    begin_from_page,
    callback,
    providers,
    passwords,
    create,
    edit,
    remove,
    identities,
    begin_to_bind,
    bind,
    unbind,
    identities_of,
    unbind_of
))]
pub struct Document;

/// The ways in, for the page before them.
#[utoipa::path(get, path = "/api/v1/sign-in", responses((status = 200, body = WaysIn)))]
async fn ways_in(house: Shared) -> Result<web::Json<WaysIn>, Fault> {
    Ok(web::Json(house.accounts.ways_in().await?))
}

#[derive(Deserialize)]
struct To {
    #[serde(default)]
    to: String,
}

/// Leads whoever asks to a provider; `to` is the page of ours that was wanted. The session that follows is no page's with
/// a mark: pages begin by `POST`.
#[utoipa::path(get, path = "/api/v1/oidc/{provider}/begin", responses((status = 303)))]
async fn begin(
    house: Shared,
    at: At,
    cookies: Cookies,
    provider: web::Path<String>,
    query: web::Query<To>,
) -> Result<HttpResponse, Fault> {
    let to = page(&query.to, &house.settings.front.base);
    let flows = under_way(&house, &at, &cookies);
    match house.accounts.begin_there(&provider, redirect(&house, &at), to, None).await {
        Ok((url, flow)) => Ok(lead(url.as_str(), &remember(&house, &at, &flows, &flow)?)),
        Err(trouble) => Ok(back_with(&house, &at, &flows.over(0), &trouble)),
    }
}

/// Begins a sign-in for the page that asks; the answer says where to go.
#[utoipa::path(post, path = "/api/v1/oidc/{provider}/begin", responses((status = 200, body = Elsewhere)))]
async fn begin_from_page(
    house: Shared,
    at: At,
    cookies: Cookies,
    provider: web::Path<String>,
    query: web::Query<To>,
) -> Result<HttpResponse, Fault> {
    let to = page(&query.to, &house.settings.front.base);
    match house.accounts.begin_there(&provider, redirect(&house, &at), to, None).await {
        Ok((url, flow)) => elsewhere(&house, &at, &cookies, (url.as_str(), &flow.of_pages(at.mark.clone()))),
        Err(trouble) => Ok(HttpResponse::Ok().json(Elsewhere { url: told_by_page(&house, &at, &trouble) })),
    }
}

#[derive(Deserialize)]
struct Answer {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

/// Where providers lead back to. The answer sets the session's cookie, unless a second factor is to follow.
#[utoipa::path(get, path = "/api/v1/oidc/callback", responses((status = 303)))]
async fn callback(
    house: Shared,
    at: At,
    cookies: Cookies,
    query: web::Query<Answer>,
) -> Result<HttpResponse, Fault> {
    let Answer { code, state, iss, error } = query.into_inner();
    let mut flows = under_way(&house, &at, &cookies);
    let Some(flow) = flows.take(&state.unwrap_or_default()) else {
        let trouble = Trouble::new(ProviderTrouble::State, "this browser has begun no such sign-in");
        return Ok(back_with(&house, &at, &flows.over(0), &trouble));
    };
    let mut over = vec![which_of(&flow.state)];
    over.extend(flows.over(0));
    let set = |cookie: String| {
        let ended = over.iter().map(|which| at.one_slip(&house, &FLOW, which, None));
        std::iter::once(cookie).chain(ended).collect::<Vec<String>>()
    };
    let back = house.accounts.come_back(&flow, Answered { code, iss, error }, &at).await;
    Ok(match back {
        Ok(Back::Entered(Entered::In(signed_in))) => {
            tracing::info!(request.id = at.request_id, account = signed_in.user.name, "signed in");
            lead(&flow.to, &set(session_cookie(&house, &at, &signed_in)))
        }
        Ok(Back::Entered(Entered::Step(token))) => lead(&flow.to, &set(at.slip(&house, &STEP, Some(&token)))),
        Ok(Back::Binds(token)) => {
            lead(&format!("{}#{CONNECTS}", flow.to), &set(at.slip(&house, &BINDING, Some(&token))))
        }
        Err(trouble) => back_with(&house, &at, &over, &trouble),
    })
}

/// Providers, and who may sign in by password.
#[utoipa::path(get, path = "/api/v1/oidc", responses((status = 200, body = Providers)))]
async fn providers(house: Shared, at: At, _: Caller) -> Result<web::Json<Providers>, Fault> {
    Ok(web::Json(house.accounts.providers(redirect(&house, &at)).await?))
}

/// Closes sign-in by password for everybody but one account, or opens it.
#[utoipa::path(put, path = "/api/v1/oidc/passwords", request_body = PasswordsOnlyFor, responses((status = 204)))]
async fn passwords(
    house: Shared,
    caller: Caller,
    form: Body<PasswordsOnlyFor>,
) -> Result<HttpResponse, Fault> {
    let wanted = form.into_inner();
    let deed = if wanted.account.is_some() { "passwords-close" } else { "passwords-open" };
    let pass = match &wanted.account {
        Some(name) => caller.pass.about(format!("account {name}")),
        None => caller.pass.about("sign-in by password"),
    };
    changed(&house, &pass, deed, async |change| {
        Ok(house.accounts.set_passwords_only_for(&change, wanted).await?)
    })
    .await
}

/// Makes a provider.
#[utoipa::path(post, path = "/api/v1/oidc/providers", request_body = ProviderForm, responses((status = 200, body = Made)))]
async fn create(house: Shared, caller: Caller, form: Body<ProviderForm>) -> Result<web::Json<Made>, Fault> {
    let form = form.into_inner();
    let pass = caller.pass.about(called(&form.name)).noting(house.accounts.provider_sum(&form).await?);
    answered(&house, &pass, "provider-create", async |change| {
        Ok(house.accounts.create_provider(&change, form).await?)
    })
    .await
}

/// Changes a provider.
#[utoipa::path(put, path = "/api/v1/oidc/providers/{provider}", request_body = ProviderForm, responses((status = 204)))]
async fn edit(
    house: Shared,
    caller: Caller,
    id: web::Path<String>,
    form: Body<ProviderForm>,
) -> Result<HttpResponse, Fault> {
    let form = form.into_inner();
    let pass = caller.pass.about(called(&house.accounts.provider_name(&id).await?));
    let pass = pass.noting(house.accounts.provider_sum(&form).await?);
    changed(&house, &pass, "provider-edit", async |change| {
        Ok(house.accounts.edit_provider(&change, &id, form).await?)
    })
    .await
}

/// Removes a provider with what its mappings gave; the sessions of its people end.
#[utoipa::path(delete, path = "/api/v1/oidc/providers/{provider}", responses((status = 204)))]
async fn remove(house: Shared, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let pass = caller.pass.about(called(&house.accounts.provider_name(&id).await?));
    changed(&house, &pass, "provider-remove", async |change| {
        Ok(house.accounts.remove_provider(&change, &id).await?)
    })
    .await
}

/// By which providers the caller's account signs in.
#[utoipa::path(get, path = "/api/v1/account/identities", responses((status = 200, body = Vec<Identity>)))]
async fn identities(house: Shared, caller: Caller) -> Result<web::Json<Vec<Identity>>, Fault> {
    Ok(web::Json(house.accounts.identities(caller.pass.principal().account_id()).await?))
}

/// Begins to bind the caller's account to somebody at a provider; the answer says where to go. A session is not enough for
/// what lets in for good.
#[utoipa::path(post, path = "/api/v1/account/identities/{provider}", request_body = TotpProof, responses((status = 200, body = Elsewhere)))]
async fn begin_to_bind(
    house: Shared,
    at: At,
    caller: Caller,
    cookies: Cookies,
    provider: web::Path<String>,
    proof: Body<TotpProof>,
) -> Result<HttpResponse, Fault> {
    let session = caller.pass.principal().door().session();
    let session = session.ok_or_else(|| Fault::internal("an account is bound without a session"))?;
    house.accounts.prove(&caller.pass, proof.into_inner()).await?;
    let to = format!("{}/account", house.settings.front.base);
    let begun =
        house.accounts.begin_there(&provider, redirect(&house, &at), to, Some(session.to_owned())).await;
    let (url, flow) = begun
        .map_err(|trouble| Fault::new(StatusCode::BAD_GATEWAY, trouble.what.sentence()).because(trouble))?;
    elsewhere(&house, &at, &cookies, (url.as_str(), &flow))
}

/// Binds the caller's account to whoever came back from a provider to this browser.
#[utoipa::path(post, path = "/api/v1/account/identities", responses((status = 204)))]
async fn bind(house: Shared, at: At, caller: Caller, cookies: Cookies) -> Result<HttpResponse, Fault> {
    let tokens = cookies.named(&at.slip_name(&house, &BINDING));
    let refused =
        |trouble: Trouble| Fault::new(StatusCode::CONFLICT, trouble.what.sentence()).because(trouble);
    let (binding, called) = house.accounts.to_be_bound(&caller.pass, &tokens).await.map_err(refused)?;
    let pass = caller.pass.noting(called);
    let done = changed(&house, &pass, "identity-bind", async |_| {
        house.accounts.bind(&pass, &binding).await.map_err(refused)
    });
    without_slip(done.await?, &house, &at, &BINDING)
}

/// Unbinds the caller's account from whom it is at a provider; every other session of the account ends. The answer says what
/// goes on.
#[utoipa::path(post, path = "/api/v1/account/identities/{provider}/off", request_body = TotpProof, responses((status = 200, body = Unbound)))]
async fn unbind(
    house: Shared,
    caller: Caller,
    provider: web::Path<String>,
    proof: Body<TotpProof>,
) -> Result<web::Json<Unbound>, Fault> {
    let pass = caller.pass.noting(house.accounts.provider_name(&provider).await?);
    let proof = proof.into_inner();
    answered(&house, &pass, "identity-unbind", async |change| {
        Ok(house.accounts.unbind_own(&change, &pass, &provider, proof).await?)
    })
    .await
}

/// By which providers somebody signs in.
#[utoipa::path(get, path = "/api/v1/people/{account}/identities", responses((status = 200, body = Vec<Identity>)))]
async fn identities_of(
    house: Shared,
    _: Caller,
    account: web::Path<String>,
) -> Result<web::Json<Vec<Identity>>, Fault> {
    Ok(web::Json(house.accounts.bound(&account).await?))
}

/// Unbinds somebody's account from whom it is at a provider; all its sessions end. The answer says what goes on.
#[utoipa::path(delete, path = "/api/v1/people/{account}/identities/{provider}", responses((status = 200, body = Unbound)))]
async fn unbind_of(
    house: Shared,
    caller: Caller,
    path: web::Path<(String, String)>,
) -> Result<web::Json<Unbound>, Fault> {
    let (account, provider) = path.into_inner();
    let called = house.accounts.account_name(&account).await?;
    let pass = caller.pass.about(format!("account {called}"));
    let pass = pass.noting(house.accounts.provider_name(&provider).await?);
    answered(&house, &pass, "identity-unbind", async |change| {
        Ok(house.accounts.unbind_of(&change, &account, &provider).await?)
    })
    .await
}

/// The address that providers lead back to, as the browser knows us.
fn redirect(house: &House, at: &Context) -> String {
    let scheme = if at.https { "https" } else { "http" };
    format!("{scheme}://{}{}/api/v1/oidc/callback", at.authority, house.settings.front.base)
}

fn lead(to: &str, cookies: &[String]) -> HttpResponse {
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header((header::LOCATION, to)).insert_header((header::CACHE_CONTROL, "no-store"));
    for cookie in cookies {
        answer.append_header((header::SET_COOKIE, cookie.as_str()));
    }
    answer.finish()
}

/// The answer that says where to go, with what is to be remembered of it.
fn elsewhere(
    house: &House,
    at: &Context,
    cookies: &Cookies,
    (url, flow): (&str, &Flow),
) -> Result<HttpResponse, Fault> {
    let mut answer = HttpResponse::Ok();
    for cookie in remember(house, at, &under_way(house, at, cookies), flow)? {
        answer.append_header((header::SET_COOKIE, cookie));
    }
    Ok(answer.json(Elsewhere { url: url.to_owned() }))
}

/// The sign-ins that this browser has under way, as far as it says so here.
fn under_way(house: &House, at: &Context, cookies: &Cookies) -> Flows {
    house.accounts.flows(cookies.each_of(&at.slip_name(house, &FLOW)))
}

/// The `Set-Cookie` values with one that has begun now; others end where there are too many.
fn remember(house: &House, at: &Context, flows: &Flows, flow: &Flow) -> Result<Vec<String>, Fault> {
    let value = house.accounts.closed(flow)?;
    let mut cookies = vec![at.one_slip(house, &FLOW, &which_of(&flow.state), Some(&value))];
    cookies.extend(flows.over(1).iter().map(|which| at.one_slip(house, &FLOW, which, None)));
    Ok(cookies)
}

/// The page that says what went wrong, which is noted.
fn told_by_page(house: &House, at: &Context, trouble: &Trouble) -> String {
    tracing::warn!(request.id = at.request_id, %trouble, "a sign-in through a provider came to nothing");
    let (deed, code) = ("sign-in-provider", trouble.what.code());
    house.access.turned_away(at, deed, &trouble.name, code, StatusCode::FORBIDDEN);
    format!("{}/sign-in#{code}", house.settings.front.base)
}

/// Leads to the page that says what went wrong. That sign-in is over: it is begun anew.
fn back_with(house: &House, at: &Context, over: &[String], trouble: &Trouble) -> HttpResponse {
    let page = told_by_page(house, at, trouble);
    let ended: Vec<String> = over.iter().map(|which| at.one_slip(house, &FLOW, which, None)).collect();
    lead(&page, &ended)
}

/// What the account page is told when somebody came back to be bound.
const CONNECTS: &str = "connect";

fn called(name: &str) -> String {
    format!("provider {name}")
}
