//! Every SQL text on second factors, recovery codes and sign-ins that are half done.

use sqlx::{Sqlite, SqliteExecutor, Transaction};

#[derive(sqlx::FromRow)]
pub(super) struct TotpRow {
    /// Sealed for the account; empty where it was lost with the key that seals.
    pub(super) secret: String,
    /// The newest step whose code was used.
    pub(super) last_step: i64,
    /// When the first code was shown.
    pub(super) confirmed_at: Option<i64>,
}

pub(super) async fn totp(db: impl SqliteExecutor<'_>, account_id: &str) -> sqlx::Result<Option<TotpRow>> {
    sqlx::query_as("SELECT secret, last_step, confirmed_at FROM totp WHERE account_id = $1")
        .bind(account_id)
        .fetch_optional(db)
        .await
}

/// Whether there is a secret of anybody's app.
pub(in super::super) async fn has_sealed(db: impl SqliteExecutor<'_>) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM totp WHERE secret <> '')").fetch_one(db).await
}

/// Forgets every secret; of how many accounts that are asked for codes. They still are, and have their recovery codes.
pub(in super::super) async fn forget_sealed(tx: &mut Transaction<'_, Sqlite>) -> sqlx::Result<u64> {
    sqlx::query("DELETE FROM totp WHERE confirmed_at IS NULL").execute(&mut **tx).await?;
    let gone = sqlx::query("UPDATE totp SET secret = '' WHERE secret <> ''").execute(&mut **tx).await?;
    Ok(gone.rows_affected())
}

/// Whether an account is asked for codes.
pub(super) async fn is_on(db: impl SqliteExecutor<'_>, account_id: &str) -> sqlx::Result<bool> {
    let found: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM totp WHERE account_id = $1 AND confirmed_at IS NOT NULL")
            .bind(account_id)
            .fetch_one(db)
            .await?;
    Ok(found > 0)
}

/// Keeps a secret that counts once it is confirmed. False where another one counts already.
pub(super) async fn offer(
    tx: &mut Transaction<'_, Sqlite>,
    account_id: &str,
    secret: &str,
    at: i64,
) -> sqlx::Result<bool> {
    let kept = sqlx::query(
        "INSERT INTO totp (account_id, secret, last_step, created_at) VALUES ($1, $2, 0, $3)
         ON CONFLICT (account_id) DO UPDATE SET secret = $2, last_step = 0, created_at = $3
         WHERE totp.confirmed_at IS NULL",
    )
    .bind(account_id)
    .bind(secret)
    .bind(at)
    .execute(&mut **tx)
    .await?;
    Ok(kept.rows_affected() > 0)
}

pub(super) async fn confirm(tx: &mut Transaction<'_, Sqlite>, account_id: &str, at: i64) -> sqlx::Result<()> {
    sqlx::query("UPDATE totp SET confirmed_at = $1 WHERE account_id = $2")
        .bind(at)
        .bind(account_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Marks the code of a step as used. False where it was already, or a later one.
pub(super) async fn use_step(
    tx: &mut Transaction<'_, Sqlite>,
    account_id: &str,
    step: i64,
) -> sqlx::Result<bool> {
    let used = sqlx::query("UPDATE totp SET last_step = $1 WHERE account_id = $2 AND last_step < $1")
        .bind(step)
        .bind(account_id)
        .execute(&mut **tx)
        .await?;
    Ok(used.rows_affected() > 0)
}

/// Whether it was on; it is off, with its recovery codes gone.
pub(super) async fn remove(tx: &mut Transaction<'_, Sqlite>, account_id: &str) -> sqlx::Result<bool> {
    sqlx::query("DELETE FROM recovery_code WHERE account_id = $1")
        .bind(account_id)
        .execute(&mut **tx)
        .await?;
    let gone = sqlx::query("DELETE FROM totp WHERE account_id = $1 AND confirmed_at IS NOT NULL")
        .bind(account_id)
        .execute(&mut **tx)
        .await?;
    Ok(gone.rows_affected() > 0)
}

/// Makes these the only recovery codes.
pub(super) async fn replace_recovery(
    tx: &mut Transaction<'_, Sqlite>,
    account_id: &str,
    digests: &[String],
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM recovery_code WHERE account_id = $1")
        .bind(account_id)
        .execute(&mut **tx)
        .await?;
    for digest in digests {
        sqlx::query("INSERT INTO recovery_code (account_id, digest) VALUES ($1, $2)")
            .bind(account_id)
            .bind(digest)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Whether there was such a recovery code; it is used up.
pub(super) async fn use_recovery(
    tx: &mut Transaction<'_, Sqlite>,
    account_id: &str,
    digest: &str,
) -> sqlx::Result<bool> {
    let used = sqlx::query("DELETE FROM recovery_code WHERE account_id = $1 AND digest = $2")
        .bind(account_id)
        .bind(digest)
        .execute(&mut **tx)
        .await?;
    Ok(used.rows_affected() > 0)
}

pub(super) async fn count_recovery(db: impl SqliteExecutor<'_>, account_id: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT COUNT(*) FROM recovery_code WHERE account_id = $1")
        .bind(account_id)
        .fetch_one(db)
        .await
}

/// Remembers a sign-in that is half done, and forgets those that are over. An account has so many at most from one network:
/// the oldest of those give way, and no other's.
pub(super) async fn create_step(
    tx: &mut Transaction<'_, Sqlite>,
    digest: &str,
    (account_id, network): (&str, &str),
    (at, over_before): (i64, i64),
    most: i64,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sign_in_step WHERE created_at < $1")
        .bind(over_before)
        .execute(&mut **tx)
        .await?;
    sqlx::query(
        "DELETE FROM sign_in_step WHERE account_id = $1 AND network = $3 AND digest NOT IN (
             SELECT digest FROM sign_in_step WHERE account_id = $1 AND network = $3
             ORDER BY created_at DESC LIMIT $2)",
    )
    .bind(account_id)
    .bind(most - 1)
    .bind(network)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "INSERT INTO sign_in_step (digest, account_id, tries, created_at, network) VALUES ($1, $2, 0, $3, $4)",
    )
    .bind(digest)
    .bind(account_id)
    .bind(at)
    .bind(network)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A sign-in that is half done.
#[derive(sqlx::FromRow)]
pub(super) struct StepRow {
    pub(super) account_id: String,
    /// The provider that it came by.
    pub(super) provider_id: Option<String>,
    /// What that said of the person's groups, a JSON list.
    pub(super) had: Option<String>,
}

/// A sign-in that is half done, while it may be ended.
pub(super) async fn step(
    db: impl SqliteExecutor<'_>,
    digest: &str,
    not_before: i64,
    most_tries: i64,
) -> sqlx::Result<Option<StepRow>> {
    sqlx::query_as(
        "SELECT s.account_id, s.provider_id, s.had FROM sign_in_step s JOIN account a ON a.id = s.account_id
         WHERE s.digest = $1 AND s.created_at >= $2 AND s.tries < $3 AND NOT a.disabled",
    )
    .bind(digest)
    .bind(not_before)
    .bind(most_tries)
    .fetch_optional(db)
    .await
}

pub(super) async fn count_try(tx: &mut Transaction<'_, Sqlite>, digest: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE sign_in_step SET tries = tries + 1 WHERE digest = $1")
        .bind(digest)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(super) async fn end_step(tx: &mut Transaction<'_, Sqlite>, digest: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sign_in_step WHERE digest = $1").bind(digest).execute(&mut **tx).await?;
    Ok(())
}
