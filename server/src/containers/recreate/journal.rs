//! What is being recreated, written down before anything is changed: after a power cut the next start knows what it finds.

use crate::store::{Store, now};

/// A container that is being recreated.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Entry {
    /// The job that does it.
    pub(super) job_id: String,
    /// The slug of the host.
    pub(super) host: String,
    /// What it is called, and the new one will be.
    pub(super) name: String,
    /// The full id of the old one.
    pub(super) old_id: String,
    /// What the old one is called meanwhile.
    pub(super) parked: String,
    /// The full id of the new one, once it is there.
    pub(super) new_id: Option<String>,
    /// Whether the old one ran.
    pub(super) ran: bool,
}

/// Before the first change.
pub(super) async fn begin(store: &Store, entry: &Entry) -> sqlx::Result<()> {
    let mut tx = store.begin().await?;
    sqlx::query(
        "INSERT INTO recreation (job_id, host, name, old_id, parked, ran, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&entry.job_id)
    .bind(&entry.host)
    .bind(&entry.name)
    .bind(&entry.old_id)
    .bind(&entry.parked)
    .bind(entry.ran)
    .bind(now())
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// The new one is there.
pub(super) async fn made(store: &Store, job_id: &str, new_id: &str) -> sqlx::Result<()> {
    let mut tx = store.begin().await?;
    sqlx::query("UPDATE recreation SET new_id = $1 WHERE job_id = $2")
        .bind(new_id)
        .bind(job_id)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// It is done or undone.
pub(super) async fn end(store: &Store, job_id: &str) -> sqlx::Result<()> {
    let mut tx = store.begin().await?;
    sqlx::query("DELETE FROM recreation WHERE job_id = $1").bind(job_id).execute(&mut *tx).await?;
    tx.commit().await
}

/// Those in the midst of which the server ended.
pub(super) async fn open(store: &Store) -> sqlx::Result<Vec<Entry>> {
    sqlx::query_as(
        "SELECT job_id, host, name, old_id, parked, new_id, ran FROM recreation ORDER BY at, job_id",
    )
    .fetch_all(store.read())
    .await
}
