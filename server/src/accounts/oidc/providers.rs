//! Providers as administrators write them, and who may still sign in by password.

use longshore_api::web::{
    oidc::{
        Gives, Identity, MAPPINGS_MAX, Mapping, PROVIDER_TEXT_MAX, PasswordsOnlyFor, Provider, ProviderForm,
        Providers, Unbound, WaysIn,
    },
    people::Made,
    totp::TotpProof,
};
use sqlx::{Sqlite, Transaction};

use super::{
    super::{
        AccountError, Accounts, people, queries as accounts,
        rules::{check_label, fold},
    },
    discovery::issuer_of,
    queries::{self, ProviderRow},
    sign_in::sealed_as,
};
use crate::{
    access::{Change, Pass},
    audit::capped,
    store::{new_id, now},
};

impl Accounts {
    /// The ways in, for the page before them.
    pub async fn ways_in(&self) -> Result<WaysIn, AccountError> {
        let providers = queries::ways_in(self.store.read()).await?;
        let passwords = queries::passwords_only_for(self.store.read()).await?.is_none();
        Ok(WaysIn { providers, passwords })
    }

    /// Providers, and who may sign in by password. `callback` is the address that providers lead back to.
    pub async fn providers(&self, callback: String) -> Result<Providers, AccountError> {
        let mut tx = self.store.read().begin().await?;
        let providers: Vec<Provider> = queries::providers(&mut tx).await?;
        let only = queries::passwords_only_for(&mut *tx).await?;
        Ok(Providers { providers, callback, passwords_only_for: only.map(|(_, name)| name) })
    }

    /// What a provider is called.
    pub async fn provider_name(&self, id: &str) -> Result<String, AccountError> {
        let provider = queries::provider(self.store.read(), id).await?;
        Ok(provider.ok_or(AccountError::ProviderUnknown)?.name)
    }

    /// What a form says, in a line of the audit log: `https://id.example.com; makes accounts; by groups: admins =
    /// administrator, web = team Web`.
    pub async fn provider_sum(&self, form: &ProviderForm) -> Result<String, AccountError> {
        let mut gives = Vec::with_capacity(form.mappings.len());
        for Mapping { value, gives: what } in &form.mappings {
            gives.push(match what {
                Gives::Role(role) => format!("{value} = {}", role.code()),
                Gives::Team(team) => {
                    format!("{value} = team {}", self.team_name_if_there(team).await?.unwrap_or_default())
                }
            });
        }
        let makes = if form.makes_accounts { "makes accounts" } else { "makes no accounts" };
        Ok(format!("{}; {makes}; by {}: {}", form.issuer, form.groups_claim, gives.join(", ")))
    }

    /// Makes a provider.
    pub async fn create_provider(&self, _: &Change, form: ProviderForm) -> Result<Made, AccountError> {
        let id = new_id();
        self.put_provider(&id, None, form).await?;
        Ok(Made { id })
    }

    /// Changes a provider. What it gave by what it says no more is taken back at once: whoever fears to lose it need never
    /// sign in again. With another issuer its people are others: whom accounts are is told of the issuer.
    pub async fn edit_provider(&self, _: &Change, id: &str, form: ProviderForm) -> Result<(), AccountError> {
        let known = queries::provider(self.store.read(), id).await?.ok_or(AccountError::ProviderUnknown)?;
        self.put_provider(id, Some(known), form).await
    }

