//! Accounts of others, teams, host groups, and the grants that give roles.

use serde::{Deserialize, Serialize};

use super::Millis;
use crate::ops::Role;

/// `GET /people`: everybody, and what gives them their rights. For whoever may decide about that anywhere.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct People {
    /// Accounts, by name.
    pub accounts: Vec<Account>,
    /// Teams, by name.
    pub teams: Vec<Team>,
    /// Host groups, by name.
    pub groups: Vec<HostGroup>,
    /// Grants, the oldest first.
    pub grants: Vec<Grant>,
}

/// Who an account is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AccountKind {
    /// A person, who signs in.
    #[default]
    Person,
    /// A program, which has API keys and no password.
    Service,
}

impl AccountKind {
    /// The stable name used on the wire and in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Service => "service",
        }
    }
}

/// An account as those see it who decide about rights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// UUIDv7.
    pub id: String,
    /// What one signs in with.
    pub name: String,
    /// What pages show.
    pub display_name: String,
    /// Who it is for.
    pub kind: AccountKind,
    /// Its doors are shut.
    pub disabled: bool,
    /// It must choose a new password before it does anything else.
    pub must_change: bool,
    /// Nobody has chosen a password yet, and nobody can sign in.
    pub unclaimed: bool,
    /// There is a password that could be changed.
    #[serde(default)]
    pub has_password: bool,
    /// A code is asked for when it signs in.
    #[serde(default)]
    pub totp: bool,
    /// The providers that it signs in through, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub providers: Vec<String>,
    /// Until when a link leads to a choice of password, where one is out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_until: Option<Millis>,
    /// When it was made.
    pub created_at: Millis,
    /// The last request by any of its doors, to the minute; none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<Millis>,
    /// Browsers that are signed in.
    pub sessions: u32,
    /// API keys.
    pub keys: u32,
}

/// Several accounts under one name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Team {
    /// UUIDv7.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Who is in it, by name.
    pub members: Vec<Member>,
}

/// An account in a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// The account's id.
    pub account: String,
    /// The account's name.
    pub name: String,
    /// What pages show.
    pub display_name: String,
    /// May put others into the team and take them out.
    pub leader: bool,
}

/// Several hosts under one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HostGroup {
    /// UUIDv7.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The slugs of its hosts.
    pub hosts: Vec<String>,
}

/// Whom a role is given to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// Every account.
    Everyone,
    /// One account, by id.
    Account(String),
    /// Whoever is in a team, by id.
    Team(String),
}

/// Where a role holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// On every host, those to come included.
    Everywhere,
    /// On the hosts that are in a group, by id.
    Group(String),
    /// On one host, by slug.
    Host(String),
}

/// A role that was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Grant {
    /// UUIDv7.
    pub id: String,
    /// To whom.
    pub subject: Subject,
    /// Where.
    pub scope: Scope,
    /// What.
    pub role: Role,
    /// When it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Millis>,
    /// When it was given.
    pub created_at: Millis,
    /// The name of the account that gave it.
    pub created_by: String,
}

/// `GET /people/{account}/rights`: what an account may do on each host, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rights {
    /// The host's slug.
    pub host: String,
    /// The role that counts; none, no right at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Every grant that reaches the host, the one that counts first.
    pub grants: Vec<Grant>,
}

/// `POST /people`: makes an account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// What one signs in with.
    pub name: String,
    /// What pages show; the name where it is empty.
    #[serde(default)]
    pub display_name: String,
    /// Who it is for.
    #[serde(default)]
    pub kind: AccountKind,
    /// The teams that it joins, by id.
    #[serde(default)]
    pub teams: Vec<String>,
}

/// The answer to [`NewAccount`] and to `POST /people/{account}/link`: the only time that the link's secret is shown.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Link {
    /// The account's id.
    pub account: String,
    /// Goes behind the `#` of `/invitation`. None for a service account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// When the link ceases to hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Millis>,
}

/// `PATCH /people/{account}`: changes what is named.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditAccount {
    /// What pages show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Shuts its doors or opens them again; streams that are open end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// Whether it must choose a new password before it does anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub must_change: Option<bool>,
}

/// `POST /teams`, `PUT /teams/{team}`, `POST /host-groups`: gives a name.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Unlike every other of its kind, in any case of letters.
    pub name: String,
}

/// `PUT /host-groups/{group}`: a new name, other hosts.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditHostGroup {
    /// Unlike that of every other group.
    pub name: String,
    /// The slugs of all its hosts.
    pub hosts: Vec<String>,
}

/// `PUT /teams/{team}/members/{name}`: puts an account into a team, by the name it signs in with.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Membership {
    /// May put others into the team and take them out. Only administrators decide that.
    #[serde(default)]
    pub leader: bool,
}

/// `POST /grants`: gives a role.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewGrant {
    /// To whom.
    pub subject: Subject,
    /// Where.
    pub scope: Scope,
    /// What.
    pub role: Role,
    /// When it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Millis>,
}

/// The id of what was made.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Made {
    /// UUIDv7.
    pub id: String,
}
