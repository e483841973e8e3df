//! What the browser holds of a shelf: the window that was asked for, a signal for each of its things, so that what
//! changes in one repaints that one.

use std::collections::HashMap;

use leptos::prelude::*;
use longshore_api::web::{
    problem::Problem,
    shelf::{Item, ShelfTotals, ShelfWindow},
};

use crate::{
    api::Failure,
    live::{Body, Listener},
    parts::Seen,
};

/// A line of the table: what tells it apart, and its thing.
#[derive(Clone, PartialEq)]
pub(super) struct Line {
    pub(super) key: String,
    pub(super) item: ArcRwSignal<Item>,
}

/// The lines of the window.
#[derive(Clone, Copy)]
pub(super) struct List {
    lines: RwSignal<Vec<Line>>,
    offset: RwSignal<u32>,
    totals: RwSignal<ShelfTotals>,
    loaded: RwSignal<bool>,
    refused: RwSignal<Option<Failure>>,
}

impl List {
    pub(super) fn new() -> Self {
        Self {
            lines: RwSignal::default(),
            offset: RwSignal::new(0),
            totals: RwSignal::default(),
            loaded: RwSignal::new(false),
            refused: RwSignal::new(None),
        }
    }

    /// Those that exist in the page, as far as the window has them; which line the first is.
    pub(super) fn present(self, seen: Seen) -> (u32, Vec<Line>) {
        let offset = self.offset.get();
        self.lines.with(|lines| {
            let (from, to) = seen.present(offset, offset + lines.len() as u32);
            (from, lines[(from - offset) as usize..(to - offset) as usize].to_vec())
        })
    }

    /// The thing of a line.
    pub(super) fn item(self, key: &str) -> Option<Item> {
        self.lines.with(|lines| lines.iter().find(|line| line.key == key).map(|line| line.item.get()))
    }

    /// Counts over the shelf.
    pub(super) fn totals(self) -> ShelfTotals {
        self.totals.get()
    }

    /// Whether the server has answered, and every host has listed what it has.
    pub(super) fn is_loaded(self) -> bool {
        self.loaded.get() && self.totals.with(|totals| totals.waiting == 0)
    }

    /// Why the server did not answer.
    pub(super) fn refusal(self) -> Signal<Option<Failure>> {
        self.refused.into()
    }

    fn take(self, window: ShelfWindow) {
        let key = |item: &Item| format!("{}/{}", item.host, item.id);
        let mut had: HashMap<String, Line> =
            self.lines.get_untracked().into_iter().map(|line| (line.key.clone(), line)).collect();
        let lines = window.items.into_iter().map(|item| match had.remove(&key(&item)) {
            Some(line) => {
                if line.item.with_untracked(|before| *before != item) {
                    line.item.set(item);
                }
                line
            }
            None => Line { key: key(&item), item: ArcRwSignal::new(item) },
        });
        let lines = lines.collect();
        self.offset.set(window.offset);
        self.lines.set(lines);
        self.totals.set(window.totals);
        self.loaded.set(true);
        self.refused.set(None);
    }
}

impl Listener for List {
    fn snapshot(&self, whole: Body<'_>) -> Option<()> {
        self.take(whole.read()?);
        Some(())
    }

    fn delta(&self, change: Body<'_>) -> Option<()> {
        self.take(change.read()?);
        Some(())
    }

    fn refused(&self, problem: Problem) {
        self.loaded.set(true);
        self.refused.set(Some(Failure::Refused(Box::new(problem))));
    }
}