    async fn put_provider(
        &self,
        id: &str,
        known: Option<ProviderRow>,
        form: ProviderForm,
    ) -> Result<(), AccountError> {
        let name = form.name.trim();
        if name.is_empty() || check_label(name).is_err() {
            return Err(AccountError::ProviderName);
        }
        let issuer = form.issuer.trim();
        let url = issuer_of(issuer).filter(|_| issuer.len() <= PROVIDER_TEXT_MAX);
        let url = url.ok_or(AccountError::Issuer)?;
        let moved = known.as_ref().is_some_and(|known| known.issuer != issuer);
        // One that is known may be away while it is changed.
        if (known.is_none() || moved) && !form.unchecked {
            self.documents.forget();
            let said = self.documents.of(&url, issuer).await;
            said.map_err(|why| AccountError::ProviderSilent(capped(&why.to_string())))?;
        }
        let line = |text: &str, field: &'static str| {
            let text = text.trim();
            let plain = text.chars().count() <= PROVIDER_TEXT_MAX && !text.chars().any(char::is_control);
            if plain { Ok(text.to_owned()) } else { Err(AccountError::ProviderText(field)) }
        };
        let client_id = line(&form.client_id, "client_id")?;
        if client_id.is_empty() {
            return Err(AccountError::ProviderText("client_id"));
        }
        let (scopes, groups_claim) =
            (line(&form.scopes, "scopes")?, line(&form.groups_claim, "groups_claim")?);
        // A secret is for the issuer that gave it: another one must not be sent it.
        let client_secret = match (&form.client_secret, &known) {
            (None, Some(known)) if !moved => known.client_secret.clone(),
            (None, Some(known)) if !known.client_secret.is_empty() => {
                return Err(AccountError::SecretOfOther);
            }
            (None, _) => String::new(),
            (Some(secret), _) => {
                let secret = line(secret, "client_secret")?;
                match secret.is_empty() {
                    true => secret,
                    false => self.seal.close(&sealed_as(id), secret.as_bytes())?,
                }
            }
        };
        let folded = fold(name);
        let mut tx = self.store.begin().await?;
        let (name_free, issuer_free) = queries::is_free(&mut *tx, id, &folded, issuer).await?;
        if !name_free {
            return Err(AccountError::NameTaken(name.to_owned()));
        }
        if !issuer_free {
            return Err(AccountError::IssuerTaken);
        }
        let mappings = mappings(&mut tx, form.mappings).await?;
        let row = ProviderRow {
            id: id.to_owned(),
            name: name.to_owned(),
            issuer: issuer.to_owned(),
            client_id,
            client_secret,
            scopes,
            groups_claim,
            makes_accounts: form.makes_accounts,
            redirects: form.redirects,
            created_at: known.as_ref().map_or_else(now, |known| known.created_at),
        };
        if let Some(known) = &known {
            take_back(&mut tx, known, &row, &mappings).await?;
        }
        queries::put_provider(&mut tx, &row, &folded, &mappings).await?;
        tx.commit().await?;
        self.documents.forget();
        self.rights.changed();
        Ok(())
    }

    /// Removes a provider with what its mappings gave. The sessions of its people end.
    pub async fn remove_provider(&self, _: &Change, id: &str) -> Result<(), AccountError> {
        let mut tx = self.store.begin().await?;
        if !queries::delete_provider(&mut tx, id).await? {
            return Err(AccountError::ProviderUnknown);
        }
        let closed = queries::passwords_only_for(&mut *tx).await?.is_some();
        if closed && queries::ways_in(&mut *tx).await?.is_empty() {
            return Err(AccountError::LastProvider);
        }
        people::keep_an_administrator(&mut tx).await?;
        tx.commit().await?;
        self.rights.changed();
        Ok(())
    }

    /// Closes sign-in by password for everybody but one account, or opens it. Sessions that came by a password end with it,
    /// but for that account's: also the session of whoever closes it. That account must be able to look after
    /// everything, by a password: it is the way in when no provider answers.
    pub async fn set_passwords_only_for(
        &self,
        _: &Change,
        wanted: PasswordsOnlyFor,
    ) -> Result<(), AccountError> {
        let mut tx = self.store.begin().await?;
        let only = match &wanted.account {
            None => None,
            Some(name) => {
                if queries::ways_in(&mut *tx).await?.is_empty() {
                    return Err(AccountError::NoProvider);
                }
                let account = accounts::account_by_name(&mut *tx, name).await?;
                let account = account.ok_or(AccountError::BreakGlassUnfit)?;
                Some(account.id)
            }
        };
        queries::set_passwords_only_for(&mut tx, only.as_deref()).await?;
        // From here on only that account counts as an administrator who can sign in whatever becomes of providers.
        match people::keep_an_administrator(&mut tx).await {
            Err(AccountError::LastAdministrator) => return Err(AccountError::BreakGlassUnfit),
            kept => kept?,
        }
        tx.commit().await?;
        self.rights.changed();
        Ok(())
    }

    /// Opens sign-in by password for everybody: `longshore admin open-sign-in`. Whether it was closed.
    pub async fn open_passwords(&self) -> Result<bool, AccountError> {
        let mut tx = self.store.begin().await?;
        let was_closed = queries::set_passwords_only_for(&mut tx, None).await?;
        tx.commit().await?;
        Ok(was_closed)
    }

    /// Whether passwords let in this account; by its id.
    pub(in super::super) async fn passwords_let_in(&self, account_id: &str) -> Result<bool, AccountError> {
        let only = queries::passwords_only_for(self.store.read()).await?;
        Ok(only.is_none_or(|(id, _)| id == account_id))
    }

    /// The one account that passwords let in, where that is another than the account of this name.
    pub async fn passwords_closed_to(&self, name: &str) -> Result<Option<String>, AccountError> {
        let only = queries::passwords_only_for(self.store.read()).await?;
        Ok(only.map(|(_, only)| only).filter(|only| fold(only) != fold(name)))
    }

    /// Refuses to shut or remove the one account that passwords let in.
    pub(in super::super) async fn keep_break_glass(
        &self,
        tx: &mut Transaction<'_, Sqlite>,
        account_id: &str,
    ) -> Result<(), AccountError> {
        match queries::passwords_only_for(&mut **tx).await? {
            Some((id, _)) if id == account_id => Err(AccountError::BreakGlass),
            _ => Ok(()),
        }
    }

    /// Every provider, with since when an account signs in through it.
    pub async fn identities(&self, account_id: &str) -> Result<Vec<Identity>, AccountError> {
        Ok(queries::identities_of(self.store.read(), account_id).await?)
    }

    /// Those that an account signs in through.
    pub async fn bound(&self, account_id: &str) -> Result<Vec<Identity>, AccountError> {
        let mut all = self.identities(account_id).await?;
        all.retain(|one| one.since.is_some());
        Ok(all)
    }

    /// Through which providers the account of this name signs in.
    pub async fn providers_of(&self, name: &str) -> Result<Vec<String>, AccountError> {
        let account = accounts::account_by_name(self.store.read(), name).await?;
        let Some(account) = account else { return Ok(Vec::new()) };
        Ok(self.bound(&account.id).await?.into_iter().map(|one| one.name).collect())
    }

    /// The caller signs in through a provider no more; what that gave goes, and every other session. The password is the
    /// way in that is left.
    pub async fn unbind_own(
        &self,
        _: &Change,
        pass: &Pass,
        provider: &str,
        proof: TotpProof,
    ) -> Result<Unbound, AccountError> {
        let who = pass.principal();
        if !self.passwords_let_in(who.account_id()).await? {
            return Err(AccountError::PasswordsClosed);
        }
        let tx = self.proven(who, proof).await?;
        self.unbind(tx, provider, who.account_id(), who.door().session()).await
    }

    /// The same of another's account, by an administrator.
    pub async fn unbind_of(
        &self,
        _: &Change,
        account_id: &str,
        provider: &str,
    ) -> Result<Unbound, AccountError> {
        self.unbind(self.store.begin().await?, provider, account_id, None).await
    }

    async fn unbind(
        &self,
        mut tx: Transaction<'_, Sqlite>,
        provider: &str,
        account_id: &str,
        but: Option<&str>,
    ) -> Result<Unbound, AccountError> {
        if !queries::unbind(&mut tx, provider, account_id).await? {
            return Err(AccountError::ProviderUnknown);
        }
        queries::take_back(&mut tx, provider, Some(account_id), None).await?;
        accounts::end_sessions(&mut tx, account_id, but).await?;
        people::keep_an_administrator(&mut tx).await?;
        let keys = accounts::count_keys(&mut *tx, account_id, now()).await?;
        tx.commit().await?;
        self.rights.changed();
        Ok(Unbound { keys: u32::try_from(keys).unwrap_or(u32::MAX) })
    }
}

