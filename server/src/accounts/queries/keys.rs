//! API keys.

use longshore_api::{ops::Role, web::account::ApiKey};
use sqlx::{Sqlite, SqliteExecutor, Transaction};

use super::Behind;

/// Who is behind a key, found by the condition; `$1` is what it asks for and `$2` the time.
macro_rules! behind {
    ($found_by:literal) => {
        concat!(
            "SELECT a.id AS account_id, a.name, a.display_name, a.must_change, k.id AS door_id,
                    k.used_at AS last_used, k.role, k.hosts, k.name || ' ' || k.prefix AS key
             FROM api_key k JOIN account a ON a.id = k.account_id
             WHERE ",
            $found_by,
            " AND (k.ends_at IS NULL OR k.ends_at > $2) AND NOT a.disabled"
        )
    };
}

pub(in crate::accounts) async fn behind_key(
    db: impl SqliteExecutor<'_>,
    digest: &str,
    at: i64,
) -> sqlx::Result<Option<Behind>> {
    sqlx::query_as(behind!("k.digest = $1")).bind(digest).bind(at).fetch_optional(db).await
}

/// Whether there is such a key whose time is over.
pub(in crate::accounts) async fn key_has_ended(
    db: impl SqliteExecutor<'_>,
    digest: &str,
    at: i64,
) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM api_key WHERE digest = $1 AND ends_at <= $2)")
        .bind(digest)
        .bind(at)
        .fetch_one(db)
        .await
}

pub(in crate::accounts) async fn behind_key_id(
    db: impl SqliteExecutor<'_>,
    id: &str,
    at: i64,
) -> sqlx::Result<Option<Behind>> {
    sqlx::query_as(behind!("k.id = $1")).bind(id).bind(at).fetch_optional(db).await
}

pub(in crate::accounts) async fn touch_key(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE api_key SET used_at = $1 WHERE id = $2").bind(at).bind(id).execute(&mut **tx).await?;
    Ok(())
}

pub(in crate::accounts) async fn create_key(
    tx: &mut Transaction<'_, Sqlite>,
    account_id: &str,
    key: &ApiKey,
    digest: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO api_key (id, account_id, name, prefix, digest, created_at, role, hosts, ends_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&key.id)
    .bind(account_id)
    .bind(&key.name)
    .bind(&key.prefix)
    .bind(digest)
    .bind(key.created_at)
    .bind(key.role.map(Role::code))
    .bind((!key.hosts.is_empty()).then(|| serde_json::json!(key.hosts).to_string()))
    .bind(key.ends_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: String,
    name: String,
    prefix: String,
    created_at: i64,
    used_at: Option<i64>,
    role: Option<String>,
    hosts: Option<String>,
    ends_at: Option<i64>,
}

/// The hosts of a key; what is written there was written by us.
pub(in crate::accounts) fn hosts_of(json: Option<&str>) -> Vec<String> {
    json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
}

/// Newest first.
pub(in crate::accounts) async fn keys_of(
    db: impl SqliteExecutor<'_>,
    account_id: &str,
) -> sqlx::Result<Vec<ApiKey>> {
    let rows: Vec<KeyRow> = sqlx::query_as(
        "SELECT id, name, prefix, created_at, used_at, role, hosts, ends_at FROM api_key
         WHERE account_id = $1 ORDER BY id DESC",
    )
    .bind(account_id)
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| ApiKey {
            id: r.id,
            name: r.name,
            prefix: r.prefix,
            created_at: r.created_at,
            used_at: r.used_at,
            role: r.role.as_deref().and_then(Role::of),
            hosts: hosts_of(r.hosts.as_deref()),
            ends_at: r.ends_at,
        })
        .collect())
}

/// How many keys of an account let in now.
pub(in crate::accounts) async fn count_keys(
    db: impl SqliteExecutor<'_>,
    account_id: &str,
    at: i64,
) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM api_key k JOIN account a ON a.id = k.account_id
         WHERE a.id = $1 AND (k.ends_at IS NULL OR k.ends_at > $2) AND NOT a.disabled",
    )
    .bind(account_id)
    .bind(at)
    .fetch_one(db)
    .await
}

/// Whether there was such a key of this account.
pub(in crate::accounts) async fn delete_key(
    tx: &mut Transaction<'_, Sqlite>,
    account_id: &str,
    id: &str,
) -> sqlx::Result<bool> {
    let gone = sqlx::query("DELETE FROM api_key WHERE id = $1 AND account_id = $2")
        .bind(id)
        .bind(account_id)
        .execute(&mut **tx)
        .await?;
    Ok(gone.rows_affected() > 0)
}
