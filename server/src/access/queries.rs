//! Every SQL text on the audit log.

use sqlx::SqliteExecutor;

use crate::store::Store;

/// A row of the audit log, before its outcome.
pub(super) struct Row<'a> {
    pub(super) id: &'a str,
    pub(super) at: i64,
    pub(super) request_id: &'a str,
    pub(super) account_id: &'a str,
    pub(super) account_name: &'a str,
    pub(super) door: &'a str,
    pub(super) address: &'a str,
    pub(super) operation: &'a str,
    pub(super) host: Option<&'a str>,
    pub(super) target: &'a str,
    pub(super) outcome: &'a str,
    pub(super) status: Option<i64>,
    pub(super) ended_at: Option<i64>,
}

pub(super) async fn insert(db: impl SqliteExecutor<'_>, row: &Row<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO audit (id, at, request_id, account_id, account_name, door, address, operation, host, target,
                            outcome, status, ended_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(row.id)
    .bind(row.at)
    .bind(row.request_id)
    .bind(row.account_id)
    .bind(row.account_name)
    .bind(row.door)
    .bind(row.address)
    .bind(row.operation)
    .bind(row.host)
    .bind(row.target)
    .bind(row.outcome)
    .bind(row.status)
    .bind(row.ended_at)
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn complete(
    db: impl SqliteExecutor<'_>,
    id: &str,
    outcome: &str,
    status: u16,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE audit SET outcome = $1, status = $2, ended_at = $3 WHERE id = $4")
        .bind(outcome)
        .bind(i64::from(status))
        .bind(at)
        .bind(id)
        .execute(db)
        .await?;
    Ok(())
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
