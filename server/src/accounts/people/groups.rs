//! Host groups: several hosts under one name.

use longshore_api::web::people::EditHostGroup;

use super::{
    super::{
        AccountError, Accounts,
        rules::{check_name, fold},
    },
    known_host, queries,
};
use crate::{
    access::Change,
    store::{new_id, now},
};

impl Accounts {
    /// The name of a host group.
    pub async fn group_name(&self, id: &str) -> Result<String, AccountError> {
        queries::GROUPS.name_of(self.store.read(), id).await?.ok_or(AccountError::GroupUnknown)
    }

    /// Makes a group without hosts.
    pub async fn create_group(&self, _: &Change, name: &str) -> Result<String, AccountError> {
        let (name, folded) = check_name(name)?;
        let id = new_id();
        let mut tx = self.store.begin().await?;
        if !queries::GROUPS.create(&mut tx, &id, &name, &folded, now()).await? {
            return Err(AccountError::NameTaken(name));
        }
        tx.commit().await?;
        Ok(id)
    }

    /// Gives a group another name and other hosts.
    pub async fn edit_group(&self, _: &Change, id: &str, edit: EditHostGroup) -> Result<(), AccountError> {
        let mut tx = self.store.begin().await?;
        let known = queries::GROUPS.name_of(&mut *tx, id).await?.ok_or(AccountError::GroupUnknown)?;
        // A name that it has may be from before a rule for names.
        let (name, folded) = match known == edit.name {
            true => (known, fold(&edit.name)),
            false => check_name(&edit.name)?,
        };
        if queries::GROUPS.id_of(&mut *tx, &folded).await?.is_some_and(|other| other != id) {
            return Err(AccountError::NameTaken(name));
        }
        for host in &edit.hosts {
            known_host(&mut *tx, host).await?;
        }
        if !queries::GROUPS.rename(&mut tx, id, &name, &folded).await? {
            return Err(AccountError::GroupUnknown);
        }
        queries::set_hosts(&mut tx, id, &edit.hosts).await?;
        tx.commit().await?;
        self.rights.changed();
        Ok(())
    }

    /// Ends a group, and what was given on it. Its hosts stay.
    pub async fn delete_group(&self, _: &Change, id: &str) -> Result<(), AccountError> {
        let mut tx = self.store.begin().await?;
        if !queries::GROUPS.delete(&mut tx, id).await? {
            return Err(AccountError::GroupUnknown);
        }
        tx.commit().await?;
        self.rights.changed();
        Ok(())
    }
}
