//! One row for every change: what was intended, by whom, from where, and how it ended.

use super::Pass;
use crate::store::{Store, new_id, now};

/// What a change reports of itself for the audit row.
pub trait Outcome {
    /// As an HTTP status: the engine's where it answered.
    fn status(&self) -> u16;
}

impl Outcome for () {
    fn status(&self) -> u16 {
        204
    }
}

pub(super) async fn intend(store: &Store, pass: &Pass, operation: &str) -> sqlx::Result<String> {
    let id = new_id();
    let who = &pass.principal;
    let mut tx = store.begin().await?;
    sqlx::query(
        "INSERT INTO audit (id, at, request_id, account_id, account_name, door, address, operation, host, target, outcome)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'intended')",
    )
    .bind(&id)
    .bind(now())
    .bind(&pass.request_id)
    .bind(Some(&who.account_id).filter(|id| !id.is_empty()))
    .bind(&who.name)
    .bind(who.door.code())
    .bind(who.address.to_string())
    .bind(operation)
    .bind(pass.target.host())
    .bind(pass.target.name())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(id)
}

pub(super) async fn complete(store: &Store, id: &str, status: u16) -> sqlx::Result<()> {
    let outcome = if status < 400 { "done" } else { "failed" };
    let mut tx = store.begin().await?;
    sqlx::query("UPDATE audit SET outcome = $1, status = $2, ended_at = $3 WHERE id = $4")
        .bind(outcome)
        .bind(i64::from(status))
        .bind(now())
        .bind(id)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

pub(super) async fn sweep(store: &Store) -> sqlx::Result<u64> {
    let mut tx = store.begin().await?;
    let swept = sqlx::query("UPDATE audit SET outcome = 'unknown' WHERE outcome = 'intended'")
        .execute(&mut *tx)
        .await?
        .rows_affected();
    tx.commit().await?;
    Ok(swept)
}
