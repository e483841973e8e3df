//! Questions about containers and events, answered from memory: filtered, grouped, sorted, cut to a window.

use std::{cmp::Ordering, collections::HashMap};

use longshore_api::web::{
    RowKey,
    container::{Column, Container, ContainerQuery, ContainerWindow, Group, Grouping, State, Totals},
    event::{Event, EventQuery, EventWindow},
    live::WINDOW_MAX,
};

use super::{
    Inventory,
    state::{HostMemory, Memory, Row, group_ids, stack_group},
    usage::rounded,
};

/// An answer with the revision that it shows.
pub struct Windowed {
    /// The whole window.
    pub window: ContainerWindow,
    /// The revision it shows.
    pub revision: u64,
    /// For each of its rows, the revision at which it last changed.
    pub changed: HashMap<RowKey, u64>,
    /// The newest figures of rows that are not sent: CPU and memory.
    pub usage: Vec<(RowKey, f32, u64)>,
}

/// What a subscriber has of each row: a row that has not changed since need not be built again.
pub type Seen = HashMap<RowKey, u64>;

/// A container that a question has found.
#[derive(Clone, Copy)]
struct Found<'a> {
    host: &'a HostMemory,
    row: &'a Row,
    state: State,
}

impl Found<'_> {
    fn changed(&self) -> u64 {
        self.row.changed.max(self.host.link_changed)
    }

    /// The revision of its newest figures; 0 without any.
    fn used(&self) -> u64 {
        self.row.track.as_ref().map_or(0, |track| track.changed())
    }
}

enum Line<'a> {
    Group { id: String, members: &'a [Found<'a>], folded: bool },
    Row(Found<'a>),
}

impl Inventory {
    /// A window of the containers that a query finds. Rows that `seen` has at their present revision are named in the
    /// lines and left out of the rows. A subscriber that has all figures up to the revision `used` is given the newest
    /// ones to append; without `used`, rows with newer figures than it has are whole among the rows.
    pub fn window(&self, query: &ContainerQuery, seen: &Seen, used: Option<u64>) -> Windowed {
        let memory = self.read();
        let mut totals = Totals::default();
        let mut found = find(&memory, query, &mut totals);
        found.sort_unstable_by(|a, b| compare(a, b, query.sort, query.descending));
        totals.found = count(found.len());
        let groups = group(query.group, &found);
        let lines = lines(query, &groups, &found);
        totals.lines = count(lines.len());
        let start = lines.len().min(query.offset as usize);
        let end = lines.len().min(start + query.limit.min(WINDOW_MAX) as usize);
        let mut window = ContainerWindow { offset: count(start), totals, ..ContainerWindow::default() };
        let mut changed = HashMap::with_capacity(end - start);
        let mut usage = Vec::new();
        for line in &lines[start..end] {
            match line {
                Line::Row(row) => {
                    let key = row.row.container.key;
                    window.lines.push(key);
                    changed.insert(key, row.changed());
                    let newest = if used.is_some() { row.changed() } else { row.changed().max(row.used()) };
                    if seen.get(&key).is_none_or(|at| *at < newest) {
                        window.rows.push(row.host.shown(row.row));
                    } else if let Some(now) =
                        row.row.uses().filter(|_| used.is_some_and(|at| at < row.used()))
                    {
                        usage.push((key, now.cpu, now.memory));
                    }
                }
                Line::Group { id, members, folded } => {
                    let Some(group) = group_row(&memory, query.group, id, members, *folded) else { continue };
                    window.lines.push(group.key);
                    window.groups.push(group);
                }
            }
        }
        Windowed { window, revision: memory.revision, changed, usage }
    }

    /// The newest events that a query finds, those after `after` only, newest first.
    pub fn events(&self, query: &EventQuery, after: RowKey) -> (EventWindow, u64) {
        let memory = self.read();
        let words = words(&query.text);
        let matching = |event: &&Event| {
            query.host.as_ref().is_none_or(|host| *host == event.host)
                && (query.kinds.is_empty() || query.kinds.contains(&event.kind))
                && words.iter().all(|word| {
                    let texts = [&event.name, &event.id, &event.action, &event.kind];
                    texts.into_iter().chain(&event.stack).any(|text| text.to_lowercase().contains(word))
                })
        };
        let found = memory.events.iter().filter(matching).count();
        let newest = memory.events.iter().rev().take_while(|event| event.key > after).filter(matching);
        let events = newest.take(query.limit.min(WINDOW_MAX) as usize).cloned().collect();
        (EventWindow { events, found: count(found) }, memory.revision)
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase().split_whitespace().take(8).map(str::to_owned).collect()
}

fn find<'a>(memory: &'a Memory, query: &ContainerQuery, totals: &mut Totals) -> Vec<Found<'a>> {
    let words = words(&query.text);
    let mut states = [0u32; State::ALL.len()];
    let mut found = Vec::new();
    for host in memory.hosts.values() {
        totals.all += count(host.containers.len());
        if query.host.as_ref().is_some_and(|slug| *slug != host.host.slug) {
            continue;
        }
        for row in host.containers.values() {
            if !words.iter().all(|word| row.haystack.contains(word)) {
                continue;
            }
            let state = host.state_of(row);
            states[state as usize] += 1;
            if query.states.is_empty() || query.states.contains(&state) {
                found.push(Found { host, row, state });
            }
        }
    }
    totals.states = nonzero(&states);
    found
}

