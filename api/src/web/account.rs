//! Set-up, sign-in, sessions and API keys.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{FieldMissing, Millis};
use crate::{
    ops::{Permission, Role},
    sentence::Sentence,
};

/// Passwords have at least so many characters; there are no other rules but the list of known ones.
pub const PASSWORD_MIN: usize = 12;
/// Longer passwords are refused before they are hashed.
pub const PASSWORD_MAX: usize = 1024;
/// User names have at most so many characters.
pub const NAME_MAX: usize = 64;

/// The header with the mark of our pages in a browser: a secret that they keep where no other origin reads it, not even
/// another port of the same host, as cookies are read and set. A session that was begun with a mark is one only together
/// with it, and one that was begun without is none for who has one: whoever sets their own session's cookie in somebody's
/// browser has nobody work in their account.
pub const MARK_HEADER: &str = "longshore-mark";
/// Websockets have no headers of the page's: it names this protocol, which is answered, and its mark after
/// [`MARK_PREFIX`] as another.
pub const MARK_PROTOCOL: &str = "longshore-page";
/// See [`MARK_PROTOCOL`].
pub const MARK_PREFIX: &str = "mark.";

/// `GET /session`: where a browser stands. Open to all; the page to show follows from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "kebab-case", try_from = "StandingFields")]
pub enum Standing {
    /// No account exists yet: only the set-up link leads on.
    SetUp,
    /// There are accounts, and this is none of them.
    SignedOut,
    /// A password was right, and a code is to follow.
    SecondStep,
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
    SecondStep,
    SignedIn,
}

impl TryFrom<StandingFields> for Standing {
    type Error = FieldMissing;

    fn try_from(fields: StandingFields) -> Result<Self, FieldMissing> {
        Ok(match fields.state {
            StandingState::SetUp => Self::SetUp,
            StandingState::SignedOut => Self::SignedOut,
            StandingState::SecondStep => Self::SecondStep,
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
    /// What they may do, and where.
    #[serde(default)]
    pub roles: Roles,
    /// They lead a team, and so look after who is in it.
    #[serde(default)]
    pub leads: bool,
    /// They must choose a new password before they do anything else.
    #[serde(default)]
    pub must_change: bool,
    /// Whom to ask for more rights, by name. Only where the session itself is asked for, of whoever has not all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ask: String,
}

/// The roles that somebody has: the highest that any grant gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Roles {
    /// On every host, those to come included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub everywhere: Option<Role>,
    /// On single hosts, by slug.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hosts: BTreeMap<String, Role>,
}

impl Roles {
    /// Those of whoever may do everything.
    #[must_use]
    pub fn all() -> Self {
        Self { everywhere: Some(Role::Administrator), hosts: BTreeMap::new() }
    }

    /// Adds a role: everywhere, or on a host.
    pub fn add(&mut self, host: Option<String>, role: Role) {
        let place = match host {
            Some(host) => self.hosts.entry(host).or_insert(role),
            None => self.everywhere.get_or_insert(role),
        };
        *place = role.max(*place);
    }

    /// The role on a host.
    #[must_use]
    pub fn on(&self, host: &str) -> Option<Role> {
        self.everywhere.max(self.hosts.get(host).copied())
    }

    /// Whether they have a permission on a host.
    #[must_use]
    pub fn allow(&self, host: &str, permission: Permission) -> bool {
        self.on(host).is_some_and(|role| role.allows(permission))
    }

    /// May do everything everywhere, and decides who else may do what.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.everywhere == Some(Role::Administrator)
    }

    /// Those of them that a key leaves: at most a role, and only on some hosts where any are named.
    #[must_use]
    pub fn within(&self, most: Option<Role>, hosts: &[String]) -> Self {
        let most = |role: Role| most.map_or(role, |most| role.min(most));
        if hosts.is_empty() {
            return Self {
                everywhere: self.everywhere.map(most),
                hosts: self.hosts.iter().map(|(host, role)| (host.clone(), most(*role))).collect(),
            };
        }
        let hosts = hosts.iter().filter_map(|host| Some((host.clone(), most(self.on(host)?))));
        Self { everywhere: None, hosts: hosts.collect() }
    }
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

/// `POST /invitation`: whom a link is for, asked by those who hold it.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InvitationSecret {
    /// From the fragment of the link.
    pub secret: String,
}

/// Whom a link is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invited {
    /// The name to sign in with.
    pub name: String,
    /// What pages show.
    pub display_name: String,
}

/// `POST /invitation/accept`: chooses the password of the account that the link is for, and signs it in.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AcceptInvitation {
    /// From the fragment of the link.
    pub secret: String,
    /// At least [`PASSWORD_MIN`] characters.
    pub password: String,
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

/// `POST /account/keys`: makes an API key with the rights of its maker, or less.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewApiKey {
    /// What it is for.
    pub name: String,
    /// At most so much of its maker's rights; all of them without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Only on these hosts, by slug; on all without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
    /// When it ceases to hold; never without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Millis>,
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
    /// At most so much of its account's rights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Only on these hosts; on all where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
    /// When it ceases to hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Millis>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_role_counts_and_a_key_only_takes_away() {
        let mut roles = Roles::default();
        assert_eq!(roles.on("quay"), None);
        roles.add(None, Role::Viewer);
        roles.add(Some("quay".to_owned()), Role::Developer);
        roles.add(Some("quay".to_owned()), Role::Operator);
        assert_eq!((roles.on("quay"), roles.on("other")), (Some(Role::Developer), Some(Role::Viewer)));
        assert!(roles.allow("quay", Permission::Exec) && !roles.allow("other", Permission::Exec));

        let weaker = roles.within(Some(Role::Operator), &[]);
        assert_eq!((weaker.on("quay"), weaker.on("other")), (Some(Role::Operator), Some(Role::Viewer)));
        let elsewhere = roles.within(Some(Role::Administrator), &["other".to_owned()]);
        assert_eq!((elsewhere.on("quay"), elsewhere.on("other")), (None, Some(Role::Viewer)));
        let one_host = Roles::all().within(None, &["quay".to_owned()]);
        assert!(!one_host.is_administrator(), "a key for one host looks after no others");
        assert_eq!(one_host.on("quay"), Some(Role::Administrator));
    }
}
