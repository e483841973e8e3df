//! Set-up, sign-in, sign-out.

use gloo_net::http::Method;
use longshore_api::web::{
    account::{AcceptInvitation, Fact, InvitationSecret, Invited, SetUp, SetUpSecret, SignIn, Standing},
    totp::SecondStep,
};

use super::{Answer, ask, get, order, tell};

/// Where this browser stands.
pub(crate) async fn standing() -> Answer<Standing> {
    get("session").await
}

/// Makes the first account and signs it in.
pub(crate) async fn set_up(account: &SetUp) -> Answer<()> {
    tell(Method::POST, "set-up", account).await
}

/// What is here already, for those who hold the set-up link.
pub(crate) async fn facts(secret: &str) -> Answer<Vec<Fact>> {
    ask(Method::POST, "set-up/facts", &SetUpSecret { secret: secret.to_owned() }).await
}

/// Whom a link is for.
pub(crate) async fn invited(secret: &str) -> Answer<Invited> {
    ask(Method::POST, "invitation", &InvitationSecret { secret: secret.to_owned() }).await
}

/// Chooses the password of the account that a link is for, and signs it in.
pub(crate) async fn accept(form: &AcceptInvitation) -> Answer<()> {
    tell(Method::POST, "invitation/accept", form).await
}

/// Signs in.
pub(crate) async fn sign_in(name_and_password: &SignIn) -> Answer<()> {
    tell(Method::POST, "session", name_and_password).await
}

/// Ends a sign-in that was begun, with a code.
pub(crate) async fn second_step(code: &SecondStep) -> Answer<()> {
    tell(Method::POST, "session/second-step", code).await
}

/// Ends this session, or gives up a sign-in that was begun.
pub(crate) async fn sign_out() -> Answer<()> {
    order(Method::DELETE, "session").await
}
