//! Questions about shelves, answered from memory: filtered, sorted, cut to a window, with what uses each.

use std::{cmp::Ordering, collections::HashMap};

use longshore_api::{
    ops::Kind,
    web::{
        live::WINDOW_MAX,
        shelf::{Item, Only, Shelf, ShelfColumn, ShelfQuery, ShelfTotals, ShelfWindow, User},
    },
};

use super::{
    super::{
        Inventory,
        disk::Measured,
        find::words,
        normal::Holds,
        rows::{Row, Slot},
        state::{HostMemory, Memory},
        window::count,
    },
    Thing, kind_of,
};
use crate::{
    access::{HostSight, Sight},
    ownership::Key,
};

/// So many users of a thing are named in a list; a page of its own names all.
const USERS: usize = 3;

/// Who uses what on one host: by image id, network name or volume name.
type Users<'a> = HashMap<&'a str, Vec<Slot>>;

/// A thing that a query has found.
struct Found<'a> {
    host: &'a HostMemory,
    thing: &'a Thing,
    users: &'a [Slot],
    /// Bytes, where they are known: an image says so, a volume has to be measured.
    size: Option<u64>,
}

impl<'a> Found<'a> {
    fn new(host: &'a HostMemory, thing: &'a Thing, users: Option<&'a Vec<Slot>>, shelf: Shelf) -> Self {
        let measured = host.measured.as_ref().filter(|_| shelf == Shelf::Volumes);
        let size = thing.item.size.or_else(|| measured?.size_of(&thing.item));
        Self { host, thing, users: users.map(Vec::as_slice).unwrap_or_default(), size }
    }

    fn item(&self, inventory: &Inventory, memory: &Memory, sight: &Sight, shelf: Shelf, most: usize) -> Item {
        let rows = self.users.iter().filter_map(|slot| memory.rows.get(*slot));
        let user = |row: &Row| User {
            id: row.container.id.clone(),
            name: row.container.name.clone(),
            state: self.host.state_of(row),
        };
        Item {
            used: count(self.users.len()),
            users: rows.take(most).map(user).collect(),
            stale: self.host.is_stale(),
            size: self.size,
            whose: owned_by(self.host, &self.thing.item, sight, shelf, |slug, key| match key {
                Ok(id) => inventory.owners.whose(slug, kind_of(shelf), id),
                Err(key) => inventory.owners.whose_key(slug, &key),
            }),
            others: self.thing.item.size.is_some() && !self.is_theirs(sight),
            ..self.thing.item.clone()
        }
    }
}

impl Found<'_> {
    /// Whether every name of an image is theirs. What nobody has named is the managers'.
    fn is_theirs(&self, sight: &Sight) -> bool {
        let (slug, tags) = (&self.host.host.slug, &self.thing.item.tags);
        let is_theirs = |tag: &String| sight.sees_key(slug, &Key::of_repository(tag));
        if tags.is_empty() { sight.of(slug).is_all() } else { tags.iter().all(is_theirs) }
    }
}

/// What `look` finds of whose a thing is: by its full id, or by the first of an image's names that somebody has. Whose a
/// name is, is told to who may see that.
fn owned_by<T>(
    host: &HostMemory,
    item: &Item,
    sight: &Sight,
    shelf: Shelf,
    look: impl Fn(&str, Result<&str, Key>) -> Option<T>,
) -> Option<T> {
    let slug = host.host.slug.as_str();
    if shelf != Shelf::Images {
        return look(slug, Ok(&item.id));
    }
    let keys = item.tags.iter().map(|tag| Key::of_repository(tag));
    keys.filter(|key| sight.sees_key(slug, key)).find_map(|key| look(slug, Err(key)))
}

/// Which of the things that a container holds lie on a shelf.
fn held(holds: &Holds, shelf: Shelf) -> &[Box<str>] {
    match shelf {
        Shelf::Images => std::slice::from_ref(&holds.image),
        Shelf::Networks => &holds.networks,
        Shelf::Volumes => &holds.volumes,
    }
}

