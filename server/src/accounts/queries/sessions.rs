//! Sessions.

use longshore_api::web::account::Session;
use sqlx::{Sqlite, SqliteExecutor, Transaction};

use super::Behind;

/// `through` is the id of the provider that somebody came by, where one did, and `mark` the digest of their pages' mark.
pub(in crate::accounts) async fn create_session(
    tx: &mut Transaction<'_, Sqlite>,
    account_id: &str,
    (through, mark): (Option<&str>, Option<&str>),
    session: &Session,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO session (id, account_id, created_at, seen_at, address, agent, provider_id, mark)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&session.id)
    .bind(account_id)
    .bind(session.created_at)
    .bind(session.seen_at)
    .bind(&session.address)
    .bind(&session.agent)
    .bind(through)
    .bind(mark)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(in crate::accounts) async fn behind_session(
    db: impl SqliteExecutor<'_>,
    session_id: &str,
    not_before: i64,
) -> sqlx::Result<Option<Behind>> {
    sqlx::query_as(
        "SELECT a.id AS account_id, a.name, a.display_name, a.must_change, s.id AS door_id, s.seen_at AS last_used,
                s.mark
         FROM session s JOIN account a ON a.id = s.account_id
         WHERE s.id = $1 AND s.created_at >= $2 AND NOT a.disabled",
    )
    .bind(session_id)
    .bind(not_before)
    .fetch_optional(db)
    .await
}

pub(in crate::accounts) async fn touch_session(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
    at: i64,
    address: &str,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE session SET seen_at = $1, address = $2 WHERE id = $3")
        .bind(at)
        .bind(address)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: String,
    created_at: i64,
    seen_at: i64,
    address: String,
    agent: String,
}

/// Newest use first. None of them is marked as the current one.
pub(in crate::accounts) async fn sessions_of(
    db: impl SqliteExecutor<'_>,
    account_id: &str,
    not_before: i64,
) -> sqlx::Result<Vec<Session>> {
    let rows: Vec<SessionRow> = sqlx::query_as(
        "SELECT id, created_at, seen_at, address, agent FROM session
         WHERE account_id = $1 AND created_at >= $2 ORDER BY seen_at DESC, id DESC",
    )
    .bind(account_id)
    .bind(not_before)
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Session {
            id: r.id,
            created_at: r.created_at,
            seen_at: r.seen_at,
            address: r.address,
            agent: r.agent,
            current: false,
        })
        .collect())
}

/// Whether there was such a session of this account.
pub(in crate::accounts) async fn end_session(
    tx: &mut Transaction<'_, Sqlite>,
    account_id: &str,
    id: &str,
) -> sqlx::Result<bool> {
    let ended = sqlx::query("DELETE FROM session WHERE id = $1 AND account_id = $2")
        .bind(id)
        .bind(account_id)
        .execute(&mut **tx)
        .await?;
    Ok(ended.rows_affected() > 0)
}

/// Ends every session of an account but one, and every sign-in that is half done.
pub(in crate::accounts) async fn end_sessions(
    tx: &mut Transaction<'_, Sqlite>,
    account_id: &str,
    but: Option<&str>,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sign_in_step WHERE account_id = $1").bind(account_id).execute(&mut **tx).await?;
    sqlx::query("DELETE FROM session WHERE account_id = $1 AND id <> $2")
        .bind(account_id)
        .bind(but.unwrap_or(""))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Whether there is a session that began since then.
pub(in crate::accounts) async fn has_sessions(
    db: impl SqliteExecutor<'_>,
    not_before: i64,
) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM session WHERE created_at >= $1)")
        .bind(not_before)
        .fetch_one(db)
        .await
}

/// Ends every session of everybody; how many there were.
pub(in crate::accounts) async fn end_all_sessions(tx: &mut Transaction<'_, Sqlite>) -> sqlx::Result<u64> {
    Ok(sqlx::query("DELETE FROM session").execute(&mut **tx).await?.rows_affected())
}
