//! The jobs of the page: those that the line tells of, and the older ones that were asked for.

use std::collections::BTreeMap;

use leptos::prelude::*;
use longshore_api::web::job::{EARLIER, Job, RECENT};

use super::jobs;
use crate::{
    api::{self, Failure},
    parts::memo,
    session::session,
};

/// All that the page has heard of, by id: ids follow the time.
#[derive(Clone, Copy)]
pub(super) struct Known {
    jobs: RwSignal<BTreeMap<String, Job>>,
    /// Whether the server may have older ones.
    pub(super) more: RwSignal<bool>,
    /// Being asked for older ones.
    pub(super) asking: RwSignal<bool>,
    pub(super) failure: RwSignal<Option<Failure>>,
}

impl Known {
    /// Follows the line.
    pub(super) fn new() -> Self {
        let known = Self {
            jobs: RwSignal::default(),
            more: RwSignal::new(false),
            asking: RwSignal::new(false),
            failure: RwSignal::new(None),
        };
        let live = jobs();
        Effect::new(move |heard: Option<()>| {
            let all = live.all();
            if heard.is_none() || known.jobs.with_untracked(BTreeMap::is_empty) {
                known.more.set(all.len() >= RECENT as usize);
            }
            known.jobs.update(|jobs| jobs.extend(all.into_iter().map(|job| (job.id.clone(), job))));
            live.looked_at();
        });
        known
    }

    /// The ids of those for which it holds, newest first.
    pub(super) fn ids(self, holds: impl Fn(&Job) -> bool) -> Vec<String> {
        self.jobs
            .with(|jobs| jobs.values().rev().filter(|job| holds(job)).map(|job| job.id.clone()).collect())
    }

    /// One of them, as it is.
    pub(super) fn one(self, id: String) -> Signal<Option<Job>> {
        memo(move || self.jobs.with(|jobs| jobs.get(&id).cloned())).into()
    }

    /// One of them, as it is now.
    pub(super) fn get(self, id: &str) -> Option<Job> {
        self.jobs.with(|jobs| jobs.get(id).cloned())
    }

    /// Asks for those before the oldest.
    pub(super) fn ask_for_more(self) {
        let Some(oldest) = self.jobs.with_untracked(|jobs| jobs.keys().next().cloned()) else { return };
        let session = session();
        self.asking.set(true);
        leptos::task::spawn_local(async move {
            match api::earlier_jobs(&oldest).await {
                Ok(older) => {
                    _ = self.more.try_set(older.len() >= EARLIER as usize);
                    _ = self.jobs.try_update(|jobs| {
                        jobs.extend(older.into_iter().map(|job| (job.id.clone(), job)));
                    });
                    _ = self.failure.try_set(None);
                }
                Err(why) => {
                    session.noticed(&why);
                    _ = self.failure.try_set(Some(why));
                }
            }
            _ = self.asking.try_set(false);
        });
    }
}
