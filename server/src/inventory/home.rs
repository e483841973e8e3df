//! What home shows, computed from memory.

use std::cmp::Ordering;

use longshore_api::ops::Kind;
use longshore_api::web::{
    container::{Container, State},
    event::Event,
    home::{Berth, Block, Home, HomeQuery, Pile},
};

use super::{
    Inventory,
    rows::Row,
    state::Memory,
    usage::Now,
    window::{count, nonzero},
};
use crate::access::{HostSight, Sight};

const ATTENTION: usize = 8;
const CONSUMERS: usize = 6;
const EVENTS: usize = 8;

impl Inventory {
    /// Home of all hosts or of one, with the revision it shows. A host that is not there has nothing.
    pub(super) fn home(&self, sight: &Sight, query: &HomeQuery) -> (Home, u64) {
        let memory = self.read();
        let only = query.host.as_ref().map(|slug| memory.by_slug.get(slug).copied());
        let seen = memory.seen(sight);
        let is_shown = |host: usize| seen[host].knows() && only.is_none_or(|only| only == Some(host));
        let mut states = [0u32; State::ALL.len()];
        let mut trouble: Vec<(State, &Row)> = Vec::new();
        let mut used: Vec<(Now, &Row)> = Vec::new();
        // By the number of their group. Blocks come by name: no change of state moves one.
        let mut blocks: Vec<Vec<Block>> = Vec::new();
        blocks.resize_with(memory.rows.groups.bound(), Vec::new);
        for (_, row) in memory
            .rows
            .by_name()
            .filter(|(_, row)| seen[row.host].sees(Kind::Container, &row.container.id) && is_shown(row.host))
        {
            let state = memory.hosts[row.host].state_of(row);
            states[state as usize] += 1;
            if state.is_trouble() {
                trouble.push((state, row));
            }
            used.extend(row.now.map(|now| (now, row)));
            let container = &row.container;
            let name = container.service.as_ref().unwrap_or(&container.name).clone();
            blocks[row.group as usize].push(Block { key: container.key, name, state });
        }
        // Worst first; of the same badness the latest first.
        let attention = foremost(&memory, &trouble, ATTENTION, |(a, x), (b, y)| {
            a.cmp(b).then(y.container.since.cmp(&x.container.since))
        });
        let home = Home {
            states: nonzero(&states),
            berths: berths(&memory, blocks, is_shown),
            attention,
            trouble: count(trouble.len()),
            by_cpu: foremost(&memory, &used, CONSUMERS, |(a, _), (b, _)| b.cpu.total_cmp(&a.cpu)),
            by_memory: foremost(&memory, &used, CONSUMERS, |(a, _), (b, _)| b.memory.cmp(&a.memory)),
            events: newest(&memory, &seen, query.host.as_deref()),
        };
        (home, memory.revision)
    }
}

/// The first few in an order; equal ones by name, as they come.
fn foremost<T>(
    memory: &Memory,
    all: &[(T, &Row)],
    most: usize,
    order: impl Fn(&(T, &Row), &(T, &Row)) -> Ordering,
) -> Vec<Container> {
    let order = |a: &usize, b: &usize| order(&all[*a], &all[*b]).then(a.cmp(b));
    let mut places: Vec<usize> = (0..all.len()).collect();
    if most < places.len() {
        places.select_nth_unstable_by(most, order);
        places.truncate(most);
    }
    places.sort_unstable_by(order);
    let shown = |place: usize| {
        let (_, row) = &all[place];
        memory.hosts[row.host].shown(row)
    };
    places.into_iter().map(shown).collect()
}

/// Hosts by slug; piles by stack name, lone containers last.
fn berths(memory: &Memory, mut blocks: Vec<Vec<Block>>, is_shown: impl Fn(usize) -> bool) -> Vec<Berth> {
    let mut piles: Vec<Vec<Pile>> = Vec::new();
    piles.resize_with(memory.hosts.len(), Vec::new);
    for number in memory.rows.groups.order() {
        let Some(group) = memory.rows.groups.get(*number) else { continue };
        let Some(host) = memory.by_slug.get(&group.host).filter(|host| is_shown(**host)) else {
            continue;
        };
        let blocks = std::mem::take(&mut blocks[*number as usize]);
        // Of a stack of which nothing may be seen, not its name either.
        if blocks.is_empty() {
            continue;
        }
        piles[*host].push(Pile { stack: group.stack.clone(), blocks });
    }
    let shown = memory.by_slug.iter().filter(|(_, number)| is_shown(**number));
    shown
        .map(|(slug, number)| Berth { host: slug.clone(), piles: std::mem::take(&mut piles[*number]) })
        .collect()
}

/// The newest events of all hosts or of one.
fn newest(memory: &Memory, seen: &[HostSight], host: Option<&str>) -> Vec<Event> {
    let of_host = |event: &&Event| host.is_none_or(|slug| slug == event.host) && memory.may_tell(seen, event);
    memory.events.iter().rev().filter(of_host).take(EVENTS).cloned().collect()
}
