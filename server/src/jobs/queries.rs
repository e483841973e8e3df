//! Every SQL text on jobs.

use longshore_api::web::job::{Job, JobKind, JobLine, JobOutcome, JobState, JobTarget};
use sqlx::{Sqlite, SqliteExecutor, Transaction};

use super::JobError;

/// A job keeps so many of its newest log lines.
const LINES_KEPT: i64 = 1_000;

#[derive(sqlx::FromRow)]
struct JobRow {
    id: String,
    account_id: String,
    kind: String,
    state: String,
    created_at: i64,
    started_at: Option<i64>,
    ended_at: Option<i64>,
    lines: i64,
    deed: Option<String>,
}

/// The columns of a [`JobRow`].
macro_rules! job_columns {
    () => {
        "id, account_id, kind, state, created_at, started_at, ended_at, deed,
         (SELECT COALESCE(MAX(l.place), 0) FROM job_line l WHERE l.job_id = id) AS lines"
    };
}

/// A job as it is found.
pub(super) struct Found {
    pub(super) account_id: String,
    pub(super) job: Job,
    /// What it needs to be done again, where that is written down.
    pub(super) deed: Option<String>,
}

#[derive(sqlx::FromRow)]
struct TargetRow {
    job_id: String,
    host: String,
    object_id: String,
    name: String,
    outcome: String,
}

