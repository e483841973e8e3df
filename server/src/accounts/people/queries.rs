//! Every SQL text on accounts as a whole, teams, host groups, grants and invitations.

use std::collections::BTreeMap;

use longshore_api::{
    ops::Role,
    web::people::{Account, AccountKind, Grant, HostGroup, Member, Scope, Subject, Team},
};
use sqlx::{Sqlite, SqliteExecutor, Transaction};

/// Whether a host has this slug. Hosts belong to another room; a grant is bound to one by the database itself.
pub(super) async fn host_exists(db: impl SqliteExecutor<'_>, slug: &str) -> sqlx::Result<bool> {
    let found: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM host WHERE slug = $1").bind(slug).fetch_one(db).await?;
    Ok(found > 0)
}

#[derive(sqlx::FromRow)]
pub(super) struct StandingRow {
    /// A role; none, and the row names a team that the account is in.
    pub(super) role: Option<String>,
    pub(super) host: Option<String>,
    pub(super) team: Option<String>,
    pub(super) leader: bool,
}

/// Every role that reaches an account at a time, with its host where it is not for all; and the teams that it is in.
pub(super) async fn standing_of(
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

/// How many people can sign in and may do everything, for as long as nobody takes it away.
pub(super) async fn count_administrators(db: impl SqliteExecutor<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM account a
         WHERE a.kind = 'person' AND NOT a.disabled AND a.password_hash <> '' AND EXISTS (
             SELECT 1 FROM role_grant g
             WHERE g.role = 'administrator' AND g.host IS NULL AND g.group_id IS NULL AND g.ends_at IS NULL
               AND (g.account_id = a.id
                    OR g.team_id IN (SELECT team_id FROM team_member m WHERE m.account_id = a.id)
                    OR (g.account_id IS NULL AND g.team_id IS NULL)))",
    )
    .fetch_one(db)
    .await
}

/// What pages show of everyone who may do everything, by name.
pub(super) async fn administrators(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<String>> {
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
pub(super) async fn next_end(db: impl SqliteExecutor<'_>, after: i64) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar(
        "SELECT MIN(ends_at) FROM (
             SELECT ends_at FROM role_grant WHERE ends_at > $1
             UNION ALL SELECT ends_at FROM api_key WHERE ends_at > $1)",
    )
    .bind(after)
    .fetch_one(db)
    .await
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    id: String,
    name: String,
    display_name: String,
    kind: String,
    disabled: bool,
    must_change: bool,
    unclaimed: bool,
    totp: bool,
    link_until: Option<i64>,
    created_at: i64,
    seen_at: Option<i64>,
    sessions: i64,
    keys: i64,
}

/// All accounts by name, with their doors counted; sessions older than `not_before` are none.
pub(super) async fn accounts(
    db: impl SqliteExecutor<'_>,
    at: i64,
    not_before: i64,
) -> sqlx::Result<Vec<Account>> {
    let rows: Vec<AccountRow> = sqlx::query_as(
        "SELECT a.id, a.name, a.display_name, a.kind, a.disabled, a.must_change, a.password_hash = '' AS unclaimed,
                EXISTS (SELECT 1 FROM totp t WHERE t.account_id = a.id AND t.confirmed_at IS NOT NULL) AS totp,
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
            totp: row.totp,
            link_until: row.link_until,
            created_at: row.created_at,
            seen_at: row.seen_at,
            sessions: count(row.sessions),
            keys: count(row.keys),
        })
        .collect())
}

