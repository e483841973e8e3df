//! Providers to sign in through.

use gloo_net::http::Method;
use longshore_api::web::{
    oidc::{Elsewhere, Identity, PasswordsOnlyFor, ProviderForm, Providers, WaysIn},
    people::Made,
};

use super::{Answer, ask, get, order, read, send, tell};

/// The ways in, before anybody is.
pub(crate) async fn ways_in() -> Answer<WaysIn> {
    get("sign-in").await
}

/// By which providers one's own account signs in.
pub(crate) async fn identities() -> Answer<Vec<Identity>> {
    get("account/identities").await
}

/// Where one's own account is bound to somebody at a provider.
pub(crate) async fn bind_identity(provider: &str) -> Answer<Elsewhere> {
    read(send::<()>(Method::POST, &format!("account/identities/{provider}"), None).await?).await
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
