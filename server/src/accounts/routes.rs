//! Paths of accounts: extract, call, map. What each needs stands in its row of [`routes`].

use actix_web::{
    HttpResponse,
    http::header::{HeaderValue, SET_COOKIE},
    web,
};
use http::{Method, StatusCode};
use longshore_api::{
    web::account::{
        ApiKey, ChangePassword, CreatedApiKey, Fact, NewApiKey, Session, SetUp, SetUpSecret, SignIn,
        Standing, User,
    },
    words::say,
};

use super::{
    AccountError,
    logic::{SESSION_LIFE_S, SignedIn},
    totp::{Entered, STEP_LIFE_S},
};
use crate::{
    access::{Demand, Need, Target},
    fault::Fault,
    front::{Context, Slip},
    house::House,
    rest::{At, Body, Caller, Cookies, Route, Shared, answered, changed, route},
};

/// Tells who owes the second factor of a sign-in.
pub(super) const STEP: Slip =
    Slip { word: "step", path: "/api/v1/session", life_s: STEP_LIFE_S, from_elsewhere: false };

/// Every path of accounts with what it needs.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::GET, "/session", Need::Open, standing),
        route(Method::POST, "/session", Need::Open, sign_in),
        route(Method::DELETE, "/session", Need::Open, sign_out),
        route(Method::POST, "/set-up", Need::Open, set_up),
        route(Method::POST, "/set-up/facts", Need::Open, facts),
        route(Method::GET, "/account/sessions", Need::Session, sessions),
        route(Method::DELETE, "/account/sessions", Need::Session, sign_out_everywhere),
        route(Method::DELETE, "/account/sessions/{id}", Need::Session, end_session),
        route(Method::PUT, "/account/password", Need::Password, change_password),
        route(Method::GET, "/account/keys", Need::Session, keys),
        route(Method::POST, "/account/keys", Need::Session, create_key),
        route(Method::DELETE, "/account/keys/{id}", Need::Session, delete_key),
    ]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    standing,
    sign_in,
    sign_out,
    set_up,
    facts,
    sessions,
    sign_out_everywhere,
    end_session,
    change_password,
    keys,
    create_key,
    delete_key
))]
pub struct Document;

/// Where this browser stands.
#[utoipa::path(get, path = "/api/v1/session", responses((status = 200, body = Standing)))]
async fn standing(house: Shared, at: At, cookies: Cookies) -> Result<web::Json<Standing>, Fault> {
    if !house.accounts.is_set_up() {
        return Ok(web::Json(Standing::SetUp));
    }
    let principal = match &at.credential {
        Some(credential) => house.accounts.identify(credential, &at).await?,
        None => None,
    };
    let Some(principal) = principal else {
        let half_in = house.accounts.is_half_in(&cookies.named(&at.slip_name(&house, &STEP))).await?;
        return Ok(web::Json(if half_in { Standing::SecondStep } else { Standing::SignedOut }));
    };
    let mut user = principal.user();
    if !user.roles.is_administrator() {
        user.ask = house.accounts.givers();
    }
    Ok(web::Json(Standing::SignedIn { user }))
}

/// Signs in by name and password; the answer sets the session's cookie. Where the account has a second factor it is 202,
/// and `POST /session/second-step` follows.
#[utoipa::path(post, path = "/api/v1/session", request_body = SignIn, responses((status = 200, body = User), (status = 202, body = Standing)))]
async fn sign_in(house: Shared, at: At, form: Body<SignIn>) -> Result<HttpResponse, Fault> {
    if !house.accounts.is_set_up() {
        return Err(Fault::new(http::StatusCode::FORBIDDEN, say::set_up_first()));
    }
    let SignIn { name, password } = form.into_inner();
    let by_password = house.accounts.sign_in(&name, password, &at);
    Ok(entered(&house, &at, let_in(&house, &at, "sign-in", &name, by_password).await?))
}

/// Ends the session that asks, or a sign-in that is half done; without either, there is nothing to end.
#[utoipa::path(delete, path = "/api/v1/session", responses((status = 204)))]
async fn sign_out(house: Shared, at: At, cookies: Cookies) -> Result<HttpResponse, Fault> {
    house.accounts.leave_half(&cookies.named(&at.slip_name(&house, &STEP))).await?;
    if let Some(credential) = &at.credential
        && let Some(principal) = house.accounts.identify(credential, &at).await?
        && let Some(id) = principal.door().session()
    {
        let pass = house.access.require(&principal, Demand::Own, Target::Account, &at.request_id)?;
        let ended = changed(&house, &pass, "session-end", async |change| {
            Ok(house.accounts.end_session(&change, &pass, id).await?)
        });
        ended.await?;
    }
    Ok(without_cookie(&house, &at))
}

/// Makes the first account by the set-up link and signs it in.
#[utoipa::path(post, path = "/api/v1/set-up", request_body = SetUp, responses((status = 200, body = User)))]
async fn set_up(house: Shared, at: At, form: Body<SetUp>) -> Result<HttpResponse, Fault> {
    let form = form.into_inner();
    let name = form.name.clone();
    let signed_in = let_in(&house, &at, "set-up", &name, house.accounts.set_up(form, &at)).await?;
    tracing::info!(request.id = at.request_id, account = signed_in.user.name, "the first account was made");
    Ok(with_cookie(&house, &at, signed_in))
}

/// What is here already, for those who hold the set-up link.
#[utoipa::path(post, path = "/api/v1/set-up/facts", request_body = SetUpSecret, responses((status = 200, body = Vec<Fact>)))]
async fn facts(house: Shared, at: At, form: Body<SetUpSecret>) -> Result<web::Json<Vec<Fact>>, Fault> {
    house.accounts.set_up_link_holds(&form.into_inner().secret, at.client).await?;
    Ok(web::Json(house.facts(at.https)))
}

