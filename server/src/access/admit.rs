//! From a request to a person: the credential, the origin, and what a route needs.

use http::StatusCode;
use longshore_api::{ops::Permission, words::say};

use super::{Pass, Principal, Target};
use crate::{fault::Fault, front::Context, house::House};

/// What a request carries to say who it is.
#[derive(Clone, Debug)]
pub enum Credential {
    /// The session cookie's token.
    Cookie(String),
    /// `Authorization: Bearer …`
    Key(String),
}

/// What a route needs before its handler runs. No route exists without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: sign-in, health, the page itself.
    Open,
    /// Someone signed in, for their own account.
    SignedIn,
    /// An administrator of the server as a whole.
    Administrator,
    /// A permission on the host that the path names.
    OnHost(Permission),
}

/// What [`admit`] lets in.
pub struct Admitted {
    /// Nobody for [`Need::Open`].
    pub pass: Option<Pass>,
}

/// Decides whether a request may reach its handler. `host` is the slug in its path, if there is one.
pub async fn admit(
    house: &House,
    context: &Context,
    need: Need,
    host: Option<&str>,
) -> Result<Admitted, Fault> {
    context.check_origin(&house.settings.front.trusted_origins)?;
    if need == Need::Open {
        return Ok(Admitted { pass: None });
    }
    let principal = identify(house, context).await?;
    let (permission, target) = match need {
        Need::Open | Need::SignedIn => (None, Target::Account),
        Need::Administrator => (Some(Permission::Administer), Target::Longshore),
        Need::OnHost(permission) => (Some(permission), Target::Host(host.unwrap_or_default().to_owned())),
    };
    let pass = house.access.require(&principal, permission, target, &context.request_id)?;
    Ok(Admitted { pass: Some(pass) })
}

/// Who it is, or 401.
async fn identify(house: &House, context: &Context) -> Result<Principal, Fault> {
    let unauthorized = || {
        let sentence = if house.accounts.is_set_up() { say::signed_out() } else { say::set_up_first() };
        Fault::new(StatusCode::UNAUTHORIZED, sentence)
    };
    let credential = context.credential.as_ref().ok_or_else(unauthorized)?;
    house.accounts.identify(credential, context).await?.ok_or_else(unauthorized)
}
