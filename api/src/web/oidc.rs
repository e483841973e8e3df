//! Sign-in through a provider of OpenID Connect, and who may still sign in by password.

use serde::{Deserialize, Serialize};

use super::Millis;
use crate::{ops::Role, sentence::Sentence, words::say};

/// Names of providers, client ids, scopes and names of claims have at most so many characters.
pub const PROVIDER_TEXT_MAX: usize = 256;
/// A provider maps at most so many values.
pub const MAPPINGS_MAX: usize = 200;

/// `GET /sign-in`: the ways in, asked by the sign-in page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WaysIn {
    /// Providers to sign in through, by name.
    #[serde(default)]
    pub providers: Vec<WayIn>,
    /// Whether passwords let in everybody who has one; else they do but one account.
    pub passwords: bool,
}

/// A provider, as the sign-in page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WayIn {
    /// UUIDv7; `GET /oidc/{id}/begin` leads there.
    pub id: String,
    /// What its button says.
    pub name: String,
    /// The page goes there by itself.
    #[serde(default)]
    pub redirects: bool,
}

/// What a value of the groups claim gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Gives {
    /// A place in a team, by id.
    Team(String),
    /// A role on every host.
    Role(Role),
}

/// A value of the groups claim, with what it gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Compared exactly.
    pub value: String,
    /// What whoever has it is given, at every sign-in anew.
    pub gives: Gives,
}

/// `POST /oidc/providers`, `PUT /oidc/providers/{id}`: a provider, as an administrator writes it.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProviderForm {
    /// What its button says.
    pub name: String,
    /// Its issuer, as its discovery document says it: `https://id.example.com/realms/main`.
    pub issuer: String,
    /// What Longshore is called there.
    pub client_id: String,
    /// What Longshore shows there. None leaves it as it is; empty is none, for public clients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// Asked for besides `openid`, with blanks between.
    #[serde(default)]
    pub scopes: String,
    /// The claim that [`Mapping`]s are about: `groups`, or a path such as `realm_access.roles`.
    #[serde(default)]
    pub groups_claim: String,
    /// What its values give.
    #[serde(default)]
    pub mappings: Vec<Mapping>,
    /// Whether somebody who has no account gets one.
    #[serde(default)]
    pub makes_accounts: bool,
    /// Whether the sign-in page goes there by itself.
    #[serde(default)]
    pub redirects: bool,
    /// Whether it is kept although it gives no discovery document now.
    #[serde(default)]
    pub unchecked: bool,
}

/// A provider, as administrators see it (`GET /oidc`): never its client secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Provider {
    /// UUIDv7.
    pub id: String,
    /// What its button says.
    pub name: String,
    /// Its issuer.
    pub issuer: String,
    /// What Longshore is called there.
    pub client_id: String,
    /// Whether there is a client secret.
    pub has_secret: bool,
    /// Asked for besides `openid`.
    pub scopes: String,
    /// The claim that mappings are about.
    pub groups_claim: String,
    /// What its values give.
    pub mappings: Vec<Mapping>,
    /// Whether somebody who has no account gets one.
    pub makes_accounts: bool,
    /// Whether the sign-in page goes there by itself.
    pub redirects: bool,
    /// How many accounts sign in through it.
    pub accounts: u32,
    /// When it was made.
    pub created_at: Millis,
}

/// `GET /oidc`: providers, and who may sign in by password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Providers {
    /// By name.
    pub providers: Vec<Provider>,
    /// The address that each of them is told to lead back to.
    pub callback: String,
    /// The name of the only account that passwords let in; none, and they let in everybody who has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passwords_only_for: Option<String>,
}

/// `PUT /oidc/passwords`: closes sign-in by password but for one account, or opens it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordsOnlyFor {
    /// The sign-in name of that account; none opens it for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

/// `GET /account/identities`: by which providers one's own account signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Identity {
    /// The provider's id.
    pub provider: String,
    /// Its name.
    pub name: String,
    /// Since when the account is bound to it; it is not yet, without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Millis>,
}

/// `POST /account/identities/{provider}`: the address at which the account is bound to somebody there.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Elsewhere {
    /// Where to go.
    pub url: String,
}

/// `POST /account/identities/{provider}/off`, `DELETE /people/{account}/identities/{provider}`: what still lets in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unbound {
    /// So many API keys of the account go on working: they are no sessions, and did not come by the provider.
    pub keys: u32,
}

/// Why a sign-in through a provider came to nothing. Its code stands behind the `#` of the page that it leads back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderTrouble {
    /// The person, or the provider, did not go on.
    Denied,
    /// The sign-in was begun in another browser, too long ago, or not at all.
    State,
    /// The provider did not answer, or not as providers do.
    Unreachable,
    /// Its answer is not to be believed.
    Disbelieved,
    /// Nobody here is whom it names, and it makes no accounts.
    NoAccount,
    /// Another account has the name that it gives.
    NameTaken,
    /// It gives no name that an account could have.
    NoName,
    /// The account is shut.
    Shut,
    /// Another account is bound to whom it names.
    Bound,
    /// Nobody could look after Longshore any more, did its mappings count.
    LastAdministrator,
    /// Too many attempts from this address.
    TooMany,
    /// Something went wrong here.
    Internal,
}

impl ProviderTrouble {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Denied,
        Self::State,
        Self::Unreachable,
        Self::Disbelieved,
        Self::NoAccount,
        Self::NameTaken,
        Self::NoName,
        Self::Shut,
        Self::Bound,
        Self::LastAdministrator,
        Self::TooMany,
        Self::Internal,
    ];

    /// Its stable name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Denied => "provider-denied",
            Self::State => "provider-state",
            Self::Unreachable => "provider-unreachable",
            Self::Disbelieved => "provider-disbelieved",
            Self::NoAccount => "provider-no-account",
            Self::NameTaken => "provider-name-taken",
            Self::NoName => "provider-no-name",
            Self::Shut => "provider-shut",
            Self::Bound => "provider-bound",
            Self::LastAdministrator => "provider-last-administrator",
            Self::TooMany => "provider-too-many",
            Self::Internal => "provider-internal",
        }
    }

    /// What the person is told.
    #[must_use]
    pub fn sentence(self) -> Sentence {
        match self {
            Self::Denied => say::provider_denied(),
            Self::State => say::provider_state(),
            Self::Unreachable => say::provider_unreachable(),
            Self::Disbelieved => say::provider_disbelieved(),
            Self::NoAccount => say::provider_no_account(),
            Self::NameTaken => say::provider_name_taken(),
            Self::NoName => say::provider_no_name(),
            Self::Shut => say::provider_shut(),
            Self::Bound => say::provider_bound(),
            Self::LastAdministrator => say::last_administrator(),
            Self::TooMany => say::provider_too_many(),
            Self::Internal => say::internal(),
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trouble| trouble.code() == code)
    }
}
