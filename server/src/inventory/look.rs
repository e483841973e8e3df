//! Small questions about what is in memory.

use longshore_api::{
    sentence::Sentence,
    web::{
        container::State,
        detail::Followed,
        host::{Host, Link},
    },
};

use super::{EngineId, Inventory, window::nonzero};
use crate::access::{HostSight, Sight};

impl Inventory {
    /// The hosts that may be known, by name, with the revision that they show.
    pub(super) fn hosts(&self, sight: &Sight) -> Vec<Host> {
        let memory = self.read();
        let known = memory.hosts.iter().filter(|h| sight.of(&h.host.slug) != HostSight::Nothing);
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

    /// The full id and the name of a container, by either.
    pub fn find_container(&self, slug: &str, reference: &str) -> Option<(String, String)> {
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

    /// The name of a container, by its full id.
    pub fn container_name(&self, slug: &str, id: &str) -> Option<String> {
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
