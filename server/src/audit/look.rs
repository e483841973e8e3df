//! Every SQL text that finds entries for people: one line for each deed, its intent with its outcome.

use longshore_api::web::audit::{AuditEntry, AuditPage, AuditQuery, PAGE, PAGE_MAX};
use sqlx::{Database, Sqlite, SqliteConnection, query::QueryAs};

use crate::store::Store;

/// A question has at most so many characters, and so many words.
const TEXT_MAX: usize = 200;
const WORDS_MAX: usize = 8;
/// Of what is new so many rows are looked at; who has missed more asks anew.
const NEWS_MAX: i64 = 1_000;

/// What a line is asked for besides its place. Each part holds where its value is none.
macro_rules! fits {
    () => {
        "($1 IS NULL OR account_name = $1) AND ($2 IS NULL OR host = $2) AND ($3 IS NULL OR operation = $3)
         AND ($4 IS NULL OR outcome = $4) AND ($5 IS NULL OR door = $5) AND ($6 IS NULL OR at >= $6)
         AND ($7 IS NULL OR at < $7)
         AND NOT EXISTS (SELECT 1 FROM json_each($8) w WHERE instr(lower(
             account_name || ' ' || operation || ' ' || target || ' ' || COALESCE(host, '') || ' ' || address || ' '
             || detail || ' ' || request_id || ' ' || line.key), w.value) = 0)"
    };
}

// One line for each deed: its intent with its outcome, or its only row. It is what the view `audit` shows to whoever
// looks with sqlite3; but a view can be made anew by an editor of the file, and no MAC would tell.
macro_rules! lines {
    () => {
        "SELECT id AS seq, at, ended_at, account_name, account_id, door, key, address, operation, host, target, detail,
                outcome, status, times, request_id
         FROM (SELECT e.seq AS id, e.at, e.request_id, e.account_id, e.account_name, e.door, e.key, e.address, e.operation,
                      e.host, e.target, e.detail, COALESCE(o.outcome, e.outcome) AS outcome,
                      COALESCE(o.status, e.status) AS status,
                      COALESCE(o.at, CASE e.kind WHEN 'single' THEN e.at END) AS ended_at, e.times
               FROM audit_entry e LEFT JOIN audit_entry o ON o.intent = e.seq WHERE e.kind <> 'outcome') line WHERE "
    };
}

#[derive(sqlx::FromRow)]
struct Line {
    seq: i64,
    at: i64,
    ended_at: Option<i64>,
    account_name: String,
    account_id: String,
    door: String,
    key: String,
    address: String,
    operation: String,
    host: Option<String>,
    target: String,
    detail: String,
    outcome: String,
    status: Option<i64>,
    times: i64,
    request_id: String,
}

impl From<Line> for AuditEntry {
    fn from(line: Line) -> Self {
        Self {
            seq: line.seq,
            at: line.at,
            ended_at: line.ended_at,
            account: line.account_name,
            account_id: line.account_id,
            door: line.door,
            key: line.key,
            address: line.address,
            operation: line.operation,
            host: line.host,
            target: line.target,
            detail: line.detail,
            outcome: line.outcome,
            status: line.status.and_then(|status| u16::try_from(status).ok()),
            times: u32::try_from(line.times).unwrap_or(u32::MAX),
            request_id: line.request_id,
        }
    }
}

/// A page of what was asked for.
pub(super) async fn page(store: &Store, query: &AuditQuery) -> sqlx::Result<AuditPage> {
    // One view of it: a head that is newer than its entries would hide some for ever.
    let mut tx = store.read().begin().await?;
    let head: Option<i64> =
        sqlx::query_scalar("SELECT MAX(seq) FROM audit_entry").fetch_one(&mut *tx).await?;
    let limit = query.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX) as usize;
    let mut entries = match query.after {
        Some(after) => news(&mut tx, query, after, limit + 1).await?,
        None => older(&mut tx, query, limit + 1).await?,
    };
    let more = entries.len() > limit;
    entries.truncate(limit);
    Ok(AuditPage { entries, head: head.unwrap_or(0), more })
}

/// A question with what its line is asked for: the first eight parameters of [`fits`].
fn asked<'q>(
    sql: &'static str,
    query: &'q AuditQuery,
) -> QueryAs<'q, Sqlite, Line, <Sqlite as Database>::Arguments> {
    sqlx::query_as(sql)
        .bind(query.who.as_deref())
        .bind(query.host.as_deref())
        .bind(query.operation.as_deref())
        .bind(query.outcome.as_deref())
        .bind(query.door.as_deref())
        .bind(query.from)
        .bind(query.to)
        .bind(words(&query.text))
}

async fn older(db: &mut SqliteConnection, query: &AuditQuery, most: usize) -> sqlx::Result<Vec<AuditEntry>> {
    let found: Vec<Line> =
        asked(concat!(lines!(), fits!(), " AND id < $9 ORDER BY id DESC LIMIT $10"), query)
            .bind(query.before.unwrap_or(i64::MAX))
            .bind(i64::try_from(most).unwrap_or(i64::MAX))
            .fetch_all(db)
            .await?;
    Ok(found.into_iter().map(AuditEntry::from).collect())
}

/// What began since, and what has its outcome since.
async fn news(
    db: &mut SqliteConnection,
    query: &AuditQuery,
    after: i64,
    most: usize,
) -> sqlx::Result<Vec<AuditEntry>> {
    let found: Vec<Line> = asked(
        concat!(
        lines!(),
        fits!(),
        " AND id IN (SELECT COALESCE(intent, seq) FROM audit_entry WHERE seq > $9 ORDER BY seq DESC LIMIT $11)
          ORDER BY id DESC LIMIT $10"
        ),
        query,
    )
    .bind(after)
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .bind(NEWS_MAX)
    .fetch_all(db)
    .await?;
    Ok(found.into_iter().map(AuditEntry::from).collect())
}

/// So many of what fits, oldest first, from a number on and up to one.
pub(super) async fn part(
    store: &Store,
    query: &AuditQuery,
    from: i64,
    to: i64,
    most: i64,
) -> sqlx::Result<Vec<AuditEntry>> {
    let found: Vec<Line> =
        asked(concat!(lines!(), fits!(), " AND id BETWEEN $9 AND $10 ORDER BY id LIMIT $11"), query)
            .bind(from)
            .bind(to)
            .bind(most)
            .fetch_all(store.read())
            .await?;
    Ok(found.into_iter().map(AuditEntry::from).collect())
}

/// The words of a question as SQLite reads a list.
fn words(text: &str) -> String {
    let text: String = text.chars().take(TEXT_MAX).collect();
    let words: Vec<String> =
        text.to_lowercase().split_whitespace().take(WORDS_MAX).map(str::to_owned).collect();
    serde_json::Value::from(words).to_string()
}
