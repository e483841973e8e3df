//! Who asks.

use std::{net::IpAddr, sync::Arc};

use longshore_api::{
    ops::{Permission, Role},
    web::account::{Roles, User},
};
use tokio::sync::watch;

use super::{
    Accounts,
    people::Standing,
    queries::{Behind, hosts_of},
};

/// A person, by one of their doors, as looked up a moment ago. Only accounts make one, so nobody can claim to be
/// somebody.
#[derive(Clone, Debug)]
pub struct Principal {
    account_id: String,
    name: String,
    display_name: String,
    must_change: bool,
    roles: Arc<Roles>,
    /// What they may do by a door without limits.
    unlimited: Arc<Roles>,
    teams: Arc<[String]>,
    leads: Arc<[String]>,
    door: Door,
    /// What the key is called that they came with.
    key: String,
    address: IpAddr,
    bell: watch::Receiver<u64>,
}

/// How a person came in; what must still hold for an open stream to go on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Door {
    /// A browser's session, by id.
    Session(String),
    /// An API key, by id.
    Key(String),
    /// An API key, by id, of a program that speaks to an engine: the gateway.
    Docker(String),
    /// The command line on the machine itself: whoever may write the data folder.
    Machine,
}

impl Door {
    /// The word in the audit log.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Session(_) => "session",
            Self::Key(_) => "key",
            Self::Docker(_) => "docker",
            Self::Machine => "machine",
        }
    }

    /// The id of the browser's session that it is, if it is one.
    pub fn session(&self) -> Option<&str> {
        match self {
            Self::Session(id) => Some(id),
            Self::Key(_) | Self::Docker(_) | Self::Machine => None,
        }
    }
}

impl Principal {
    /// Who stands behind a door. `bell` was taken before the look, so that nothing that changed since is missed.
    pub(super) fn behind(
        behind: Behind,
        standing: Standing,
        door: Door,
        address: IpAddr,
        bell: watch::Receiver<u64>,
    ) -> Self {
        // A word that is no role takes everything away: it was written by a build that knew more.
        let roles = match behind.role.as_deref().map(Role::of) {
            Some(None) => Roles::default(),
            most => standing.roles.within(most.flatten(), &hosts_of(behind.hosts.as_deref())),
        };
        Self {
            account_id: behind.account_id,
            name: behind.name,
            display_name: behind.display_name,
            must_change: behind.must_change,
            roles: Arc::new(roles),
            unlimited: Arc::new(standing.roles),
            teams: standing.teams.into(),
            leads: standing.leads.into(),
            door,
            key: behind.key,
            address,
            bell,
        }
    }

    /// Whoever may write the data folder may do everything; `user` is their name for the audit log.
    pub fn of_machine(user: String, accounts: &Accounts) -> Self {
        Self {
            account_id: String::new(),
            display_name: user.clone(),
            name: user,
            must_change: false,
            roles: Arc::new(Roles::all()),
            unlimited: Arc::new(Roles::all()),
            teams: Arc::default(),
            leads: Arc::default(),
            door: Door::Machine,
            key: String::new(),
            address: IpAddr::from([127, 0, 0, 1]),
            bell: accounts.rights.listen(),
        }
    }

    /// The same by the gateway.
    pub fn at_gateway(self) -> Self {
        let door = match self.door {
            Door::Key(id) => Door::Docker(id),
            other => other,
        };
        Self { door, ..self }
    }

    /// The account's id.
    pub fn account_id(&self) -> &str {
        &self.account_id
    }

    /// The account's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What they may do, and where, by the door that they came in by.
    pub fn roles(&self) -> &Arc<Roles> {
        &self.roles
    }

    /// Whether a permission on a host is theirs, and only the key that they came with lacks it.
    pub fn lacks_by_key(&self, host: &str, permission: Permission) -> bool {
        !self.roles.allow(host, permission) && self.unlimited.allow(host, permission)
    }

    /// The ids of the teams that they are in.
    pub fn teams(&self) -> &Arc<[String]> {
        &self.teams
    }

    /// Whether they may put others into a team and take them out.
    pub fn leads(&self, team: &str) -> bool {
        self.leads.iter().any(|led| led == team)
    }

    /// They must choose a new password before they do anything else.
    pub fn must_change(&self) -> bool {
        self.must_change
    }

    /// How they came in.
    pub fn door(&self) -> &Door {
        &self.door
    }

    /// What the key is called that they came with, and how it begins; empty where it was another door.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Where they came from, as far as trusted proxies tell.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// As pages show them.
    pub fn user(&self) -> User {
        User {
            id: self.account_id.clone(),
            name: self.name.clone(),
            display_name: self.display_name.clone(),
            roles: Roles::clone(&self.roles),
            leads: !self.leads.is_empty(),
            must_change: self.must_change,
            ask: String::new(),
        }
    }

    /// Wakes when anything about rights has changed since they were looked up.
    pub fn bell(&self) -> watch::Receiver<u64> {
        self.bell.clone()
    }
}

#[cfg(test)]
impl Principal {
    /// Someone signed in who has these roles, for tests of the policy.
    pub fn of_test(roles: Roles) -> Self {
        // Never rung, and never gone: the test ends first.
        let bell = Box::leak(Box::new(watch::Sender::new(0)));
        Self::of_test_with(roles, bell.subscribe())
    }

    /// The same with a bell that the test rings.
    pub fn of_test_with(roles: Roles, bell: watch::Receiver<u64>) -> Self {
        let behind = Behind {
            account_id: "test".to_owned(),
            name: "test".to_owned(),
            display_name: "test".to_owned(),
            must_change: false,
            door_id: "test".to_owned(),
            last_used: None,
            role: None,
            hosts: None,
            key: String::new(),
            mark: None,
        };
        let standing = Standing { roles, ..Standing::default() };
        Self::behind(behind, standing, Door::Session("test".to_owned()), IpAddr::from([127, 0, 0, 1]), bell)
    }
}
