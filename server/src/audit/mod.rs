//! The audit log: who did what, from where, by which door, and how it ended. Rows are only ever added, each in the
//! transaction of what it tells of, and each chained to the one before by a MAC whose key is a file of the data folder:
//! whoever edits the database cannot make a row that [`check`] takes for ours. What was cut off the end is told by the
//! head, which stands in a file beside the key and in the log of the server.

mod chain;
mod check;
mod entry;
mod export;
mod head;
mod keep;
mod ledger;
mod look;
mod queries;
mod refusals;
pub mod routes;

pub use chain::Head;
pub use check::{Report, Told, check};
pub use entry::{Draft, INTENDED, INTENT, capped, first_word, outcome_of};
pub use keep::keep;
pub use ledger::{Ledger, Noted};

use crate::store::Store;

/// The key file of the data folder.
pub const KEY_FILE: &str = "audit.key";
/// The file of the data folder with the head.
pub const HEAD_FILE: &str = "audit.head";

/// Whether anything is in the log.
pub async fn has_rows(store: &Store) -> sqlx::Result<bool> {
    let mut connection = store.read().acquire().await?;
    Ok(queries::head(&mut connection).await?.is_some())
}

#[cfg(test)]
mod tests;
