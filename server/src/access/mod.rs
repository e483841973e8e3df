//! Who may do what. One policy function ([`Access::require`]), one door for changes ([`Access::perform`] on engines,
//! [`Access::change`] on our own tables), and nothing that reaches an engine or changes an account without what they
//! hand out.

mod admit;
mod audit;
mod policy;
mod sight;

pub use admit::{Credential, Need, admit, identify};
pub use audit::Outcome;
pub use sight::{HostSight, Sight};

use std::{
    collections::HashSet,
    future::Future,
    sync::{Arc, PoisonError, RwLock},
};

use http::StatusCode;
use longshore_api::{
    ops::{self, Kind, Method, Operation, Permission, body::Strength, resolve},
    words::say,
};

use crate::{
    accounts::{Accounts, Principal},
    audit::{Draft, Ledger, capped},
    fault::Fault,
    front::Context,
    ownership::{self, Key, Owned, Owners},
};

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
    fn code(self) -> &'static str {
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
    fn host(&self) -> Option<&str> {
        match self {
            Self::Account | Self::Longshore | Self::Part { .. } | Self::Team { .. } => None,
            Self::Host(host)
            | Self::SomeObject { host }
            | Self::Share { host, .. }
            | Self::Name { host, .. }
            | Self::Object { host, .. } => Some(host),
        }
    }

    fn name(&self) -> &str {
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
}

/// A passed check: who, what for, on what, for which request. Only [`Access::require`] makes one.
#[derive(Clone, Debug)]
pub struct Pass {
    principal: Principal,
    demand: Demand,
    target: Target,
    request_id: String,
    detail: String,
    strength: Strength,
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

    /// The full id of the container that it is for, if it is for one.
    pub fn container(&self) -> Option<&str> {
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
}

/// Shown to an engine's line in order to call it: one operation on one host. Only
/// [`Access::perform`] gives one, so nothing reaches an engine unasked, and no change unaudited.
pub struct Permit {
    host: String,
    operation: &'static Operation,
}

impl Permit {
    /// Whether it is for a call of this method and path on this host.
    pub fn covers(&self, host: &str, method: &http::Method, path: &str) -> bool {
        self.host == host
            && resolve(method.as_str(), path).is_ok_and(|matched| matched.operation == self.operation)
    }
}

/// Shown to a room in order to change its tables. Only [`Access::change`] makes one, after the audit row is written.
pub struct Change(());

/// The policy, the door for changes, and the memory of who did what.
pub struct Access {
    ledger: Arc<Ledger>,
    accounts: Arc<Accounts>,
    owners: Arc<Owners>,
    /// The hosts that are the machine that Longshore itself runs on.
    own: RwLock<HashSet<String>>,
}

impl Access {
    /// Over the audit log, the accounts that rights belong to, and what things were given to whom.
    pub fn new(ledger: Arc<Ledger>, accounts: Arc<Accounts>, owners: Arc<Owners>) -> Self {
        Self { ledger, accounts, owners, own: RwLock::default() }
    }

    /// A host is the machine that Longshore itself runs on: whoever is root there reads our keys.
    pub fn lives_on(&self, host: &str) {
        self.own.write().unwrap_or_else(PoisonError::into_inner).insert(host.to_owned());
    }

    /// On which side of the line somebody stands on a host: managers are above it, on our own machine administrators only.
    fn strength(&self, principal: &Principal, host: Option<&str>) -> Strength {
        let is_above = host.is_some_and(|host| {
            let is_own = self.own.read().unwrap_or_else(PoisonError::into_inner).contains(host);
            let needed = if is_own { Permission::Administer } else { Permission::Manage };
            principal.roles().allow(host, needed)
        });
        if is_above { Strength::Manager } else { Strength::Developer }
    }

    /// Whether the policy would let someone do it. Nothing comes of it: whoever goes on to do it has to ask for a pass.
    pub fn may(&self, principal: &Principal, demand: Demand, target: &Target) -> bool {
        let (allowed, seen) = self.judge(principal, demand, target);
        allowed && seen && (demand == Demand::Own || !principal.must_change())
    }

    /// The policy's answer to someone who is about to do it: a pass, or a refusal that the audit log has.
    pub fn require(
        &self,
        principal: &Principal,
        demand: Demand,
        target: Target,
        request_id: &str,
    ) -> Result<Pass, Fault> {
        let answer = self.ask(principal, demand, target.clone(), request_id);
        if let Err(fault) = &answer
            && !(fault.status() == StatusCode::NOT_FOUND && is_a_look(principal, demand, &target))
        {
            let refused = audit::draft(principal, &target, demand.code(), request_id);
            self.ledger.refused(refused.refused(fault.status().as_u16()));
        }
        answer
    }

