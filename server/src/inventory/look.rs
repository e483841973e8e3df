//! Small questions about what is in memory.

use std::collections::HashMap;

use longshore_api::{
    ops::Kind,
    sentence::Sentence,
    web::{
        container::{Container, State},
        create::name_and_tag,
        detail::Followed,
        host::{Host, Link},
        shelf::{Item, Shelf},
    },
};

use super::{EngineId, Inventory, rows::Row, window::nonzero};
use crate::{access::Sight, ownership::ByLabel};

/// Whether a container is of a stack: what its image says, and not who made it, is no reason to belong to one.
fn is_of_stack(images: &HashMap<&str, (Option<&str>, Option<&ByLabel>)>, row: &Row, stack: &str) -> bool {
    let of_image = || images.get(&*row.holds.image).and_then(|(stack, _)| *stack) == Some(stack);
    row.container.stack.as_deref() == Some(stack) && !of_image()
}

impl Inventory {
    /// The hosts that may be known, by name, with the revision that they show.
    pub(super) fn hosts(&self, sight: &Sight) -> Vec<Host> {
        let memory = self.read();
        let known = memory.hosts.iter().filter(|h| sight.of(&h.host.slug).knows());
        let mut hosts: Vec<Host> = known.map(|h| h.host.clone()).collect();
        hosts.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.slug.cmp(&b.slug)));
        hosts
    }

    /// How many containers are in each state, those with none left out.
    pub fn states(&self) -> Vec<(State, u32)> {
        let memory = self.read();
        let mut states = [0u32; State::ALL.len()];
        for (_, row) in memory.rows.by_name() {
            states[memory.hosts[row.host].state_of(row) as usize] += 1;
        }
        nonzero(&states)
    }

    /// Why a host does not answer, if it does not.
    pub fn why_down(&self, slug: &str) -> Option<Sentence> {
        match &self.read().host(slug)?.host.link {
            Link::Down { why, .. } => Some(why.clone()),
            _ => None,
        }
    }

    /// Resolves once a host's engine is known not to answer, and tells why; with `away` false, once that is not so.
    pub async fn until_away(&self, slug: &str, away: bool) -> Option<Sentence> {
        let mut revisions = self.listen();
        loop {
            let seen = revisions.borrow_and_update().hosts;
            let why = self.why_down(slug);
            // Nothing changes any more where nobody is left to change it.
            if why.is_some() == away || revisions.wait_for(|now| now.hosts != seen).await.is_err() {
                return why;
            }
        }
    }

    /// Resolves once a host's engine answers.
    pub async fn until_up(&self, slug: &str) {
        let mut changes = self.listen();
        while self.running(slug).is_none() {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// How many containers a host has.
    pub fn count(&self, slug: &str) -> usize {
        self.read().host(slug).map_or(0, |h| h.containers.len())
    }

    /// A container by its full id, with its usage. The stamp is another after
    /// everything that the engine told of it.
    pub(super) fn follow(&self, slug: &str, id: &str) -> (Followed, u64) {
        let memory = self.read();
        let host = memory.host(slug);
        let found = host.and_then(|host| {
            let row = memory.rows.get(*host.containers.get(&id.parse().ok()?)?)?;
            let told = memory.events.iter().rev().find(|event| event.id == id && event.host == slug);
            let stamp = row.changed.max(host.link_changed).max(told.map_or(0, |event| event.key.0));
            Some(Followed { row: Some(host.shown(row)), gone: false, stamp })
        });
        let answers = host.is_some_and(|host| matches!(host.host.link, Link::Up { .. }));
        (found.unwrap_or(Followed { gone: answers, ..Followed::default() }), memory.revision)
    }

    /// The containers of a stack on a host, by name, and its networks and volumes.
    pub(super) fn seen_of_stack(
        &self,
        sight: &Sight,
        slug: &str,
        stack: &str,
    ) -> (Vec<Container>, Vec<(Shelf, Item)>) {
        let memory = self.read();
        let Some(host) = memory.host(slug) else { return Default::default() };
        let seen = sight.of(slug);
        let rows = host.containers.values().filter_map(|slot| memory.rows.get(*slot));
        let images = host.shelves.images();
        let of_stack = rows.filter(|row| is_of_stack(&images, row, stack)).map(|row| &row.container);
        let seen_ones = of_stack.filter(|one| seen.sees(Kind::Container, &one.id));
        let mut containers: Vec<Container> = seen_ones.cloned().collect();
        containers.sort_by(|a, b| a.name.cmp(&b.name));
        let mut things = Vec::new();
        for (shelf, kind) in [(Shelf::Networks, Kind::Network), (Shelf::Volumes, Kind::Volume)] {
            let items = host.shelves.items(shelf).into_iter().flatten();
            let found =
                items.filter(|item| item.stack.as_deref() == Some(stack) && seen.sees(kind, &item.id));
            things.extend(found.map(|item| (shelf, item.clone())));
        }
        (containers, things)
    }

    /// The full id and the name of a container, by either.
    pub(super) fn find_container(&self, slug: &str, reference: &str) -> Option<(String, String)> {
        let memory = self.read();
        let host = memory.host(slug)?;
        let by_id = reference.parse().ok().and_then(|id: EngineId| host.containers.get(&id));
        let row = match by_id {
            Some(slot) => memory.rows.get(*slot),
            None => {
                let mut rows = host.containers.values().filter_map(|slot| memory.rows.get(*slot));
                rows.find(|row| row.container.name == reference)
            }
        }?;
        Some((row.container.id.clone(), row.container.name.clone()))
    }

    /// Whether a word names something on a host that these eyes do not see: a container by its name or the beginning of
    /// its id, a network or a volume by its name.
    pub fn names_of_others(&self, slug: &str, sight: &Sight, word: &str) -> bool {
        let memory = self.read();
        let Some(host) = memory.host(slug) else { return false };
        let seen = sight.of(slug);
        let rows = host.containers.values().filter_map(|slot| memory.rows.get(*slot));
        let mut containers = rows.filter(|row| {
            row.container.name == word || word.len() >= 12 && row.container.id.starts_with(word)
        });
        let shelved = |shelf| {
            let items = host.shelves.items(shelf).into_iter().flatten();
            items.filter(|item| item.name == word && !item.built_in)
        };
        containers.any(|row| !seen.sees(Kind::Container, &row.container.id))
            || shelved(Shelf::Networks).any(|item| !seen.sees(Kind::Network, &item.id))
            || shelved(Shelf::Volumes).any(|item| !seen.sees(Kind::Volume, &item.id))
    }

    /// The full ids of all containers of a stack.
    pub fn of_stack(&self, slug: &str, stack: &str) -> Vec<String> {
        let memory = self.read();
        let rows = memory.host(slug).into_iter().flat_map(|host| host.containers.values());
        let rows = rows.filter_map(|slot| memory.rows.get(*slot));
        let images = memory.host(slug).map(|host| host.shelves.images()).unwrap_or_default();
        let of_stack = rows.filter(|row| is_of_stack(&images, row, stack));
        of_stack.map(|row| row.container.id.clone()).collect()
    }

    /// Whether an image is on a host by a name of this repository, as [`Key::of_repository`] writes it.
    pub fn has_image(&self, slug: &str, repository: &str) -> bool {
        let memory = self.read();
        let images = memory.host(slug).and_then(|host| host.shelves.items(Shelf::Images));
        images
            .into_iter()
            .flatten()
            .flat_map(|image| &image.tags)
            .any(|tag| name_and_tag(tag).0 == repository)
    }

    /// The name of a container, by its full id.
    pub(super) fn container_name(&self, slug: &str, id: &str) -> Option<String> {
        let id: EngineId = id.parse().ok()?;
        let memory = self.read();
        let slot = memory.host(slug)?.containers.get(&id)?;
        Some(memory.rows.get(*slot)?.container.name.clone())
    }

    /// The state of a container, by its full id.
    pub fn container_state(&self, slug: &str, id: &str) -> Option<State> {
        let memory = self.read();
        let host = memory.host(slug)?;
        let row = memory.rows.get(*host.containers.get(&id.parse().ok()?)?)?;
        Some(host.state_of(row))
    }
}