pub(super) fn nonzero(states: &[u32; State::ALL.len()]) -> Vec<(State, u32)> {
    State::ALL.into_iter().zip(*states).filter(|(_, n)| *n > 0).collect()
}

fn compare(a: &Found, b: &Found, column: Column, descending: bool) -> Ordering {
    let (x, y) = (&a.row.container, &b.row.container);
    let by_column = match column {
        Column::Name => Ordering::Equal,
        Column::State => a.state.cmp(&b.state),
        Column::Image => x.image.cmp(&y.image),
        Column::Cpu => {
            let cpu = |found: &Found| found.row.uses().map_or(-1.0, |now| now.cpu);
            cpu(a).total_cmp(&cpu(b))
        }
        Column::Memory => {
            let memory = |found: &Found| found.row.uses().map(|now| now.memory);
            memory(a).cmp(&memory(b))
        }
        Column::Ports => {
            // Those without a published port last, whichever way.
            let port = |c: &Container| c.ports.first().and_then(|p| p.host);
            match (port(x), port(y)) {
                (None, Some(_)) => return Ordering::Greater,
                (Some(_), None) => return Ordering::Less,
                (p, q) => p.cmp(&q),
            }
        }
        Column::Ip => x.ips.cmp(&y.ips),
        Column::Created => x.created.cmp(&y.created),
    };
    let by_name = a.row.folded.cmp(&b.row.folded).then_with(|| x.name.cmp(&y.name));
    let ordered = match column {
        Column::Name => by_name,
        _ if descending => return by_column.reverse().then(by_name).then_with(|| x.host.cmp(&y.host)),
        _ => by_column.then(by_name),
    };
    if descending { ordered.reverse() } else { ordered }.then_with(|| x.host.cmp(&y.host))
}

/// Groups in their order, each with its members in theirs.
fn group<'a>(grouping: Grouping, found: &[Found<'a>]) -> Vec<(String, Vec<Found<'a>>)> {
    if grouping == Grouping::Flat {
        return Vec::new();
    }
    let mut by_id: HashMap<(&str, Option<&str>), Vec<Found<'a>>> = HashMap::new();
    for one in found {
        let container = &one.row.container;
        let stack = if grouping == Grouping::Stack { container.stack.as_deref() } else { None };
        by_id.entry((&container.host, stack)).or_default().push(*one);
    }
    let mut groups: Vec<_> = by_id.into_iter().collect();
    groups.sort_by(|((host_a, stack_a), a), ((host_b, stack_b), b)| {
        let trouble = |members: &[Found]| members.iter().any(|m| m.state.is_trouble());
        let key = |host: &str, stack: &Option<&str>, members: &[Found]| {
            // Stacks with trouble first, then by name; lone containers last.
            let lone = grouping == Grouping::Stack && stack.is_none();
            (lone, !trouble(members), stack.unwrap_or_default().to_lowercase(), host.to_owned())
        };
        key(host_a, stack_a, a).cmp(&key(host_b, stack_b, b))
    });
    groups
        .into_iter()
        .map(|((host, stack), members)| {
            let id = match grouping {
                Grouping::Host => host.to_owned(),
                _ => stack_group(host, stack),
            };
            (id, members)
        })
        .collect()
}

fn lines<'a>(
    query: &ContainerQuery,
    groups: &'a [(String, Vec<Found<'a>>)],
    found: &'a [Found<'a>],
) -> Vec<Line<'a>> {
    if query.group == Grouping::Flat {
        return found.iter().copied().map(Line::Row).collect();
    }
    let mut lines = Vec::with_capacity(found.len() + groups.len());
    for (id, members) in groups {
        let folded = query.folded.contains(id);
        lines.push(Line::Group { id: id.clone(), members, folded });
        if !folded {
            lines.extend(members.iter().copied().map(Line::Row));
        }
    }
    lines
}

fn group_row(
    memory: &Memory,
    grouping: Grouping,
    id: &str,
    members: &[Found],
    folded: bool,
) -> Option<Group> {
    let first = members.first()?;
    let container = &first.row.container;
    let [by_stack, by_host] = group_ids(container);
    let key = memory.groups.get(if grouping == Grouping::Host { &by_host } else { &by_stack })?;
    let mut states = [0u32; State::ALL.len()];
    let (mut cpu, mut bytes) = (None, None);
    for member in members {
        states[member.state as usize] += 1;
        if let Some(now) = member.row.uses() {
            *cpu.get_or_insert(0.0) += now.cpu;
            *bytes.get_or_insert(0) += now.memory;
        }
    }
    Some(Group {
        key: *key,
        id: id.to_owned(),
        host: container.host.clone(),
        stack: if grouping == Grouping::Stack { container.stack.clone() } else { None },
        states: nonzero(&states),
        cpu: cpu.map(rounded),
        memory: bytes,
        folded,
        blocks: blocks(members),
    })
}

/// By name, whatever the rows are sorted by: a block never moves because its state changed.
fn blocks(members: &[Found]) -> Vec<State> {
    let mut by_name: Vec<&Found> = members.iter().collect();
    by_name.sort_unstable_by_key(|found| &found.row.container.name);
    by_name.into_iter().take(Group::BLOCKS_MAX).map(|found| found.state).collect()
}
