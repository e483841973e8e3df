//! What an account may do, and who may do everything.

use sqlx::SqliteExecutor;

/// Whether a host has this slug. Hosts belong to another room; a grant is bound to one by the database itself.
pub(in crate::accounts::people) async fn host_exists(
    db: impl SqliteExecutor<'_>,
    slug: &str,
) -> sqlx::Result<bool> {
    let found: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM host WHERE slug = $1").bind(slug).fetch_one(db).await?;
    Ok(found > 0)
}

#[derive(sqlx::FromRow)]
pub(in crate::accounts::people) struct StandingRow {
    /// A role; none, and the row names a team that the account is in.
    pub(in crate::accounts::people) role: Option<String>,
    pub(in crate::accounts::people) host: Option<String>,
    pub(in crate::accounts::people) team: Option<String>,
    pub(in crate::accounts::people) leader: bool,
}

/// Every role that reaches an account at a time, with its host where it is not for all; and the teams that it is in.
pub(in crate::accounts::people) async fn standing_of(
    db: impl SqliteExecutor<'_>,
    account_id: &str,
    at: i64,
) -> sqlx::Result<Vec<StandingRow>> {
    sqlx::query_as(
        "SELECT g.role AS role, COALESCE(g.host, m.host) AS host, NULL AS team, FALSE AS leader
         FROM role_grant g LEFT JOIN host_group_member m ON m.group_id = g.group_id
         WHERE (g.ends_at IS NULL OR g.ends_at > $2) AND (g.group_id IS NULL OR m.host IS NOT NULL)
           AND (g.account_id = $1
                OR g.team_id IN (SELECT team_id FROM team_member WHERE account_id = $1)
                OR (g.account_id IS NULL AND g.team_id IS NULL))
         UNION ALL
         SELECT NULL, NULL, team_id, leader FROM team_member WHERE account_id = $1",
    )
    .bind(account_id)
    .bind(at)
    .fetch_all(db)
    .await
}

/// How many people can sign in and may do everything, for as long as nobody takes it away. What a provider gives, it may
/// take; and where passwords let in one account only, that is the one that counts.
pub(in crate::accounts::people) async fn count_administrators(
    db: impl SqliteExecutor<'_>,
) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM account a
         WHERE a.kind = 'person' AND NOT a.disabled AND a.password_hash <> '' AND EXISTS (
             SELECT 1 FROM role_grant g
             WHERE g.role = 'administrator' AND g.host IS NULL AND g.group_id IS NULL AND g.ends_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM oidc_given o WHERE o.grant_id = g.id)
               AND (g.account_id = a.id
                    OR g.team_id IN (
                        SELECT team_id FROM team_member m WHERE m.account_id = a.id AND NOT EXISTS (
                            SELECT 1 FROM oidc_given o WHERE o.team_id = m.team_id AND o.account_id = a.id))
                    OR (g.account_id IS NULL AND g.team_id IS NULL)))
           AND (NOT EXISTS (SELECT 1 FROM passwords_only_for)
                OR a.id IN (SELECT account_id FROM passwords_only_for))",
    )
    .fetch_one(db)
    .await
}

/// What pages show of everyone who may do everything, by name.
pub(in crate::accounts::people) async fn administrators(
    db: impl SqliteExecutor<'_>,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT a.display_name FROM account a
         WHERE a.kind = 'person' AND NOT a.disabled AND EXISTS (
             SELECT 1 FROM role_grant g
             WHERE g.role = 'administrator' AND g.host IS NULL AND g.group_id IS NULL
               AND (g.account_id = a.id
                    OR g.team_id IN (SELECT team_id FROM team_member m WHERE m.account_id = a.id)))
         ORDER BY a.name_folded LIMIT 4",
    )
    .fetch_all(db)
    .await
}

/// The next time at which a grant, a key or a link ends by itself.
pub(in crate::accounts::people) async fn next_end(
    db: impl SqliteExecutor<'_>,
    after: i64,
) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar(
        "SELECT MIN(ends_at) FROM (
             SELECT ends_at FROM role_grant WHERE ends_at > $1
             UNION ALL SELECT ends_at FROM api_key WHERE ends_at > $1)",
    )
    .bind(after)
    .fetch_one(db)
    .await
}