/// Who uses what, for each host, of those that may be seen; users by name.
fn users<'a>(memory: &'a Memory, seen: &[HostSight], shelf: Shelf, only: Option<usize>) -> Vec<Users<'a>> {
    let mut users: Vec<Users<'_>> = Vec::new();
    users.resize_with(memory.hosts.len(), HashMap::new);
    for (slot, row) in memory.rows.by_name().filter(|(_, row)| only.is_none_or(|only| only == row.host)) {
        if !seen[row.host].sees(Kind::Container, &row.container.id) {
            continue;
        }
        for thing in held(&row.holds, shelf) {
            users[row.host].entry(thing).or_default().push(slot);
        }
    }
    users
}

/// What containers know a thing by.
fn known_by(shelf: Shelf, item: &Item) -> &str {
    if shelf == Shelf::Networks { &item.name } else { &item.id }
}

fn is_wanted(only: Only, found: &Found<'_>) -> bool {
    let item = &found.thing.item;
    match only {
        Only::All => true,
        Only::Used => !found.users.is_empty(),
        Only::Unused => found.users.is_empty() && !item.built_in,
        Only::Dangling => is_dangling(item),
    }
}

fn is_dangling(item: &Item) -> bool {
    item.size.is_some() && item.tags.is_empty()
}

fn order(column: ShelfColumn, a: &Found<'_>, b: &Found<'_>) -> Ordering {
    let (x, y) = (&a.thing.item, &b.thing.item);
    match column {
        ShelfColumn::Name => Ordering::Equal,
        ShelfColumn::Size => a.size.cmp(&b.size),
        ShelfColumn::Created => x.created.cmp(&y.created),
        ShelfColumn::Users => a.users.len().cmp(&b.users.len()),
        ShelfColumn::Driver => x.driver.cmp(&y.driver),
    }
}

/// Things nobody named stand after the named ones.
fn by_name(a: &Found<'_>, b: &Found<'_>) -> Ordering {
    let unnamed = |found: &Found<'_>| is_dangling(&found.thing.item) || found.thing.item.anonymous;
    unnamed(a)
        .cmp(&unnamed(b))
        .then_with(|| a.thing.folded.cmp(&b.thing.folded))
        .then_with(|| a.host.host.name.cmp(&b.host.host.name))
        .then_with(|| a.thing.item.id.cmp(&b.thing.item.id))
}

impl Inventory {
    /// The part of a shelf that a query asks for, with the revision it shows.
    pub(in crate::inventory) fn shelf(&self, sight: &Sight, query: &ShelfQuery) -> (ShelfWindow, u64) {
        let memory = self.read();
        let words = words(&query.text);
        let only = query.host.as_ref().map(|slug| memory.by_slug.get(slug).copied());
        let seen = memory.seen(sight);
        let users = users(&memory, &seen, query.shelf, only.flatten());
        let named = self.owners.named(&words);
        let mut totals = ShelfTotals::default();
        let mut all = Vec::new();
        for (number, host) in memory.hosts.iter().enumerate() {
            if !seen[number].knows() || only.is_some_and(|only| only != Some(number)) {
                continue;
            }
            let is_seen = |item: &Item| {
                seen[number].sees(kind_of(query.shelf), &item.id) || item.built_in && seen[number].knows()
            };
            let Some(things) = host.shelves.of(query.shelf) else {
                totals.waiting += u32::from(!host.is_stale());
                continue;
            };
            let things = || things.iter().filter(|thing| is_seen(&thing.item));
            totals.all += count(things().count());
            if query.shelf == Shelf::Volumes
                && let Some(at) = host.measured.as_ref().map(Measured::at)
            {
                totals.measured = Some(totals.measured.map_or(at, |other| other.min(at)));
            }
            let is_hit = |thing: &&Thing| {
                let has = |word: &String| thing.text.contains(word.as_str());
                words.iter().all(has)
                    || named.has_any() && {
                        let owned = owned_by(host, &thing.item, sight, query.shelf, |slug, key| match key {
                            Ok(id) => self.owners.of(slug, kind_of(query.shelf), id),
                            Err(key) => self.owners.of_key(slug, &key),
                        });
                        let is_named = |nth| named.has(nth, owned.as_deref());
                        words.iter().enumerate().all(|(nth, word)| has(word) || is_named(nth))
                    }
            };
            let found = things().filter(is_hit);
            all.extend(found.map(|thing| {
                let users = users[number].get(known_by(query.shelf, &thing.item));
                Found::new(host, thing, users, query.shelf)
            }));
        }
        for (only, sum) in [
            (Only::Used, &mut totals.used),
            (Only::Unused, &mut totals.unused),
            (Only::Dangling, &mut totals.dangling),
        ] {
            *sum = count(all.iter().filter(|found| is_wanted(only, found)).count());
        }
        all.retain(|found| is_wanted(query.only, found));
        totals.found = count(all.len());
        totals.size = all.iter().filter_map(|found| found.size).fold(0, u64::saturating_add);
        all.sort_unstable_by(|a, b| {
            let order = order(query.sort, a, b);
            let order = if query.descending { order.reverse() } else { order };
            let name = by_name(a, b);
            order.then(if query.descending && query.sort == ShelfColumn::Name {
                name.reverse()
            } else {
                name
            })
        });
        let offset = query.offset.min(totals.found);
        let limit = query.limit.min(WINDOW_MAX);
        let lines = all.iter().skip(offset as usize).take(limit as usize);
        let items = lines.map(|found| found.item(self, &memory, sight, query.shelf, USERS)).collect();
        (ShelfWindow { totals, offset, items }, memory.revision)
    }

