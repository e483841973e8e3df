//! Every SQL text on the programs of consoles.

use sqlx::{FromRow, SqliteExecutor};

use super::process::Mark;

/// A program that an earlier run of the server has left.
#[derive(FromRow)]
pub(super) struct Left {
    /// Of its row.
    pub(super) id: String,
    /// The slug of the host.
    pub(super) host: String,
    /// The full id of the container.
    pub(super) container: String,
    pid: i64,
    started: i64,
    boot: String,
}

impl Left {
    /// Its process.
    pub(super) fn mark(&self) -> Option<Mark> {
        Some(Mark {
            pid: u32::try_from(self.pid).ok()?,
            started: u64::try_from(self.started).ok()?,
            boot: self.boot.clone(),
        })
    }
}

/// A program that begins.
pub(super) struct Row<'a> {
    /// Of the row.
    pub(super) id: &'a str,
    /// The slug of the host.
    pub(super) host: &'a str,
    /// The full id of the container.
    pub(super) container: &'a str,
    /// The exec, as the engine names it.
    pub(super) exec: &'a str,
    /// By which it is found again after a restart.
    pub(super) mark: &'a Mark,
    /// When it began.
    pub(super) at: i64,
}

/// Writes down that one runs.
pub(super) async fn insert(db: impl SqliteExecutor<'_>, row: &Row<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO console_exec (id, host, container, exec, pid, started, boot, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(row.id)
    .bind(row.host)
    .bind(row.container)
    .bind(row.exec)
    .bind(i64::from(row.mark.pid))
    .bind(i64::try_from(row.mark.started).unwrap_or(i64::MAX))
    .bind(&row.mark.boot)
    .bind(row.at)
    .execute(db)
    .await?;
    Ok(())
}

/// One has ended.
pub(super) async fn delete(db: impl SqliteExecutor<'_>, id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM console_exec WHERE id = $1").bind(id).execute(db).await?;
    Ok(())
}

/// All that are written down, oldest first.
pub(super) async fn all(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<Left>> {
    sqlx::query_as("SELECT id, host, container, pid, started, boot FROM console_exec ORDER BY id")
        .fetch_all(db)
        .await
}
