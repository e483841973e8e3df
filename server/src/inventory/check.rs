//! What stands in the way of a container that somebody is about to make.

use std::collections::HashSet;

use longshore_agent::ports::Listening;
use longshore_api::{
    ops::Kind,
    web::{
        container::{Container, State},
        create::{
            CheckContainer, CheckedContainer, NameHeld, PORTS_MAX, PortHeld, WantedPort, familiar,
            name_of_image,
        },
        shelf::Shelf,
    },
};

use super::{Inventory, shelves::kind_of, state::HostMemory};
use crate::{
    access::{HostSight, Sight},
    ownership::Key,
};

/// So many images are offered, and so many networks and volumes.
const OFFERED: usize = 50;
const OFFERED_MORE: usize = 500;

impl Inventory {
    /// Looks a wish over. A host that is not there holds nothing. That others have a name or a port is told, and no more of
    /// them; `beside` is what else listens on the machine.
    pub(super) fn check(
        &self,
        sight: &Sight,
        slug: &str,
        wanted: &CheckContainer,
        beside: &[Listening],
    ) -> CheckedContainer {
        let memory = self.read();
        let seen = sight.of(slug);
        let Some(host) = memory.host(slug).filter(|_| seen.knows()) else {
            return CheckedContainer::default();
        };
        let containers: Vec<&Container> = host
            .containers
            .values()
            .filter_map(|slot| memory.rows.get(*slot))
            .map(|row| &row.container)
            .collect();
        let named = containers.iter().find(|container| container.name == wanted.name);
        let is_seen = |container: &Container| seen.sees(Kind::Container, &container.id);
        let is_kept = |name: &str| {
            let key = Key::named(Kind::Container, name);
            self.owners.of_key(slug, &key).is_some() && !sight.sees_key(slug, &key)
        };
        let names = containers.iter().map(|container| container.name.as_str()).collect::<HashSet<_>>();
        let base = match wanted.name.as_str() {
            "" => name_of_image(&wanted.image),
            name => name.to_owned(),
        };
        CheckedContainer {
            name: match named {
                Some(c) if is_seen(c) => Some(NameHeld { state: c.state, stack: c.stack.clone() }),
                None if !is_kept(&wanted.name) => None,
                _ => Some(NameHeld { state: State::Unknown, stack: None }),
            },
            free_name: free_name(&base, |name| names.contains(name) || is_kept(name)),
            image_here: image_here(host, &wanted.image),
            ports: held(&containers, is_seen, &wanted.ports, beside),
            images: images(host, &seen, &wanted.image),
            networks: names_on(host, &seen, Shelf::Networks),
            volumes: names_on(host, &seen, Shelf::Volumes),
        }
    }

    /// The ports of a host that any container has, whoever sees it, by protocol.
    pub(super) fn ports_held(&self, sight: &Sight, slug: &str) -> HashSet<(u16, String)> {
        let memory = self.read();
        let Some(host) = memory.host(slug).filter(|_| sight.of(slug).knows()) else {
            return HashSet::new();
        };
        let rows = host.containers.values().filter_map(|slot| memory.rows.get(*slot));
        let ports = rows.flat_map(|row| &row.container.ports);
        ports.filter_map(|port| Some((port.host?, port.protocol.clone()))).collect()
    }

    /// Of these ports of a host those that a container of no part of a stack has.
    pub(super) fn ports_of_others(
        &self,
        sight: &Sight,
        slug: &str,
        stack: &str,
        wanted: &[WantedPort],
    ) -> Vec<PortHeld> {
        let memory = self.read();
        let seen = sight.of(slug);
        let Some(host) = memory.host(slug).filter(|_| seen.knows()) else { return Vec::new() };
        let rows = host.containers.values().filter_map(|slot| memory.rows.get(*slot));
        let others = rows.map(|row| &row.container).filter(|it| it.stack.as_deref() != Some(stack));
        held(&others.collect::<Vec<_>>(), |it| seen.sees(Kind::Container, &it.id), wanted, &[])
    }
}

/// The name itself, or with the next number that is free.
fn free_name(base: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(base) {
        return base.to_owned();
    }
    let (stem, from) = match base.rsplit_once('-') {
        Some((stem, number)) => number.parse().map_or((base, 2), |n: u32| (stem, n.saturating_add(1))),
        None => (base, 2),
    };
    (from..).map(|n| format!("{stem}-{n}")).find(|name| !is_taken(name)).unwrap_or_default()
}

