//! What home shows, computed from memory.

use std::collections::BTreeMap;

use longshore_api::web::{
    container::State,
    home::{Berth, Block, Home, Pile},
};

use super::{
    Inventory,
    state::{HostMemory, Row},
    usage::Now,
    window::nonzero,
};

const ATTENTION: usize = 8;
const CONSUMERS: usize = 6;
const EVENTS: usize = 8;

impl Inventory {
    /// How many containers are in each state, those with none left out.
    pub fn states(&self) -> Vec<(State, u32)> {
        let memory = self.read();
        let mut states = [0u32; State::ALL.len()];
        for place in memory.hosts.values() {
            for row in place.containers.values() {
                states[place.state_of(row) as usize] += 1;
            }
        }
        nonzero(&states)
    }

    /// Home, with the revision it shows.
    pub fn home(&self) -> (Home, u64) {
        let memory = self.read();
        let mut states = [0u32; State::ALL.len()];
        let mut home = Home::default();
        let mut trouble: Vec<(State, &HostMemory, &Row)> = Vec::new();
        let mut used: Vec<(Now, &HostMemory, &Row)> = Vec::new();
        for place in memory.hosts.values() {
            for row in place.containers.values() {
                let state = place.state_of(row);
                states[state as usize] += 1;
                if state.is_trouble() {
                    trouble.push((state, place, row));
                }
                used.extend(row.uses().map(|now| (now, place, row)));
            }
            home.berths.push(berth(place));
        }
        home.states = nonzero(&states);
        home.trouble = u32::try_from(trouble.len()).unwrap_or(u32::MAX);
        // Worst first; of the same badness the latest first, then by name.
        trouble.sort_by(|(a, _, x), (b, _, y)| {
            let (x, y) = (&x.container, &y.container);
            a.cmp(b).then(y.since.cmp(&x.since)).then_with(|| x.name.cmp(&y.name))
        });
        home.attention =
            trouble.into_iter().take(ATTENTION).map(|(_, place, row)| place.shown(row)).collect();
        used.sort_by(|(a, _, x), (b, _, y)| b.cpu.total_cmp(&a.cpu).then_with(|| x.folded.cmp(&y.folded)));
        home.by_cpu = used.iter().take(CONSUMERS).map(|(_, place, row)| place.shown(row)).collect();
        used.sort_by(|(a, _, x), (b, _, y)| b.memory.cmp(&a.memory).then_with(|| x.folded.cmp(&y.folded)));
        home.by_memory = used.iter().take(CONSUMERS).map(|(_, place, row)| place.shown(row)).collect();
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
