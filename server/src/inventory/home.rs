//! What home shows, computed from memory.

use std::collections::BTreeMap;

use longshore_api::web::{
    container::{Container, State},
    home::{Berth, Block, Home, Pile},
};

use super::{
    Inventory,
    state::{HostMemory, Row},
    window::nonzero,
};

const ATTENTION: usize = 8;
const CONSUMERS: usize = 6;
const EVENTS: usize = 8;

impl Inventory {
    /// Home, with the revision it shows.
    pub fn home(&self) -> (Home, u64) {
        let memory = self.read();
        let mut states = [0u32; State::ALL.len()];
        let mut home = Home::default();
        let mut trouble: Vec<(State, Option<i64>, Container)> = Vec::new();
        let mut running: Vec<&Row> = Vec::new();
        for place in memory.hosts.values() {
            for row in place.containers.values() {
                let state = place.state_of(row);
                states[state as usize] += 1;
                if state.is_trouble() {
                    trouble.push((state, row.container.since, row.container.clone()));
                }
                if row.container.usage.is_some() && !place.is_stale() {
                    running.push(row);
                }
            }
            home.berths.push(berth(place));
        }
        home.states = nonzero(&states);
        home.trouble = u32::try_from(trouble.len()).unwrap_or(u32::MAX);
        // Worst first; of the same badness the latest first, then by name.
        trouble.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)).then_with(|| a.2.name.cmp(&b.2.name)));
        home.attention = trouble.into_iter().map(|(_, _, container)| container).take(ATTENTION).collect();
        let top = |by: fn(&Container) -> f64, mut rows: Vec<&Row>| -> Vec<Container> {
            rows.sort_by(|a, b| {
                by(&b.container).total_cmp(&by(&a.container)).then_with(|| a.folded.cmp(&b.folded))
            });
            rows.into_iter().take(CONSUMERS).map(|row| row.container.clone()).collect()
        };
        home.by_cpu = top(|c| c.usage.as_ref().map_or(0.0, |u| f64::from(u.cpu)), running.clone());
        home.by_memory = top(|c| c.usage.as_ref().map_or(0.0, |u| u.memory as f64), running);
        home.events = memory.events.iter().rev().take(EVENTS).cloned().collect();
        (home, memory.revision)
    }
}

/// Piles by stack name, lone containers last; blocks by name: no change of state moves a block.
fn berth(place: &HostMemory) -> Berth {
    let mut piles: BTreeMap<(bool, Option<&str>), Vec<&Row>> = BTreeMap::new();
    for row in place.containers.values() {
        let stack = row.container.stack.as_deref();
        piles.entry((stack.is_none(), stack)).or_default().push(row);
    }
    let piles = piles
        .into_iter()
        .map(|((_, stack), mut rows)| {
            rows.sort_by(|a, b| a.folded.cmp(&b.folded).then_with(|| a.container.id.cmp(&b.container.id)));
            let blocks = rows
                .into_iter()
                .map(|row| Block {
                    key: row.container.key,
                    name: row.container.service.clone().unwrap_or_else(|| row.container.name.clone()),
                    state: place.state_of(row),
                })
                .collect();
            Pile { stack: stack.map(str::to_owned), blocks }
        })
        .collect();
    Berth { host: place.host.clone(), piles }
}
