//! Which containers are ticked. They stay ticked while they are scrolled or filtered out of sight.

use std::collections::BTreeMap;

use leptos::prelude::*;
use longshore_api::web::{
    RowKey,
    container::{ContainerQuery, ContainerWindow, Grouping},
    live::{Topic, WINDOW_MAX},
};

use super::{
    acting::{Deeds, Target, deeds},
    address::View,
    rows::Rows,
};
use crate::live::Live;

/// The ticked containers. In the context of the table.
#[derive(Clone, Copy)]
pub(super) struct Selection {
    ticked: RwSignal<BTreeMap<RowKey, Target>>,
    rows: Rows,
    deeds: Deeds,
}

impl Selection {
    pub(super) fn new(rows: Rows) -> Self {
        Self { ticked: RwSignal::default(), rows, deeds: deeds() }
    }

    /// Whether one is ticked.
    pub(super) fn has(self, key: RowKey) -> bool {
        self.ticked.with(|ticked| ticked.contains_key(&key))
    }

    /// How many are ticked.
    pub(super) fn len(self) -> usize {
        self.ticked.with(|ticked| ticked.keys().filter(|key| !self.deeds.is_removed(**key)).count())
    }

    /// Ticks or unticks one.
    pub(super) fn flip(self, target: Target) {
        self.ticked.update(|ticked| {
            if ticked.remove(&target.key).is_none() {
                ticked.insert(target.key, target);
            }
        });
    }

    /// Unticks all.
    pub(super) fn clear(self) {
        self.ticked.update(BTreeMap::clear);
    }

    /// The ticked ones, as they are now where they are in sight.
    pub(super) fn targets(self) -> Vec<Target> {
        self.ticked.with(|ticked| {
            let now = |target: &Target| self.rows.container(target.key).map(|row| Target::from(&row));
            let there = ticked.values().filter(|target| !self.deeds.is_removed(target.key));
            there.map(|target| now(target).unwrap_or_else(|| target.clone())).collect()
        })
    }

    /// Ticks all that the table finds, as far as one window goes, also those out of sight.
    pub(super) fn all(self, live: Live, view: &View) {
        let question =
            ContainerQuery { group: Grouping::Flat, folded: Vec::new(), ..view.question(0, WINDOW_MAX) };
        live.once(Topic::Containers(question), move |whole| {
            let window: ContainerWindow = whole.read()?;
            self.ticked.update(|ticked| {
                ticked.extend(window.rows.iter().map(|row| (row.key, Target::from(row))));
            });
            Some(())
        });
    }
}

/// The ticks, from the context.
pub(super) fn selection() -> Selection {
    expect_context()
}
