//! What home shows, each part a signal of its own: a figure that changes does not redraw the quay.

use leptos::prelude::*;
use longshore_api::web::{
    container::{Container, State},
    event::Event,
    home::{Berth, Home},
    live::{Delta, Snapshot},
    problem::Problem,
};

use crate::{live::Listener, places::Places};

/// Home as it is now.
#[derive(Clone, Copy)]
pub(super) struct HomeData {
    loaded: RwSignal<bool>,
    berths: RwSignal<Vec<Berth>>,
    attention: RwSignal<Vec<Container>>,
    trouble: RwSignal<u32>,
    by_cpu: RwSignal<Vec<Container>>,
    by_memory: RwSignal<Vec<Container>>,
    events: RwSignal<Vec<Event>>,
    places: Places,
}

impl HomeData {
    pub(super) fn new(places: Places) -> Self {
        Self {
            loaded: RwSignal::new(false),
            berths: RwSignal::default(),
            attention: RwSignal::default(),
            trouble: RwSignal::default(),
            by_cpu: RwSignal::default(),
            by_memory: RwSignal::default(),
            events: RwSignal::default(),
            places,
        }
    }

    fn is_chosen(self, host: &str) -> bool {
        self.places.host().is_none_or(|chosen| chosen == host)
    }

    fn chosen(self, rows: RwSignal<Vec<Container>>) -> Vec<Container> {
        rows.with(|rows| rows.iter().filter(|row| self.is_chosen(&row.host)).cloned().collect())
    }

    /// Whether there has been an answer.
    pub(super) fn loaded(self) -> bool {
        self.loaded.get()
    }

    /// The berths of the chosen hosts.
    pub(super) fn berths(self) -> Vec<Berth> {
        self.berths
            .with(|berths| berths.iter().filter(|berth| self.is_chosen(&berth.host.slug)).cloned().collect())
    }

    /// How many are in each state, worst first, on the chosen hosts.
    pub(super) fn states(self) -> Vec<(State, u32)> {
        let mut counts = [0_u32; State::ALL.len()];
        self.berths.with(|berths| {
            for berth in berths.iter().filter(|berth| self.is_chosen(&berth.host.slug)) {
                for block in berth.piles.iter().flat_map(|pile| &pile.blocks) {
                    counts[block.state as usize] += 1;
                }
            }
        });
        State::ALL.into_iter().zip(counts).filter(|(_, n)| *n > 0).collect()
    }

    /// Those in trouble on the chosen hosts, worst first.
    pub(super) fn attention(self) -> Vec<Container> {
        self.chosen(self.attention)
    }

    /// How many are in trouble that [`Self::attention`] does not name.
    pub(super) fn more_trouble(self) -> u32 {
        let named = self.attention.with(Vec::len);
        match self.places.host() {
            None => self.trouble.get().saturating_sub(u32::try_from(named).unwrap_or(u32::MAX)),
            Some(_) => 0,
        }
    }

    /// Who uses most.
    pub(super) fn consumers(self, by_memory: bool) -> Vec<Container> {
        self.chosen(if by_memory { self.by_memory } else { self.by_cpu })
    }

    /// What happened last.
    pub(super) fn events(self) -> Vec<Event> {
        self.events
            .with(|events| events.iter().filter(|event| self.is_chosen(&event.host)).cloned().collect())
    }

    fn take(self, home: Home) {
        set(self.berths, home.berths);
        set(self.attention, home.attention);
        set(self.trouble, home.trouble);
        set(self.by_cpu, home.by_cpu);
        set(self.by_memory, home.by_memory);
        set(self.events, home.events);
        set(self.loaded, true);
    }
}

fn set<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|before| *before != value) {
        signal.set(value);
    }
}

impl Listener for HomeData {
    fn snapshot(&self, whole: Snapshot) {
        if let Snapshot::Home(home) = whole {
            self.take(*home);
        }
    }

    fn delta(&self, change: Delta) {
        if let Delta::Home(home) = change {
            self.take(*home);
        }
    }

    fn refused(&self, _: Problem) {}
}
