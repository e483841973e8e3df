//! The window of the table that the browser holds. Each row is a signal of its own: a delta repaints what it names.

use std::collections::BTreeMap;

use leptos::prelude::*;
use longshore_api::web::{
    RowKey,
    container::{Container, ContainerDelta, ContainerWindow, Group, Totals},
    live::USAGE_PAST,
    problem::Problem,
};

use super::hold;
use crate::{
    api::Failure,
    live::{Body, Listener},
};

/// A line of the table.
#[derive(Clone)]
pub(super) enum Line {
    /// A container.
    Row(ArcRwSignal<Container>),
    /// A group of them.
    Group(ArcRwSignal<Group>),
}

/// Which lines the window holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Place {
    /// The place of the first in the whole list.
    pub(super) offset: u32,
    /// The lines as they are shown.
    pub(super) lines: Vec<RowKey>,
    /// Those of them that are no more, and only stay where they are because a line is held.
    gone: Vec<RowKey>,
}

/// The window, its rows and its counts.
#[derive(Clone, Copy)]
pub(super) struct Rows {
    lines: StoredValue<BTreeMap<RowKey, Line>>,
    place: RwSignal<Place>,
    totals: RwSignal<Totals>,
    loaded: RwSignal<bool>,
    refused: RwSignal<Option<Failure>>,
    /// The line that must not move, and the order that waits until it may.
    anchor: StoredValue<Option<RowKey>>,
    /// The lines as the server said them last: what it keeps up to date here.
    kept: StoredValue<Vec<RowKey>>,
    waiting: StoredValue<Option<Vec<RowKey>>>,
}

impl Rows {
    pub(super) fn new() -> Self {
        Self {
            lines: StoredValue::default(),
            place: RwSignal::default(),
            totals: RwSignal::default(),
            loaded: RwSignal::new(false),
            refused: RwSignal::new(None),
            anchor: StoredValue::new(None),
            kept: StoredValue::default(),
            waiting: StoredValue::new(None),
        }
    }

    /// Which lines there are to show.
    pub(super) fn place(self) -> Signal<Place> {
        self.place.into()
    }

    /// Counts of what the query found.
    pub(super) fn totals(self) -> Signal<Totals> {
        self.totals.into()
    }

    /// Whether there has been an answer.
    pub(super) fn loaded(self) -> Signal<bool> {
        self.loaded.into()
    }

    /// Why there is none.
    pub(super) fn refused(self) -> Signal<Option<Failure>> {
        self.refused.into()
    }

    /// A line of the window.
    pub(super) fn line(self, key: RowKey) -> Option<Line> {
        self.lines.with_value(|lines| lines.get(&key).cloned())
    }

    /// A container of the window, as it is now; tracked.
    pub(super) fn container(self, key: RowKey) -> Option<Container> {
        match self.line(key)? {
            Line::Row(row) => Some(row.get()),
            Line::Group(_) => None,
        }
    }

    /// Whether a line of the window is no more; tracked.
    pub(super) fn is_gone(self, key: RowKey) -> bool {
        self.place.with(|place| place.gone.contains(&key))
    }

    /// Holds a line where it is, or lets go; then the order that has waited is taken over.
    pub(super) fn hold(self, anchor: Option<RowKey>) {
        self.anchor.set_value(anchor);
        if anchor.is_none()
            && let Some(lines) = self.waiting.try_update_value(Option::take).flatten()
        {
            self.place.update(|place| {
                place.lines = lines;
                place.gone.clear();
            });
            self.drop_unshown();
        }
    }

    fn take_rows(self, rows: Vec<Container>, groups: Vec<Group>) {
        self.lines.update_value(|lines| {
            for row in rows {
                match lines.get(&row.key) {
                    Some(Line::Row(signal)) => {
                        if signal.with_untracked(|before| *before != row) {
                            signal.set(row);
                        }
                    }
                    _ => drop(lines.insert(row.key, Line::Row(ArcRwSignal::new(row)))),
                }
            }
            for group in groups {
                match lines.get(&group.key) {
                    Some(Line::Group(signal)) => {
                        if signal.with_untracked(|before| *before != group) {
                            signal.set(group);
                        }
                    }
                    _ => drop(lines.insert(group.key, Line::Group(ArcRwSignal::new(group)))),
                }
            }
        });
    }

