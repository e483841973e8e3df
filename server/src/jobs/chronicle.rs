//! What a job tells of itself while it works.

use longshore_api::{sentence::Sentence, web::job::JobLine};

use super::Jobs;
use crate::store::now;

/// A job's log, for whoever does its work.
pub struct Chronicle<'a> {
    jobs: &'a Jobs,
    id: &'a str,
    /// Which of its targets the lines are about; none, if they are about all of it.
    target: Option<u32>,
}

impl<'a> Chronicle<'a> {
    /// The log of this job, which has one target.
    pub fn of(jobs: &'a Jobs, id: &'a str) -> Self {
        Self { jobs, id, target: Some(0) }
    }

    /// The log of this job, for what is about all of its targets.
    pub fn of_many(jobs: &'a Jobs, id: &'a str) -> Self {
        Self { jobs, id, target: None }
    }

    /// The job.
    pub fn id(&self) -> &str {
        self.id
    }

    /// Adds a line. The work goes on whether it can be written or not.
    pub async fn note(&self, what: Sentence, engine: Option<&str>) {
        let line = JobLine { at: now(), target: self.target, what, engine: engine.map(str::to_owned) };
        if let Err(error) = self.jobs.note(self.id, &[line]).await {
            tracing::warn!(job.id = self.id, %error, "a line of a job's log was not written");
        }
    }
}
