//! What a page shares at once: a thing on a shelf under all of its names, or a whole stack.

use std::sync::Arc;

use longshore_api::{
    ops::Kind,
    web::{access::Whole, shelf::Shelf},
    words::say,
};

use super::{Key, Owned, unknown};
use crate::{
    access::{Pass, Target},
    fault::Fault,
    house::House,
    stacks,
};

/// A key of it.
pub(super) struct Part {
    pub(super) key: Key,
    /// Whose it is, where it is somebody's.
    pub(super) owned: Option<Arc<Owned>>,
    /// The thing that is there by it: the engine's full id; empty where nothing is.
    pub(super) object: String,
}

impl Part {
    /// What the policy is asked for; `name` is what the audit log calls the whole.
    pub(super) fn target(&self, host: &str, name: &str) -> Target {
        // What is nobody's is given by the managers alone.
        let id = self.owned.as_ref().map(|owned| owned.id.clone()).unwrap_or_default();
        Target::Name { host: host.to_owned(), id, name: name.to_owned() }
    }
}

/// What the audit log calls it.
pub(super) fn named(whole: Whole, id: &str, parts: &[Part]) -> String {
    match (whole, parts) {
        (Whole::Stack, _) | (_, []) => format!("{} {id}", whole.code()),
        (_, [part, ..]) => format!("{} {}", whole.code(), part.key.name),
    }
}

/// Its parts, as far as whoever asks sees them.
///
/// # Errors
/// They see nothing of it.
pub(super) fn of(
    house: &House,
    pass: &Pass,
    host: &str,
    (whole, id): (Whole, &str),
) -> Result<Vec<Part>, Fault> {
    match whole {
        Whole::Stack => of_stack(house, pass, host, id),
        Whole::Image => of_thing(house, pass, host, (Shelf::Images, Kind::Image, id)),
        Whole::Network => of_thing(house, pass, host, (Shelf::Networks, Kind::Network, id)),
        Whole::Volume => of_thing(house, pass, host, (Shelf::Volumes, Kind::Volume, id)),
    }
}

fn of_thing(
    house: &House,
    pass: &Pass,
    host: &str,
    (shelf, kind, id): (Shelf, Kind, &str),
) -> Result<Vec<Part>, Fault> {
    let sight = house.access.sight(pass);
    let seen = house.inventory.seen_with(sight.clone()).thing(host, shelf, id);
    let item = seen.ok_or_else(|| unknown(host, kind, id))?;
    let keys: Vec<Key> = match kind {
        // An image is seen by all who make containers of it, and not whose its names are.
        Kind::Image => {
            let keys = item.tags.iter().map(|tag| Key::of_repository(tag));
            keys.filter(|key| sight.sees_key(host, key)).collect()
        }
        // Every engine has it, so it is nobody's to give.
        _ if item.built_in => Vec::new(),
        _ => vec![Key::named(kind, &item.name)],
    };
    let mut parts = Vec::new();
    keys.into_iter().for_each(|key| add(&mut parts, house, (host, key, &item.id)));
    Ok(parts)
}

fn of_stack(house: &House, pass: &Pass, host: &str, stack: &str) -> Result<Vec<Part>, Fault> {
    let sight = house.access.sight(pass);
    let (containers, things) = house.inventory.seen_with(sight.clone()).of_stack(host, stack);
    let mut parts: Vec<Part> = Vec::new();
    let key = Key::of_stack(stack);
    if stacks::is_kept(house, host, stack) && sight.sees_key(host, &key) {
        add(&mut parts, house, (host, key, ""));
    }
    for container in &containers {
        add(&mut parts, house, (host, Key::of(container), &container.id));
    }
    for (shelf, item) in things {
        let kind = if shelf == Shelf::Networks { Kind::Network } else { Kind::Volume };
        add(&mut parts, house, (host, Key::named(kind, &item.name), &item.id));
    }
    // Services of which there is nothing at the moment are of it too.
    for owned in house.owners.of_stack(host, stack) {
        if sight.sees_key(host, &owned.key) {
            add(&mut parts, house, (host, owned.key.clone(), ""));
        }
    }
    if parts.is_empty() { Err(Fault::not_found(say::stack_not_seen(host, stack))) } else { Ok(parts) }
}

/// Once for each key. What is known by an id is whose that says; a volume and the names of an image are known by name.
fn add(parts: &mut Vec<Part>, house: &House, (host, key, object): (&str, Key, &str)) {
    if parts.iter().any(|part| part.key == key) {
        return;
    }
    let owned = match key.kind {
        Kind::Container | Kind::Network if !object.is_empty() => house.owners.of(host, key.kind, object),
        _ => house.owners.of_key(host, &key),
    };
    parts.push(Part { key, owned, object: object.to_owned() });
}
