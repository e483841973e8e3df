//! Stacks, as containers say that they belong to one.

use std::collections::{BTreeMap, BTreeSet};

use longshore_api::{
    ops::Kind,
    web::{
        shelf::Shelf,
        stack::{StackContainer, StackRow, StackService},
    },
};

use super::{Inventory, state::HostMemory, window::count};
use crate::{access::Sight, inventory::rows::Row};

/// What of a stack may be seen, by the names of its services.
pub type Parts = BTreeMap<String, Vec<StackContainer>>;

impl Inventory {
    /// The stacks of a host of which something may be seen, by name; the one that is named, if one is.
    pub(super) fn stacks(&self, sight: &Sight, slug: &str, only: Option<&str>) -> BTreeMap<String, Parts> {
        let memory = self.read();
        let mut stacks: BTreeMap<String, Parts> = BTreeMap::new();
        let Some(host) = memory.host(slug) else { return stacks };
        let seen = sight.of(slug);
        for row in host.containers.values().filter_map(|slot| memory.rows.get(*slot)) {
            let container = &row.container;
            let (Some(stack), Some(service)) = (&container.stack, &container.service) else { continue };
            if only.is_some_and(|only| only != stack) || !seen.sees(Kind::Container, &container.id) {
                continue;
            }
            let parts = stacks.entry(stack.clone()).or_default();
            parts.entry(service.clone()).or_default().push(shown(host, row));
        }
        for containers in stacks.values_mut().flat_map(BTreeMap::values_mut) {
            // `web-10` comes after `web-9`.
            containers.sort_by(|a, b| (a.name.len(), &a.name).cmp(&(b.name.len(), &b.name)));
        }
        stacks
    }

    /// By name, the ids of the networks that a stack's containers are on, as far as they may be seen.
    pub(super) fn networks_of(&self, sight: &Sight, slug: &str, parts: &Parts) -> BTreeMap<String, String> {
        let memory = self.read();
        let networks = memory.host(slug).and_then(|host| host.shelves.items(Shelf::Networks));
        let wanted: BTreeSet<&str> =
            parts.values().flatten().flat_map(|container| &container.networks).map(String::as_str).collect();
        let seen = networks
            .into_iter()
            .flatten()
            .filter(|item| wanted.contains(item.name.as_str()) && sight.sees(slug, Kind::Network, &item.id));
        seen.map(|item| (item.name.clone(), item.id.clone())).collect()
    }

    /// Which images a stack's containers were made of, by service: the reference, and by which digests each is known, its id
    /// the last of them.
    pub(super) fn images_of(&self, slug: &str, parts: &Parts) -> BTreeMap<String, (String, Vec<String>)> {
        let memory = self.read();
        let Some(host) = memory.host(slug) else { return BTreeMap::new() };
        let of = |container: &StackContainer| {
            let row = memory.rows.get(*host.containers.get(&container.id.parse().ok()?)?)?;
            let id = row.holds.image.to_string();
            let known = host.shelves.digests(&id).iter().cloned().chain([id.clone()]);
            Some((container.image.clone(), known.collect()))
        };
        let first = |(service, containers): (&String, &Vec<StackContainer>)| {
            Some((service.clone(), of(containers.first()?)?))
        };
        parts.iter().filter_map(first).collect()
    }
}

fn shown(host: &HostMemory, row: &Row) -> StackContainer {
    let container = &row.container;
    let mut ports: Vec<u16> = container.ports.iter().filter_map(|port| port.host).collect();
    ports.sort_unstable();
    ports.dedup();
    let names = |all: &[Box<str>]| all.iter().map(ToString::to_string).collect();
    StackContainer {
        id: container.id.clone(),
        name: container.name.clone(),
        image: container.image.clone(),
        state: host.state_of(row),
        exit_code: container.exit_code,
        since: container.since,
        ports,
        needs: names(&row.needs),
        networks: names(&row.holds.networks),
        volumes: names(&row.holds.volumes),
        once: row.once,
    }
}

/// How a stack is, in numbers.
pub fn row(name: &str, parts: &Parts) -> StackRow {
    // What was for one command says nothing of how the stack is.
    let lasting = || parts.values().flatten().filter(|container| !container.once);
    let states = || lasting().map(|container| container.state);
    StackRow {
        name: name.to_owned(),
        services: count(parts.len()),
        containers: count(states().count()),
        running: count(states().filter(|state| state.is_up()).count()),
        failing: count(states().filter(|state| state.is_trouble()).count()),
        ..StackRow::default()
    }
}

/// The services of a stack.
pub fn services(parts: Parts) -> Vec<StackService> {
    parts.into_iter().map(|(name, containers)| StackService { name, containers }).collect()
}