    fn ask(
        &self,
        principal: &Principal,
        demand: Demand,
        target: Target,
        request_id: &str,
    ) -> Result<Pass, Fault> {
        if principal.must_change() && demand != Demand::Own {
            return Err(Fault::new(StatusCode::FORBIDDEN, say::password_change_first()));
        }
        let (allowed, seen) = self.judge(principal, demand, &target);
        if allowed && seen {
            let host = target.host().map(str::to_owned);
            return Ok(Pass {
                principal: principal.clone(),
                demand,
                target,
                request_id: request_id.to_owned(),
                detail: String::new(),
                strength: self.strength(principal, host.as_deref()),
            });
        }
        Err(self.refusal(principal, demand, &target, seen))
    }

    /// The one policy function: whether someone has every right to it, and whether it is theirs to see.
    fn judge(&self, principal: &Principal, demand: Demand, target: &Target) -> (bool, bool) {
        let roles = principal.roles();
        let administers = roles.is_administrator();
        let gives = |host: &str, owned: Option<Arc<Owned>>| {
            let is_theirs = |owned: Arc<Owned>| owned.account.as_deref() == Some(principal.account_id());
            roles.allow(host, Permission::Manage)
                || (roles.allow(host, Permission::Deploy) && owned.is_some_and(is_theirs))
        };
        let allowed = match (demand, target) {
            (Demand::Give, Target::Object { host, id: Some(id), .. }) => {
                gives(host, self.owners.of(host, Kind::Container, id))
            }
            (Demand::Give, Target::Name { host, id, .. }) => {
                gives(host, self.owners.of_row(id).filter(|owned| owned.host == *host))
            }
            (Demand::Give, _) => false,
            (Demand::Own, target) => target.host().is_none(),
            (Demand::Administer, _) => administers,
            (Demand::Appoint, target) => match target.host() {
                Some(host) => roles.allow(host, Permission::Administer),
                None => {
                    administers || roles.hosts.keys().any(|host| roles.allow(host, Permission::Administer))
                }
            },
            (Demand::Lead, Target::Team { id, .. }) => administers || principal.leads(id),
            (Demand::Lead, _) => false,
            (Demand::Operation(operation), target) => target
                .host()
                .is_some_and(|host| operation.permissions().all(|permission| roles.allow(host, permission))),
        };
        // What is on a host belongs to those who manage it, until it is given to others; so does what answers tell of it.
        let seen = match (demand, target) {
            (Demand::Operation(_), Target::SomeObject { .. }) => true,
            (Demand::Operation(operation), Target::Object { host, id: Some(id), .. }) => {
                let sight = Sight::new(principal, &self.owners);
                match kind_of(operation) {
                    // Whoever changes what a name stands for changes what others run; whoever gives one more name is asked
                    // for that.
                    Some(Kind::Image) if operation.audit && operation.id != "image-tag" => {
                        sight.sees_key(host, &Key::of_repository(id))
                    }
                    Some(kind) => sight.sees(host, kind, id),
                    None => roles.allow(host, Permission::Manage),
                }
            }
            (Demand::Operation(operation), Target::Share { host, .. }) => {
                roles.allow(host, Permission::Manage)
                    || kind_of(operation).is_none() && is_shared_out(operation)
            }
            (Demand::Operation(operation), target) => target
                .host()
                .is_some_and(|host| roles.allow(host, Permission::Manage) || tells_nothing(operation)),
            _ => true,
        };
        (allowed, seen)
    }

    /// In which words: who has no right at all on a host may not know of it, who has some is told what is missing and
    /// who can give it.
    fn refusal(&self, principal: &Principal, demand: Demand, target: &Target, seen: bool) -> Fault {
        let roles = principal.roles();
        let givers = self.accounts.givers();
        let (place, missing) = match (target.host(), demand) {
            (Some(host), _) if roles.on(host).is_none() => return Fault::not_found(say::host_unknown(host)),
            // The words for one that is not there.
            (Some(host), Demand::Operation(operation))
                if !seen && matches!(target, Target::Object { id: Some(_), .. }) =>
            {
                let name = target.name();
                let called = name.split_once(' ').map_or(name, |(_, called)| called);
                // An image is seen by all who make containers of it.
                if kind_of(operation) == Some(Kind::Image)
                    && operation.audit
                    && roles.allow(host, Permission::Deploy)
                {
                    return Fault::new(StatusCode::FORBIDDEN, say::image_held(called));
                }
                return ownership::unknown(host, kind_of(operation).unwrap_or(operation.kind), called);
            }
            (Some(host), Demand::Operation(operation)) => {
                let missing = operation.permissions().find(|permission| !roles.allow(host, *permission));
                (host, missing.unwrap_or(if seen { Permission::Administer } else { Permission::Manage }))
            }
            (Some(host), Demand::Give) => {
                let owned = match target {
                    Target::Name { id, .. } => self.owners.of_row(id),
                    Target::Object { id: Some(id), .. } => self.owners.of(host, Kind::Container, id),
                    _ => None,
                };
                // Of what is theirs they would need less than of what is another's.
                let is_theirs =
                    owned.is_some_and(|owned| owned.account.as_deref() == Some(principal.account_id()));
                (host, if is_theirs { Permission::Deploy } else { Permission::Manage })
            }
            (Some(host), _) => (host, Permission::Administer),
            (None, Demand::Lead) => return Fault::new(StatusCode::FORBIDDEN, say::leader_needed(givers)),
            (None, _) => ("Longshore", Permission::Administer),
        };
        self.missing(place, missing)
    }

