//! What can go wrong with jobs, in their own words.

use http::StatusCode;
use longshore_api::{web::job::TARGETS_MAX, words::say};

use crate::fault::Fault;

/// What can go wrong with jobs.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// There is no such job of this account.
    #[error("no such job")]
    Unknown,
    /// A job on nothing.
    #[error("no targets")]
    NoTargets,
    /// More targets than [`TARGETS_MAX`].
    #[error("{0} targets")]
    ManyTargets(usize),
    /// It has not ended.
    #[error("under way")]
    UnderWay,
    /// It left nothing undone.
    #[error("nothing is left of it")]
    NothingLeft,
    /// What it would need to be done again is not kept.
    #[error("what it did is not kept")]
    Forgotten,
    /// Another job is at work on the stack.
    #[error("a job is at work on the stack {0}")]
    StackBusy(String),
    /// A row that this build does not understand.
    #[error("a job's row is not understood")]
    Row(#[from] serde_json::Error),
    /// The database failed.
    #[error("the jobs could not be read or written")]
    Store(#[from] sqlx::Error),
}

impl From<JobError> for Fault {
    fn from(error: JobError) -> Self {
        match error {
            JobError::Unknown => Self::not_found(say::job_unknown()),
            JobError::NoTargets => Self::bad_request(say::job_targets_none()).at("targets"),
            JobError::ManyTargets(n) => {
                Self::bad_request(say::job_targets_many(TARGETS_MAX, n)).at("targets")
            }
            JobError::UnderWay => Self::new(StatusCode::CONFLICT, say::job_under_way()),
            JobError::NothingLeft => Self::new(StatusCode::CONFLICT, say::job_nothing_left()),
            JobError::Forgotten => Self::new(StatusCode::CONFLICT, say::job_forgotten()),
            JobError::StackBusy(name) => Self::new(StatusCode::CONFLICT, say::stack_busy(name)),
            JobError::Row(cause) => Self::internal(cause),
            JobError::Store(cause) => cause.into(),
        }
    }
}
