//! Every SQL text that writes the audit log, or reads it to check it.

use futures_util::{Stream, StreamExt as _};
use sqlx::{FromRow as _, Row as _, Sqlite, SqliteConnection, Transaction, sqlite::SqliteRow};

use super::{
    chain::Head,
    entry::{Draft, Entry, Segment},
};

/// The columns of an [`Entry`].
const COLUMNS: &str =
    "seq, at, kind, intent, request_id, account_id, account_name, door, key, address, operation, host,
                       target, detail, outcome, status, times, mac";

/// The last row there is, or the end of what was sealed.
pub(super) async fn head(db: &mut SqliteConnection) -> sqlx::Result<Option<Head>> {
    let last: Option<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT seq, mac FROM audit_entry ORDER BY seq DESC LIMIT 1")
            .fetch_optional(&mut *db)
            .await?;
    if let Some((seq, mac)) = last {
        return Ok(Some(Head { seq, mac }));
    }
    let sealed = last_segment(db).await?;
    Ok(sealed.map(|segment| Head { seq: segment.to_seq, mac: segment.last_mac }))
}

pub(super) async fn last_segment(db: &mut SqliteConnection) -> sqlx::Result<Option<Segment>> {
    sqlx::query_as("SELECT * FROM audit_segment ORDER BY from_seq DESC LIMIT 1").fetch_optional(db).await
}

pub(super) async fn segments(db: &mut SqliteConnection) -> sqlx::Result<Vec<Segment>> {
    sqlx::query_as("SELECT * FROM audit_segment ORDER BY from_seq").fetch_all(db).await
}

pub(super) async fn insert(
    tx: &mut Transaction<'_, Sqlite>,
    seq: i64,
    draft: &Draft,
    mac: &[u8],
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO audit_entry (seq, at, kind, intent, request_id, account_id, account_name, door, key, address,
                                  operation, host, target, detail, outcome, status, times, mac)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
    )
    .bind(seq)
    .bind(draft.at)
    .bind(&draft.kind)
    .bind(draft.intent)
    .bind(&draft.request_id)
    .bind(&draft.account_id)
    .bind(&draft.account_name)
    .bind(&draft.door)
    .bind(&draft.key)
    .bind(&draft.address)
    .bind(&draft.operation)
    .bind(draft.host.as_deref())
    .bind(&draft.target)
    .bind(&draft.detail)
    .bind(&draft.outcome)
    .bind(draft.status)
    .bind(draft.times)
    .bind(mac)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What was intended since the server last started and has no outcome, oldest first.
pub(super) async fn open_intents(tx: &mut Transaction<'_, Sqlite>, start: &str) -> sqlx::Result<Vec<Entry>> {
    sqlx::query_as(
        "SELECT * FROM audit_entry e WHERE e.kind = 'intent'
         AND e.seq > COALESCE((SELECT seq FROM audit_entry WHERE operation = $1 ORDER BY seq DESC LIMIT 1), 0)
         AND NOT EXISTS (SELECT 1 FROM audit_entry o WHERE o.intent = e.seq) ORDER BY e.seq",
    )
    .bind(start)
    .fetch_all(&mut **tx)
    .await
}

/// A row that was read to be checked.
pub(super) enum Read {
    /// It is one.
    Whole(Box<Entry>),
    /// It has the number of one, and values that we never write.
    Spoilt(i64),
}

/// All rows from a number on, in order, as they come.
pub(super) fn rows(db: &mut SqliteConnection, from: i64) -> impl Stream<Item = sqlx::Result<Read>> + '_ {
    let text = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM audit_entry WHERE seq >= $1 ORDER BY seq"));
    sqlx::query(text).bind(from).fetch(db).map(|row| row.and_then(|row| read(&row)))
}

fn read(row: &SqliteRow) -> sqlx::Result<Read> {
    let seq = row.try_get("seq")?;
    Ok(Entry::from_row(row).map_or(Read::Spoilt(seq), |entry| Read::Whole(Box::new(entry))))
}

/// The rows of the time before there was a chain, oldest first.
pub(super) async fn unchained(tx: &mut Transaction<'_, Sqlite>) -> sqlx::Result<Vec<Draft>> {
    sqlx::query_as(
        "SELECT at, 'single' AS kind, NULL AS intent, request_id, COALESCE(account_id, '') AS account_id,
                account_name, door, '' AS key, address, operation, host, target, '' AS detail,
                CASE outcome WHEN 'intended' THEN 'unknown' ELSE outcome END AS outcome, status, 1 AS times
         FROM audit_unchained ORDER BY id",
    )
    .fetch_all(&mut **tx)
    .await
}

pub(super) async fn forget_unchained(tx: &mut Transaction<'_, Sqlite>) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM audit_unchained").execute(&mut **tx).await.map(drop)
}

/// Puts a segment in the place of its rows.
pub(super) async fn seal(tx: &mut Transaction<'_, Sqlite>, segment: &Segment) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO audit_segment (from_seq, to_seq, entries, faults, from_at, to_at, last_mac, sealed_at, mac)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(segment.from_seq)
    .bind(segment.to_seq)
    .bind(segment.entries)
    .bind(segment.faults)
    .bind(segment.from_at)
    .bind(segment.to_at)
    .bind(&segment.last_mac)
    .bind(segment.sealed_at)
    .bind(&segment.mac)
    .execute(&mut **tx)
    .await?;
    sqlx::query("DELETE FROM audit_entry WHERE seq BETWEEN $1 AND $2")
        .bind(segment.from_seq)
        .bind(segment.to_seq)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
