//! The policy: who may do what to what, and in which words they are told that they may not. What a body or a parameter may
//! say is decided in [`super::said`].

use std::sync::Arc;

use http::StatusCode;
use longshore_api::{
    ops::{self, Kind, Operation, Permission, body::Strength},
    words::say,
};

use super::{Access, Demand, Sight, Target};
use crate::{
    accounts::Principal,
    fault::Fault,
    ownership::{self, Key, Owned},
};

impl Access {
    /// On which side of the line somebody stands on a host: managers are above it, on our own machine administrators only.
    pub(super) fn strength(&self, principal: &Principal, host: Option<&str>) -> Strength {
        let is_above = host.is_some_and(|host| principal.roles().allow(host, self.above_the_line(host)));
        if is_above { Strength::Manager } else { Strength::Developer }
    }

    /// What somebody needs to stand above the line of a host: on our own machine they could read our keys.
    pub(super) fn above_the_line(&self, host: &str) -> Permission {
        if self.own.is_machine(host) { Permission::Administer } else { Permission::Manage }
    }

    /// Whether what is asked for is to be done to what is our own, and is more than a look.
    fn touches_us(&self, demand: Demand, target: &Target) -> bool {
        let (Demand::Operation(operation), Target::Object { host, id: Some(id), .. }) = (demand, target)
        else {
            return false;
        };
        !operation.only_looks() && kind_of(operation).is_some_and(|kind| self.own.is(host, kind, id))
    }

    /// What even an administrator does not do to what is our own.
    ///
    /// # Errors
    /// It is such.
    pub(super) fn spares_us(&self, demand: Demand, target: &Target) -> Result<(), Fault> {
        match demand {
            Demand::Operation(operation) if would_end_us(operation) && self.touches_us(demand, target) => {
                Err(own(target.called()))
            }
            _ => Ok(()),
        }
    }

    /// The one policy function: whether someone has every right to it, and whether it is theirs to see.
    pub(super) fn judge(&self, principal: &Principal, demand: Demand, target: &Target) -> (bool, bool) {
        let roles = principal.roles();
        let administers = roles.is_administrator();
        let gives = |host: &str, owned: Option<Arc<Owned>>| {
            let is_theirs = |owned: Arc<Owned>| owned.account.as_deref() == Some(principal.account_id());
            roles.allow(host, Permission::Manage)
                || (roles.allow(host, Permission::Deploy) && owned.is_some_and(is_theirs))
        };
        let allowed = match (demand, target) {
            (Demand::Give, Target::Object { host, id: Some(id), .. }) => {
                let ours = self.own.is(host, Kind::Container, id);
                gives(host, self.owners.of(host, Kind::Container, id))
                    && (!ours || roles.allow(host, Permission::Administer))
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
            (Demand::Operation(operation), target) => target.host().is_some_and(|host| {
                operation.permissions().all(|permission| roles.allow(host, permission))
                    && (roles.allow(host, Permission::Administer) || !self.touches_us(demand, target))
            }),
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
    pub(super) fn refusal(
        &self,
        principal: &Principal,
        demand: Demand,
        target: &Target,
        seen: bool,
    ) -> Fault {
        let roles = principal.roles();
        let givers = self.accounts.givers();
        let (place, missing) = match (target.host(), demand) {
            (Some(host), _) if roles.on(host).is_none() => return Fault::not_found(say::host_unknown(host)),
            // The words for one that is not there.
            (Some(host), Demand::Operation(operation))
                if !seen && matches!(target, Target::Object { id: Some(_), .. }) =>
            {
                let called = target.called();
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
                let is_ours = matches!(target, Target::Object { id: Some(id), .. } if self.own.is(host, Kind::Container, id));
                let needed = if is_theirs { Permission::Deploy } else { Permission::Manage };
                (host, if is_ours { Permission::Administer } else { needed })
            }
            (Some(host), _) => (host, Permission::Administer),
            (None, Demand::Lead) => return Fault::new(StatusCode::FORBIDDEN, say::leader_needed(givers)),
            (None, _) => ("Longshore", Permission::Administer),
        };
        if principal.lacks_by_key(place, missing) {
            return Fault::new(StatusCode::FORBIDDEN, say::key_limited(place, missing.code()));
        }
        self.missing(place, missing)
    }

    /// The refusal of a permission on a host, or on Longshore as a whole: which, and who can give it.
    pub fn missing(&self, place: &str, permission: Permission) -> Fault {
        let givers = self.accounts.givers();
        Fault::new(StatusCode::FORBIDDEN, say::permission_missing(givers, place, permission.code()))
    }
}

/// What would end us in the middle of it, or leave nothing of us to go on: nobody does it through us.
const ENDS_US: [&str; 4] = ["container-pause", "container-remove", "container-rename", "volume-remove"];

/// Whether an operation is one that nobody does to what is our own.
pub fn would_end_us(operation: &Operation) -> bool {
    ENDS_US.contains(&operation.id)
}

/// Whether somebody who may know the host looks for one thing of a kind that they see nothing of: `docker inspect` asks for a
/// name kind by kind, and where nothing is found nothing was tried.
pub(super) fn is_a_look(principal: &Principal, demand: Demand, target: &Target) -> bool {
    let Demand::Operation(operation) = demand else { return false };
    let Some(role) = target.host().and_then(|host| principal.roles().on(host)) else { return false };
    let sees_none = match kind_of(operation) {
        Some(Kind::Image) => !role.allows(Permission::Deploy),
        kind => kind.is_none() && operation.target != ops::Target::None,
    };
    sees_none && operation.method.reads()
}

/// The words for what would end Longshore half way, and where it is done instead.
pub fn own(name: &str) -> Fault {
    Fault::new(StatusCode::CONFLICT, say::own_container(name))
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
