//! The containers that a few letters find on all hosts, live for as long as somebody looks.

use std::rc::Rc;

use leptos::prelude::*;
use longshore_api::web::{
    container::{Container, ContainerDelta, ContainerQuery, ContainerWindow, Grouping, State},
    live::Topic,
    problem::Problem,
};

use crate::live::{Body, Listener, Live};

/// So many are shown, those first whose names fit best; more letters find the others.
const SHOWN: u32 = 8;

/// The search, on all hosts.
#[derive(Clone, Copy)]
pub(crate) struct Search(RwSignal<Vec<Container>>);

impl Search {
    /// Asks again whenever the text changes; nothing is asked without one. Only those in one of the states are found; no
    /// state means any.
    pub(crate) fn start(text: Signal<String>, states: &'static [State]) -> Self {
        let search = Self(RwSignal::new(Vec::new()));
        let question = move || {
            let text = text.get().trim().to_owned();
            let limit = if text.is_empty() { 0 } else { SHOWN };
            Topic::Containers(ContainerQuery {
                text,
                limit,
                states: states.to_vec(),
                group: Grouping::Flat,
                best_first: true,
                ..ContainerQuery::default()
            })
        };
        let subscription = expect_context::<Live>().subscribe(untrack(question), Rc::new(search));
        Effect::new(move |_| subscription.ask(question()));
        search
    }

    /// What was found, in order.
    pub(crate) fn found(self) -> Vec<Container> {
        self.0.get()
    }
}

impl Listener for Search {
    fn snapshot(&self, whole: Body<'_>) -> Option<()> {
        self.0.set(whole.read::<ContainerWindow>()?.rows);
        Some(())
    }

    fn delta(&self, change: Body<'_>) -> Option<()> {
        let change: ContainerDelta = change.read()?;
        self.0.update(|found| {
            for row in change.rows {
                match found.iter_mut().find(|other| other.key == row.key) {
                    Some(other) => *other = row,
                    None => found.push(row),
                }
            }
            if let Some(lines) = change.lines {
                found.retain(|row| lines.contains(&row.key));
                found.sort_by_key(|row| lines.iter().position(|key| *key == row.key));
            }
        });
        Some(())
    }

    fn refused(&self, _: Problem) {
        self.0.set(Vec::new());
    }
}
