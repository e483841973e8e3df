//! The person's own jobs, live, for all pages.

use std::rc::Rc;

use leptos::prelude::*;
use longshore_api::web::{job::Job, live::Topic, problem::Problem};

use serde::Deserialize;

use crate::live::{Body, Listener, Live};

/// The recent jobs, newest first. In the context.
#[derive(Clone, Copy)]
pub(crate) struct Jobs(RwSignal<Vec<Job>>);

impl Jobs {
    /// Follows them on the line.
    pub(crate) fn start(live: Live) -> Self {
        let jobs = Self(RwSignal::default());
        live.subscribe(Topic::Jobs, Rc::new(jobs));
        jobs
    }

    /// All of them, newest first.
    pub(crate) fn all(self) -> Vec<Job> {
        self.0.get()
    }

    /// One of them.
    pub(crate) fn one(self, id: &str) -> Option<Job> {
        self.0.with(|jobs| jobs.iter().find(|job| job.id == id).cloned())
    }

    /// How many have not ended.
    pub(crate) fn under_way(self) -> usize {
        self.0.with(|jobs| jobs.iter().filter(|job| !job.state.has_ended()).count())
    }

    /// How much of those that have not ended is done, in percent.
    pub(crate) fn progress(self) -> u32 {
        self.0.with(|jobs| {
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
        self.0.set(whole.read::<Whole>()?.jobs);
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
