//! Paths of two-factor authentication. What each needs stands in its row of [`routes`].

use actix_web::{HttpResponse, web};
use http::Method;
use longshore_api::web::{
    account::User,
    totp::{RecoveryCodes, SecondStep, Totp, TotpOffer, TotpProof},
};

use super::super::routes::{STEP, with_cookie, without_slip};
use crate::{
    access::Need,
    fault::Fault,
    rest::{At, Body, Caller, Cookies, Route, Shared, answered, changed, route},
};

/// Every path with what it needs.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::POST, "/session/second-step", Need::Open, second_step),
        route(Method::GET, "/account/totp", Need::Session, standing),
        route(Method::POST, "/account/totp", Need::Session, offer),
        route(Method::PUT, "/account/totp", Need::Session, turn_on),
        route(Method::POST, "/account/totp/off", Need::Session, turn_off),
        route(Method::POST, "/account/totp/recovery-codes", Need::Session, recovery_codes),
    ]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(second_step, standing, offer, turn_on, turn_off, recovery_codes))]
pub struct Document;

/// Ends a sign-in that was begun in this browser with a code; the answer sets the session's cookie.
#[utoipa::path(post, path = "/api/v1/session/second-step", request_body = SecondStep, responses((status = 200, body = User)))]
async fn second_step(
    house: Shared,
    at: At,
    cookies: Cookies,
    form: Body<SecondStep>,
) -> Result<HttpResponse, Fault> {
    let tokens = cookies.named(&at.slip_name(&house, &STEP));
    let signed_in = house.accounts.second_step(&tokens, &form.into_inner().code, &at).await?;
    tracing::info!(request.id = at.request_id, account = signed_in.user.name, "signed in");
    without_slip(with_cookie(&house, &at, signed_in), &house, &at, &STEP)
}

/// Whether codes are asked for.
#[utoipa::path(get, path = "/api/v1/account/totp", responses((status = 200, body = Totp)))]
async fn standing(house: Shared, caller: Caller) -> Result<web::Json<Totp>, Fault> {
    Ok(web::Json(house.accounts.totp(&caller.pass).await?))
}

/// Makes a secret for an authenticator app. Nothing changes until a code of it is shown.
#[utoipa::path(post, path = "/api/v1/account/totp", responses((status = 200, body = TotpOffer)))]
async fn offer(house: Shared, caller: Caller) -> Result<web::Json<TotpOffer>, Fault> {
    answered(&house, &caller.pass, "totp-offer", async |change| {
        Ok(house.accounts.offer_totp(&change, &caller.pass).await?)
    })
    .await
}

/// Turns it on; every other session of the account ends. The answer is the only one that shows the recovery codes.
#[utoipa::path(put, path = "/api/v1/account/totp", request_body = TotpProof, responses((status = 200, body = RecoveryCodes)))]
async fn turn_on(
    house: Shared,
    caller: Caller,
    form: Body<TotpProof>,
) -> Result<web::Json<RecoveryCodes>, Fault> {
    let proof = form.into_inner();
    answered(&house, &caller.pass, "totp-on", async |change| {
        Ok(house.accounts.turn_totp_on(&change, &caller.pass, proof).await?)
    })
    .await
}

/// Turns it off.
#[utoipa::path(post, path = "/api/v1/account/totp/off", request_body = TotpProof, responses((status = 204)))]
async fn turn_off(house: Shared, caller: Caller, form: Body<TotpProof>) -> Result<HttpResponse, Fault> {
    let proof = form.into_inner();
    changed(&house, &caller.pass, "totp-off", async |change| {
        Ok(house.accounts.turn_totp_off(&change, &caller.pass, proof).await?)
    })
    .await
}

/// Makes new recovery codes; those from before hold no longer.
#[utoipa::path(post, path = "/api/v1/account/totp/recovery-codes", request_body = TotpProof, responses((status = 200, body = RecoveryCodes)))]
async fn recovery_codes(
    house: Shared,
    caller: Caller,
    form: Body<TotpProof>,
) -> Result<web::Json<RecoveryCodes>, Fault> {
    let proof = form.into_inner();
    answered(&house, &caller.pass, "totp-recovery-codes", async |change| {
        Ok(house.accounts.renew_recovery(&change, &caller.pass, proof).await?)
    })
    .await
}
