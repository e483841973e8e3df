//! What mappings of providers have given.

use longshore_api::web::oidc::Gives;
use sqlx::{Sqlite, SqliteExecutor, Transaction};

/// Takes back what mappings of a provider have given: to everybody or one account, everything or only this.
pub(in crate::accounts::oidc) async fn take_back(
    tx: &mut Transaction<'_, Sqlite>,
    provider: &str,
    account: Option<&str>,
    only: Option<&Gives>,
) -> sqlx::Result<()> {
    let (team, role) = match only {
        None => (None, None),
        Some(Gives::Team(team)) => (Some(team.as_str()), None),
        Some(Gives::Role(role)) => (None, Some(role.code())),
    };
    // A row of what was given is a place in a team or a grant. The grant takes its row along.
    for text in [
        "DELETE FROM team_member WHERE EXISTS (
             SELECT 1 FROM oidc_given g WHERE g.provider_id = $1 AND g.team_id = team_member.team_id
               AND g.account_id = team_member.account_id AND ($4 OR g.team_id = $2)
               AND ($5 IS NULL OR g.account_id = $5))",
        "DELETE FROM oidc_given WHERE provider_id = $1 AND team_id IS NOT NULL AND ($4 OR team_id = $2)
               AND ($5 IS NULL OR account_id = $5)",
        "DELETE FROM role_grant WHERE ($4 OR role = $3) AND id IN (
             SELECT grant_id FROM oidc_given WHERE provider_id = $1 AND ($5 IS NULL OR account_id = $5))",
    ] {
        sqlx::query(text)
            .bind(provider)
            .bind(team)
            .bind(role)
            .bind(only.is_none())
            .bind(account)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// What a provider has given an account: teams, and grants with their roles.
#[derive(sqlx::FromRow)]
pub(in crate::accounts::oidc) struct GivenRow {
    pub(in crate::accounts::oidc) team_id: Option<String>,
    pub(in crate::accounts::oidc) grant_id: Option<String>,
    pub(in crate::accounts::oidc) role: Option<String>,
}

pub(in crate::accounts::oidc) async fn given(
    db: impl SqliteExecutor<'_>,
    provider: &str,
    account_id: &str,
) -> sqlx::Result<Vec<GivenRow>> {
    sqlx::query_as(
        "SELECT g.team_id, g.grant_id, r.role FROM oidc_given g LEFT JOIN role_grant r ON r.id = g.grant_id
         WHERE g.provider_id = $1 AND g.account_id = $2",
    )
    .bind(provider)
    .bind(account_id)
    .fetch_all(db)
    .await
}

/// Forgets what a provider has given an account; what holds is told anew by [`note_given`].
pub(in crate::accounts::oidc) async fn forget_given(
    tx: &mut Transaction<'_, Sqlite>,
    provider: &str,
    account_id: &str,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM oidc_given WHERE provider_id = $1 AND account_id = $2")
        .bind(provider)
        .bind(account_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(in crate::accounts::oidc) async fn note_given(
    tx: &mut Transaction<'_, Sqlite>,
    provider: &str,
    account_id: &str,
    team: Option<&str>,
    grant: Option<&str>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO oidc_given (provider_id, account_id, team_id, grant_id) VALUES ($1, $2, $3, $4)",
    )
    .bind(provider)
    .bind(account_id)
    .bind(team)
    .bind(grant)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
