//! Accounts of others: made, shut, opened, removed, and the links by which people choose their passwords.

use std::{collections::HashMap, net::IpAddr};

use longshore_api::web::{
    account::{AcceptInvitation, ApiKey, CreatedApiKey, Invited, NewApiKey, Session},
    people::{AccountKind, EditAccount, Link, NewAccount, People},
};

use super::{
    super::{
        AccountError, Accounts,
        logic::{SESSION_LIFE_MS, Way},
        queries::{self as accounts, AccountRow},
        rules::{check_name, check_password, display_name},
        totp::Entered,
    },
    grants::keep_an_administrator,
    known_team, queries,
};
use crate::{access::Change, front::Context, secret, store::now};

/// A link to choose a password by holds for a week.
const LINK_LIFE_MS: i64 = 7 * 24 * 3_600_000;

impl Accounts {
    /// Everybody, and what gives them their rights.
    pub async fn people(&self) -> Result<People, AccountError> {
        let at = now();
        // One look: what is read in four may never have been true at once.
        let mut tx = self.store.read().begin().await?;
        Ok(People {
            accounts: queries::accounts(&mut *tx, at, at - SESSION_LIFE_MS).await?,
            teams: queries::teams(&mut tx).await?,
            groups: queries::groups(&mut tx).await?,
            grants: queries::grants(&mut *tx, at).await?,
        })
    }

    /// The sign-in name of an account.
    pub async fn account_name(&self, id: &str) -> Result<String, AccountError> {
        Ok(self.account(id).await?.name)
    }

    /// The sign-in name of an account, if there is one.
    pub async fn account_name_if_there(&self, id: &str) -> sqlx::Result<Option<String>> {
        Ok(accounts::account_by_id(self.store.read(), id).await?.map(|account| account.name))
    }

    /// What accounts and teams are called, by their ids.
    pub async fn called(&self) -> sqlx::Result<HashMap<String, String>> {
        let [accounts, teams, ..] = &accounts::FOLDED;
        let mut all = accounts.all(self.store.read()).await?;
        all.extend(teams.all(self.store.read()).await?);
        Ok(all.into_iter().map(|(id, name, _)| (id, name)).collect())
    }

    /// The account of a sign-in name, if there is one.
    pub async fn id_of_name(&self, name: &str) -> sqlx::Result<Option<String>> {
        Ok(accounts::account_by_name(self.store.read(), name).await?.map(|account| account.id))
    }

    /// The id of the account that a label means. Whoever came by a provider has chosen their name there, and would choose
    /// what is waiting for somebody: they count once an administrator has made them a link to a password.
    pub async fn id_of_label(&self, name: &str) -> sqlx::Result<Option<String>> {
        let Some(id) = self.id_of_name(name).await? else { return Ok(None) };
        Ok(queries::is_made_here(self.store.read(), &id).await?.then_some(id))
    }

    async fn account(&self, id: &str) -> Result<AccountRow, AccountError> {
        accounts::account_by_id(self.store.read(), id).await?.ok_or(AccountError::AccountUnknown)
    }

    /// Makes an account with a link by which its person chooses a password, or one of a program, which needs none.
    pub async fn create(&self, _: &Change, new: NewAccount) -> Result<Link, AccountError> {
        let (name, folded) = check_name(&new.name)?;
        let display_name = display_name(&new.display_name, &name)?;
        let account = AccountRow::new(name, display_name, new.kind);
        let mut tx = self.store.begin().await?;
        if accounts::account_by_name(&mut *tx, &account.name).await?.is_some() {
            return Err(AccountError::NameTaken(account.name));
        }
        accounts::create_account(&mut tx, &account, &folded, now()).await?;
        for team in &new.teams {
            known_team(&mut *tx, team).await?;
            queries::put_member(&mut tx, team, &account.id, None).await?;
        }
        let link = match new.kind {
            AccountKind::Service => Link { account: account.id, secret: None, ends_at: None },
            AccountKind::Person => link(&mut tx, account.id).await?,
        };
        tx.commit().await?;
        Ok(link)
    }

    /// Makes a link by which the person of an account chooses a new password; every older one ceases to hold. The
    /// password that holds now goes on holding until then.
    pub async fn new_link(&self, _: &Change, id: &str) -> Result<Link, AccountError> {
        if self.account(id).await?.is(AccountKind::Service) {
            return Err(AccountError::NoPassword);
        }
        let mut tx = self.store.begin().await?;
        let link = link(&mut tx, id.to_owned()).await?;
        tx.commit().await?;
        Ok(link)
    }

    /// Changes what is named. An account that is shut loses its sessions, and what was open by its keys ends.
    pub async fn edit(&self, _: &Change, id: &str, edit: EditAccount) -> Result<(), AccountError> {
        let account = self.account(id).await?;
        let mut tx = self.store.begin().await?;
        let mut there = true;
        if let Some(name) = edit.display_name {
            let name = display_name(&name, &account.name)?;
            there &= queries::set_display_name(&mut tx, id, &name).await?;
        }
        if let Some(disabled) = edit.disabled {
            there &= queries::set_disabled(&mut tx, id, disabled).await?;
            if disabled {
                self.keep_break_glass(&mut tx, id).await?;
                accounts::end_sessions(&mut tx, id, None).await?;
                queries::end_invitation(&mut tx, id).await?;
            }
        }
        if let Some(must_change) = edit.must_change {
            if must_change && account.is(AccountKind::Service) {
                return Err(AccountError::NoPassword);
            }
            // Nobody could ever change what is not there.
            if must_change && account.password_hash.is_empty() {
                return Err(AccountError::NothingToChange);
            }
            there &= queries::set_must_change(&mut tx, id, must_change).await?;
        }
        if !there {
            return Err(AccountError::AccountUnknown);
        }
        keep_an_administrator(&mut tx).await?;
        tx.commit().await?;
        self.rights.changed();
        Ok(())
    }

