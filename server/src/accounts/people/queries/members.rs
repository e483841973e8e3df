//! Who is in which team, which host in which group.

use std::collections::BTreeMap;

use longshore_api::web::people::{HostGroup, Member, Team};
use sqlx::{Sqlite, Transaction};

#[derive(sqlx::FromRow)]
struct MemberRow {
    team_id: String,
    account: String,
    name: String,
    display_name: String,
    leader: bool,
}

/// All teams by name, with their members by name.
pub(in crate::accounts::people) async fn teams(tx: &mut Transaction<'_, Sqlite>) -> sqlx::Result<Vec<Team>> {
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

/// Puts an account into a team, or changes how it is in it. `leader` as it is where none is given.
pub(in crate::accounts::people) async fn put_member(
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

/// Puts an account into a team. Whether it was not in it yet.
pub(in crate::accounts::people) async fn join(
    tx: &mut Transaction<'_, Sqlite>,
    team_id: &str,
    account_id: &str,
) -> sqlx::Result<bool> {
    let joined = sqlx::query(
        "INSERT INTO team_member (team_id, account_id, leader) VALUES ($1, $2, FALSE) ON CONFLICT DO NOTHING",
    )
    .bind(team_id)
    .bind(account_id)
    .execute(&mut **tx)
    .await?;
    Ok(joined.rows_affected() > 0)
}

/// Whether it was in the team.
pub(in crate::accounts::people) async fn delete_member(
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
pub(in crate::accounts::people) async fn groups(
    tx: &mut Transaction<'_, Sqlite>,
) -> sqlx::Result<Vec<HostGroup>> {
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

/// Makes these the hosts of a group.
pub(in crate::accounts::people) async fn set_hosts(
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
