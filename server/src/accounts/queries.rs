//! Every SQL text on accounts, sessions, keys and the set-up link.

use longshore_api::{
    ops::Role,
    web::{
        account::{ApiKey, Session},
        people::AccountKind,
    },
};
use sqlx::{Sqlite, SqliteExecutor, Transaction};

use crate::store::new_id;

#[derive(sqlx::FromRow)]
pub(super) struct AccountRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) display_name: String,
    /// Empty where nobody has chosen a password yet, and none fits it.
    pub(super) password_hash: String,
    pub(super) kind: String,
    pub(super) disabled: bool,
    pub(super) must_change: bool,
}

impl AccountRow {
    /// One that is about to be made: its doors are open, and it has no password.
    pub(super) fn new(name: String, display_name: String, kind: AccountKind) -> Self {
        Self {
            id: new_id(),
            name,
            display_name,
            password_hash: String::new(),
            kind: kind.code().to_owned(),
            disabled: false,
            must_change: false,
        }
    }

    /// Whether it is for such a one.
    pub(super) fn is(&self, kind: AccountKind) -> bool {
        self.kind == kind.code()
    }
}

/// The account behind a door, with when the door was last used.
#[derive(sqlx::FromRow)]
pub(super) struct Behind {
    pub(super) account_id: String,
    pub(super) name: String,
    pub(super) display_name: String,
    pub(super) must_change: bool,
    pub(super) door_id: String,
    pub(super) last_used: Option<i64>,
    /// A key's own limits: a role, and slugs of hosts as JSON.
    #[sqlx(default)]
    pub(super) role: Option<String>,
    #[sqlx(default)]
    pub(super) hosts: Option<String>,
    /// What a key is called, and how it begins.
    #[sqlx(default)]
    pub(super) key: String,
}

pub(super) async fn instance_id(db: impl SqliteExecutor<'_>) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT id FROM instance").fetch_optional(db).await
}

