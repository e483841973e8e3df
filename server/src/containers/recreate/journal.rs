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
    /// Whether the new one has shown that it runs.
    pub(super) proved: bool,
}

impl Entry {
    /// What the new one is called until its id is written down: a name that nobody else gives, so that it is known for
    /// ours even where the answer with its id was lost.
    pub(super) fn made_as(&self) -> String {
        format!("{}-new-{}", self.name, self.job_id)
    }
}

/// The columns of an [`Entry`].
macro_rules! entries {
    ($rest:literal) => {
        concat!("SELECT job_id, host, name, old_id, parked, new_id, ran, proved FROM recreation ", $rest)
    };
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

/// The new one runs; what is left is to remove the old one.
pub(super) async fn proved(store: &Store, job_id: &str) -> sqlx::Result<()> {
    let mut tx = store.begin().await?;
    sqlx::query("UPDATE recreation SET proved = TRUE WHERE job_id = $1")
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
    sqlx::query_as(entries!("ORDER BY at, job_id")).fetch_all(store.read()).await
}

/// The entry of a job, if it has not ended.
pub(super) async fn of_job(store: &Store, job_id: &str) -> sqlx::Result<Option<Entry>> {
    sqlx::query_as(entries!("WHERE job_id = $1")).bind(job_id).fetch_optional(store.read()).await
}

/// Those of earlier jobs that a container is part of, by its name or its id.
pub(super) async fn about(store: &Store, host: &str, name: &str, id: &str) -> sqlx::Result<Vec<Entry>> {
    sqlx::query_as(entries!(
        "WHERE host = $1 AND (name = $2 OR parked = $2 OR old_id = $3 OR new_id = $3) ORDER BY at, job_id"
    ))
    .bind(host)
    .bind(name)
    .bind(id)
    .fetch_all(store.read())
    .await
}