    /// Removes an account at once, everywhere: its sessions, keys, grants and places in teams go with it.
    pub async fn remove(&self, _: &Change, id: &str) -> Result<(), AccountError> {
        let mut tx = self.store.begin().await?;
        self.keep_break_glass(&mut tx, id).await?;
        if !queries::delete_account(&mut tx, id).await? {
            return Err(AccountError::AccountUnknown);
        }
        keep_an_administrator(&mut tx).await?;
        tx.commit().await?;
        self.rights.changed();
        Ok(())
    }

    /// The sessions of an account; none of them is marked as the one that asks.
    pub async fn sessions_of(&self, id: &str) -> Result<Vec<Session>, AccountError> {
        self.account(id).await?;
        Ok(accounts::sessions_of(self.store.read(), id, now() - SESSION_LIFE_MS).await?)
    }

    /// Ends one session of an account, or all of them.
    pub async fn end_sessions_of(
        &self,
        _: &Change,
        id: &str,
        session: Option<&str>,
    ) -> Result<(), AccountError> {
        let mut tx = self.store.begin().await?;
        let ended = match session {
            Some(session) => accounts::end_session(&mut tx, id, session).await?,
            None => {
                accounts::end_sessions(&mut tx, id, None).await?;
                true
            }
        };
        tx.commit().await?;
        self.rights.changed();
        if ended { Ok(()) } else { Err(AccountError::SessionUnknown) }
    }

    /// The API keys of an account, without the keys themselves.
    pub async fn keys_of(&self, id: &str) -> Result<Vec<ApiKey>, AccountError> {
        self.account(id).await?;
        Ok(accounts::keys_of(self.store.read(), id).await?)
    }

    /// Makes an API key of a service account. A person's keys are made by that person and nobody else: a key acts in
    /// their name.
    pub async fn create_key_of(
        &self,
        _: &Change,
        id: &str,
        new: NewApiKey,
    ) -> Result<CreatedApiKey, AccountError> {
        if !self.account(id).await?.is(AccountKind::Service) {
            return Err(AccountError::OthersKeys);
        }
        self.make_key(id, new).await
    }

    /// Deletes an API key of an account, a person's as well.
    pub async fn end_key_of(&self, change: &Change, id: &str, key: &str) -> Result<(), AccountError> {
        self.delete_key_of(change, id, key).await
    }

    /// Whom a link is for.
    pub async fn invited(&self, secret: &str, address: IpAddr) -> Result<Invited, AccountError> {
        self.attempts.take_from(address)?;
        let digest = secret::digest_of(secret);
        let id =
            queries::invited(self.store.read(), &digest, now()).await?.ok_or(AccountError::Invitation)?;
        let account =
            accounts::account_by_id(self.store.read(), &id).await?.ok_or(AccountError::Invitation)?;
        Ok(Invited { name: account.name, display_name: account.display_name })
    }

    /// Uses a link up: chooses the password, ends every session of the account, and signs it in. A link stands for the
    /// password and for nothing else: a second factor is asked for as ever.
    pub async fn accept(&self, form: AcceptInvitation, context: &Context) -> Result<Entered, AccountError> {
        self.attempts.take_from(context.client)?;
        check_password(&form.password)?;
        let digest = secret::digest_of(&form.secret);
        // Looked at before the hash, which is dear, and once more with it.
        let id =
            queries::invited(self.store.read(), &digest, now()).await?.ok_or(AccountError::Invitation)?;
        if !self.passwords_let_in(&id).await? {
            return Err(AccountError::PasswordsClosed);
        }
        let hash = self.passwords.hash(form.password).await?;
        let mut tx = self.store.begin().await?;
        let id = queries::invited(&mut *tx, &digest, now()).await?.ok_or(AccountError::Invitation)?;
        queries::end_invitation(&mut tx, &id).await?;
        accounts::set_password(&mut tx, &id, &hash).await?;
        accounts::end_sessions(&mut tx, &id, None).await?;
        let account = accounts::account_by_id(&mut *tx, &id).await?.ok_or(AccountError::Invitation)?;
        let (entered, noted) =
            self.enter(&mut tx, &account, Way::by_password("invitation-accept"), context).await?;
        tx.commit().await?;
        self.ledger.committed(noted);
        self.rights.changed();
        Ok(entered)
    }
}

async fn link(tx: &mut sqlx::Transaction<'_, sqlx::Sqlite>, account: String) -> Result<Link, AccountError> {
    let secret = secret::random_token();
    let (at, digest) = (now(), secret::digest_of(&secret));
    let ends_at = at + LINK_LIFE_MS;
    queries::replace_invitation(tx, &account, &digest, at, ends_at).await?;
    Ok(Link { account, secret: Some(secret), ends_at: Some(ends_at) })
}
