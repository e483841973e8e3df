//! Counts of containers for rail and bottom bar.

use leptos::prelude::*;
use longshore_api::web::{container, problem::Problem};
use serde::Deserialize;

use crate::live::{Body, Listener};

/// How many there are, and how many of them are in trouble.
#[derive(Clone, Copy, Default)]
pub(crate) struct Totals {
    all: RwSignal<u32>,
    trouble: RwSignal<u32>,
}

impl Totals {
    /// All that the viewer may see on the chosen host.
    pub(crate) fn all(self) -> u32 {
        self.all.get()
    }

    /// Those that a person should look at.
    pub(crate) fn trouble(self) -> u32 {
        self.trouble.get()
    }

    fn set(self, totals: &container::Totals) {
        let trouble = totals.states.iter().filter(|(state, _)| state.is_trouble()).map(|(_, n)| n).sum();
        for (signal, value) in [(self.all, totals.found), (self.trouble, trouble)] {
            if signal.get_untracked() != value {
                signal.set(value);
            }
        }
    }
}

/// What keeps the counts, for a subscription to containers without lines.
pub(crate) fn totals_listener(totals: Totals) -> impl Listener {
    totals
}

/// Of a window, or of what changed in one, nothing but the counts.
#[derive(Deserialize)]
struct Counts {
    totals: Option<container::Totals>,
}

impl Listener for Totals {
    fn snapshot(&self, whole: Body<'_>) -> Option<()> {
        if let Some(totals) = whole.read::<Counts>()?.totals {
            self.set(&totals);
        }
        Some(())
    }

    fn delta(&self, change: Body<'_>) -> Option<()> {
        self.snapshot(change)
    }

    fn refused(&self, _: Problem) {}
}
