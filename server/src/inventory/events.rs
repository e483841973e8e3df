//! Questions about events, answered from memory.

use longshore_api::web::{
    RowKey,
    event::{Event, EventQuery, EventWindow},
    live::WINDOW_MAX,
};

use super::{Inventory, find::words, window::count};
use crate::access::{HostSight, Sight};

impl Inventory {
    /// The newest events that a query finds, those after `after` only, newest first.
    pub(super) fn events(&self, sight: &Sight, query: &EventQuery, after: RowKey) -> (EventWindow, u64) {
        let memory = self.read();
        let words = words(&query.text);
        let matching = |event: &&Event| {
            sight.of(&event.host) == HostSight::All
                && query.host.as_ref().is_none_or(|host| *host == event.host)
                && (query.kinds.is_empty() || query.kinds.contains(&event.kind))
                && words.iter().all(|word| {
                    let texts = [&event.name, &event.id, &event.action, &event.kind];
                    texts
                        .into_iter()
                        .chain(&event.stack)
                        .chain(&event.container)
                        .any(|text| text.to_lowercase().contains(word))
                })
        };
        let found = memory.events.iter().filter(matching).count();
        let newest = memory.events.iter().rev().take_while(|event| event.key > after).filter(matching);
        let events = newest.take(query.limit.min(WINDOW_MAX) as usize).cloned().collect();
        (EventWindow { events, found: count(found) }, memory.revision)
    }
}
