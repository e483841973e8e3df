//! Questions about containers, answered from memory: filtered, grouped, sorted, cut to a window. Whatever it takes is
//! done once for each container found and is cheap; what is not is done only for the lines in the window.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    ops::Range,
};

use longshore_api::ops::Kind;
use longshore_api::web::{
    RowKey,
    access::Whose,
    container::{Container, ContainerQuery, ContainerWindow, Group, Grouping, State, Totals},
    live::WINDOW_MAX,
};

use super::{
    Inventory,
    find::{Found, find},
    order,
    state::Memory,
    usage::rounded,
};
use crate::{access::Sight, ownership::Owners};

/// An answer with the revision that it shows.
#[derive(Default)]
pub struct Windowed {
    /// The whole window.
    pub window: ContainerWindow,
    /// The revision it shows.
    pub revision: u64,
    /// What a subscriber has of its rows with this answer.
    pub seen: Seen,
    /// The newest figures of rows that are not sent: CPU and memory.
    pub usage: Vec<(RowKey, f32, u64)>,
}

/// What a subscriber has of each row: a row that has not changed since need not be built again.
pub type Seen = HashMap<RowKey, Had>;

/// What a subscriber has of a row.
#[derive(Clone, Copy)]
pub struct Had {
    /// The revision that it shows.
    at: u64,
    /// Whose it was, hashed; none where that is not known, but as it was at that revision.
    whose: Option<u64>,
}

impl Had {
    /// As it was at a revision of this run.
    pub fn at(at: u64) -> Self {
        Self { at, whose: None }
    }

    /// Whether it is of another who owns it now; `owned` is the revision at which any was last.
    fn is_of_another(self, whose: u64, owned: u64) -> bool {
        self.whose.map_or(self.at < owned, |before| before != whose)
    }
}

enum Line {
    Group(Group),
    Row(Found),
}

/// A group that has lines in the window.
struct Shown {
    number: u32,
    folded: bool,
    header: bool,
    /// Which of its rows.
    rows: Range<usize>,
}

impl Inventory {
    /// A window of the containers that a query finds. Rows that `seen` has at their present revision are named in the
    /// lines and left out of the rows. A subscriber that has all figures up to the revision `used` is given the newest
    /// ones to append; without `used`, rows with newer figures than it has are whole among the rows.
    pub(super) fn window(
        &self,
        sight: &Sight,
        query: &ContainerQuery,
        seen: &Seen,
        used: Option<u64>,
    ) -> Windowed {
        let memory = self.read();
        let mut window = ContainerWindow::default();
        let found = find(&memory, (sight, &self.owners), query, &mut window.totals);
        let lines = if query.group == Grouping::Flat {
            window.totals.lines = window.totals.found;
            let range = cut(query, found.len(), &mut window.offset);
            let part = order::part((&memory, &self.owners), &found, query, range);
            part.into_iter().map(Line::Row).collect()
        } else {
            grouped((&memory, &self.owners), query, &found, &mut window.offset, &mut window.totals)
        };
        let mut had = Seen::with_capacity(lines.len());
        let mut usage = Vec::new();
        for line in lines {
            match line {
                Line::Row(found) => {
                    let Some(row) = found.row(&memory) else { continue };
                    let host = &memory.hosts[row.host];
                    let key = row.container.key;
                    let at = row.changed.max(host.link_changed);
                    window.lines.push(key);
                    let whose = self.owners.whose(&host.host.slug, Kind::Container, &row.container.id);
                    let hashed = hash_of(&whose);
                    had.insert(key, Had { at, whose: Some(hashed) });
                    let newest = if used.is_some() { at } else { at.max(row.used()) };
                    let is_old = |had: &Had| had.at < newest || had.is_of_another(hashed, memory.owned);
                    if seen.get(&key).is_none_or(is_old) {
                        window.rows.push(Container { whose, ..host.shown(row) });
                    } else if let Some(now) = row.now.filter(|_| used.is_some_and(|at| at < row.used())) {
                        usage.push((key, now.cpu, now.memory));
                    }
                }
                Line::Group(group) => {
                    window.lines.push(group.key);
                    window.groups.push(group);
                }
            }
        }
        Windowed { window, revision: memory.revision, seen: had, usage }
    }
}

fn hash_of(whose: &Option<Whose>) -> u64 {
    let mut hasher = DefaultHasher::new();
    whose.hash(&mut hasher);
    hasher.finish()
}

pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

pub(super) fn nonzero(states: &[u32; State::ALL.len()]) -> Vec<(State, u32)> {
    State::ALL.into_iter().zip(*states).filter(|(_, n)| *n > 0).collect()
}

