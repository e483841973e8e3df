//! Every SQL text on removed containers.

use longshore_api::web::removed::RemovedContainer;
use sqlx::{FromRow, SqliteExecutor};

/// One of them, without its spec.
#[derive(FromRow)]
struct Row {
    id: String,
    name: String,
    image: String,
    account_name: String,
    at: i64,
}

/// Writes one down, with its sealed spec.
pub(super) async fn insert(
    db: impl SqliteExecutor<'_>,
    host: &str,
    one: &RemovedContainer,
    spec: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO removed_container (id, host, name, image, account_name, at, spec)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&one.id)
    .bind(host)
    .bind(&one.name)
    .bind(&one.image)
    .bind(&one.by)
    .bind(one.at)
    .bind(spec)
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets what is older than `since`, and of a host all but the newest.
pub(super) async fn forget_old(
    db: &mut sqlx::SqliteConnection,
    host: &str,
    since: i64,
    newest: i64,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM removed_container WHERE at < $1").bind(since).execute(&mut *db).await?;
    sqlx::query(
        "DELETE FROM removed_container WHERE host = $1 AND id NOT IN
         (SELECT id FROM removed_container WHERE host = $1 ORDER BY id DESC LIMIT $2)",
    )
    .bind(host)
    .bind(newest)
    .execute(&mut *db)
    .await?;
    Ok(())
}

/// Those of a host since then, newest first.
pub(super) async fn of_host(
    db: impl SqliteExecutor<'_>,
    host: &str,
    since: i64,
) -> sqlx::Result<Vec<RemovedContainer>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, name, image, account_name, at FROM removed_container
         WHERE host = $1 AND at >= $2 ORDER BY id DESC",
    )
    .bind(host)
    .bind(since)
    .fetch_all(db)
    .await?;
    let one = |row: Row| RemovedContainer {
        id: row.id,
        name: row.name,
        image: row.image,
        by: row.account_name,
        at: row.at,
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Name and sealed spec of one.
pub(super) async fn find(
    db: impl SqliteExecutor<'_>,
    host: &str,
    id: &str,
) -> sqlx::Result<Option<(String, String)>> {
    sqlx::query_as("SELECT name, spec FROM removed_container WHERE host = $1 AND id = $2")
        .bind(host)
        .bind(id)
        .fetch_optional(db)
        .await
}

/// Forgets one, and says whether there was one.
pub(super) async fn delete(db: impl SqliteExecutor<'_>, host: &str, id: &str) -> sqlx::Result<bool> {
    let done = sqlx::query("DELETE FROM removed_container WHERE host = $1 AND id = $2")
        .bind(host)
        .bind(id)
        .execute(db)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether there is one.
pub(super) async fn has_any(db: impl SqliteExecutor<'_>) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM removed_container)").fetch_one(db).await
}

/// Forgets them all; how many there were.
pub(super) async fn forget_all(db: impl SqliteExecutor<'_>) -> sqlx::Result<u64> {
    Ok(sqlx::query("DELETE FROM removed_container").execute(db).await?.rows_affected())
}
