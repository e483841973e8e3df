//! What a person may see.

use std::{collections::HashSet, sync::Arc};

use longshore_api::{ops::Permission, web::account::Roles};

use crate::{accounts::Principal, ownership::Owners};

/// What a person may see; made only by the policy.
#[derive(Clone)]
pub struct Sight {
    roles: Arc<Roles>,
    account: String,
    teams: Arc<[String]>,
    owners: Arc<Owners>,
}

/// What a person may see of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostSight {
    /// Not even that it is there.
    Nothing,
    /// The host, and what on it was given to them, by full id.
    Given(HashSet<String>),
    /// Everything on it.
    All,
}

impl HostSight {
    /// Whether the host may be known.
    pub fn knows(&self) -> bool {
        *self != Self::Nothing
    }

    /// Whether everything on it may be seen.
    pub fn is_all(&self) -> bool {
        *self == Self::All
    }

    /// Whether one thing on it may be seen, by its full id.
    pub fn sees(&self, object: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Given(given) => given.contains(object),
            Self::All => true,
        }
    }
}

impl Sight {
    pub(super) fn new(who: &Principal, owners: &Arc<Owners>) -> Self {
        Self {
            roles: Arc::clone(who.roles()),
            account: who.account_id().to_owned(),
            teams: Arc::clone(who.teams()),
            owners: Arc::clone(owners),
        }
    }

    /// What may be seen of a host.
    pub fn of(&self, host: &str) -> HostSight {
        match self.roles.on(host) {
            Some(role) if role.allows(Permission::Manage) => HostSight::All,
            Some(role) if role.allows(Permission::View) => {
                HostSight::Given(self.owners.given_to(host, &self.account, &self.teams))
            }
            _ => HostSight::Nothing,
        }
    }

    /// Whether one thing may be seen, by its full id.
    pub fn sees(&self, host: &str, object: &str) -> bool {
        match self.roles.on(host) {
            Some(role) if role.allows(Permission::Manage) => true,
            Some(role) if role.allows(Permission::View) => {
                let owned = self.owners.of(host, object);
                owned.is_some_and(|owned| owned.is_for(&self.account, &self.teams))
            }
            _ => false,
        }
    }

    /// For what the server tells of itself: its figures, and what it found before there was anyone to see it.
    pub fn of_the_house() -> Self {
        Self {
            roles: Arc::new(Roles::all()),
            account: String::new(),
            teams: Arc::default(),
            owners: Arc::default(),
        }
    }

    #[cfg(test)]
    pub fn with(roles: Roles) -> Self {
        Self { roles: Arc::new(roles), ..Self::of_the_house() }
    }
}