    /// The refusal of a permission on a host, or on Longshore as a whole: which, and who can give it.
    pub fn missing(&self, place: &str, permission: Permission) -> Fault {
        let givers = self.accounts.givers();
        Fault::new(StatusCode::FORBIDDEN, say::permission_missing(givers, place, permission.code()))
    }

    /// The policy asked again for the person as they are now, for what is held open.
    ///
    /// # Errors
    /// The right is gone, or the pass is for what was not found yet.
    pub async fn renew(&self, pass: &Pass) -> Result<Pass, Fault> {
        if matches!(pass.target, Target::SomeObject { .. }) {
            return Err(Fault::internal("a pass for what was not found yet was to hold something open"));
        }
        self.ask_again(pass).await
    }

    async fn ask_again(&self, pass: &Pass) -> Result<Pass, Fault> {
        // By itself: a stream that waits for its client is not asked on, and would keep what it reads the database with from
        // all others.
        let (accounts, who) = (Arc::clone(&self.accounts), pass.principal.clone());
        let asked = tokio::spawn(async move { accounts.renew(&who).await });
        let principal = asked.await.map_err(Fault::internal)??;
        let principal = principal.ok_or_else(|| Fault::new(StatusCode::UNAUTHORIZED, say::signed_out()))?;
        self.ask(&principal, pass.demand, pass.target.clone(), &pass.request_id)
    }

    /// A pass is from the head of a request; its body may have taken half a minute. If anything about rights has changed
    /// since, the policy is asked again before anything happens.
    async fn still(&self, pass: &Pass) -> Result<(), Fault> {
        // A bell that is gone has nobody left to ring it.
        if pass.principal.bell().has_changed().unwrap_or(true) {
            // A job that is begun is asked for by its host; what it finds there is asked for by itself.
            self.ask_again(pass).await?;
        }
        Ok(())
    }

    /// Someone was refused before it was known who they are: a wrong password, a key that is none. `name` is what they
    /// said of themselves, `detail` what else there is to know.
    pub fn turned_away(
        &self,
        context: &Context,
        deed: &'static str,
        name: &str,
        detail: &str,
        status: StatusCode,
    ) {
        let stranger = Draft::of_stranger(name, context.client.to_string(), deed, &context.request_id);
        let stranger = Draft { detail: capped(detail), ..stranger };
        self.ledger.refused(stranger.refused(status.as_u16()));
    }

    /// Someone who is known was refused for what they wanted to do, not for who they are.
    pub fn refused(&self, pass: &Pass, fault: &Fault) {
        let refused = audit::draft(&pass.principal, &pass.target, pass.demand.code(), &pass.request_id);
        let refused = Draft { detail: capped(&fault.sentence().to_string()), ..refused };
        self.ledger.refused(refused.refused(fault.status().as_u16()));
    }

    /// Something is over that someone had begun: a console. It has happened, whatever becomes of the row.
    pub async fn ended(&self, pass: &Pass, name: String, deed: &'static str, detail: &str) {
        let host = pass.target.host().unwrap_or_default().to_owned();
        let target = Target::Object { host, id: None, name };
        let over = audit::draft(&pass.principal, &target, deed, &pass.request_id);
        if let Err(error) = self.ledger.write(&Draft { detail: capped(detail), ..over }).await {
            tracing::error!(request.id = pass.request_id, deed, %error, "an end was not recorded");
        }
    }

    /// Someone called what no one may call on an engine.
    pub fn refused_call(
        &self,
        principal: &Principal,
        host: &str,
        call: &str,
        request_id: &str,
        status: StatusCode,
    ) {
        let target = Target::Host(capped(host));
        let refused = audit::draft(principal, &target, "docker-call", request_id);
        let refused = Draft { detail: capped(call), ..refused };
        self.ledger.refused(refused.refused(status.as_u16()));
    }