pub(super) async fn create_instance(db: impl SqliteExecutor<'_>, id: &str, at: i64) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO instance (id, created_at) VALUES ($1, $2)")
        .bind(id)
        .bind(at)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn count_accounts(db: impl SqliteExecutor<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT COUNT(*) FROM account").fetch_one(db).await
}

pub(super) async fn account_by_name(
    db: impl SqliteExecutor<'_>,
    folded: &str,
) -> sqlx::Result<Option<AccountRow>> {
    sqlx::query_as(
        "SELECT id, name, display_name, password_hash, kind, disabled, must_change FROM account
         WHERE name_folded = $1",
    )
    .bind(folded)
    .fetch_optional(db)
    .await
}

pub(super) async fn account_by_id(db: impl SqliteExecutor<'_>, id: &str) -> sqlx::Result<Option<AccountRow>> {
    sqlx::query_as(
        "SELECT id, name, display_name, password_hash, kind, disabled, must_change FROM account WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(db)
    .await
}

pub(super) async fn create_account(
    tx: &mut Transaction<'_, Sqlite>,
    account: &AccountRow,
    folded: &str,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO account (id, name, name_folded, display_name, password_hash, kind, disabled, must_change,
                              created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&account.id)
    .bind(&account.name)
    .bind(folded)
    .bind(&account.display_name)
    .bind(&account.password_hash)
    .bind(&account.kind)
    .bind(account.disabled)
    .bind(account.must_change)
    .bind(at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn set_password(
    tx: &mut Transaction<'_, Sqlite>,
    account_id: &str,
    hash: &str,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE account SET password_hash = $1, must_change = FALSE WHERE id = $2")
        .bind(hash)
        .bind(account_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Makes this the only link that holds.
pub(super) async fn replace_set_up_link(
    tx: &mut Transaction<'_, Sqlite>,
    digest: &str,
    at: i64,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM set_up_link").execute(&mut **tx).await?;
    sqlx::query("INSERT INTO set_up_link (digest, created_at) VALUES ($1, $2)")
        .bind(digest)
        .bind(at)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(super) async fn set_up_link_holds(db: impl SqliteExecutor<'_>, digest: &str) -> sqlx::Result<bool> {
    let found: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM set_up_link WHERE digest = $1")
        .bind(digest)
        .fetch_one(db)
        .await?;
    Ok(found > 0)
}

/// Whether the link held until now; it does not any more.
pub(super) async fn use_set_up_link(tx: &mut Transaction<'_, Sqlite>, digest: &str) -> sqlx::Result<bool> {
    let used =
        sqlx::query("DELETE FROM set_up_link WHERE digest = $1").bind(digest).execute(&mut **tx).await?;
    Ok(used.rows_affected() > 0)
}

pub(super) async fn create_session(
    tx: &mut Transaction<'_, Sqlite>,
    account_id: &str,
    session: &Session,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO session (id, account_id, created_at, seen_at, address, agent) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&session.id)
    .bind(account_id)
    .bind(session.created_at)
    .bind(session.seen_at)
    .bind(&session.address)
    .bind(&session.agent)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn behind_session(
    db: impl SqliteExecutor<'_>,
    session_id: &str,
    not_before: i64,
) -> sqlx::Result<Option<Behind>> {
    sqlx::query_as(
        "SELECT a.id AS account_id, a.name, a.display_name, a.must_change, s.id AS door_id, s.seen_at AS last_used
         FROM session s JOIN account a ON a.id = s.account_id
         WHERE s.id = $1 AND s.created_at >= $2 AND NOT a.disabled",
    )
    .bind(session_id)
    .bind(not_before)
    .fetch_optional(db)
    .await
}

pub(super) async fn behind_key(
    db: impl SqliteExecutor<'_>,
    digest: &str,
    at: i64,
) -> sqlx::Result<Option<Behind>> {
    sqlx::query_as(
        "SELECT a.id AS account_id, a.name, a.display_name, a.must_change, k.id AS door_id, k.used_at AS last_used,
                k.role, k.hosts, k.name || ' ' || k.prefix AS key
         FROM api_key k JOIN account a ON a.id = k.account_id
         WHERE k.digest = $1 AND (k.ends_at IS NULL OR k.ends_at > $2) AND NOT a.disabled",
    )
    .bind(digest)
    .bind(at)
    .fetch_optional(db)
    .await
}

/// Whether there is such a key whose time is over.
pub(super) async fn key_has_ended(db: impl SqliteExecutor<'_>, digest: &str, at: i64) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM api_key WHERE digest = $1 AND ends_at <= $2)")
        .bind(digest)
        .bind(at)
        .fetch_one(db)
        .await
}

pub(super) async fn behind_key_id(
    db: impl SqliteExecutor<'_>,
    id: &str,
    at: i64,
) -> sqlx::Result<Option<Behind>> {
    sqlx::query_as(
        "SELECT a.id AS account_id, a.name, a.display_name, a.must_change, k.id AS door_id, k.used_at AS last_used,
                k.role, k.hosts, k.name || ' ' || k.prefix AS key
         FROM api_key k JOIN account a ON a.id = k.account_id
         WHERE k.id = $1 AND (k.ends_at IS NULL OR k.ends_at > $2) AND NOT a.disabled",
    )
    .bind(id)
    .bind(at)
    .fetch_optional(db)
    .await
}

pub(super) async fn touch_session(
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

pub(super) async fn touch_key(tx: &mut Transaction<'_, Sqlite>, id: &str, at: i64) -> sqlx::Result<()> {
    sqlx::query("UPDATE api_key SET used_at = $1 WHERE id = $2").bind(at).bind(id).execute(&mut **tx).await?;
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
pub(super) async fn sessions_of(
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
pub(super) async fn end_session(
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
pub(super) async fn end_sessions(
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

pub(super) async fn create_key(
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
pub(super) fn hosts_of(json: Option<&str>) -> Vec<String> {
    json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
}

/// Newest first.
pub(super) async fn keys_of(db: impl SqliteExecutor<'_>, account_id: &str) -> sqlx::Result<Vec<ApiKey>> {
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

/// Whether there was such a key of this account.
pub(super) async fn delete_key(
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
