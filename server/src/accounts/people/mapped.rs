//! What a provider's mapping gives somebody, kept in step with what it says now.

use std::collections::BTreeSet;

use longshore_api::{
    ops::Role,
    web::people::{Grant, Scope, Subject},
};
use sqlx::{Sqlite, Transaction};

use super::{super::AccountError, grants::keep_an_administrator, queries};
use crate::store::{new_id, now};

/// What somebody had by a provider, and what they are to have.
pub(in super::super) struct Due<'a> {
    /// The account.
    pub(in super::super) account: &'a str,
    /// Who gives it, as grants are told.
    pub(in super::super) by: &'a str,
    /// The teams that it put them into before. Where somebody put them in by hand, it decides nothing.
    pub(in super::super) had: BTreeSet<String>,
    /// The teams that they are to be in.
    pub(in super::super) teams: BTreeSet<String>,
    /// The grants that it gave before.
    pub(in super::super) grants: Vec<(String, Option<Role>)>,
    /// The role that they are to have everywhere.
    pub(in super::super) role: Option<Role>,
}

/// What came of it.
pub(in super::super) struct Settled {
    /// The grant of the role.
    pub(in super::super) grant: Option<String>,
    /// The teams that they are in by the provider.
    pub(in super::super) teams: Vec<String>,
    /// What is not as it was, as the audit log tells it: `+team Web -viewer`; empty where all is.
    pub(in super::super) said: String,
}

/// Makes it so. Whoever leads a team goes on leading it.
pub(in super::super) async fn settle(
    tx: &mut Transaction<'_, Sqlite>,
    due: &Due<'_>,
) -> Result<Settled, AccountError> {
    let mut said = Vec::new();
    let mut teams = Vec::new();
    for team in due.had.difference(&due.teams) {
        if queries::delete_member(tx, team, due.account).await? {
            said.push(format!("-team {}", called(tx, team).await?));
        }
    }
    for team in &due.teams {
        let joined = queries::join(tx, team, due.account).await?;
        if joined {
            said.push(format!("+team {}", called(tx, team).await?));
        }
        if joined || due.had.contains(team) {
            teams.push(team.clone());
        }
    }
    let mut grant = None;
    for (id, role) in &due.grants {
        if grant.is_none() && role.is_some() && *role == due.role {
            grant = Some(id.clone());
        } else if queries::delete_grant(tx, id).await? {
            said.push(format!("-{}", role.map_or("?", Role::code)));
        }
    }
    if let (None, Some(role)) = (&grant, due.role) {
        let new = Grant {
            id: new_id(),
            subject: Subject::Account(due.account.to_owned()),
            scope: Scope::Everywhere,
            role,
            ends_at: None,
            created_at: now(),
            created_by: due.by.to_owned(),
        };
        queries::create_grant(tx, &new).await?;
        grant = Some(new.id);
        said.push(format!("+{}", role.code()));
    }
    if !said.is_empty() {
        keep_an_administrator(tx).await?;
    }
    Ok(Settled { grant, teams, said: said.join(" ") })
}

async fn called(tx: &mut Transaction<'_, Sqlite>, team: &str) -> sqlx::Result<String> {
    Ok(queries::TEAMS.name_of(&mut **tx, team).await?.unwrap_or_default())
}
