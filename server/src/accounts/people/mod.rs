//! Accounts of others, teams, host groups and grants: who may do what, and who decides about it.

mod grants;
mod groups;
mod mapped;
mod queries;
mod roster;
pub mod routes;
mod teams;

pub(super) use grants::{Standing, keep_an_administrator, make_administrator, standing};
pub use grants::{holds_on, reaches};
pub(super) use mapped::{Due, settle};

use sqlx::SqliteExecutor;

use super::AccountError;
use crate::store::Store;

/// The names of those who can give every right, and when a grant or a key ends by itself next.
pub(super) async fn look(store: &Store, at: i64) -> sqlx::Result<(Vec<String>, Option<i64>)> {
    let names = queries::administrators(store.read()).await?;
    Ok((names, queries::next_end(store.read(), at).await?))
}

/// Refuses a team that there is not.
pub(super) async fn known_team(db: impl SqliteExecutor<'_>, id: &str) -> Result<(), AccountError> {
    queries::TEAMS.name_of(db, id).await?.map(drop).ok_or(AccountError::TeamUnknown)
}

/// Refuses a slug that no host has.
pub(super) async fn known_host(db: impl SqliteExecutor<'_>, slug: &str) -> Result<(), AccountError> {
    if queries::host_exists(db, slug).await? {
        Ok(())
    } else {
        Err(AccountError::HostUnknown(slug.to_owned()))
    }
}
