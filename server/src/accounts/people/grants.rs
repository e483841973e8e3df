//! Roles that are given and taken, and what they come to.

use longshore_api::{
    ops::Role,
    web::{
        account::Roles,
        people::{Grant, HostGroup, NewGrant, Rights, Scope, Subject, Team},
    },
};
use sqlx::{Sqlite, SqliteExecutor, Transaction};

use super::{
    super::{AccountError, Accounts, queries as accounts},
    known_host, queries,
};
use crate::{
    access::{Change, Pass},
    store::{new_id, now},
};

/// What an account may do, whatever its door, and the teams that it is in.
#[derive(Debug, Default)]
pub struct Standing {
    /// Its roles.
    pub roles: Roles,
    /// Ids of teams.
    pub teams: Vec<String>,
    /// Ids of those of them that it leads.
    pub leads: Vec<String>,
}

/// How an account stands at a time.
pub async fn standing(db: impl SqliteExecutor<'_>, account_id: &str, at: i64) -> sqlx::Result<Standing> {
    let mut standing = Standing::default();
    for row in queries::standing_of(db, account_id, at).await? {
        if let Some(role) = row.role.as_deref().and_then(Role::of) {
            standing.roles.add(row.host, role);
        }
        if let Some(team) = row.team {
            if row.leader {
                standing.leads.push(team.clone());
            }
            standing.teams.push(team);
        }
    }
    Ok(standing)
}

/// Gives an account the right to everything.
pub async fn make_administrator(
    tx: &mut Transaction<'_, Sqlite>,
    account_id: &str,
    by: &str,
) -> sqlx::Result<()> {
    let grant = Grant {
        id: new_id(),
        subject: Subject::Account(account_id.to_owned()),
        scope: Scope::Everywhere,
        role: Role::Administrator,
        ends_at: None,
        created_at: now(),
        created_by: by.to_owned(),
    };
    queries::create_grant(tx, &grant).await
}

/// Refuses a change after which nobody could look after the server any more. Called before it is committed.
pub(in super::super) async fn keep_an_administrator(
    tx: &mut Transaction<'_, Sqlite>,
) -> Result<(), AccountError> {
    if queries::count_administrators(&mut **tx).await? > 0 {
        Ok(())
    } else {
        Err(AccountError::LastAdministrator)
    }
}

impl Accounts {
    /// Gives a role.
    pub async fn give(&self, _: &Change, pass: &Pass, new: NewGrant) -> Result<String, AccountError> {
        let at = now();
        if new.ends_at.is_some_and(|ends_at| ends_at <= at) {
            return Err(AccountError::Past);
        }
        let mut tx = self.store.begin().await?;
        match &new.subject {
            Subject::Everyone => {}
            Subject::Account(id) => {
                accounts::account_by_id(&mut *tx, id).await?.ok_or(AccountError::AccountUnknown)?;
            }
            Subject::Team(id) => {
                queries::TEAMS.name_of(&mut *tx, id).await?.ok_or(AccountError::TeamUnknown)?;
            }
        }
        match &new.scope {
            Scope::Everywhere => {}
            Scope::Group(id) => {
                queries::GROUPS.name_of(&mut *tx, id).await?.ok_or(AccountError::GroupUnknown)?;
            }
            Scope::Host(slug) => known_host(&mut *tx, slug).await?,
        }
        let grant = Grant {
            id: new_id(),
            subject: new.subject,
            scope: new.scope,
            role: new.role,
            ends_at: new.ends_at,
            created_at: at,
            created_by: pass.principal().name().to_owned(),
        };
        queries::create_grant(&mut tx, &grant).await?;
        tx.commit().await?;
        self.rights.changed();
        Ok(grant.id)
    }

    /// A grant, for whoever is about to take it away.
    pub async fn grant(&self, id: &str) -> Result<Grant, AccountError> {
        queries::grant(self.store.read(), id).await?.ok_or(AccountError::GrantUnknown)
    }

    /// Takes a role away again; what was open by it ends.
    pub async fn take_away(&self, _: &Change, id: &str) -> Result<(), AccountError> {
        let mut tx = self.store.begin().await?;
        if !queries::delete_grant(&mut tx, id).await? {
            return Err(AccountError::GrantUnknown);
        }
        keep_an_administrator(&mut tx).await?;
        tx.commit().await?;
        self.rights.changed();
        Ok(())
    }

    /// What an account may do on each of these hosts, and by which grants; the strongest first, of equals the oldest.
    pub async fn rights_of(&self, id: &str, hosts: &[String]) -> Result<Vec<Rights>, AccountError> {
        // One look: what is read in two may never have been true at once.
        let mut tx = self.store.read().begin().await?;
        accounts::account_by_id(&mut *tx, id).await?.ok_or(AccountError::AccountUnknown)?;
        let teams = queries::teams(&mut tx).await?;
        let groups = queries::groups(&mut tx).await?;
        let grants = queries::grants(&mut *tx, now()).await?;
        drop(tx);
        let mine: Vec<&Grant> = grants.iter().filter(|grant| reaches(grant, id, &teams)).collect();
        let rights = hosts.iter().map(|host| {
            let mut grants: Vec<Grant> = mine
                .iter()
                .filter(|grant| holds_on(grant, host, &groups))
                .map(|grant| Grant::clone(grant))
                .collect();
            grants.sort_by_key(|grant| std::cmp::Reverse(grant.role));
            Rights { host: host.clone(), role: grants.first().map(|grant| grant.role), grants }
        });
        Ok(rights.collect())
    }
}

/// Whether a grant is to an account.
pub fn reaches(grant: &Grant, account: &str, teams: &[Team]) -> bool {
    match &grant.subject {
        Subject::Everyone => true,
        Subject::Account(id) => id == account,
        Subject::Team(team) => {
            teams.iter().any(|t| t.id == *team && t.members.iter().any(|member| member.account == account))
        }
    }
}

/// Whether a grant holds on a host.
pub fn holds_on(grant: &Grant, host: &str, groups: &[HostGroup]) -> bool {
    match &grant.scope {
        Scope::Everywhere => true,
        Scope::Group(group) => {
            groups.iter().any(|g| g.id == *group && g.hosts.iter().any(|slug| slug == host))
        }
        Scope::Host(slug) => slug == host,
    }
}