/// Takes back what a provider gave by what it will say no more. Whoever has it by something else gets it again at the next
/// sign-in.
async fn take_back(
    tx: &mut Transaction<'_, Sqlite>,
    was: &ProviderRow,
    will_be: &ProviderRow,
    mappings: &[Mapping],
) -> Result<(), AccountError> {
    let (id, moved) = (&was.id, was.issuer != will_be.issuer);
    queries::end_steps_through(tx, id, None).await?;
    if moved {
        queries::end_sessions_through(tx, id).await?;
    }
    if moved || was.groups_claim != will_be.groups_claim {
        queries::take_back(tx, id, None, None).await?;
    } else {
        for gone in queries::mappings_of(&mut **tx, id).await? {
            if !mappings.contains(&gone) {
                queries::take_back(tx, id, None, Some(&gone.gives)).await?;
            }
        }
    }
    people::keep_an_administrator(tx).await
}

/// Mappings that can be: no value is empty, no team is unknown.
async fn mappings(
    tx: &mut Transaction<'_, Sqlite>,
    given: Vec<Mapping>,
) -> Result<Vec<Mapping>, AccountError> {
    if given.len() > MAPPINGS_MAX {
        return Err(AccountError::ProviderText("mappings"));
    }
    for mapping in &given {
        let fits = !mapping.value.is_empty()
            && mapping.value.chars().count() <= PROVIDER_TEXT_MAX
            && !mapping.value.chars().any(char::is_control);
        if !fits {
            return Err(AccountError::ProviderText("mappings"));
        }
        if let Gives::Team(team) = &mapping.gives {
            people::known_team(&mut **tx, team).await?;
        }
    }
    Ok(given)
}
