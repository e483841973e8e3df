//! Why a sign-in through a provider came to nothing: what the person is told, and what only the log is.

use longshore_api::web::oidc::ProviderTrouble;

use super::{super::AccountError, claims::Disbelief, discovery::ProviderError};
use crate::audit::capped;

/// It came to nothing.
#[derive(Debug, thiserror::Error)]
#[error("{}: {cause}", what.code())]
pub struct Trouble {
    /// What the person is told.
    pub what: ProviderTrouble,
    /// What the log is told; a provider's words in it are on one line, and not without end.
    pub cause: String,
    /// What the provider calls them, where it is known.
    pub name: String,
}

impl Trouble {
    pub(super) fn new(what: ProviderTrouble, cause: impl ToString) -> Self {
        Self { what, cause: capped(&cause.to_string()), name: String::new() }
    }

    /// The same about somebody.
    pub(super) fn about(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }
}

impl From<ProviderError> for Trouble {
    fn from(error: ProviderError) -> Self {
        Self::new(ProviderTrouble::Unreachable, error)
    }
}

impl From<Disbelief> for Trouble {
    fn from(error: Disbelief) -> Self {
        Self::new(ProviderTrouble::Disbelieved, error)
    }
}

impl From<AccountError> for Trouble {
    fn from(error: AccountError) -> Self {
        let what = match &error {
            AccountError::TooManyAttempts { .. } => ProviderTrouble::TooMany,
            AccountError::NameTaken(_) => ProviderTrouble::NameTaken,
            AccountError::NameMissing
            | AccountError::NameTooLong
            | AccountError::NameCharacters
            | AccountError::NameScripts => ProviderTrouble::NoName,
            AccountError::LastAdministrator => ProviderTrouble::LastAdministrator,
            _ => ProviderTrouble::Internal,
        };
        Self::new(what, error)
    }
}

impl From<sqlx::Error> for Trouble {
    fn from(error: sqlx::Error) -> Self {
        Self::new(ProviderTrouble::Internal, error)
    }
}
