//! What is asked of the policy, and what it hands out: a [`Pass`] for one demand on one target; from that a [`Permit`] for
//! an engine, or a [`Change`] for our own tables.

use longshore_api::ops::{Operation, body::Strength, resolve};

use super::Access;
use crate::{accounts::Principal, audit::capped, fault::Fault};

/// What is asked of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// To look after one's own account.
    Own,
    /// To look after the server as a whole.
    Administer,
    /// To give and take roles: on a host, or anywhere at all.
    Appoint,
    /// To put others into a team and take them out.
    Lead,
    /// To say whose a thing on a host is: its managers do, and its owner.
    Give,
    /// To do an operation of the table, with every permission that its row names.
    Operation(&'static Operation),
}

impl Demand {
    /// The word in the audit log.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Own => "account",
            Self::Administer => "administer",
            Self::Appoint => "appoint",
            Self::Lead => "lead",
            Self::Give => "access-give",
            Self::Operation(operation) => operation.id,
        }
    }
}

/// What it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The caller's own account.
    Account,
    /// The server as a whole.
    Longshore,
    /// A part of it that is no host and on none.
    Part {
        /// What it is called in the audit log: `account mia`.
        name: String,
    },
    /// A team.
    Team {
        /// Its id.
        id: String,
        /// What is about to be done to is called in the audit log: `mia in team web`.
        name: String,
    },
    /// A host, by slug.
    Host(String),
    /// Some object on a host, which is still to be found: a pass for it leads to no engine and holds no stream open.
    SomeObject {
        /// The host's slug.
        host: String,
    },
    /// All that the person may see of a host: the answer is cut to it, or what is made is claimed for them.
    Share {
        /// The host's slug.
        host: String,
        /// What it is called in the audit log.
        name: String,
    },
    /// A name on a host that is somebody's.
    Name {
        /// The host's slug.
        host: String,
        /// The id of what says whose it is.
        id: String,
        /// What it is called in the audit log: `container web`.
        name: String,
    },
    /// An object on a host.
    Object {
        /// The host's slug.
        host: String,
        /// The engine's full id of what was found (a volume's name, an image's repository where it is changed); what is
        /// given to people is given by that alone.
        id: Option<String>,
        /// What it is called in the audit log: `container web`.
        name: String,
    },
}

impl Target {
    pub(super) fn host(&self) -> Option<&str> {
        match self {
            Self::Account | Self::Longshore | Self::Part { .. } | Self::Team { .. } => None,
            Self::Host(host)
            | Self::SomeObject { host }
            | Self::Share { host, .. }
            | Self::Name { host, .. }
            | Self::Object { host, .. } => Some(host),
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Account => "account",
            Self::Longshore => "longshore",
            Self::Host(host) | Self::SomeObject { host } => host,
            Self::Part { name }
            | Self::Team { name, .. }
            | Self::Share { name, .. }
            | Self::Name { name, .. }
            | Self::Object { name, .. } => name,
        }
    }

    /// The same without the word for what it is.
    pub(super) fn called(&self) -> &str {
        self.name().split_once(' ').map_or(self.name(), |(_, called)| called)
    }
}

/// A passed check: who, what for, on what, for which request. Only [`Access::require`] makes one.
#[derive(Clone, Debug)]
pub struct Pass {
    pub(super) principal: Principal,
    pub(super) demand: Demand,
    pub(super) target: Target,
    pub(super) request_id: String,
    pub(super) detail: String,
    pub(super) strength: Strength,
}

impl Pass {
    /// The same, with what else the audit log is to say of what is done with it. Never a secret.
    #[must_use]
    pub fn noting(self, detail: impl AsRef<str>) -> Self {
        Self { detail: capped(detail.as_ref()), ..self }
    }

    /// Who passed.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The same check, with what the audit log calls the thing that it is about to be used on. Only for what is the
    /// server's own: on a host, each object is asked for by itself.
    #[must_use]
    pub fn about(&self, name: impl Into<String>) -> Self {
        let target = match &self.target {
            Target::Account | Target::Longshore | Target::Part { .. } => Target::Part { name: name.into() },
            other => other.clone(),
        };
        Self { target, ..self.clone() }
    }

    /// The same check for a container that was found, by the engine's full id; asked of the policy anew.
    ///
    /// # Errors
    /// It was not given to whoever asks.
    pub fn on_container(&self, access: &Access, id: &str, name: &str) -> Result<Self, Fault> {
        self.on(access, id, format!("container {name}"))
    }

    /// The same check, with the container's own name for the audit log, where the client named it by its id.
    #[must_use]
    pub fn called(mut self, container: &str) -> Self {
        if let Target::Object { name, .. } = &mut self.target
            && !container.is_empty()
        {
            *name = format!("container {container}");
        }
        self
    }

    /// The same check for what was found, as [`Target::Object`] has it; asked of the policy anew.
    ///
    /// # Errors
    /// It was not given to whoever asks.
    pub fn on(&self, access: &Access, id: &str, name: String) -> Result<Self, Fault> {
        let target = Target::Object { host: self.host()?.to_owned(), id: Some(id.to_owned()), name };
        access.require(&self.principal, self.demand, target, &self.request_id)
    }

    /// The same check for what the person may see of the host and what they make there; asked of the policy anew.
    ///
    /// # Errors
    /// The operation is about something that has to be found.
    pub fn on_share(&self, access: &Access, name: String) -> Result<Self, Fault> {
        let target = Target::Share { host: self.host()?.to_owned(), name };
        access.require(&self.principal, self.demand, target, &self.request_id)
    }

    /// The engine's full id of what it is for, if that was found, as [`Target::Object`] has it.
    pub fn object(&self) -> Option<&str> {
        match &self.target {
            Target::Object { id, .. } => id.as_deref(),
            _ => None,
        }
    }

    /// The request that asked.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// The slug of the host that it holds on.
    pub fn host(&self) -> Result<&str, Fault> {
        self.target.host().ok_or_else(|| Fault::internal("a pass for no host was shown to a host"))
    }

    /// What an engine's line is shown in order to do what this is for.
    ///
    /// # Errors
    /// It is for no operation, or for something that was not found yet.
    pub(super) fn permit(&self) -> Result<Permit, Fault> {
        if matches!(self.target, Target::SomeObject { .. }) {
            return Err(Fault::internal("a pass for what was not found yet was shown to an engine"));
        }
        match self.demand {
            Demand::Operation(operation) => Ok(Permit {
                host: self.host()?.to_owned(),
                operation,
                account: self.principal.account_id().to_owned(),
            }),
            Demand::Own | Demand::Administer | Demand::Appoint | Demand::Lead | Demand::Give => {
                Err(Fault::internal("a pass for no operation was shown for one"))
            }
        }
    }
}

/// Shown to an engine's line in order to call it: one operation on one host. Only
/// [`Access::perform`] gives one, so nothing reaches an engine unasked, and no change unaudited.
pub struct Permit {
    pub(super) host: String,
    pub(super) operation: &'static Operation,
    account: String,
}

impl Permit {
    /// The id of the account on whose behalf it is.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Whether it is for a call of this method and path on this host.
    pub fn covers(&self, host: &str, method: &http::Method, path: &str) -> bool {
        self.host == host
            && resolve(method.as_str(), path).is_ok_and(|matched| matched.operation == self.operation)
    }
}

/// Shown to a room in order to change its tables. Only [`Access::change`] makes one, after the audit row is written.
pub struct Change(pub(super) ());
