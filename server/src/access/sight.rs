//! What a person may see.

use std::sync::Arc;

use longshore_api::{
    ops::{Kind, Permission},
    web::account::Roles,
};

use crate::{
    accounts::Principal,
    ownership::{Given, Key, Owners},
};

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
    /// The host, and what on it was given to them; the images too for whoever makes containers of them.
    Given {
        /// By kind and full id.
        things: Given,
        /// Whether what is in images may be read.
        images: bool,
    },
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
    pub fn sees(&self, kind: Kind, object: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Given { images, .. } if kind == Kind::Image => *images,
            Self::Given { things, .. } => things.get(&kind).is_some_and(|given| given.contains(object)),
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
            Some(role) if role.allows(Permission::View) => HostSight::Given {
                things: self.owners.given_to(host, &self.account, &self.teams),
                images: role.allows(Permission::Deploy),
            },
            _ => HostSight::Nothing,
        }
    }

    /// Whether one thing may be seen: a container or a network by its full id, a volume by its name. Images are one
    /// namespace: what is in them is read by whoever makes containers of them.
    pub fn sees(&self, host: &str, kind: Kind, object: &str) -> bool {
        let is_given = || match kind {
            Kind::Image => self.roles.allow(host, Permission::Deploy),
            Kind::Volume => self.owns_key(host, &Key::named(kind, object)),
            _ => {
                let owned = self.owners.of(host, kind, object);
                owned.is_some_and(|owned| owned.is_for(&self.account, &self.teams))
            }
        };
        match self.roles.on(host) {
            Some(role) if role.allows(Permission::Manage) => true,
            Some(role) if role.allows(Permission::View) => is_given(),
            _ => false,
        }
    }

    /// What of a host is theirs, as [`Owners::own_of`] has it.
    pub fn own(&self, host: &str) -> Given {
        self.owners.own_of(host, &self.account)
    }

    /// Whether what is of a key is theirs to see: given to them, or they manage the host.
    pub fn sees_key(&self, host: &str, key: &Key) -> bool {
        match self.roles.on(host) {
            Some(role) if role.allows(Permission::Manage) => true,
            Some(role) if role.allows(Permission::View) => self.owns_key(host, key),
            _ => false,
        }
    }

    /// Whether a thing is given to nobody at all: it is gone, or the managers'.
    pub fn is_nobodys(&self, host: &str, kind: Kind, object: &str) -> bool {
        let by_key = || self.owners.of_key(host, &Key::named(kind, object));
        self.owners
            .of(host, kind, object)
            .or_else(|| if kind == Kind::Volume { by_key() } else { None })
            .is_none()
    }

    fn owns_key(&self, host: &str, key: &Key) -> bool {
        self.owners.of_key(host, key).is_some_and(|owned| owned.is_for(&self.account, &self.teams))
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
