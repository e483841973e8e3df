//! What of accounts hangs on keys of the data folder, for who has lost one.

use sqlx::{Sqlite, Transaction};

use super::{logic::SESSION_LIFE_MS, oidc, queries, totp};
use crate::store::Store;

/// Whether there are sessions that the signing key has signed and that are not over.
pub async fn has_sessions(store: &Store, at: i64) -> sqlx::Result<bool> {
    queries::has_sessions(store.read(), at - SESSION_LIFE_MS).await
}

/// Whether there are secrets that only the key that seals can open.
pub async fn has_sealed(store: &Store) -> sqlx::Result<bool> {
    Ok(totp::has_sealed(store.read()).await? || oidc::has_sealed(store.read()).await?)
}

/// Ends every session; how many there were.
pub async fn forget_sessions(tx: &mut Transaction<'_, Sqlite>) -> sqlx::Result<u64> {
    queries::end_all_sessions(tx).await
}

/// Forgets what cannot be opened any more; of how many accounts and of how many providers. Who was asked for a second
/// factor still is: a lost key opens no door.
pub async fn forget_sealed(tx: &mut Transaction<'_, Sqlite>) -> sqlx::Result<(u64, u64)> {
    Ok((totp::forget_sealed(tx).await?, oidc::forget_sealed(tx).await?))
}
