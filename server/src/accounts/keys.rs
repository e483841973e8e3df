//! API keys: made, shown once, ended.

use longshore_api::web::account::{ApiKey, CreatedApiKey, NewApiKey};

use super::{AccountError, Accounts, people, queries, rules::check_label};
use crate::{
    access::{Change, Pass},
    secret,
    store::{new_id, now},
};

/// An account has at most so many keys.
const KEYS_MAX: usize = 100;
/// Every API key begins so, to be found by those who search for leaked keys.
pub(super) const KEY_MARK: &str = "lsk_";
/// So many characters of a key are shown, to tell it from others.
pub const KEY_SHOWN: usize = KEY_MARK.len() + 6;

impl Accounts {
    /// Whether a key was good once, and its time is over. Only who holds it learns that.
    pub async fn key_has_ended(&self, key: &str) -> Result<bool, AccountError> {
        Ok(queries::key_has_ended(self.store.read(), &secret::digest_of(key), now()).await?)
    }

    /// The caller's API keys.
    pub async fn keys(&self, pass: &Pass) -> Result<Vec<ApiKey>, AccountError> {
        Ok(queries::keys_of(self.store.read(), pass.principal().account_id()).await?)
    }

    /// Makes an API key with the rights of the caller, or less. The key itself is in the answer and nowhere else.
    pub async fn create_key(
        &self,
        _: &Change,
        pass: &Pass,
        new: NewApiKey,
    ) -> Result<CreatedApiKey, AccountError> {
        self.make_key(pass.principal().account_id(), new).await
    }

    /// Makes an API key of an account.
    pub(super) async fn make_key(
        &self,
        account_id: &str,
        new: NewApiKey,
    ) -> Result<CreatedApiKey, AccountError> {
        let name = new.name.trim();
        if name.is_empty() {
            return Err(AccountError::KeyName);
        }
        check_label(name).map_err(|()| AccountError::KeyNameLong)?;
        let at = now();
        if new.ends_at.is_some_and(|ends_at| ends_at <= at) {
            return Err(AccountError::Past);
        }
        let mut tx = self.store.begin().await?;
        if queries::keys_of(&mut *tx, account_id).await?.len() >= KEYS_MAX {
            return Err(AccountError::KeysMany(KEYS_MAX));
        }
        for host in &new.hosts {
            people::known_host(&mut *tx, host).await?;
        }
        let key = format!("{KEY_MARK}{}", secret::random_token());
        let row = ApiKey {
            id: new_id(),
            name: name.to_owned(),
            prefix: key.chars().take(KEY_SHOWN).collect(),
            created_at: at,
            used_at: None,
            role: new.role,
            hosts: new.hosts,
            ends_at: new.ends_at,
        };
        queries::create_key(&mut tx, account_id, &row, &secret::digest_of(&key)).await?;
        tx.commit().await?;
        Ok(CreatedApiKey { id: row.id, key })
    }

    /// Deletes one of the caller's API keys; streams opened with it end.
    pub async fn delete_key(&self, change: &Change, pass: &Pass, id: &str) -> Result<(), AccountError> {
        self.delete_key_of(change, pass.principal().account_id(), id).await
    }

    /// Deletes an API key of an account.
    pub(super) async fn delete_key_of(
        &self,
        _: &Change,
        account_id: &str,
        id: &str,
    ) -> Result<(), AccountError> {
        let mut tx = self.store.begin().await?;
        let gone = queries::delete_key(&mut tx, account_id, id).await?;
        tx.commit().await?;
        self.rights.changed();
        if gone { Ok(()) } else { Err(AccountError::KeyUnknown) }
    }
}