/// The lines of the window among so many.
fn cut(query: &ContainerQuery, lines: usize, offset: &mut u32) -> Range<usize> {
    let start = lines.min(query.offset as usize);
    *offset = count(start);
    start..lines.min(start + query.limit.min(WINDOW_MAX) as usize)
}

/// The lines of the window under group rows.
fn grouped(
    (memory, owners): (&Memory, &Owners),
    query: &ContainerQuery,
    found: &[Found],
    offset: &mut u32,
    totals: &mut Totals,
) -> Vec<Line> {
    let by_host = query.group == Grouping::Host;
    let bound = if by_host { memory.hosts.len() } else { memory.rows.groups.bound() };
    let mut members = vec![0usize; bound];
    let mut trouble = vec![false; bound];
    for one in found {
        members[one.group as usize] += 1;
        trouble[one.group as usize] |= one.state.is_trouble();
    }
    let mut folded = vec![false; bound];
    for id in &query.folded {
        let number = if by_host {
            memory.by_slug.get(id).map(|number| count(*number))
        } else {
            memory.rows.groups.find(id)
        };
        if let Some(number) = number {
            folded[number as usize] = true;
        }
    }
    let groups: Vec<u32> = in_order(memory, by_host, &trouble);
    let groups = groups.into_iter().filter(|number| members[*number as usize] > 0);
    let visible = |number: u32| if folded[number as usize] { 0 } else { members[number as usize] };
    let groups: Vec<(u32, usize)> = groups.map(|number| (number, visible(number))).collect();
    let lines = groups.iter().map(|(_, rows)| 1 + rows).sum();
    totals.lines = count(lines);
    let range = cut(query, lines, offset);
    // Those groups of which a line is in the window.
    let mut shown: Vec<Shown> = Vec::new();
    let mut place = vec![None; bound];
    let mut line = 0;
    for (number, rows) in groups {
        let (header, first) = (line, line + 1);
        line = first + rows;
        if line <= range.start || header >= range.end {
            continue;
        }
        let rows = range.start.clamp(first, line) - first..range.end.clamp(first, line) - first;
        place[number as usize] = Some(shown.len());
        let header = range.contains(&header);
        shown.push(Shown { number, folded: folded[number as usize], header, rows });
    }
    let mut found_in: Vec<Vec<Found>> =
        shown.iter().map(|group| Vec::with_capacity(members[group.number as usize])).collect();
    for one in found {
        if let Some(place) = place[one.group as usize] {
            found_in[place].push(*one);
        }
    }
    let mut lines = Vec::with_capacity(range.len());
    for (group, members) in shown.into_iter().zip(&found_in) {
        if group.header {
            lines.extend(group_row(memory, by_host, &group, members).map(Line::Group));
        }
        let rows = order::part((memory, owners), members, query, group.rows);
        lines.extend(rows.into_iter().map(Line::Row));
    }
    lines
}

/// Stacks with trouble first, then by name; lone containers last. Hosts likewise.
fn in_order(memory: &Memory, by_host: bool, trouble: &[bool]) -> Vec<u32> {
    let mut parts: [Vec<u32>; 4] = Default::default();
    if by_host {
        for number in memory.by_slug.values() {
            parts[usize::from(!trouble[*number])].push(count(*number));
        }
    } else {
        let groups = &memory.rows.groups;
        for number in groups.order() {
            let lone = groups.get(*number).is_none_or(|group| group.stack.is_none());
            parts[usize::from(!trouble[*number as usize]) + 2 * usize::from(lone)].push(*number);
        }
    }
    parts.concat()
}

/// A group row; its blocks are by name, whatever the rows are sorted by: a block never moves because its state changed.
fn group_row(memory: &Memory, by_host: bool, shown: &Shown, members: &[Found]) -> Option<Group> {
    let (key, id, host, stack) = if by_host {
        let host = memory.hosts.get(shown.number as usize)?;
        (host.key, &host.host.slug, &host.host.slug, None)
    } else {
        let group = memory.rows.groups.get(shown.number)?;
        (group.key, &group.id, &group.host, group.stack.clone())
    };
    let mut states = [0u32; State::ALL.len()];
    let (mut cpu, mut bytes) = (None, None);
    for member in members {
        states[member.state as usize] += 1;
        if let Some(now) = member.row(memory).and_then(|row| row.now) {
            *cpu.get_or_insert(0.0) += now.cpu;
            let sum: &mut u64 = bytes.get_or_insert(0);
            *sum = sum.saturating_add(now.memory);
        }
    }
    Some(Group {
        key,
        id: id.clone(),
        host: host.clone(),
        stack,
        states: nonzero(&states),
        cpu: cpu.map(rounded),
        memory: bytes,
        folded: shown.folded,
        blocks: members.iter().take(Group::BLOCKS_MAX).map(|member| member.state).collect(),
    })
}
