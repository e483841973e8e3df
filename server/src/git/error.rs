//! Why a file of a repository was not had.

use crate::fetch::FetchError;

/// Why a file of a repository was not had.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// It could not be asked.
    #[error(transparent)]
    Unreachable(#[from] FetchError),
    /// It answered, and not as a repository does.
    #[error("{url} answered {status}")]
    Status {
        /// What was asked.
        url: String,
        /// Its answer.
        status: u16,
    },
    /// It speaks no version of the protocol that is spoken here.
    #[error("no Git repository that is read by the second version of its protocol")]
    NoRepository,
    /// Nothing was ever committed to it.
    #[error("the repository has no commit")]
    Empty,
    /// It has no such file.
    #[error("no file {0} in the repository")]
    NoFile(String),
    /// There is too much of it.
    #[error("too large")]
    Large,
    /// What it said makes no sense, or is what went wrong there.
    #[error("{0}")]
    Broken(String),
}

impl GitError {
    pub(super) fn broken(why: impl std::fmt::Display) -> Self {
        Self::Broken(why.to_string())
    }
}
