//! What home shows, each part a signal of its own: a figure that changes does not redraw the quay.

use leptos::prelude::*;
use longshore_api::web::{
    container::{Container, State},
    event::Event,
    home::{Berth, Home, HomeDelta},
    problem::Problem,
};

use crate::live::{Body, Listener};

/// Home as it is now, of the chosen host or of all.
#[derive(Clone, Copy, Default)]
pub(super) struct HomeData {
    loaded: RwSignal<bool>,
    states: RwSignal<Vec<(State, u32)>>,
    berths: RwSignal<Vec<Berth>>,
    attention: RwSignal<Vec<Container>>,
    trouble: RwSignal<u32>,
    by_cpu: RwSignal<Vec<Container>>,
    by_memory: RwSignal<Vec<Container>>,
    events: RwSignal<Vec<Event>>,
}

impl HomeData {
    /// Whether there has been an answer.
    pub(super) fn loaded(self) -> bool {
        self.loaded.get()
    }

    /// The berths.
    pub(super) fn berths(self) -> ReadSignal<Vec<Berth>> {
        self.berths.read_only()
    }

    /// How many are in each state, worst first.
    pub(super) fn states(self) -> ReadSignal<Vec<(State, u32)>> {
        self.states.read_only()
    }

    /// Those in trouble, worst first.
    pub(super) fn attention(self) -> ReadSignal<Vec<Container>> {
        self.attention.read_only()
    }

    /// How many are in trouble that [`Self::attention`] does not name.
    pub(super) fn more_trouble(self) -> u32 {
        let named = self.attention.with(Vec::len);
        self.trouble.get().saturating_sub(u32::try_from(named).unwrap_or(u32::MAX))
    }

    /// Who uses most.
    pub(super) fn consumers(self, by_memory: bool) -> Vec<Container> {
        if by_memory { self.by_memory.get() } else { self.by_cpu.get() }
    }

    /// What happened last.
    pub(super) fn events(self) -> ReadSignal<Vec<Event>> {
        self.events.read_only()
    }
}

impl Listener for HomeData {
    fn snapshot(&self, whole: Body<'_>) -> Option<()> {
        let Home { states, berths, attention, trouble, by_cpu, by_memory, events } = whole.read()?;
        self.states.set(states);
        self.berths.set(berths);
        self.attention.set(attention);
        self.trouble.set(trouble);
        self.by_cpu.set(by_cpu);
        self.by_memory.set(by_memory);
        self.events.set(events);
        if !self.loaded.get_untracked() {
            self.loaded.set(true);
        }
        Some(())
    }

    fn delta(&self, change: Body<'_>) -> Option<()> {
        let HomeDelta { states, quay, attention, trouble, by_cpu, by_memory, events } = change.read()?;
        if !quay.is_empty() {
            self.berths.update(|berths| quay.apply(berths));
        }
        take(self.states, states);
        take(self.attention, attention);
        take(self.trouble, trouble);
        take(self.by_cpu, by_cpu);
        take(self.by_memory, by_memory);
        take(self.events, events);
        Some(())
    }

    fn refused(&self, _: Problem) {}
}

fn take<T: Send + Sync + 'static>(signal: RwSignal<T>, part: Option<T>) {
    if let Some(part) = part {
        signal.set(part);
    }
}