    /// A thing on a host's shelf by its full id, with all that use it.
    pub(in crate::inventory) fn thing(
        &self,
        sight: &Sight,
        slug: &str,
        shelf: Shelf,
        id: &str,
    ) -> Option<Item> {
        let memory = self.read();
        let seen = memory.seen(sight);
        let number = *memory.by_slug.get(slug)?;
        let host = &memory.hosts[number];
        let thing = host.shelves.of(shelf)?.iter().find(|thing| thing.item.id == id)?;
        if !(seen[number].sees(kind_of(shelf), id) || thing.item.built_in && seen[number].knows()) {
            return None;
        }
        let users = users(&memory, &seen, shelf, Some(number));
        let users = users[number].get(known_by(shelf, &thing.item));
        let found = Found::new(host, thing, users, shelf);
        Some(found.item(self, &memory, sight, shelf, usize::MAX))
    }
}

#[cfg(test)]
mod tests {
    use longshore_api::web::{
        container::State,
        disk::{DiskKind, DiskPart, DiskUse},
    };
    use serde_json::json;

    use super::{
        super::{
            super::{
                normal::Described,
                tests::{described, on_quay},
            },
            Images, Networks, Volumes,
        },
        *,
    };

    fn holding(name: &str, image: &str, networks: &[&str], volumes: &[&str]) -> Described {
        let boxed = |names: &[&str]| names.iter().map(|name| Box::from(*name)).collect();
        let holds = Holds { image: image.into(), networks: boxed(networks), volumes: boxed(volumes) };
        Described { holds, ..described(name, State::Running) }
    }

    fn quay() -> Inventory {
        let inventory = on_quay(vec![
            holding("web", "sha256:1", &["shop"], &[]),
            holding("db", "sha256:2", &["shop"], &["data"]),
        ]);
        let images = json!([
            {"Id": "sha256:1", "RepoTags": ["web:1"], "Size": 10}, {"Id": "sha256:2", "RepoTags": ["db:1"], "Size": 30},
            {"Id": "sha256:3", "RepoTags": ["old:1"], "Size": 20}, {"Id": "sha256:4", "Size": 5},
        ]);
        let networks = json!([{"Id": "n1", "Name": "bridge"}, {"Id": "n2", "Name": "shop"}, {"Id": "n3", "Name": "left"}]);
        let volumes = json!({"Volumes": [{"Name": "data"}, {"Name": "left"}]});
        let images: Images = serde_json::from_value(images).expect("images");
        let networks: Networks = serde_json::from_value(networks).expect("networks");
        let volumes: Volumes = serde_json::from_value(volumes).expect("volumes");
        inventory.shelve("quay", Shelf::Images, images.things("quay"));
        inventory.shelve("quay", Shelf::Networks, networks.things("quay"));
        inventory.shelve("quay", Shelf::Volumes, volumes.things("quay"));
        inventory
    }

