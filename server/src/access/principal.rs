//! Who asks.

use std::net::{IpAddr, Ipv4Addr};

/// A person, by one of their doors.
#[derive(Clone, Debug)]
pub struct Principal {
    /// The account's id.
    pub account_id: String,
    /// The account's name.
    pub name: String,
    /// What pages show.
    pub display_name: String,
    /// May do everything everywhere.
    pub administrator: bool,
    /// How they came in.
    pub door: Door,
    /// Where they came from, as far as trusted proxies tell.
    pub address: IpAddr,
}

impl Principal {
    /// Whoever runs `longshore admin` on this machine: the data folder is theirs, and so is everything in it.
    pub fn of_machine(name: String) -> Self {
        Self {
            account_id: String::new(),
            display_name: name.clone(),
            name,
            administrator: true,
            door: Door::Machine,
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        }
    }
}

/// How a person came in; what must still hold for an open stream to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Door {
    /// A browser's session, by id.
    Session(String),
    /// An API key, by id.
    Key(String),
    /// `longshore admin` on the server's own machine; no request comes this way.
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
