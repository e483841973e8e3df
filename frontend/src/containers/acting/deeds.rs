//! What is done to containers from the table, and what became of it.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use longshore_api::web::{
    RowKey,
    container::{Container, State, Verb},
};

use crate::{
    api::{self, Failure},
    session::{Session, session},
};

/// A container that something is done to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Target {
    /// Its row.
    pub(crate) key: RowKey,
    /// The slug of its host.
    pub(crate) host: String,
    /// Its full id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Its state when it was last seen.
    pub(crate) state: State,
}

impl From<&Container> for Target {
    fn from(row: &Container) -> Self {
        Self {
            key: row.key,
            host: row.host.clone(),
            id: row.id.clone(),
            name: row.name.clone(),
            state: row.state,
        }
    }
}

/// One that did not go well.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mishap {
    /// What was asked.
    pub(crate) verb: Verb,
    /// Of whom.
    pub(crate) target: Target,
    /// Why it was not done.
    pub(crate) failure: Failure,
}

/// What is being done and what failed. In the context of pages that act on containers.
#[derive(Clone, Copy)]
pub(crate) struct Deeds {
    under_way: RwSignal<BTreeMap<RowKey, Verb>>,
    removed: RwSignal<BTreeSet<RowKey>>,
    mishaps: RwSignal<Vec<Mishap>>,
    session: Session,
}

impl Deeds {
    /// Nothing done yet.
    pub(crate) fn start() -> Self {
        Self {
            under_way: RwSignal::default(),
            removed: RwSignal::default(),
            mishaps: RwSignal::default(),
            session: session(),
        }
    }

    /// What is being done to a container now.
    pub(crate) fn under_way(self, key: RowKey) -> Option<Verb> {
        self.under_way.with(|under_way| under_way.get(&key).copied())
    }

    /// Whether a container was removed from here: its tick goes with it.
    pub(crate) fn is_removed(self, key: RowKey) -> bool {
        self.removed.with(|removed| removed.contains(&key))
    }

    /// What did not go well since it was last put away.
    pub(crate) fn mishaps(self) -> RwSignal<Vec<Mishap>> {
        self.mishaps
    }

    /// Does it to all of them, each on its own: one that fails stops no other.
    pub(crate) fn act(self, verb: Verb, targets: Vec<Target>) {
        for target in targets {
            if self.under_way.with_untracked(|under_way| under_way.contains_key(&target.key)) {
                continue;
            }
            self.under_way.update(|under_way| {
                under_way.insert(target.key, verb);
            });
            leptos::task::spawn_local(async move {
                let answer = api::act(&target.host, &target.id, verb).await;
                self.under_way.try_update(|under_way| under_way.remove(&target.key));
                match answer {
                    Ok(()) if verb == Verb::Remove => {
                        self.removed.try_update(|removed| removed.insert(target.key));
                    }
                    Ok(()) => {}
                    Err(failure) => {
                        self.session.noticed(&failure);
                        self.mishaps.try_update(|mishaps| mishaps.push(Mishap { verb, target, failure }));
                    }
                }
            });
        }
    }
}

/// The deeds, from the context.
pub(crate) fn deeds() -> Deeds {
    expect_context()
}
