//! The inventory as one person may see it: the only way in which pages read it.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use longshore_agent::ports::Listening;
use longshore_api::ops::Kind;
use longshore_api::web::{
    RowKey,
    container::{Container, ContainerQuery},
    create::{CheckContainer, CheckedContainer, PortHeld, WantedPort},
    detail::Followed,
    disk::DiskUse,
    event::{EventQuery, EventWindow},
    home::{Home, HomeQuery},
    host::Host,
    shelf::{Item, Shelf, ShelfQuery, ShelfWindow},
};

use super::{
    Inventory, Parts,
    window::{Seen, Windowed},
};
use crate::{access::Sight, disk::others};

/// What somebody may see of the inventory: hosts on which they have a role, and what is on those that they manage.
pub struct View<'a> {
    inventory: &'a Inventory,
    sight: Sight,
}

impl Inventory {
    /// The inventory through these eyes.
    pub fn seen_with(&self, sight: Sight) -> View<'_> {
        View { inventory: self, sight }
    }
}

impl View<'_> {
    fn sees_all(&self, host: &str) -> bool {
        self.sight.of(host).is_all()
    }

    /// The full id and the name of a container that may be seen, by either.
    pub fn find_container(&self, host: &str, reference: &str) -> Option<(String, String)> {
        self.inventory
            .find_container(host, reference)
            .filter(|(id, _)| self.sight.sees(host, Kind::Container, id))
    }

    /// The name of a container that may be seen, by its full id.
    pub fn container_name(&self, host: &str, id: &str) -> Option<String> {
        self.inventory.container_name(host, id).filter(|_| self.sight.sees(host, Kind::Container, id))
    }

    /// A window of the containers that a query finds; see [`Inventory::window`].
    pub fn window(&self, query: &ContainerQuery, seen: &Seen, used: Option<u64>) -> Windowed {
        self.inventory.window(&self.sight, query, seen, used)
    }

    /// The newest figures of rows; see [`Inventory::figures`].
    pub fn figures(&self, rows: &[RowKey], since: u64) -> (Vec<(RowKey, f32, u64)>, u64) {
        self.inventory.figures(&self.sight, rows, since)
    }

    /// Home, with the revision it shows; see [`Inventory::home`].
    pub fn home(&self, query: &HomeQuery) -> (Home, u64) {
        self.inventory.home(&self.sight, query)
    }

    /// The newest events that a query finds; see [`Inventory::events`].
    pub fn events(&self, query: &EventQuery, after: RowKey) -> (EventWindow, u64) {
        self.inventory.events(&self.sight, query, after)
    }

    /// The part of a shelf that a query asks for; see [`Inventory::shelf`].
    pub fn shelf(&self, query: &ShelfQuery) -> (ShelfWindow, u64) {
        self.inventory.shelf(&self.sight, query)
    }

    /// A thing on a host's shelf by its full id, with all of its users that may be seen.
    pub fn thing(&self, host: &str, shelf: Shelf, id: &str) -> Option<Item> {
        self.inventory.thing(&self.sight, host, shelf, id)
    }

    /// What of a stack on a host may be seen; see [`Inventory::seen_of_stack`].
    pub fn of_stack(&self, host: &str, stack: &str) -> (Vec<Container>, Vec<(Shelf, Item)>) {
        self.inventory.seen_of_stack(&self.sight, host, stack)
    }

    /// One container, with the revision that this shows; see [`Inventory::follow`].
    pub fn follow(&self, host: &str, id: &str) -> (Followed, u64) {
        if self.sight.sees(host, Kind::Container, id) {
            self.inventory.follow(host, id)
        } else {
            Default::default()
        }
    }

    /// The stacks of a host of which something may be seen; see [`Inventory::stacks`].
    pub fn stacks(&self, host: &str, only: Option<&str>) -> BTreeMap<String, Parts> {
        self.inventory.stacks(&self.sight, host, only)
    }

    /// The ids of the networks that a stack's containers are on; see [`Inventory::networks_of`].
    pub fn networks_of(&self, host: &str, parts: &Parts) -> BTreeMap<String, String> {
        self.inventory.networks_of(&self.sight, host, parts)
    }

    /// Which images a stack's containers were made of; see [`Inventory::images_of`].
    pub fn images_of(&self, host: &str, parts: &Parts) -> BTreeMap<String, (String, Vec<String>)> {
        self.inventory.images_of(host, parts)
    }

    /// What stands in the way of a new container; see [`Inventory::check`].
    pub fn check(&self, host: &str, wanted: &CheckContainer, beside: &[Listening]) -> CheckedContainer {
        self.inventory.check(&self.sight, host, wanted, beside)
    }

    /// The ports of a host that any container has, by protocol.
    pub fn ports_held(&self, host: &str) -> HashSet<(u16, String)> {
        self.inventory.ports_held(&self.sight, host)
    }

    /// Of these ports of a host those that a container of no part of a stack has.
    pub fn ports_of_others(&self, host: &str, stack: &str, wanted: &[WantedPort]) -> Vec<PortHeld> {
        self.inventory.ports_of_others(&self.sight, host, stack, wanted)
    }

    /// What took the room on a host when it was last measured. Whoever may not see what it is sees how much it is.
    pub fn disk(&self, host: &str) -> Option<Arc<DiskUse>> {
        let all = self.inventory.disk(host).filter(|_| self.sight.of(host).knows())?;
        if self.sees_all(host) {
            return Some(all);
        }
        Some(Arc::new(DiskUse { at: all.at, parts: others(&all.parts).into_iter().collect() }))
    }

    /// The hosts that may be known, by name.
    pub fn hosts(&self) -> Vec<Host> {
        self.inventory.hosts(&self.sight)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{described, id, on_quay},
        *,
    };
    use longshore_api::web::{
        container::State,
        disk::{DiskKind, DiskPart},
    };
    use longshore_api::{ops::Role, web::account::Roles};

    #[test]
    fn who_may_see_nothing_sees_nothing() {
        let inventory = on_quay(vec![described("web", State::Running)]);
        let query = ContainerQuery { limit: 100, ..ContainerQuery::default() };
        let (all, none) = (Sight::of_the_house(), Sight::with(Roles::default()));
        assert_eq!(inventory.seen_with(all.clone()).window(&query, &Seen::new(), None).window.totals.all, 1);
        let blind = inventory.seen_with(none);
        assert_eq!(blind.window(&query, &Seen::new(), None).window, Default::default());
        assert_eq!(blind.home(&HomeQuery::default()).0, Home::default());
        assert_eq!(
            blind.events(&EventQuery { limit: 9, ..EventQuery::default() }, RowKey(0)).0,
            Default::default()
        );
        assert_eq!(blind.shelf(&ShelfQuery::default()).0, Default::default());
        assert_eq!(blind.check("quay", &CheckContainer::default(), &[]), CheckedContainer::default());
        assert_eq!(blind.hosts(), []);
        let volume =
            DiskPart { kind: DiskKind::Volume, id: "s3".into(), name: "s3".into(), size: 5, used: true };
        inventory.measured("quay", DiskUse { at: 7, parts: vec![volume] });
        assert_eq!(inventory.seen_with(all.clone()).disk("quay").expect("measured").parts[0].name, "s3");
        assert_eq!(blind.disk("quay"), None);
        let id = id("web").to_string();
        assert!(inventory.seen_with(all.clone()).follow("quay", &id).0.row.is_some());
        assert_eq!(blind.follow("quay", &id).0, Default::default());
    }

    #[test]
    fn what_is_on_a_host_is_seen_by_those_who_manage_it() {
        let inventory = on_quay(vec![described("web", State::Running)]);
        let sight = |role| {
            let mut roles = Roles::default();
            roles.add(Some("quay".to_owned()), role);
            roles.add(Some("elsewhere".to_owned()), Role::Administrator);
            Sight::with(roles)
        };
        let query = ContainerQuery { limit: 100, ..ContainerQuery::default() };
        for (role, seen) in [(Role::Viewer, 0), (Role::Developer, 0), (Role::Manager, 1)] {
            let view = inventory.seen_with(sight(role));
            let totals = view.window(&query, &Seen::new(), None).window.totals;
            assert_eq!((totals.all, totals.found), (seen, seen), "{role}");
            assert_eq!(view.hosts().len(), 1, "{role} knows the host");
            let home = view.home(&HomeQuery::default()).0;
            assert_eq!((home.berths.len(), home.states.len()), (1, seen as usize), "{role}");
            assert_eq!(home.berths[0].piles.len(), seen as usize, "{role}");
        }
    }
}
