//! Which containers a query finds.

use longshore_api::{
    ops::Kind,
    web::container::{ContainerQuery, Grouping, State, Totals},
};

use super::{
    rows::{Row, Slot},
    state::Memory,
    window::{count, nonzero},
};
use crate::{
    access::{HostSight, Sight},
    ownership::Owners,
};

/// A container that a query has found: no more than arranging ten thousand of them needs.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) slot: Slot,
    /// The number of its group, by stack or by host as the query asks.
    pub(super) group: u32,
    pub(super) state: State,
}

impl Found {
    pub(super) fn row<'a>(&self, memory: &'a Memory) -> Option<&'a Row> {
        memory.rows.get(self.slot)
    }
}

/// A filter has at most so many words.
const WORDS_MAX: usize = 8;

/// The words of a filter.
pub(super) fn words(text: &str) -> Vec<String> {
    text.to_lowercase().split_whitespace().take(WORDS_MAX).map(str::to_owned).collect()
}

/// What a query finds by its words, be they an owner's name, by name and then by host; counts it on the way.
pub(super) fn find(
    memory: &Memory,
    (sight, owners): (&Sight, &Owners),
    query: &ContainerQuery,
    totals: &mut Totals,
) -> Vec<Found> {
    let words = words(&query.text);
    let hits = (!words.is_empty()).then(|| memory.rows.texts.search(&words));
    let named = owners.named(&words);
    let stale: Vec<bool> = memory.hosts.iter().map(|host| host.is_stale()).collect();
    let only = query.host.as_ref().map(|slug| memory.by_slug.get(slug).copied());
    let wanted = State::ALL.map(|state| query.states.is_empty() || query.states.contains(&state));
    let mut states = [0u32; State::ALL.len()];
    let mut found = Vec::with_capacity(memory.rows.len());
    let seen = memory.seen(sight);
    totals.owned = memory.hosts.iter().zip(&seen).any(|(host, seen)| match seen {
        HostSight::All => owners.has_any(&host.host.slug),
        HostSight::Given { things, .. } => things.values().any(|given| !given.is_empty()),
        HostSight::Nothing => false,
    });
    let is_hit = |row: &Row| {
        let Some(hits) = &hits else { return true };
        hits.has_all(&row.texts)
            || named.has_any() && {
                let host = memory.hosts[row.host].host.slug.as_str();
                let owned = owners.of(host, Kind::Container, &row.container.id);
                hits.has_all_or(&row.texts, |nth| named.has(nth, owned.as_deref()))
            }
    };
    let mut all = 0;
    for (slot, row) in memory.rows.by_name() {
        if !seen[row.host].sees(Kind::Container, &row.container.id) {
            continue;
        }
        all += 1;
        if only.is_some_and(|only| only != Some(row.host)) || !is_hit(row) {
            continue;
        }
        let state = if stale[row.host] { State::Unknown } else { row.container.state };
        states[state as usize] += 1;
        if wanted[state as usize] {
            let group = if query.group == Grouping::Host { count(row.host) } else { row.group };
            found.push(Found { slot, group, state });
        }
    }
    totals.all = count(all);
    totals.states = nonzero(&states);
    totals.found = count(found.len());
    found
}
