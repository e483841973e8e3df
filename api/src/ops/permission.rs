//! Permissions are verbs on a host; roles are named sets of them.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::words::Words;

/// A verb a person may have on a host. What it is allowed on is decided by ownership and sharing, which never
/// add verbs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Permission {
    /// See objects and their state.
    View,
    /// Read what containers and services print.
    Logs,
    /// Start, stop, restart, pause, kill.
    Operate,
    /// Run commands inside, attach to the console.
    Exec,
    /// Create, edit and remove one's own.
    Deploy,
    /// Read and write the files of containers, take images out of the host.
    Files,
    /// All resources, the engine's own prune, swarm, and what has no owner.
    Manage,
    /// Host settings and access.
    Administer,
}

impl Permission {
    /// All permissions, from the weakest role's to the strongest's.
    pub const ALL: &'static [Self] = &[
        Self::View,
        Self::Logs,
        Self::Operate,
        Self::Exec,
        Self::Deploy,
        Self::Files,
        Self::Manage,
        Self::Administer,
    ];

    /// The stable name used on the wire, in the database and as the key of its sentence.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Logs => "logs",
            Self::Operate => "operate",
            Self::Exec => "exec",
            Self::Deploy => "deploy",
            Self::Files => "files",
            Self::Manage => "manage",
            Self::Administer => "administer",
        }
    }

    /// The permission of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|permission| permission.code() == code)
    }

    /// What it is called.
    #[must_use]
    pub fn word(self, words: &Words) -> &'static str {
        match self {
            Self::View => words.may_view(),
            Self::Logs => words.may_logs(),
            Self::Operate => words.may_operate(),
            Self::Exec => words.may_exec(),
            Self::Deploy => words.may_deploy(),
            Self::Files => words.may_files(),
            Self::Manage => words.may_manage(),
            Self::Administer => words.may_administer(),
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// A named set of permissions, given to a user or a team on a host, a host group or everywhere. Each role has
/// all permissions of the one before it, so the highest of several grants is their union.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Role {
    /// Sees and reads logs.
    Viewer,
    /// Also operates.
    Operator,
    /// Also deploys, opens consoles, reads and writes files.
    Developer,
    /// Also manages everything on the host.
    Manager,
    /// Also sets up the host and decides who may use it.
    Administrator,
}

impl Role {
    /// All roles, the weakest first.
    pub const ALL: &'static [Self] =
        &[Self::Viewer, Self::Operator, Self::Developer, Self::Manager, Self::Administrator];

    /// The stable name used on the wire, in the database and as the key of its sentence.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Developer => "developer",
            Self::Manager => "manager",
            Self::Administrator => "administrator",
        }
    }

    /// What it is called.
    #[must_use]
    pub fn word(self, words: &Words) -> &'static str {
        match self {
            Self::Viewer => words.role_viewer(),
            Self::Operator => words.role_operator(),
            Self::Developer => words.role_developer(),
            Self::Manager => words.role_manager(),
            Self::Administrator => words.role_administrator(),
        }
    }

    /// The permissions of this role.
    #[must_use]
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission::{Deploy, Exec, Files, Logs, Manage, Operate, View};
        match self {
            Self::Viewer => &[View, Logs],
            Self::Operator => &[View, Logs, Operate],
            Self::Developer => &[View, Logs, Operate, Exec, Deploy, Files],
            Self::Manager => &[View, Logs, Operate, Exec, Deploy, Files, Manage],
            Self::Administrator => Permission::ALL,
        }
    }

    /// The role of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.code() == code)
    }

    /// Whether this role has the permission.
    #[must_use]
    pub fn allows(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_what_serde_writes() {
        for permission in Permission::ALL {
            assert_eq!(serde_json::to_value(permission).unwrap(), permission.code());
        }
        for role in Role::ALL {
            assert_eq!(serde_json::to_value(role).unwrap(), role.code());
        }
    }

    #[test]
    fn each_role_has_all_of_the_one_before() {
        for pair in Role::ALL.windows(2) {
            assert!(pair[0].permissions().iter().all(|p| pair[1].allows(*p)), "{} and {}", pair[0], pair[1]);
            assert!(pair[0].permissions().len() < pair[1].permissions().len());
        }
        assert!(!Role::Manager.allows(Permission::Administer));
        assert!(!Role::Operator.allows(Permission::Exec));
    }
}
