//! Every SQL text on removed containers.

use longshore_api::web::removed::RemovedContainer;
use sqlx::{FromRow, SqliteExecutor};

#[derive(FromRow)]
struct Row {
    id: String,
    name: String,
    image: String,
    account: String,
    at: i64,
}

pub(super) async fn insert(
    db: impl SqliteExecutor<'_>,
    host: &str,
    one: &RemovedContainer,
    spec: &[u8],
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO removed_container (id, host, name, image, account, at, spec) VALUES ($1, $2, $3, $4, $5, $6, $7)",
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
        "SELECT id, name, image, account, at FROM removed_container WHERE host = $1 AND at >= $2 ORDER BY id DESC",
    )
    .bind(host)
    .bind(since)
    .fetch_all(db)
    .await?;
    let one = |row: Row| RemovedContainer {
        id: row.id,
        name: row.name,
        image: row.image,
        by: row.account,
        at: row.at,
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Name and sealed spec of one.
pub(super) async fn find(
    db: impl SqliteExecutor<'_>,
    host: &str,
    id: &str,
) -> sqlx::Result<Option<(String, Vec<u8>)>> {
    sqlx::query_as("SELECT name, spec FROM removed_container WHERE host = $1 AND id = $2")
        .bind(host)
        .bind(id)
        .fetch_optional(db)
        .await
}

/// Whether there was one.
pub(super) async fn delete(db: impl SqliteExecutor<'_>, host: &str, id: &str) -> sqlx::Result<bool> {
    let done = sqlx::query("DELETE FROM removed_container WHERE host = $1 AND id = $2")
        .bind(host)
        .bind(id)
        .execute(db)
        .await?;
    Ok(done.rows_affected() > 0)
}
