//! Every SQL text on accounts, sessions, keys and the set-up link.

mod keys;
mod names;
mod sessions;

pub(super) use keys::{
    behind_key, behind_key_id, count_keys, create_key, delete_key, hosts_of, key_has_ended, keys_of,
    touch_key,
};
pub(super) use names::FOLDED;
pub(super) use sessions::{
    behind_session, create_session, end_all_sessions, end_session, end_sessions, has_sessions, sessions_of,
    touch_session,
};

use longshore_api::web::people::AccountKind;
use sqlx::{Sqlite, SqliteExecutor, Transaction};

use super::rules::{fold, fold_as_written};
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
    /// Of a session: the digest of the mark that it was begun with.
    #[sqlx(default)]
    pub(super) mark: Option<String>,
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

/// The account that goes by a name, as somebody has written it. Of two that were made before names were normalised, and that
/// only their writing tells apart, each is found by its own.
pub(super) async fn account_by_name(
    db: impl SqliteExecutor<'_>,
    name: &str,
) -> sqlx::Result<Option<AccountRow>> {
    sqlx::query_as(
        "SELECT id, name, display_name, password_hash, kind, disabled, must_change FROM account
         WHERE name_folded IN ($1, $2) ORDER BY name_folded = $2 DESC LIMIT 1",
    )
    .bind(fold(name))
    .bind(fold_as_written(name))
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
