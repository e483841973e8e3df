//! Every SQL text on hosts.

use sqlx::{Sqlite, SqliteExecutor, Transaction};

#[derive(sqlx::FromRow)]
pub(super) struct HostRow {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) address: String,
}

pub(super) async fn hosts(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<HostRow>> {
    sqlx::query_as("SELECT slug, name, address FROM host ORDER BY slug").fetch_all(db).await
}

/// Whether the slug was free.
pub(super) async fn create_host(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
    slug: &str,
    name: &str,
    address: &str,
    at: i64,
) -> sqlx::Result<bool> {
    let made = sqlx::query(
        "INSERT INTO host (id, slug, name, address, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (slug) DO NOTHING",
    )
    .bind(id)
    .bind(slug)
    .bind(name)
    .bind(address)
    .bind(at)
    .execute(&mut **tx)
    .await?;
    Ok(made.rows_affected() > 0)
}
