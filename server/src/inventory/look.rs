//! Small questions about what is in memory.

use longshore_api::{
    sentence::Sentence,
    web::{
        container::State,
        host::{Host, Link},
    },
};

use super::{EngineId, Inventory, window::nonzero};

impl Inventory {
    /// All hosts, by name, with the revision that they show.
    pub(super) fn hosts(&self) -> Vec<Host> {
        let memory = self.read();
        let mut hosts: Vec<Host> = memory.hosts.iter().map(|h| h.host.clone()).collect();
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

    /// How many containers a host has.
    pub fn count(&self, slug: &str) -> usize {
        self.read().host(slug).map_or(0, |h| h.containers.len())
    }

    /// The name of a container, by its full id.
    pub fn container_name(&self, slug: &str, id: &str) -> Option<String> {
        let id: EngineId = id.parse().ok()?;
        let memory = self.read();
        let slot = memory.host(slug)?.containers.get(&id)?;
        Some(memory.rows.get(*slot)?.container.name.clone())
    }

    /// The full id and the name of a container, by either.
    pub fn find_container(&self, slug: &str, name_or_id: &str) -> Option<(String, String)> {
        let memory = self.read();
        let host = memory.host(slug)?;
        if let Ok(id) = name_or_id.parse::<EngineId>()
            && let Some(slot) = host.containers.get(&id)
        {
            return Some((id.to_string(), memory.rows.get(*slot)?.container.name.clone()));
        }
        host.containers.iter().find_map(|(id, slot)| {
            let container = &memory.rows.get(*slot)?.container;
            (container.name == name_or_id).then(|| (id.to_string(), container.name.clone()))
        })
    }
}
