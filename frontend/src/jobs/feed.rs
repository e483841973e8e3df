//! The person's own jobs, live, for all pages.

use std::rc::Rc;

use leptos::prelude::*;
use longshore_api::web::{job::Job, live::Topic, problem::Problem};

use serde::Deserialize;

use crate::{
    browser,
    live::{Body, Listener, Live},
};

/// The recent jobs, newest first. In the context.
#[derive(Clone, Copy)]
pub(crate) struct Jobs {
    all: RwSignal<Vec<Job>>,
    /// The newest that the person has looked at: what went wrong later is told until it is looked at.
    seen: RwSignal<String>,
}

/// Where [`Jobs::seen`] is remembered.
const SEEN: &str = "jobs.seen";

impl Jobs {
    /// Follows them on the line.
    pub(crate) fn start(live: Live) -> Self {
        let seen = RwSignal::new(browser::remembered(SEEN).unwrap_or_default());
        let jobs = Self { all: RwSignal::default(), seen };
        live.subscribe(Topic::Jobs, Rc::new(jobs));
        jobs
    }

    /// All of them, newest first.
    pub(crate) fn all(self) -> Vec<Job> {
        self.all.get()
    }

    /// The person looks at them now.
    pub(crate) fn looked_at(self) {
        let newest =
            self.all.with(|jobs| jobs.iter().find(|job| job.state.has_ended()).map(|job| job.id.clone()));
        if let Some(newest) = newest.filter(|newest| *newest > self.seen.get_untracked()) {
            browser::remember(SEEN, Some(&newest));
            self.seen.set(newest);
        }
    }

    /// Those that went wrong and that nobody has looked at, newest first.
    pub(crate) fn unseen_trouble(self) -> Vec<Job> {
        let seen = self.seen.get();
        self.all.with(|jobs| jobs.iter().filter(|job| job.went_wrong() && job.id > seen).cloned().collect())
    }

    /// One of them.
    pub(crate) fn one(self, id: &str) -> Option<Job> {
        self.all.with(|jobs| jobs.iter().find(|job| job.id == id).cloned())
    }

    /// How many have not ended.
    pub(crate) fn under_way(self) -> usize {
        self.all.with(|jobs| jobs.iter().filter(|job| !job.state.has_ended()).count())
    }

    /// How much of those that have not ended is done, in percent.
    pub(crate) fn progress(self) -> u32 {
        self.all.with(|jobs| {
            let open = jobs.iter().filter(|job| !job.state.has_ended());
            let (done, total) = open.fold((0, 0), |(done, total), job| (done + job.done, total + job.total));
            (done * 100).checked_div(total).unwrap_or(0)
        })
    }
}

/// What the line says of them, always the whole.
#[derive(Deserialize)]
struct Whole {
    jobs: Vec<Job>,
}

impl Listener for Jobs {
    fn snapshot(&self, whole: Body<'_>) -> Option<()> {
        self.all.set(whole.read::<Whole>()?.jobs);
        Some(())
    }

    fn delta(&self, change: Body<'_>) -> Option<()> {
        self.snapshot(change)
    }

    fn refused(&self, _: Problem) {}
}

/// The jobs, from the context.
pub(crate) fn jobs() -> Jobs {
    expect_context()
}
