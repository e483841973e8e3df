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
    /// Every team that the provider decides about.
    pub(in super::super) governed: BTreeSet<String>,
    /// Those of them that they are to be in.
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
    /// Whether anything is not as it was.
    pub(in super::super) changed: bool,
}

/// Makes it so. Whoever leads a team goes on leading it.
pub(in super::super) async fn settle(
    tx: &mut Transaction<'_, Sqlite>,
    due: &Due<'_>,
) -> Result<Settled, AccountError> {
    let mut changed = false;
    for team in due.governed.difference(&due.teams) {
        changed |= queries::delete_member(tx, team, due.account).await?;
    }
    for team in &due.teams {
        changed |= queries::join(tx, team, due.account).await?;
    }
    let mut grant = None;
    for (id, role) in &due.grants {
        if grant.is_none() && role.is_some() && *role == due.role {
            grant = Some(id.clone());
        } else {
            changed |= queries::delete_grant(tx, id).await?;
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
        changed = true;
    }
    if changed {
        keep_an_administrator(tx).await?;
    }
    Ok(Settled { grant, changed })
}
