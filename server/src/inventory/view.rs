//! The inventory as one person may see it: the only way in which pages read it.

use std::sync::Arc;

use longshore_api::web::{
    RowKey,
    container::ContainerQuery,
    create::{CheckContainer, CheckedContainer},
    detail::Followed,
    disk::DiskUse,
    event::{EventQuery, EventWindow},
    home::{Home, HomeQuery},
    host::Host,
    shelf::{ShelfQuery, ShelfWindow},
};

use super::{
    Inventory,
    window::{Seen, Windowed},
};
use crate::{access::Sight, disk::others};

/// What somebody may see of the inventory. Until there are grants, that is everything or nothing: who may not see all
/// gets empty answers.
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
    /// A window of the containers that a query finds; see [`Inventory::window`].
    pub fn window(&self, query: &ContainerQuery, seen: &Seen, used: Option<u64>) -> Windowed {
        if self.sight.is_all() { self.inventory.window(query, seen, used) } else { Windowed::default() }
    }

    /// The newest figures of rows; see [`Inventory::figures`].
    pub fn figures(&self, rows: &[RowKey], since: u64) -> (Vec<(RowKey, f32, u64)>, u64) {
        if self.sight.is_all() { self.inventory.figures(rows, since) } else { (Vec::new(), since) }
    }

    /// Home, with the revision it shows; see [`Inventory::home`].
    pub fn home(&self, query: &HomeQuery) -> (Home, u64) {
        if self.sight.is_all() { self.inventory.home(query) } else { Default::default() }
    }

    /// The newest events that a query finds; see [`Inventory::events`].
    pub fn events(&self, query: &EventQuery, after: RowKey) -> (EventWindow, u64) {
        if self.sight.is_all() { self.inventory.events(query, after) } else { Default::default() }
    }

    /// The part of a shelf that a query asks for; see [`Inventory::shelf`].
    pub fn shelf(&self, query: &ShelfQuery) -> (ShelfWindow, u64) {
        if self.sight.is_all() { self.inventory.shelf(query) } else { Default::default() }
    }

    /// One container, with the revision that this shows; see [`Inventory::follow`].
    pub fn follow(&self, host: &str, id: &str) -> (Followed, u64) {
        if self.sight.is_all() { self.inventory.follow(host, id) } else { Default::default() }
    }

    /// What stands in the way of a new container; see [`Inventory::check`].
    pub fn check(&self, host: &str, wanted: &CheckContainer) -> CheckedContainer {
        if self.sight.is_all() { self.inventory.check(host, wanted) } else { CheckedContainer::default() }
    }

    /// What took the room on a host when it was last measured. Whoever may not see what it is sees how much it is.
    pub fn disk(&self, host: &str) -> Option<Arc<DiskUse>> {
        let all = self.inventory.disk(host)?;
        if self.sight.is_all() {
            return Some(all);
        }
        Some(Arc::new(DiskUse { at: all.at, parts: others(&all.parts).into_iter().collect() }))
    }

    /// All hosts, by name.
    pub fn hosts(&self) -> Vec<Host> {
        if self.sight.is_all() { self.inventory.hosts() } else { Vec::new() }
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

    #[test]
    fn who_may_see_nothing_sees_nothing() {
        let inventory = on_quay(vec![described("web", State::Running)]);
        let query = ContainerQuery { limit: 100, ..ContainerQuery::default() };
        let (all, none) = (Sight::of_the_house(), Sight::nothing());
        assert_eq!(inventory.seen_with(all).window(&query, &Seen::new(), None).window.totals.all, 1);
        let blind = inventory.seen_with(none);
        assert_eq!(blind.window(&query, &Seen::new(), None).window, Default::default());
        assert_eq!(blind.home(&HomeQuery::default()).0, Home::default());
        assert_eq!(
            blind.events(&EventQuery { limit: 9, ..EventQuery::default() }, RowKey(0)).0,
            Default::default()
        );
        assert_eq!(blind.shelf(&ShelfQuery::default()).0, Default::default());
        assert_eq!(blind.check("quay", &CheckContainer::default()), CheckedContainer::default());
        assert_eq!(blind.hosts(), []);
        let volume =
            DiskPart { kind: DiskKind::Volume, id: "s3".into(), name: "s3".into(), size: 5, used: true };
        inventory.measured("quay", DiskUse { at: 7, parts: vec![volume] });
        assert_eq!(inventory.seen_with(all).disk("quay").expect("measured").parts[0].name, "s3");
        let hidden = blind.disk("quay").expect("measured");
        assert_eq!((hidden.parts[0].kind, hidden.parts[0].name.as_str()), (DiskKind::Others, ""));
        let id = id("web").to_string();
        assert!(inventory.seen_with(all).follow("quay", &id).0.row.is_some());
        assert_eq!(blind.follow("quay", &id).0, Default::default());
    }
}
