//! The events that the browser holds, and those that wait while the list is paused.

use leptos::prelude::*;
use longshore_api::web::{
    event::{Event, EventWindow},
    problem::Problem,
};

use crate::live::{Body, Listener};

/// The feed.
#[derive(Clone, Copy)]
pub(super) struct Feed {
    events: RwSignal<Vec<Event>>,
    held: RwSignal<Option<Vec<Event>>>,
    found: RwSignal<u32>,
    loaded: RwSignal<bool>,
}

impl Feed {
    pub(super) fn new() -> Self {
        Self {
            events: RwSignal::default(),
            held: RwSignal::new(None),
            found: RwSignal::new(0),
            loaded: RwSignal::new(false),
        }
    }

    /// What the list shows, newest first.
    pub(super) fn shown(self) -> Vec<Event> {
        self.held.get().unwrap_or_else(|| self.events.get())
    }

    /// Whether the server has answered that there are none.
    pub(super) fn is_empty(self) -> bool {
        self.loaded.get() && self.events.with(Vec::is_empty)
    }

    /// How many of those in memory the filter finds.
    pub(super) fn found(self) -> u32 {
        self.found.get()
    }

    /// Whether the list is held still.
    pub(super) fn is_paused(self) -> bool {
        self.held.with(Option::is_some)
    }

    /// How many came since it was paused.
    pub(super) fn waiting(self) -> usize {
        let newest = self.held.with(|held| held.as_ref().map(|held| held.first().map(|event| event.key)));
        match newest {
            Some(newest) => self.events.with(|events| {
                events.iter().take_while(|event| newest.is_none_or(|newest| event.key > newest)).count()
            }),
            None => 0,
        }
    }

    /// Holds the list still, or lets it run.
    pub(super) fn pause(self, hold: bool) {
        self.held.set(hold.then(|| self.events.get_untracked()));
    }
}

impl Listener for Feed {
    fn snapshot(&self, whole: Body<'_>) -> Option<()> {
        let window: EventWindow = whole.read()?;
        self.found.set(window.found);
        self.events.set(window.events);
        // Another question: what was held belongs to the old one.
        if self.held.with_untracked(Option::is_some) {
            self.pause(true);
        }
        self.loaded.set(true);
        Some(())
    }

    fn delta(&self, change: Body<'_>) -> Option<()> {
        let window: EventWindow = change.read()?;
        self.found.set(window.found);
        self.events.update(|events| {
            let newest = events.first().map(|event| event.key);
            let new =
                window.events.into_iter().filter(|event| newest.is_none_or(|newest| event.key > newest));
            events.splice(0..0, new.collect::<Vec<_>>());
            events.truncate(super::page::SHOWN as usize);
        });
        Some(())
    }

    fn refused(&self, _: Problem) {
        self.loaded.set(true);
    }
}
