//! Whose a thing on a host is, and who else may see it.

use serde::{Deserialize, Serialize};

use crate::ops::Role;

/// Who may see a thing besides its owner and the managers of its host. What they may do with it is up to their role there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Sharing {
    /// Nobody.
    #[default]
    Private,
    /// Whoever is in one of some teams.
    Teams,
    /// Whoever has a role on the host.
    Public,
}

impl Sharing {
    /// All of them, the narrowest first.
    pub const ALL: [Self; 3] = [Self::Private, Self::Teams, Self::Public];

    /// The stable name used on the wire and in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Teams => "teams",
            Self::Public => "public",
        }
    }

    /// The one of a code; a code that is none shares nothing.
    #[must_use]
    pub fn of(code: &str) -> Self {
        Self::ALL.into_iter().find(|sharing| sharing.code() == code).unwrap_or_default()
    }
}

/// `GET /hosts/{host}/containers/{id}/access`: whose a container is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Access {
    /// The stack whose service it is of: what is given is every container of the service then, those to come included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stack: Option<String>,
    /// The service, or the container's own name.
    pub name: String,
    /// The sign-in name of its owner; without one it is the managers'.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Who else may see it.
    pub sharing: Sharing,
    /// The teams that it is shared with.
    #[serde(default)]
    pub teams: Vec<TeamName>,
    /// Whether whoever asks may change it.
    pub may_change: bool,
}

/// Whose a thing is, as a line of a list says it to whoever may see the thing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Whose {
    /// The sign-in name of its owner; without one it is the managers'.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Who else may see it.
    #[serde(default)]
    pub sharing: Sharing,
    /// The names of the teams that it is shared with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<String>,
}

/// A team by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamName {
    /// UUIDv7.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// `PUT /hosts/{host}/containers/{id}/access`: gives it to somebody, and says who else may see it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GiveAccess {
    /// The sign-in name of its owner; without one it is the managers'.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Who else may see it.
    #[serde(default)]
    pub sharing: Sharing,
    /// The ids of the teams that it is shared with.
    #[serde(default)]
    pub teams: Vec<String>,
}

/// With whom somebody shares what they are about to make. Whose it is is not asked: theirs, or the managers'.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ShareWith {
    /// Who else may see it.
    pub sharing: Sharing,
    /// The ids of the teams that it is shared with.
    #[serde(default)]
    pub teams: Vec<String>,
}

/// At most so many names are told at once.
pub const NAMES_MAX: usize = 500;

/// `GET /names`: the names on hosts that whoever asks may give away or give back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Names {
    /// By host, kind and name; [`NAMES_MAX`] at most.
    pub names: Vec<OwnedName>,
    /// So many more there are.
    pub more: u32,
}

/// A name that is somebody's: whoever makes something by it is the one whose it is, or is refused.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnedName {
    /// UUIDv7; empty where it is nobody's.
    pub id: String,
    /// The host's slug.
    pub host: String,
    /// Of what it is a name: `container`, `network`, `volume`, `image`.
    pub kind: String,
    /// Whether something of this name is there.
    pub here: bool,
    /// Whose it is.
    pub access: Access,
}

/// What is shared at once: `GET`, `PUT /hosts/{host}/sharing/{whole}/{id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Whole {
    /// An image: all of its repositories.
    Image,
    /// A network.
    Network,
    /// A volume.
    Volume,
    /// Every container, network and volume of a stack.
    Stack,
}

impl Whole {
    /// The stable name used on the wire and in the audit log.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Network => "network",
            Self::Volume => "volume",
            Self::Stack => "stack",
        }
    }
}

/// `GET /hosts/{host}/sharing/{whole}/{id}/people`: a part of it with everybody who may use that. For who may give it away.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartPeople {
    /// Of what it is: `container`, `network`, `volume`, `image`, `stack`.
    pub kind: String,
    /// Its name; of the containers of a service that.
    pub name: String,
    /// By name.
    pub people: Vec<MayUse>,
}

/// `GET /hosts/{host}/containers/{id}/people`: somebody who may use a container, and why. For its owner and its managers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MayUse {
    /// The sign-in name.
    pub name: String,
    /// What pages show.
    pub display_name: String,
    /// What they may do with it: the role on the host that counts.
    pub role: Role,
    /// By whom they have it.
    pub by: RoleBy,
    /// Where that holds.
    pub on: RoleOn,
    /// Why they see it.
    pub sees: Sees,
}

/// By whom somebody has a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RoleBy {
    /// It was given to them.
    Own,
    /// It was given to a team of theirs, by its name.
    Team(String),
    /// It was given to everyone.
    Everyone,
}

/// Where a role holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RoleOn {
    /// On every host.
    Everywhere,
    /// On the hosts of a group, by its name.
    Group(String),
    /// On this host.
    Host,
}

/// Why somebody sees a thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Sees {
    /// They manage the host.
    Manages,
    /// It is theirs.
    Owns,
    /// It is shared with a team of theirs, by its name.
    Team(String),
    /// It is shared with all.
    All,
}
