//! Teams: several accounts under one name.

use longshore_api::web::people::{Membership, Team};

use super::{
    super::{AccountError, Accounts, queries as accounts, rules::check_name},
    grants::keep_an_administrator,
    known_team, queries,
};
use crate::{
    access::{Change, Pass},
    store::{new_id, now},
};

impl Accounts {
    /// The teams that somebody is in or looks after: all of them for an administrator.
    pub async fn teams_of(&self, pass: &Pass) -> Result<Vec<Team>, AccountError> {
        let who = pass.principal();
        let mut tx = self.store.read().begin().await?;
        let mut teams = queries::teams(&mut tx).await?;
        if !who.roles().is_administrator() {
            teams.retain(|team| team.members.iter().any(|member| member.account == who.account_id()));
        }
        Ok(teams)
    }

    /// The name of a team, if there is one.
    pub async fn team_name_if_there(&self, id: &str) -> sqlx::Result<Option<String>> {
        queries::TEAMS.name_of(self.store.read(), id).await
    }

    /// The name of a team.
    pub async fn team_name(&self, id: &str) -> Result<String, AccountError> {
        queries::TEAMS.name_of(self.store.read(), id).await?.ok_or(AccountError::TeamUnknown)
    }

    /// Makes a team without members.
    pub async fn create_team(&self, _: &Change, name: &str) -> Result<String, AccountError> {
        let (name, folded) = check_name(name)?;
        let id = new_id();
        let mut tx = self.store.begin().await?;
        if !queries::TEAMS.create(&mut tx, &id, &name, &folded, now()).await? {
            return Err(AccountError::NameTaken(name));
        }
        tx.commit().await?;
        Ok(id)
    }

    /// Gives a team another name.
    pub async fn rename_team(&self, _: &Change, id: &str, name: &str) -> Result<(), AccountError> {
        let (name, folded) = check_name(name)?;
        let mut tx = self.store.begin().await?;
        if queries::TEAMS.id_of(&mut *tx, &folded).await?.is_some_and(|other| other != id) {
            return Err(AccountError::NameTaken(name));
        }
        if !queries::TEAMS.rename(&mut tx, id, &name, &folded).await? {
            return Err(AccountError::TeamUnknown);
        }
        tx.commit().await?;
        self.rights.changed();
        Ok(())
    }

    /// Ends a team, and what it was given.
    pub async fn delete_team(&self, _: &Change, id: &str) -> Result<(), AccountError> {
        let mut tx = self.store.begin().await?;
        if !queries::TEAMS.delete(&mut tx, id).await? {
            return Err(AccountError::TeamUnknown);
        }
        keep_an_administrator(&mut tx).await?;
        tx.commit().await?;
        self.rights.changed();
        Ok(())
    }

    /// Puts an account into a team, by the name it signs in with. Who leads is decided by administrators; for others
    /// it stays as it is.
    pub async fn put_member(
        &self,
        _: &Change,
        pass: &Pass,
        team: &str,
        name: &str,
        how: Membership,
    ) -> Result<(), AccountError> {
        let mut tx = self.store.begin().await?;
        known_team(&mut *tx, team).await?;
        let account = accounts::account_by_name(&mut *tx, name).await?;
        let account = account.ok_or(AccountError::AccountUnknown)?;
        let leader = pass.principal().roles().is_administrator().then_some(how.leader);
        queries::put_member(&mut tx, team, &account.id, leader).await?;
        tx.commit().await?;
        self.rights.changed();
        Ok(())
    }

    /// Takes an account out of a team, by the name it signs in with.
    pub async fn take_out(&self, _: &Change, team: &str, name: &str) -> Result<(), AccountError> {
        let mut tx = self.store.begin().await?;
        let account = accounts::account_by_name(&mut *tx, name).await?;
        let account = account.ok_or(AccountError::AccountUnknown)?;
        if !queries::delete_member(&mut tx, team, &account.id).await? {
            return Err(AccountError::AccountUnknown);
        }
        keep_an_administrator(&mut tx).await?;
        tx.commit().await?;
        self.rights.changed();
        Ok(())
    }
}
