//! Two-factor authentication of one's own account.

use gloo_net::http::Method;
use longshore_api::web::totp::{RecoveryCodes, Totp, TotpOffer, TotpProof};

use super::{Answer, ask, get, read, send, tell};

/// How it stands.
pub(crate) async fn totp() -> Answer<Totp> {
    get("account/totp").await
}

/// A secret for an app; nothing changes yet.
pub(crate) async fn offer_totp() -> Answer<TotpOffer> {
    read(send::<()>(Method::POST, "account/totp", None).await?).await
}

/// Turns it on; the recovery codes are in this answer and never again.
pub(crate) async fn turn_totp_on(proof: &TotpProof) -> Answer<RecoveryCodes> {
    ask(Method::PUT, "account/totp", proof).await
}

/// Turns it off.
pub(crate) async fn turn_totp_off(proof: &TotpProof) -> Answer<()> {
    tell(Method::POST, "account/totp/off", proof).await
}

/// Makes new recovery codes; they are in this answer and never again.
pub(crate) async fn renew_recovery_codes(proof: &TotpProof) -> Answer<RecoveryCodes> {
    ask(Method::POST, "account/totp/recovery-codes", proof).await
}