/// The sessions of the caller's account.
#[utoipa::path(get, path = "/api/v1/account/sessions", responses((status = 200, body = Vec<Session>)))]
async fn sessions(house: Shared, caller: Caller) -> Result<web::Json<Vec<Session>>, Fault> {
    Ok(web::Json(house.accounts.sessions(&caller.pass).await?))
}

/// Ends every session of the caller's account.
#[utoipa::path(delete, path = "/api/v1/account/sessions", responses((status = 204)))]
async fn sign_out_everywhere(house: Shared, at: At, caller: Caller) -> Result<HttpResponse, Fault> {
    let ended = changed(&house, &caller.pass, "session-end-all", async |change| {
        Ok(house.accounts.end_all_sessions(&change, &caller.pass).await?)
    });
    ended.await?;
    Ok(without_cookie(&house, &at))
}

/// Ends one session of the caller's account.
#[utoipa::path(delete, path = "/api/v1/account/sessions/{id}", responses((status = 204)))]
async fn end_session(house: Shared, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    changed(&house, &caller.pass, "session-end", async |change| {
        Ok(house.accounts.end_session(&change, &caller.pass, &id).await?)
    })
    .await
}

/// Changes the caller's password; every other session of the account ends.
#[utoipa::path(put, path = "/api/v1/account/password", request_body = ChangePassword, responses((status = 204)))]
async fn change_password(
    house: Shared,
    caller: Caller,
    form: Body<ChangePassword>,
) -> Result<HttpResponse, Fault> {
    let ChangePassword { current, new } = form.into_inner();
    changed(&house, &caller.pass, "password-change", async |change| {
        let changed = house.accounts.change_password(&change, &caller.pass, current, new).await;
        changed.map_err(|error| match error {
            // The form has two passwords.
            AccountError::PasswordShort(_) | AccountError::PasswordLong => Fault::from(error).at("new"),
            error => error.into(),
        })
    })
    .await
}

/// The caller's API keys, without the keys themselves.
#[utoipa::path(get, path = "/api/v1/account/keys", responses((status = 200, body = Vec<ApiKey>)))]
async fn keys(house: Shared, caller: Caller) -> Result<web::Json<Vec<ApiKey>>, Fault> {
    Ok(web::Json(house.accounts.keys(&caller.pass).await?))
}

/// Makes an API key with the caller's rights; this answer is the only one that shows it.
#[utoipa::path(post, path = "/api/v1/account/keys", request_body = NewApiKey, responses((status = 200, body = CreatedApiKey)))]
async fn create_key(
    house: Shared,
    caller: Caller,
    form: Body<NewApiKey>,
) -> Result<web::Json<CreatedApiKey>, Fault> {
    let new = form.into_inner();
    answered(&house, &caller.pass, "key-create", async |change| {
        Ok(house.accounts.create_key(&change, &caller.pass, new).await?)
    })
    .await
}

/// Deletes one of the caller's API keys; streams opened with it end.
#[utoipa::path(delete, path = "/api/v1/account/keys/{id}", responses((status = 204)))]
async fn delete_key(house: Shared, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    changed(&house, &caller.pass, "key-delete", async |change| {
        Ok(house.accounts.delete_key(&change, &caller.pass, &id).await?)
    })
    .await
}

/// What came of someone at the door. Whoever is turned away is noted with the name that they gave.
pub(super) async fn let_in<T>(
    house: &House,
    at: &Context,
    deed: &'static str,
    name: &str,
    answer: impl Future<Output = Result<T, AccountError>>,
) -> Result<T, Fault> {
    let answer = answer.await.map_err(Fault::from);
    if let Err(fault) = &answer
        && matches!(fault.status(), StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS)
    {
        house.access.turned_away(at, deed, name, "", fault.status());
    }
    answer
}

/// The answer to a first factor that was right: a session, or the question for the second.
pub(super) fn entered(house: &House, at: &Context, entered: Entered) -> HttpResponse {
    match entered {
        Entered::In(signed_in) => {
            tracing::info!(request.id = at.request_id, account = signed_in.user.name, "signed in");
            with_cookie(house, at, signed_in)
        }
        Entered::Step(token) => HttpResponse::Accepted()
            .insert_header(("set-cookie", at.slip(house, &STEP, Some(&token))))
            .json(Standing::SecondStep),
    }
}

/// The `Set-Cookie` value of a fresh session.
pub(super) fn session_cookie(house: &House, at: &Context, signed_in: &SignedIn) -> String {
    at.cookie(house, &signed_in.token, SESSION_LIFE_S)
}

/// An answer that also ends a cookie which has served.
pub(super) fn without_slip(
    mut answer: HttpResponse,
    house: &House,
    at: &Context,
    slip: &Slip,
) -> Result<HttpResponse, Fault> {
    let over = HeaderValue::from_str(&at.slip(house, slip, None)).map_err(Fault::internal)?;
    answer.headers_mut().append(SET_COOKIE, over);
    Ok(answer)
}

pub(super) fn with_cookie(house: &House, at: &Context, signed_in: SignedIn) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("set-cookie", session_cookie(house, at, &signed_in)))
        .json(signed_in.user)
}

fn without_cookie(house: &House, at: &Context) -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header(("set-cookie", at.cookie(house, "", 0)))
        .append_header(("set-cookie", at.slip(house, &STEP, None)))
        .finish()
}
