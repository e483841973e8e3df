//! Set-up, sign-in, sessions and API keys.

use serde::{Deserialize, Serialize};

use super::{FieldMissing, Millis};
use crate::sentence::Sentence;

/// Passwords have at least so many characters; there are no other rules but the list of known ones.
pub const PASSWORD_MIN: usize = 12;
/// Longer passwords are refused before they are hashed.
pub const PASSWORD_MAX: usize = 1024;
/// User names have at most so many characters.
pub const NAME_MAX: usize = 64;

/// `GET /session`: where a browser stands. Open to all; the page to show follows from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "kebab-case", try_from = "StandingFields")]
pub enum Standing {
    /// No account exists yet: only the set-up link leads on.
    SetUp,
    /// There are accounts, and this is none of them.
    SignedOut,
    /// Signed in.
    SignedIn {
        /// Who.
        user: User,
    },
}

/// [`Standing`] as it is read, see [`super`].
#[derive(Deserialize)]
struct StandingFields {
    state: StandingState,
    user: Option<User>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StandingState {
    SetUp,
    SignedOut,
    SignedIn,
}

impl TryFrom<StandingFields> for Standing {
    type Error = FieldMissing;

    fn try_from(fields: StandingFields) -> Result<Self, FieldMissing> {
        Ok(match fields.state {
            StandingState::SetUp => Self::SetUp,
            StandingState::SignedOut => Self::SignedOut,
            StandingState::SignedIn => Self::SignedIn { user: fields.user.ok_or(FieldMissing)? },
        })
    }
}

/// A person's account, as others may see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// UUIDv7.
    pub id: String,
    /// What one signs in with.
    pub name: String,
    /// What pages show; equal to `name` where none was given.
    pub display_name: String,
    /// May do everything everywhere.
    pub administrator: bool,
}

/// `POST /set-up`: makes the first account and signs it in.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// From the fragment of the set-up link.
    pub secret: String,
    /// The name to sign in with.
    pub name: String,
    /// May be empty.
    #[serde(default)]
    pub display_name: String,
    /// At least [`PASSWORD_MIN`] characters.
    pub password: String,
}

/// `POST /set-up/facts`: what is here already, for those who hold the set-up link.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetUpSecret {
    /// From the fragment of the set-up link.
    pub secret: String,
}

/// A line of "What is here already" on the set-up page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fact {
    /// Whether all is well with it; a warning otherwise.
    pub good: bool,
    /// What it is: engine, database, TLS.
    pub what: Sentence,
    /// How it stands, in short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Sentence>,
}

/// `POST /session`: signs in.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The account's name, any case.
    pub name: String,
    /// Its password.
    pub password: String,
}

/// `PUT /account/password`: changes one's own password; every other session of the account ends.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password that holds now.
    pub current: String,
    /// The one to come, at least [`PASSWORD_MIN`] characters.
    pub new: String,
}

/// A session of one's own account (`GET /account/sessions`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// UUIDv7.
    pub id: String,
    /// When it was signed in.
    pub created_at: Millis,
    /// The last request, to the minute.
    pub seen_at: Millis,
    /// The address of the last request.
    pub address: String,
    /// The browser's own words about itself.
    pub agent: String,
    /// The session that asks.
    pub current: bool,
}

/// `POST /account/keys`: makes an API key with the rights of its maker.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewApiKey {
    /// What it is for.
    pub name: String,
}

/// An API key as it is listed (`GET /account/keys`): never the key itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKey {
    /// UUIDv7.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// The first characters of the key, to tell keys apart.
    pub prefix: String,
    /// When it was made.
    pub created_at: Millis,
    /// The last request with it, to the minute; none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Millis>,
}

/// The answer to [`NewApiKey`]: the only time that the key is shown.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedApiKey {
    /// UUIDv7.
    pub id: String,
    /// The key: `lsk_` and 43 characters.
    pub key: String,
}
