//! The grants.

use longshore_api::{
    ops::Role,
    web::people::{Grant, Scope, Subject},
};
use sqlx::{Sqlite, SqliteExecutor, Transaction};

#[derive(sqlx::FromRow)]
struct GrantRow {
    id: String,
    account_id: Option<String>,
    team_id: Option<String>,
    group_id: Option<String>,
    host: Option<String>,
    role: String,
    ends_at: Option<i64>,
    created_at: i64,
    created_by: String,
}

impl GrantRow {
    /// None for a role that this build does not know: it gives nothing here.
    fn grant(self) -> Option<Grant> {
        let subject = match (self.account_id, self.team_id) {
            (Some(account), _) => Subject::Account(account),
            (None, Some(team)) => Subject::Team(team),
            (None, None) => Subject::Everyone,
        };
        let scope = match (self.host, self.group_id) {
            (Some(host), _) => Scope::Host(host),
            (None, Some(group)) => Scope::Group(group),
            (None, None) => Scope::Everywhere,
        };
        Some(Grant {
            role: Role::of(&self.role)?,
            id: self.id,
            subject,
            scope,
            ends_at: self.ends_at,
            created_at: self.created_at,
            created_by: self.created_by,
        })
    }
}

/// All grants that hold at a time, the oldest first.
pub(in crate::accounts::people) async fn grants(
    db: impl SqliteExecutor<'_>,
    at: i64,
) -> sqlx::Result<Vec<Grant>> {
    let rows: Vec<GrantRow> = sqlx::query_as(
        "SELECT id, account_id, team_id, group_id, host, role, ends_at, created_at, created_by FROM role_grant
         WHERE ends_at IS NULL OR ends_at > $1 ORDER BY id",
    )
    .bind(at)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().filter_map(GrantRow::grant).collect())
}

pub(in crate::accounts::people) async fn grant(
    db: impl SqliteExecutor<'_>,
    id: &str,
) -> sqlx::Result<Option<Grant>> {
    let row: Option<GrantRow> = sqlx::query_as(
        "SELECT id, account_id, team_id, group_id, host, role, ends_at, created_at, created_by FROM role_grant
         WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(db)
    .await?;
    Ok(row.and_then(GrantRow::grant))
}

pub(in crate::accounts::people) async fn create_grant(
    tx: &mut Transaction<'_, Sqlite>,
    grant: &Grant,
) -> sqlx::Result<()> {
    let (account, team) = match &grant.subject {
        Subject::Everyone => (None, None),
        Subject::Account(account) => (Some(account), None),
        Subject::Team(team) => (None, Some(team)),
    };
    let (group, host) = match &grant.scope {
        Scope::Everywhere => (None, None),
        Scope::Group(group) => (Some(group), None),
        Scope::Host(host) => (None, Some(host)),
    };
    sqlx::query(
        "INSERT INTO role_grant (id, account_id, team_id, group_id, host, role, ends_at, created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&grant.id)
    .bind(account)
    .bind(team)
    .bind(group)
    .bind(host)
    .bind(grant.role.code())
    .bind(grant.ends_at)
    .bind(grant.created_at)
    .bind(&grant.created_by)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Whether there was such a grant.
pub(in crate::accounts::people) async fn delete_grant(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
) -> sqlx::Result<bool> {
    let gone = sqlx::query("DELETE FROM role_grant WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(gone.rows_affected() > 0)
}
