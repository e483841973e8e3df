//! Accounts as a whole, and the links by which people choose their passwords.

use longshore_api::web::people::{Account, AccountKind};
use sqlx::{Sqlite, SqliteExecutor, Transaction};

#[derive(sqlx::FromRow)]
struct Listed {
    id: String,
    name: String,
    display_name: String,
    kind: String,
    disabled: bool,
    must_change: bool,
    unclaimed: bool,
    has_password: bool,
    totp: bool,
    providers: String,
    link_until: Option<i64>,
    created_at: i64,
    seen_at: Option<i64>,
    sessions: i64,
    keys: i64,
}

/// All accounts by name, with their doors counted; sessions older than `not_before` are none.
pub(in crate::accounts::people) async fn accounts(
    db: impl SqliteExecutor<'_>,
    at: i64,
    not_before: i64,
) -> sqlx::Result<Vec<Account>> {
    let rows: Vec<Listed> = sqlx::query_as(
        "SELECT a.id, a.name, a.display_name, a.kind, a.disabled, a.must_change, a.password_hash = '' AND NOT EXISTS (
                    SELECT 1 FROM oidc_identity i WHERE i.account_id = a.id) AS unclaimed,
                a.password_hash <> '' AS has_password,
                EXISTS (SELECT 1 FROM totp t WHERE t.account_id = a.id AND t.confirmed_at IS NOT NULL) AS totp,
                (SELECT json_group_array(name) FROM (
                     SELECT p.name FROM oidc_identity i JOIN oidc_provider p ON p.issuer = i.issuer
                     WHERE i.account_id = a.id ORDER BY p.name_folded)) AS providers,
                (SELECT i.ends_at FROM invitation i WHERE i.account_id = a.id AND i.ends_at > $1) AS link_until,
                a.created_at,
                (SELECT MAX(seen) FROM (
                     SELECT MAX(s.seen_at) AS seen FROM session s WHERE s.account_id = a.id
                     UNION ALL SELECT MAX(k.used_at) FROM api_key k WHERE k.account_id = a.id)) AS seen_at,
                (SELECT COUNT(*) FROM session s WHERE s.account_id = a.id AND s.created_at >= $2) AS sessions,
                (SELECT COUNT(*) FROM api_key k WHERE k.account_id = a.id) AS keys
         FROM account a ORDER BY a.name_folded",
    )
    .bind(at)
    .bind(not_before)
    .fetch_all(db)
    .await?;
    let count = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(rows
        .into_iter()
        .map(|row| Account {
            unclaimed: row.unclaimed && row.kind == AccountKind::Person.code(),
            kind: if row.kind == AccountKind::Service.code() {
                AccountKind::Service
            } else {
                AccountKind::Person
            },
            id: row.id,
            name: row.name,
            display_name: row.display_name,
            disabled: row.disabled,
            must_change: row.must_change,
            has_password: row.has_password,
            totp: row.totp,
            // Written by the database just now.
            providers: serde_json::from_str(&row.providers).unwrap_or_default(),
            link_until: row.link_until,
            created_at: row.created_at,
            seen_at: row.seen_at,
            sessions: count(row.sessions),
            keys: count(row.keys),
        })
        .collect())
}

/// Whether an account was made or confirmed by an administrator, and not by a provider alone.
pub(in crate::accounts::people) async fn is_made_here(
    db: impl SqliteExecutor<'_>,
    id: &str,
) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM account a WHERE a.id = $1 AND (a.password_hash <> '' OR NOT EXISTS (
             SELECT 1 FROM oidc_identity i WHERE i.account_id = a.id)))",
    )
    .bind(id)
    .fetch_one(db)
    .await
}

/// Whether there was such an account.
pub(in crate::accounts::people) async fn set_display_name(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
    name: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query("UPDATE account SET display_name = $1 WHERE id = $2")
        .bind(name)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether there was such an account.
pub(in crate::accounts::people) async fn set_disabled(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
    disabled: bool,
) -> sqlx::Result<bool> {
    let done = sqlx::query("UPDATE account SET disabled = $1 WHERE id = $2")
        .bind(disabled)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether there was such an account.
pub(in crate::accounts::people) async fn set_must_change(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
    must_change: bool,
) -> sqlx::Result<bool> {
    let done = sqlx::query("UPDATE account SET must_change = $1 WHERE id = $2")
        .bind(must_change)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether there was such an account; all that is its own goes with it.
pub(in crate::accounts::people) async fn delete_account(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
) -> sqlx::Result<bool> {
    let gone = sqlx::query("DELETE FROM account WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(gone.rows_affected() > 0)
}

/// Makes this the only link of the account.
pub(in crate::accounts::people) async fn replace_invitation(
    tx: &mut Transaction<'_, Sqlite>,
    account_id: &str,
    digest: &str,
    at: i64,
    ends_at: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO invitation (account_id, digest, created_at, ends_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account_id) DO UPDATE SET digest = $2, created_at = $3, ends_at = $4",
    )
    .bind(account_id)
    .bind(digest)
    .bind(at)
    .bind(ends_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The account that a link is for, while it holds.
pub(in crate::accounts::people) async fn invited(
    db: impl SqliteExecutor<'_>,
    digest: &str,
    at: i64,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT i.account_id FROM invitation i JOIN account a ON a.id = i.account_id
         WHERE i.digest = $1 AND i.ends_at > $2 AND NOT a.disabled",
    )
    .bind(digest)
    .bind(at)
    .fetch_optional(db)
    .await
}

/// Whether there was a link of the account; there is none any more.
pub(in crate::accounts::people) async fn end_invitation(
    tx: &mut Transaction<'_, Sqlite>,
    account_id: &str,
) -> sqlx::Result<bool> {
    let gone = sqlx::query("DELETE FROM invitation WHERE account_id = $1")
        .bind(account_id)
        .execute(&mut **tx)
        .await?;
    Ok(gone.rows_affected() > 0)
}
