//! Two-factor authentication: a code of six digits, new every thirty seconds (RFC 6238), asked for after the password.

use serde::{Deserialize, Serialize};

use super::Millis;

/// `GET /account/totp`: how it stands with one's own account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Totp {
    /// Since when codes are asked for; not at all without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Millis>,
    /// How many recovery codes are left.
    #[serde(default)]
    pub recovery_codes: u32,
    /// Whether the account has a password, which every change asks for.
    #[serde(default)]
    pub has_password: bool,
}

/// The answer to `POST /account/totp`: a fresh secret, which counts once a code of it was shown.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpOffer {
    /// The secret in base32, to be typed.
    pub secret: String,
    /// The same as an address that authenticator apps read.
    pub uri: String,
    /// The address as a QR code: so many squares in a row, its quiet edge included.
    pub qr_size: u32,
    /// Its dark squares, as the `d` of an SVG path.
    pub qr_path: String,
}

/// `PUT /account/totp`, `POST /account/totp/off`, `POST /account/totp/recovery-codes`: turns it on with the secret that
/// was offered last, turns it off, makes new recovery codes. Also what `POST /account/identities/{provider}` and its
/// `/off` ask for: to connect and disconnect a provider.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TotpProof {
    /// The account's password.
    pub password: String,
    /// A code of the app, where the account has one; but to turn it on, a recovery code does as well.
    #[serde(default)]
    pub code: String,
}

/// The only time that recovery codes are shown. Each lets in once, in the place of a code.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    /// All that hold from now on.
    pub codes: Vec<String>,
}

/// `POST /session/second-step`: ends a sign-in that was begun in this browser.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SecondStep {
    /// A code of the app, or a recovery code.
    pub code: String,
}