    /// What the person may see.
    pub fn sight(&self, pass: &Pass) -> Sight {
        Sight::new(&pass.principal, &self.owners)
    }

    /// The one way to an engine, for what the pass is for: through the door for changes where the table wants an audit row,
    /// past it where nothing changes.
    pub async fn perform<T, F>(&self, pass: &Pass, act: impl FnOnce(Permit) -> F) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, Fault>>,
        T: Outcome,
    {
        match pass.demand {
            Demand::Operation(operation) if operation.audit => self.operate(pass, act).await,
            _ => act(self.read(pass).await?).await,
        }
    }

    /// The way to an operation that changes nothing; refused for one that leaves an audit row.
    async fn read(&self, pass: &Pass) -> Result<Permit, Fault> {
        self.still(pass).await?;
        let permit = permit(pass)?;
        if permit.operation.audit || permit.operation.method == Method::Delete {
            return Err(Fault::internal(format!("{} was called as a read", permit.operation.id)));
        }
        Ok(permit)
    }

    /// The one door for changes on engines. The audit row is written before anything happens, so that a database that
    /// takes no row means no change; its outcome follows.
    async fn operate<T, F>(&self, pass: &Pass, act: impl FnOnce(Permit) -> F) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, Fault>>,
        T: Outcome,
    {
        self.still(pass).await?;
        let permit = permit(pass)?;
        audit::around(&self.ledger, pass, permit.operation.id, || act(permit)).await
    }

    /// The one door for changes to our own tables; `deed` is its name in the audit log.
    pub async fn change<T, F>(
        &self,
        pass: &Pass,
        deed: &'static str,
        act: impl FnOnce(Change) -> F,
    ) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, Fault>>,
        T: Outcome,
    {
        self.still(pass).await?;
        audit::around(&self.ledger, pass, deed, || act(Change(()))).await
    }
}

/// Whether somebody who may know the host looks for one thing of a kind that they see nothing of: `docker inspect` asks for a
/// name kind by kind, and where nothing is found nothing was tried.
fn is_a_look(principal: &Principal, demand: Demand, target: &Target) -> bool {
    let Demand::Operation(operation) = demand else { return false };
    let Some(role) = target.host().and_then(|host| principal.roles().on(host)) else { return false };
    let sees_none = match kind_of(operation) {
        Some(Kind::Image) => !role.allows(Permission::Deploy),
        kind => kind.is_none() && operation.target != ops::Target::None,
    };
    sees_none && operation.method.reads()
}

/// The kind of what an operation is on, of those that are owned.
pub fn kind_of(operation: &Operation) -> Option<Kind> {
    match operation.target {
        ops::Target::Container | ops::Target::ContainerInQuery | ops::Target::Exec => Some(Kind::Container),
        ops::Target::Image | ops::Target::ImagesInQuery => Some(Kind::Image),
        ops::Target::Network => Some(Kind::Network),
        ops::Target::Volume => Some(Kind::Volume),
        _ => None,
    }
}

/// Whether an operation is one whose answer is cut to what its caller may see, or makes what is its caller's then.
fn is_shared_out(operation: &Operation) -> bool {
    use ops::Answer::{AsIs, Created, DiskUsage, Events, Info, List};
    match operation.target {
        ops::Target::None => match operation.answer {
            List => matches!(operation.kind, Kind::Container | Kind::Image | Kind::Network | Kind::Volume),
            Created => matches!(operation.kind, Kind::Container | Kind::Network | Kind::Volume),
            Events | Info | DiskUsage => true,
            AsIs => {
                tells_nothing(operation)
                    || matches!(operation.id, "auth" | "build" | "image-create" | "image-search")
            }
            _ => false,
        },
        // What is asked of a registry.
        ops::Target::Reference => true,
        _ => false,
    }
}

/// Whether an operation is about nothing that somebody may own, and changes nothing: the engine's version, say.
fn tells_nothing(operation: &Operation) -> bool {
    operation.target == ops::Target::None && operation.answer == ops::Answer::AsIs && !operation.audit
}

fn permit(pass: &Pass) -> Result<Permit, Fault> {
    if matches!(pass.target, Target::SomeObject { .. }) {
        return Err(Fault::internal("a pass for what was not found yet was shown to an engine"));
    }
    match pass.demand {
        Demand::Operation(operation) => Ok(Permit { host: pass.host()?.to_owned(), operation }),
        Demand::Own | Demand::Administer | Demand::Appoint | Demand::Lead | Demand::Give => {
            Err(Fault::internal("a pass for no operation was shown for one"))
        }
    }
}

#[cfg(test)]
mod tests;
