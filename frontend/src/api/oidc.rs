//! Providers to sign in through.

use gloo_net::http::Method;
use longshore_api::web::{
    oidc::{Elsewhere, Identity, PasswordsOnlyFor, ProviderForm, Providers, WaysIn},
    people::Made,
    totp::TotpProof,
};

use super::{Answer, ask, get, order, tell};

/// The ways in, before anybody is.
pub(crate) async fn ways_in() -> Answer<WaysIn> {
    get("sign-in").await
}

/// Where a sign-in through a provider begins that comes back to a page of ours.
pub(crate) async fn begin_sign_in(provider: &str, to: &str) -> Answer<Elsewhere> {
    let to = String::from(js_sys::encode_uri_component(to));
    ask(Method::POST, &format!("oidc/{provider}/begin?to={to}"), &()).await
}

/// By which providers one's own account signs in.
pub(crate) async fn identities() -> Answer<Vec<Identity>> {
    get("account/identities").await
}

/// Binds one's own account to whoever came back from a provider.
pub(crate) async fn finish_binding() -> Answer<()> {
    order(Method::POST, "account/identities").await
}

/// Where one's own account is bound to somebody at a provider.
pub(crate) async fn bind_identity(provider: &str, proof: &TotpProof) -> Answer<Elsewhere> {
    ask(Method::POST, &format!("account/identities/{provider}"), proof).await
}

/// Unbinds one's own account from whom it is at a provider.
pub(crate) async fn unbind_identity(provider: &str, proof: &TotpProof) -> Answer<()> {
    tell(Method::POST, &format!("account/identities/{provider}/off"), proof).await
}

/// All providers, and who may sign in by password.
pub(crate) async fn providers() -> Answer<Providers> {
    get("oidc").await
}

/// Makes a provider.
pub(crate) async fn create_provider(form: &ProviderForm) -> Answer<Made> {
    ask(Method::POST, "oidc/providers", form).await
}

/// Changes a provider.
pub(crate) async fn edit_provider(id: &str, form: &ProviderForm) -> Answer<()> {
    tell(Method::PUT, &format!("oidc/providers/{id}"), form).await
}

/// Removes a provider with what its mappings gave.
pub(crate) async fn remove_provider(id: &str) -> Answer<()> {
    order(Method::DELETE, &format!("oidc/providers/{id}")).await
}

/// Says whom passwords let in.
pub(crate) async fn passwords_only_for(account: Option<String>) -> Answer<()> {
    tell(Method::PUT, "oidc/passwords", &PasswordsOnlyFor { account }).await
}
