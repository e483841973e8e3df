//! What can go wrong with ownership, in its own words.

use http::StatusCode;
use longshore_api::words::say;

use crate::fault::Fault;

/// What can go wrong with ownership.
#[derive(Debug, thiserror::Error)]
pub enum OwnershipError {
    /// No account has this name.
    #[error("no such account")]
    AccountUnknown,
    /// No team has this id.
    #[error("no such team")]
    TeamUnknown,
    /// It is given to somebody else.
    #[error("the key belongs to another")]
    Held,
    /// The database failed.
    #[error("ownership could not be read or written")]
    Store(#[from] sqlx::Error),
}

impl From<OwnershipError> for Fault {
    fn from(error: OwnershipError) -> Self {
        match error {
            OwnershipError::AccountUnknown => Self::not_found(say::account_unknown()).at("owner"),
            OwnershipError::TeamUnknown => Self::not_found(say::team_unknown()).at("teams"),
            OwnershipError::Held => Self::new(StatusCode::CONFLICT, say::name_held()).at("name"),
            OwnershipError::Store(cause) => cause.into(),
        }
    }
}