    fn names(inventory: &Inventory, query: ShelfQuery) -> Vec<String> {
        let window = inventory.shelf(&Sight::of_the_house(), &ShelfQuery { limit: 100, ..query }).0;
        window.items.into_iter().map(|item| item.name).collect()
    }

    #[test]
    fn each_thing_tells_who_uses_it() {
        let inventory = quay();
        let shop = inventory.thing(&Sight::of_the_house(), "quay", Shelf::Networks, "n2").expect("a network");
        assert_eq!(shop.users.iter().map(|user| user.name.as_str()).collect::<Vec<_>>(), ["db", "web"]);
        let unused =
            |shelf| names(&inventory, ShelfQuery { shelf, only: Only::Unused, ..ShelfQuery::default() });
        assert_eq!(unused(Shelf::Networks), ["left"], "the engine's own networks are not in the way");
        assert_eq!(unused(Shelf::Volumes), ["left"]);
        assert_eq!(unused(Shelf::Images), ["old:1", "4"], "what nobody named comes last");
    }

    #[test]
    fn a_shelf_is_sorted_and_counted() {
        let inventory = quay();
        let query = ShelfQuery { sort: ShelfColumn::Size, descending: true, ..ShelfQuery::default() };
        assert_eq!(names(&inventory, query), ["db:1", "old:1", "web:1", "4"]);
        let query = ShelfQuery { only: Only::Used, limit: 1, offset: 1, ..ShelfQuery::default() };
        let (window, _) = inventory.shelf(&Sight::of_the_house(), &query);
        let totals = ShelfTotals {
            all: 4,
            found: 2,
            size: 40,
            used: 2,
            unused: 2,
            dangling: 1,
            ..ShelfTotals::default()
        };
        assert_eq!((window.totals, window.offset, window.items.len()), (totals, 1, 1));
        assert_eq!(window.items[0].name, "web:1");
        let query = ShelfQuery { text: "DB".to_owned(), ..ShelfQuery::default() };
        assert_eq!(names(&inventory, query), ["db:1"]);
    }

    #[test]
    fn a_volume_has_a_size_once_it_is_measured() {
        let inventory = quay();
        let query = ShelfQuery { shelf: Shelf::Volumes, limit: 100, ..ShelfQuery::default() };
        let sizes = || {
            let window = inventory.shelf(&Sight::of_the_house(), &query).0;
            let sizes: Vec<_> = window.items.into_iter().map(|item| (item.name, item.size)).collect();
            (window.totals.size, window.totals.measured, sizes)
        };
        let (data, left) = ("data".to_owned(), "left".to_owned());
        assert_eq!(sizes(), (0, None, vec![(data.clone(), None), (left.clone(), None)]));
        let part = |id: &str, kind, size| DiskPart { kind, id: id.into(), name: id.into(), size, used: true };
        let parts = vec![part("data", DiskKind::Volume, 40), part("left", DiskKind::Container, 9)];
        inventory.measured("quay", DiskUse { at: 7, parts });
        assert_eq!(sizes(), (40, Some(7), vec![(data, Some(40)), (left, None)]));
        let made_since: Volumes = serde_json::from_value(
            json!({"Volumes": [{"Name": "data", "CreatedAt": "2026-11-29T12:00:00Z"}]}),
        )
        .expect("volumes");
        inventory.shelve("quay", Shelf::Volumes, made_since.things("quay"));
        assert_eq!(sizes().0, 0);
    }

    #[test]
    fn a_list_that_has_not_come_is_waited_for() {
        let inventory = on_quay(vec![]);
        assert_eq!(inventory.shelf(&Sight::of_the_house(), &ShelfQuery::default()).0.totals.waiting, 1);
        assert!(inventory.thing(&Sight::of_the_house(), "quay", Shelf::Images, "sha256:1").is_none());
    }
}
