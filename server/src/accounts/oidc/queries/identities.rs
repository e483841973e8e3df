//! Whom accounts are at providers, and sign-ins through them that are half done.

use longshore_api::web::oidc::Identity;
use sqlx::{Sqlite, SqliteExecutor, Transaction};

/// The account that somebody of an issuer is.
pub(in crate::accounts::oidc) async fn account_of(
    db: impl SqliteExecutor<'_>,
    issuer: &str,
    subject: &str,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT account_id FROM oidc_identity WHERE issuer = $1 AND subject = $2")
        .bind(issuer)
        .bind(subject)
        .fetch_optional(db)
        .await
}

/// Binds an account to somebody of an issuer. False where either is bound already.
pub(in crate::accounts::oidc) async fn bind(
    tx: &mut Transaction<'_, Sqlite>,
    issuer: &str,
    subject: &str,
    account_id: &str,
    at: i64,
) -> sqlx::Result<bool> {
    let bound = sqlx::query(
        "INSERT INTO oidc_identity (issuer, subject, account_id, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
    )
    .bind(issuer)
    .bind(subject)
    .bind(account_id)
    .bind(at)
    .execute(&mut **tx)
    .await?;
    Ok(bound.rows_affected() > 0)
}

/// Notes that what somebody came back with is used. False where it was already. Those that are too old to be taken need no
/// note any more.
pub(in crate::accounts::oidc) async fn use_binding(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
    at: i64,
    life_ms: i64,
) -> sqlx::Result<bool> {
    sqlx::query("DELETE FROM used_binding WHERE used_at < $1").bind(at - life_ms).execute(&mut **tx).await?;
    let used = sqlx::query("INSERT INTO used_binding (id, used_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(id)
        .bind(at)
        .execute(&mut **tx)
        .await?;
    Ok(used.rows_affected() > 0)
}

/// Every provider, with since when an account is bound to it.
pub(in crate::accounts::oidc) async fn identities_of(
    db: impl SqliteExecutor<'_>,
    account_id: &str,
) -> sqlx::Result<Vec<Identity>> {
    let rows: Vec<(String, String, Option<i64>)> = sqlx::query_as(
        "SELECT p.id, p.name, i.created_at FROM oidc_provider p
         LEFT JOIN oidc_identity i ON i.issuer = p.issuer AND i.account_id = $1 ORDER BY p.name_folded",
    )
    .bind(account_id)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(provider, name, since)| Identity { provider, name, since }).collect())
}

/// Forgets sign-ins through a provider that are half done: of everybody, or of one account. What they were told of groups
/// is of another time.
pub(in crate::accounts::oidc) async fn end_steps_through(
    tx: &mut Transaction<'_, Sqlite>,
    provider: &str,
    account: Option<&str>,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sign_in_step WHERE provider_id = $1 AND ($2 IS NULL OR account_id = $2)")
        .bind(provider)
        .bind(account)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Unbinds an account from whom it is at a provider. Whether it was bound.
pub(in crate::accounts::oidc) async fn unbind(
    tx: &mut Transaction<'_, Sqlite>,
    provider: &str,
    account_id: &str,
) -> sqlx::Result<bool> {
    let gone = sqlx::query(
        "DELETE FROM oidc_identity WHERE account_id = $2 AND issuer = (
             SELECT issuer FROM oidc_provider WHERE id = $1)",
    )
    .bind(provider)
    .bind(account_id)
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected() > 0)
}

/// Notes that a sign-in which is half done has come by a provider, and what that said of the person's groups.
pub(in crate::accounts::oidc) async fn note_step(
    tx: &mut Transaction<'_, Sqlite>,
    digest: &str,
    provider: &str,
    had: &str,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE sign_in_step SET provider_id = $2, had = $3 WHERE digest = $1")
        .bind(digest)
        .bind(provider)
        .bind(had)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