fn image_here(host: &HostMemory, image: &str) -> Option<bool> {
    if image.is_empty() {
        return None;
    }
    let tag = familiar(image);
    let mut images = host.shelves.items(Shelf::Images)?;
    Some(images.any(|item| item.tags.contains(&tag) || item.id == image))
}

fn images(host: &HostMemory, seen: &HostSight, text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let items = host.shelves.items(Shelf::Images).into_iter().flatten();
    let items = items.filter(|item| seen.sees(Kind::Image, &item.id));
    let tags = items.flat_map(|item| &item.tags).filter(|tag| tag.to_lowercase().contains(&text));
    let mut tags: Vec<String> = tags.cloned().collect();
    tags.sort_unstable();
    tags.truncate(OFFERED);
    tags
}

fn names_on(host: &HostMemory, seen: &HostSight, shelf: Shelf) -> Vec<String> {
    let items = host.shelves.items(shelf).into_iter().flatten().filter(|item| !item.anonymous);
    let items = items.filter(|item| item.built_in || seen.sees(kind_of(shelf), &item.id));
    let mut names: Vec<String> = items.map(|item| item.name.clone()).collect();
    names.sort_unstable();
    names.truncate(OFFERED_MORE);
    names
}

fn held(
    containers: &[&Container],
    is_seen: impl Fn(&Container) -> bool,
    wanted: &[WantedPort],
    beside: &[Listening],
) -> Vec<PortHeld> {
    let holder = |wanted: &WantedPort| {
        containers.iter().find(|container| {
            container.ports.iter().any(|port| {
                port.host == Some(wanted.port)
                    && port.protocol == wanted.protocol
                    && meet(port.ip.as_deref().unwrap_or_default(), &wanted.ip)
            })
        })
    };
    let by_program = |wanted: &WantedPort| {
        beside.iter().any(|own| own.is_in_the_way(&wanted.protocol, &wanted.ip, wanted.port))
    };
    let wishes = &wanted[..wanted.len().min(PORTS_MAX)];
    let found = wishes.iter().filter_map(|wish| {
        let by = holder(wish);
        if by.is_none() && !by_program(wish) {
            return None;
        }
        let next = (wish.port..u16::MAX).map(|port| port + 1).find(|port| {
            let other = WantedPort { port: *port, ..wish.clone() };
            holder(&other).is_none() && !by_program(&other) && !wishes.contains(&other)
        });
        let name = by.filter(|by| is_seen(by)).map(|by| by.name.clone()).unwrap_or_default();
        Some(PortHeld { port: wish.port, protocol: wish.protocol.clone(), by: name, next: next.unwrap_or(0) })
    });
    found.collect()
}

/// Whether two addresses cannot have a port each.
fn meet(one: &str, other: &str) -> bool {
    let all = |ip: &str| matches!(ip, "" | "0.0.0.0" | "::" | "[::]");
    all(one) || all(other) || one == other
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{described, on_quay},
        *,
    };
    use longshore_api::web::container::{Port, State};

    #[test]
    fn who_has_a_name_or_a_port_is_named_and_the_next_one_offered() {
        let port = |host| Port { container: 80, host: Some(host), ip: None, protocol: "tcp".to_owned() };
        let mut web = described("web", State::Running);
        web.ports = vec![port(8080), port(8081)];
        let inventory = on_quay(vec![web, described("web-2", State::Exited)]);
        let wish = |port, ip: &str| WantedPort { ip: ip.to_owned(), port, protocol: "tcp".to_owned() };
        let listening = |port| Listening { protocol: "tcp", ip: [0, 0, 0, 0].into(), port };
        let checked = inventory.check(
            &Sight::of_the_house(),
            "quay",
            &CheckContainer {
                name: "web".to_owned(),
                image: "nginx".to_owned(),
                ports: vec![wish(8080, "127.0.0.1"), wish(8082, ""), wish(9000, ""), wish(53, "")],
            },
            &[listening(8082), listening(53)],
        );
        assert_eq!(checked.name.map(|held| held.state), Some(State::Running));
        assert_eq!(checked.free_name, "web-3");
        let held: Vec<_> =
            checked.ports.iter().map(|held| (held.port, held.by.as_str(), held.next)).collect();
        assert_eq!(held, [(8080, "web", 8083), (8082, "", 8083), (53, "", 54)]);
        assert_eq!(checked.image_here, None, "its list has not come yet");
        let unnamed = CheckContainer { image: "nginx:1".to_owned(), ..CheckContainer::default() };
        assert_eq!(inventory.check(&Sight::of_the_house(), "quay", &unnamed, &[]).free_name, "nginx");
    }
}