/// Whether there was such an account.
pub(super) async fn set_display_name(
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
pub(super) async fn set_disabled(
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
pub(super) async fn set_must_change(
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
pub(super) async fn delete_account(tx: &mut Transaction<'_, Sqlite>, id: &str) -> sqlx::Result<bool> {
    let gone = sqlx::query("DELETE FROM account WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(gone.rows_affected() > 0)
}

/// Makes this the only link of the account.
pub(super) async fn replace_invitation(
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
pub(super) async fn invited(
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
pub(super) async fn end_invitation(tx: &mut Transaction<'_, Sqlite>, account_id: &str) -> sqlx::Result<bool> {
    let gone = sqlx::query("DELETE FROM invitation WHERE account_id = $1")
        .bind(account_id)
        .execute(&mut **tx)
        .await?;
    Ok(gone.rows_affected() > 0)
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    team_id: String,
    account: String,
    name: String,
    display_name: String,
    leader: bool,
}

/// All teams by name, with their members by name.
pub(super) async fn teams(tx: &mut Transaction<'_, Sqlite>) -> sqlx::Result<Vec<Team>> {
    let teams: Vec<(String, String)> =
        sqlx::query_as("SELECT id, name FROM team ORDER BY name_folded").fetch_all(&mut **tx).await?;
    let rows: Vec<MemberRow> = sqlx::query_as(
        "SELECT m.team_id, a.id AS account, a.name, a.display_name, m.leader
         FROM team_member m JOIN account a ON a.id = m.account_id ORDER BY a.name_folded",
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut members: BTreeMap<String, Vec<Member>> = BTreeMap::new();
    for MemberRow { team_id, account, name, display_name, leader } in rows {
        members.entry(team_id).or_default().push(Member { account, name, display_name, leader });
    }
    let team =
        |(id, name): (String, String)| Team { members: members.remove(&id).unwrap_or_default(), id, name };
    Ok(teams.into_iter().map(team).collect())
}

/// Whether the name was free.
pub(super) async fn create_team(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
    name: &str,
    folded: &str,
    at: i64,
) -> sqlx::Result<bool> {
    let made = sqlx::query(
        "INSERT INTO team (id, name, name_folded, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name_folded) DO NOTHING",
    )
    .bind(id)
    .bind(name)
    .bind(folded)
    .bind(at)
    .execute(&mut **tx)
    .await?;
    Ok(made.rows_affected() > 0)
}

/// The id of the team of a name.
pub(super) async fn team_of_name(db: impl SqliteExecutor<'_>, folded: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT id FROM team WHERE name_folded = $1").bind(folded).fetch_optional(db).await
}

/// The name of a team.
pub(super) async fn team_name(db: impl SqliteExecutor<'_>, id: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT name FROM team WHERE id = $1").bind(id).fetch_optional(db).await
}

/// Whether there was such a team.
pub(super) async fn rename_team(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
    name: &str,
    folded: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query("UPDATE team SET name = $1, name_folded = $2 WHERE id = $3")
        .bind(name)
        .bind(folded)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether there was such a team; its grants go with it.
pub(super) async fn delete_team(tx: &mut Transaction<'_, Sqlite>, id: &str) -> sqlx::Result<bool> {
    let gone = sqlx::query("DELETE FROM team WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(gone.rows_affected() > 0)
}

/// Puts an account into a team, or changes how it is in it. `leader` as it is where none is given.
pub(super) async fn put_member(
    tx: &mut Transaction<'_, Sqlite>,
    team_id: &str,
    account_id: &str,
    leader: Option<bool>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO team_member (team_id, account_id, leader) VALUES ($1, $2, COALESCE($3, FALSE))
         ON CONFLICT (team_id, account_id) DO UPDATE SET leader = COALESCE($3, leader)",
    )
    .bind(team_id)
    .bind(account_id)
    .bind(leader)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Whether it was in the team.
pub(super) async fn delete_member(
    tx: &mut Transaction<'_, Sqlite>,
    team_id: &str,
    account_id: &str,
) -> sqlx::Result<bool> {
    let gone = sqlx::query("DELETE FROM team_member WHERE team_id = $1 AND account_id = $2")
        .bind(team_id)
        .bind(account_id)
        .execute(&mut **tx)
        .await?;
    Ok(gone.rows_affected() > 0)
}

/// All host groups by name, with their hosts by slug.
pub(super) async fn groups(tx: &mut Transaction<'_, Sqlite>) -> sqlx::Result<Vec<HostGroup>> {
    let groups: Vec<(String, String)> =
        sqlx::query_as("SELECT id, name FROM host_group ORDER BY name_folded").fetch_all(&mut **tx).await?;
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT group_id, host FROM host_group_member ORDER BY host")
            .fetch_all(&mut **tx)
            .await?;
    let mut hosts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (group, host) in rows {
        hosts.entry(group).or_default().push(host);
    }
    let group =
        |(id, name): (String, String)| HostGroup { hosts: hosts.remove(&id).unwrap_or_default(), id, name };
    Ok(groups.into_iter().map(group).collect())
}

/// Whether the name was free.
pub(super) async fn create_group(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
    name: &str,
    folded: &str,
    at: i64,
) -> sqlx::Result<bool> {
    let made = sqlx::query(
        "INSERT INTO host_group (id, name, name_folded, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name_folded) DO NOTHING",
    )
    .bind(id)
    .bind(name)
    .bind(folded)
    .bind(at)
    .execute(&mut **tx)
    .await?;
    Ok(made.rows_affected() > 0)
}

/// The id of the group of a name.
pub(super) async fn group_of_name(db: impl SqliteExecutor<'_>, folded: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT id FROM host_group WHERE name_folded = $1")
        .bind(folded)
        .fetch_optional(db)
        .await
}

/// The name of a group.
pub(super) async fn group_name(db: impl SqliteExecutor<'_>, id: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT name FROM host_group WHERE id = $1").bind(id).fetch_optional(db).await
}

/// Whether there was such a group.
pub(super) async fn rename_group(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
    name: &str,
    folded: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query("UPDATE host_group SET name = $1, name_folded = $2 WHERE id = $3")
        .bind(name)
        .bind(folded)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Makes these the hosts of a group.
pub(super) async fn set_hosts(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
    hosts: &[String],
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM host_group_member WHERE group_id = $1").bind(id).execute(&mut **tx).await?;
    for host in hosts {
        sqlx::query("INSERT INTO host_group_member (group_id, host) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(id)
            .bind(host)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Whether there was such a group; the grants on it go with it.
pub(super) async fn delete_group(tx: &mut Transaction<'_, Sqlite>, id: &str) -> sqlx::Result<bool> {
    let gone = sqlx::query("DELETE FROM host_group WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(gone.rows_affected() > 0)
}

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
pub(super) async fn grants(db: impl SqliteExecutor<'_>, at: i64) -> sqlx::Result<Vec<Grant>> {
    let rows: Vec<GrantRow> = sqlx::query_as(
        "SELECT id, account_id, team_id, group_id, host, role, ends_at, created_at, created_by FROM role_grant
         WHERE ends_at IS NULL OR ends_at > $1 ORDER BY id",
    )
    .bind(at)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().filter_map(GrantRow::grant).collect())
}

pub(super) async fn grant(db: impl SqliteExecutor<'_>, id: &str) -> sqlx::Result<Option<Grant>> {
    let row: Option<GrantRow> = sqlx::query_as(
        "SELECT id, account_id, team_id, group_id, host, role, ends_at, created_at, created_by FROM role_grant
         WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(db)
    .await?;
    Ok(row.and_then(GrantRow::grant))
}

pub(super) async fn create_grant(tx: &mut Transaction<'_, Sqlite>, grant: &Grant) -> sqlx::Result<()> {
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
pub(super) async fn delete_grant(tx: &mut Transaction<'_, Sqlite>, id: &str) -> sqlx::Result<bool> {
    let gone = sqlx::query("DELETE FROM role_grant WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(gone.rows_affected() > 0)
}