/// A new job with its targets and their keys.
pub(super) async fn create(
    tx: &mut Transaction<'_, Sqlite>,
    account_id: &str,
    request_id: &str,
    job: &Job,
    keys: &[String],
    deed: Option<&str>,
) -> Result<(), JobError> {
    sqlx::query(
        "INSERT INTO job (id, account_id, request_id, kind, state, created_at, deed)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&job.id)
    .bind(account_id)
    .bind(request_id)
    .bind(serde_json::to_string(&job.kind)?)
    .bind(job.state.code())
    .bind(job.created_at)
    .bind(deed)
    .execute(&mut **tx)
    .await?;
    for (place, (target, key)) in (0i64..).zip(job.targets.iter().zip(keys)) {
        sqlx::query(
            "INSERT INTO job_target (job_id, place, host, object_id, name, target_key, begun, ended, outcome)
             VALUES ($1, $2, $3, $4, $5, $6, FALSE, $7, $8)",
        )
        .bind(&job.id)
        .bind(place)
        .bind(&target.host)
        .bind(&target.id)
        .bind(&target.name)
        .bind(key)
        .bind(target.outcome.has_ended())
        .bind(serde_json::to_string(&target.outcome)?)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

pub(super) async fn begin(tx: &mut Transaction<'_, Sqlite>, id: &str, at: i64) -> sqlx::Result<()> {
    sqlx::query("UPDATE job SET state = 'running', started_at = $1 WHERE id = $2")
        .bind(at)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(super) async fn end(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
    state: JobState,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE job SET state = $1, ended_at = $2 WHERE id = $3")
        .bind(state.code())
        .bind(at)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(super) async fn set_outcome(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
    place: usize,
    outcome: &JobOutcome,
) -> Result<(), JobError> {
    sqlx::query(
        "UPDATE job_target SET begun = TRUE, ended = $1, outcome = $2 WHERE job_id = $3 AND place = $4",
    )
    .bind(outcome.has_ended())
    .bind(serde_json::to_string(outcome)?)
    .bind(id)
    .bind(i64::try_from(place).unwrap_or(i64::MAX))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What has become of each target of a job.
pub(super) async fn set_all_outcomes(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
    outcome: &JobOutcome,
) -> Result<(), JobError> {
    sqlx::query("UPDATE job_target SET begun = TRUE, ended = $1, outcome = $2 WHERE job_id = $3")
        .bind(outcome.has_ended())
        .bind(serde_json::to_string(outcome)?)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The targets of a job that were not begun: nothing more happens to them.
pub(super) async fn skip_waiting(tx: &mut Transaction<'_, Sqlite>, id: &str) -> Result<(), JobError> {
    sqlx::query(
        "UPDATE job_target SET ended = TRUE, outcome = $1 WHERE job_id = $2 AND NOT begun AND NOT ended",
    )
    .bind(serde_json::to_string(&JobOutcome::Skipped)?)
    .bind(id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Adds a line; the oldest make room.
pub(super) async fn add_line(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
    line: &JobLine,
) -> Result<(), JobError> {
    sqlx::query(
        "INSERT INTO job_line (job_id, place, at, line)
         SELECT $1, COALESCE(MAX(place), 0) + 1, $2, $3 FROM job_line WHERE job_id = $1",
    )
    .bind(id)
    .bind(line.at)
    .bind(serde_json::to_string(line)?)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "DELETE FROM job_line WHERE job_id = $1
         AND place <= (SELECT MAX(place) FROM job_line WHERE job_id = $1) - $2",
    )
    .bind(id)
    .bind(LINES_KEPT)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Jobs that have not ended: the id of each, its kind as it is written, and whether it was begun.
pub(super) async fn open(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<(String, String, bool)>> {
    sqlx::query_as(
        "SELECT id, kind, state = 'running' FROM job WHERE state IN ('queued', 'running') ORDER BY id",
    )
    .fetch_all(db)
    .await
}

/// What was under way has an unknown outcome, what waited is skipped.
pub(super) async fn interrupt(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
    line: &JobLine,
) -> Result<(), JobError> {
    sqlx::query("UPDATE job_target SET ended = TRUE, outcome = $1 WHERE job_id = $2 AND begun AND NOT ended")
        .bind(serde_json::to_string(&JobOutcome::Unknown)?)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    skip_waiting(tx, id).await?;
    add_line(tx, id, line).await?;
    end(tx, id, JobState::Interrupted, line.at).await?;
    Ok(())
}

/// Forgets all but the newest jobs that have ended.
pub(super) async fn forget_old(tx: &mut Transaction<'_, Sqlite>, keep: i64) -> sqlx::Result<()> {
    sqlx::query(
        "DELETE FROM job WHERE state NOT IN ('queued', 'running')
         AND id NOT IN (SELECT id FROM job ORDER BY id DESC LIMIT $1)",
    )
    .bind(keep)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The newest jobs of every account, newest first, without logs.
pub(super) async fn recent(tx: &mut Transaction<'_, Sqlite>, of_each: u32) -> Result<Vec<Found>, JobError> {
    let rows: Vec<JobRow> = sqlx::query_as(concat!(
        "SELECT ",
        job_columns!(),
        " FROM
           (SELECT j.*, ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY id DESC) AS nth FROM job j) numbered
         WHERE nth <= $1 ORDER BY id DESC",
    ))
    .bind(of_each)
    .fetch_all(&mut **tx)
    .await?;
    found(tx, rows).await
}

/// The jobs of this account that were asked for before one of its jobs, newest first, without logs.
pub(super) async fn earlier(
    tx: &mut Transaction<'_, Sqlite>,
    account_id: &str,
    than: &str,
    most: u32,
) -> Result<Vec<Found>, JobError> {
    let rows: Vec<JobRow> = sqlx::query_as(concat!(
        "SELECT ",
        job_columns!(),
        " FROM job WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
    ))
    .bind(account_id)
    .bind(than)
    .bind(most)
    .fetch_all(&mut **tx)
    .await?;
    found(tx, rows).await
}

/// A job of this account, with its log.
pub(super) async fn of_account(
    tx: &mut Transaction<'_, Sqlite>,
    account_id: &str,
    id: &str,
) -> Result<Option<Found>, JobError> {
    let row: Option<JobRow> =
        sqlx::query_as(concat!("SELECT ", job_columns!(), " FROM job WHERE id = $1 AND account_id = $2"))
            .bind(id)
            .bind(account_id)
            .fetch_optional(&mut **tx)
            .await?;
    let Some(mut found) = found(tx, row.into_iter().collect()).await?.pop() else { return Ok(None) };
    let lines: Vec<String> = sqlx::query_scalar("SELECT line FROM job_line WHERE job_id = $1 ORDER BY place")
        .bind(id)
        .fetch_all(&mut **tx)
        .await?;
    found.job.log = lines.iter().map(|line| serde_json::from_str(line)).collect::<Result<_, _>>()?;
    Ok(Some(found))
}

async fn found(tx: &mut Transaction<'_, Sqlite>, rows: Vec<JobRow>) -> Result<Vec<Found>, JobError> {
    let mut all = Vec::with_capacity(rows.len());
    for mut row in rows {
        let targets = targets(&mut **tx, &row.id).await?;
        let (account_id, deed) = (row.account_id.clone(), row.deed.take());
        all.push(Found { account_id, job: job(row, targets)?, deed });
    }
    Ok(all)
}

async fn targets(db: impl SqliteExecutor<'_>, id: &str) -> sqlx::Result<Vec<TargetRow>> {
    sqlx::query_as(
        "SELECT job_id, host, object_id, name, outcome FROM job_target WHERE job_id = $1 ORDER BY place",
    )
    .bind(id)
    .fetch_all(db)
    .await
}

fn job(row: JobRow, targets: Vec<TargetRow>) -> Result<Job, JobError> {
    let kind: JobKind = serde_json::from_str(&row.kind)?;
    let targets = targets
        .into_iter()
        .map(|t| {
            debug_assert_eq!(t.job_id, row.id);
            let outcome = serde_json::from_str(&t.outcome)?;
            Ok(JobTarget { host: t.host, id: t.object_id, name: t.name, outcome })
        })
        .collect::<Result<Vec<_>, JobError>>()?;
    let mut job = Job {
        id: row.id,
        kind,
        // A word of a newer build: it has ended, as far as this one knows.
        state: JobState::from_code(&row.state).unwrap_or(JobState::Interrupted),
        done: 0,
        total: 0,
        failed: 0,
        targets,
        layers: Vec::new(),
        created_at: row.created_at,
        started_at: row.started_at,
        ended_at: row.ended_at,
        lines: u32::try_from(row.lines).unwrap_or(u32::MAX),
        again: false,
        log: Vec::new(),
    };
    job.count();
    Ok(job)
}
