//! One's own account: password, sessions, API keys.

use gloo_net::http::Method;
use longshore_api::web::account::{ApiKey, ChangePassword, CreatedApiKey, NewApiKey, Session};

use super::{Answer, ask, get, order, tell};

/// Changes the password; every other session ends.
pub(crate) async fn change_password(change: &ChangePassword) -> Answer<()> {
    tell(Method::PUT, "account/password", change).await
}

/// The account's sessions.
pub(crate) async fn sessions() -> Answer<Vec<Session>> {
    get("account/sessions").await
}

/// Ends one session.
pub(crate) async fn end_session(id: &str) -> Answer<()> {
    order(Method::DELETE, &format!("account/sessions/{id}")).await
}

/// Ends all sessions, this one too.
pub(crate) async fn sign_out_everywhere() -> Answer<()> {
    order(Method::DELETE, "account/sessions").await
}

/// The account's API keys.
pub(crate) async fn keys() -> Answer<Vec<ApiKey>> {
    get("account/keys").await
}

/// Makes a key; its text is in this answer and never again.
pub(crate) async fn make_key(key: &NewApiKey) -> Answer<CreatedApiKey> {
    ask(Method::POST, "account/keys", key).await
}

/// Removes a key; what used it is refused from then on.
pub(crate) async fn remove_key(id: &str) -> Answer<()> {
    order(Method::DELETE, &format!("account/keys/{id}")).await
}
