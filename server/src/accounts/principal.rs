//! Who asks.

use std::net::IpAddr;

use longshore_api::web::account::User;
use tokio::sync::watch;

use super::{Accounts, queries::Behind};

/// A person, by one of their doors, as looked up a moment ago. Only accounts make one, so nobody can claim to be
/// somebody.
#[derive(Clone, Debug)]
pub struct Principal {
    account_id: String,
    name: String,
    display_name: String,
    administrator: bool,
    door: Door,
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
    /// The command line on the machine itself: whoever may write the data folder.
    Machine,
}

impl Door {
    /// The word in the audit log.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Session(_) => "session",
            Self::Key(_) => "key",
            Self::Machine => "machine",
        }
    }
}

impl Principal {
    /// Who stands behind a door. `bell` was taken before the look, so that nothing that changed since is missed.
    pub(super) fn behind(behind: Behind, door: Door, address: IpAddr, bell: watch::Receiver<u64>) -> Self {
        Self {
            account_id: behind.account_id,
            name: behind.name,
            display_name: behind.display_name,
            administrator: behind.administrator,
            door,
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
            administrator: true,
            door: Door::Machine,
            address: IpAddr::from([127, 0, 0, 1]),
            bell: accounts.rights.listen(),
        }
    }

    /// The account's id.
    pub fn account_id(&self) -> &str {
        &self.account_id
    }

    /// The account's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// May do everything everywhere.
    pub fn is_administrator(&self) -> bool {
        self.administrator
    }

    /// How they came in.
    pub fn door(&self) -> &Door {
        &self.door
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
            administrator: self.administrator,
        }
    }

    /// Wakes when anything about rights has changed since they were looked up.
    pub fn bell(&self) -> watch::Receiver<u64> {
        self.bell.clone()
    }
}

#[cfg(test)]
impl Principal {
    /// Someone signed in, for tests of the policy.
    pub fn of_test(administrator: bool) -> Self {
        // Never rung, and never gone: the test ends first.
        let bell = Box::leak(Box::new(watch::Sender::new(0)));
        Self::of_test_with(administrator, bell.subscribe())
    }

    /// The same with a bell that the test rings.
    pub fn of_test_with(administrator: bool, bell: watch::Receiver<u64>) -> Self {
        let behind = Behind {
            account_id: "test".to_owned(),
            name: "test".to_owned(),
            display_name: "test".to_owned(),
            administrator,
            door_id: "test".to_owned(),
            last_used: None,
        };
        Self::behind(behind, Door::Session("test".to_owned()), IpAddr::from([127, 0, 0, 1]), bell)
    }
}
