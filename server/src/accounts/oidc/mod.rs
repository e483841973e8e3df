//! Sign-in through providers of OpenID Connect: the authorization code flow with PKCE. Somebody is whom (issuer, subject)
//! names, never whom a name or an address does. What a provider says is believed only if its token holds.

mod claims;
mod discovery;
mod error;
mod flow;
mod providers;
mod queries;
pub mod routes;
mod sign_in;

pub(super) use discovery::Documents;
pub(super) use queries::{forget_sealed, has_sealed};