    /// The answer to another question: nobody holds on to lines of the last one.
    fn take_whole(self, offset: u32, lines: Vec<RowKey>) {
        self.anchor.set_value(None);
        self.take_lines(offset, lines);
    }

    fn take_lines(self, offset: u32, lines: Vec<RowKey>) {
        self.kept.set_value(lines.clone());
        let anchor = self.anchor.get_value();
        let same_place = self.place.with_untracked(|place| place.offset == offset);
        let shown = match anchor {
            Some(anchor) if same_place => {
                self.place.with_untracked(|place| hold::held(&place.lines, &lines, anchor))
            }
            _ => lines.clone(),
        };
        let mut gone = Vec::new();
        if shown != lines {
            gone.extend(shown.iter().copied().filter(|key| !lines.contains(key)));
            self.waiting.set_value(Some(lines));
        } else {
            self.waiting.set_value(None);
        }
        let place = Place { offset, lines: shown, gone };
        if self.place.with_untracked(|before| *before != place) {
            self.place.set(place);
        }
    }

    fn drop_unshown(self) {
        self.place.with_untracked(|place| {
            self.waiting.with_value(|waiting| {
                let shown: std::collections::BTreeSet<RowKey> =
                    place.lines.iter().chain(waiting.iter().flatten()).copied().collect();
                self.lines.update_value(|lines| lines.retain(|key, _| shown.contains(key)));
            });
        });
    }

    fn take_usage(self, usage: Vec<(RowKey, f32, u64)>) {
        self.lines.with_value(|lines| {
            for (key, cpu, memory) in usage {
                let Some(Line::Row(row)) = lines.get(&key) else { continue };
                row.update(|row| {
                    let usage = row.usage.get_or_insert_default();
                    usage.cpu = cpu;
                    usage.memory = memory;
                    append(&mut usage.cpu_past, cpu);
                    append(&mut usage.memory_past, memory);
                });
            }
        });
    }

    fn take_totals(self, totals: Totals) {
        if self.totals.with_untracked(|before| *before != totals) {
            self.totals.set(totals);
        }
    }
}

fn append<T>(past: &mut Vec<T>, value: T) {
    if past.len() >= USAGE_PAST {
        past.remove(0);
    }
    past.push(value);
}

impl Listener for Rows {
    fn snapshot(&self, whole: Body<'_>) -> Option<()> {
        let ContainerWindow { offset, lines, rows, groups, totals } = whole.read()?;
        self.take_rows(rows, groups);
        self.take_totals(totals);
        self.take_whole(offset, lines);
        // Only now: a row that a delta took out of the window may be among those that were said to be held.
        self.drop_unshown();
        self.refused.set(None);
        self.loaded.set(true);
        Some(())
    }

    fn delta(&self, change: Body<'_>) -> Option<()> {
        let ContainerDelta { lines, rows, groups, totals, usage } = change.read()?;
        self.take_rows(rows, groups);
        self.take_usage(usage);
        if let Some(totals) = totals {
            self.take_totals(totals);
        }
        if let Some(lines) = lines {
            let offset = self.place.with_untracked(|place| place.offset);
            self.take_lines(offset, lines);
        }
        Some(())
    }

    fn refused(&self, problem: Problem) {
        self.refused.set(Some(Failure::Refused(Box::new(problem))));
    }

    fn held(&self) -> Vec<RowKey> {
        self.lines.with_value(|lines| {
            self.kept.with_value(|kept| kept.iter().copied().filter(|key| lines.contains_key(key)).collect())
        })
    }

    fn forget(&self) {
        self.lines.update_value(BTreeMap::clear);
        self.waiting.set_value(None);
        self.kept.set_value(Vec::new());
        self.place.set(Place::default());
    }
}
