//! From a request to a person: the credential, the origin, and what a route needs.

use http::StatusCode;
use longshore_api::{ops::Operation, words::say};

use super::{Demand, Pass, Target};
use crate::{
    accounts::{KEY_SHOWN, Principal},
    fault::Fault,
    front::Context,
    house::House,
};

/// What a request carries to say who it is.
#[derive(Clone, Debug)]
pub enum Credential {
    /// What the cookies of the session's name hold, as the browser has put them in order. More than one, if another port
    /// or a subdomain has set some too.
    Cookies(Vec<String>),
    /// `Authorization: Bearer …`
    Key(String),
}

/// What a route needs before its handler runs. No route exists without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: sign-in, health, the page itself.
    Open,
    /// Someone signed in, by whichever door.
    SignedIn,
    /// Someone signed in by password, for their own account: a stolen API key makes no further keys, and ends no sessions.
    Session,
    /// The same, also for whoever must choose a new password before they do anything else.
    Password,
    /// Someone who decides who may do what, somewhere.
    Appoint,
    /// An administrator of the server as a whole.
    Administrator,
    /// An operation of the table, on the host that the path names: for its managers, unless it tells of nobody's things.
    Operation(&'static Operation),
    /// An operation on something of that host that the handler finds through the caller's sight, or makes for them, and asks
    /// for by itself.
    OnSome(&'static Operation),
}

/// Decides whether a request may reach its handler: a pass, or none where none is needed. `host` is the slug in its
/// path, if there is one.
pub async fn admit(
    house: &House,
    context: &Context,
    need: Need,
    host: Option<&str>,
) -> Result<Option<Pass>, Fault> {
    let (demand, target) = match (need, host) {
        (Need::Open, _) => {
            check_origin(house, context)?;
            return Ok(None);
        }
        (Need::SignedIn | Need::Session | Need::Password, _) => (Demand::Own, Target::Account),
        (Need::Appoint, _) => (Demand::Appoint, Target::Longshore),
        (Need::Administrator, _) => (Demand::Administer, Target::Longshore),
        (Need::Operation(operation), Some(host)) => {
            (Demand::Operation(operation), Target::Host(host.to_owned()))
        }
        (Need::OnSome(operation), Some(host)) => {
            (Demand::Operation(operation), Target::SomeObject { host: host.to_owned() })
        }
        (Need::Operation(_) | Need::OnSome(_), None) => {
            return Err(Fault::internal("an operation without a host in its path"));
        }
    };
    let principal = identify(house, context).await?;
    if matches!(need, Need::Session | Need::Password) && principal.door().session().is_none() {
        let fault = Fault::new(StatusCode::FORBIDDEN, say::session_needed());
        let pass = house.access.require(&principal, demand, target, &context.request_id)?;
        house.access.refused(&pass, &fault);
        return Err(fault);
    }
    // All else is refused with the same words where the policy is asked, and written down.
    if principal.must_change() && demand == Demand::Own && need != Need::Password {
        return Err(Fault::new(StatusCode::FORBIDDEN, say::password_change_first()));
    }
    let pass = house.access.require(&principal, demand, target, &context.request_id)?;
    if let (Need::Operation(_) | Need::OnSome(_), Some(host)) = (need, host) {
        // Here, once: no handler has to think of a host that is none.
        house.hosts.get(host)?;
    }
    Ok(Some(pass))
}

/// Who it is, or 401. What another site's page sent is nobody's.
pub async fn identify(house: &House, context: &Context) -> Result<Principal, Fault> {
    check_origin(house, context)?;
    let unauthorized = || {
        let sentence = if house.accounts.is_set_up() { say::signed_out() } else { say::set_up_first() };
        Fault::new(StatusCode::UNAUTHORIZED, sentence)
    };
    let credential = context.credential.as_ref().ok_or_else(unauthorized)?;
    if let Some(principal) = house.accounts.identify(credential, context).await? {
        return Ok(principal);
    }
    // A cookie outlives its session in every browser; a key that is none was made up, or taken from somebody who has
    // deleted it since. So much of it as its owner sees in the list of keys.
    if let Credential::Key(key) = credential {
        let start: String = key.chars().take(KEY_SHOWN).collect();
        house.access.turned_away(context, "key-use", "", &start, StatusCode::UNAUTHORIZED);
        if house.accounts.is_set_up() {
            let ended = house.accounts.key_has_ended(key).await?;
            let sentence = if ended { say::key_ended() } else { say::key_refused() };
            return Err(Fault::new(StatusCode::UNAUTHORIZED, sentence));
        }
    }
    Err(unauthorized())
}

/// What another site's page sent is refused, and noted.
fn check_origin(house: &House, context: &Context) -> Result<(), Fault> {
    context.check_origin(&house.settings.front.trusted_origins).inspect_err(|fault| {
        let origin = context.origin.as_deref().unwrap_or_default();
        house.access.turned_away(context, "other-origin", "", origin, fault.status());
    })
}
