//! Turned on, off, and tried.

use longshore_api::web::{
    account::PASSWORD_MAX,
    totp::{RecoveryCodes, Totp, TotpOffer, TotpProof},
};
use sqlx::{Sqlite, Transaction};

use super::{
    super::{
        AccountError, Accounts, attempts::ShownFrom, principal::Principal, queries as accounts, rules::fold,
    },
    code::{self, CODE_MAX, SECRET_BYTES, Said},
    qr, queries,
};
use crate::{
    access::{Change, Pass},
    secret,
    store::now,
};

/// What was shown as the second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// A code of the app.
    Code,
    /// A recovery code, which is used up.
    Recovery,
}

impl Accounts {
    /// How it stands with the caller's account.
    pub async fn totp(&self, pass: &Pass) -> Result<Totp, AccountError> {
        let id = pass.principal().account_id();
        let mut tx = self.store.read().begin().await?;
        let row = queries::totp(&mut *tx, id).await?;
        let left = queries::count_recovery(&mut *tx, id).await?;
        let account = accounts::account_by_id(&mut *tx, id).await?;
        Ok(Totp {
            since: row.and_then(|row| row.confirmed_at),
            recovery_codes: u32::try_from(left).unwrap_or_default(),
            has_password: account.is_some_and(|account| !account.password_hash.is_empty()),
        })
    }

    /// Makes a secret for the caller, which counts once a code of it was shown. An older offer is forgotten.
    pub async fn offer_totp(&self, _: &Change, pass: &Pass) -> Result<TotpOffer, AccountError> {
        let who = pass.principal();
        let fresh = secret::random_bytes::<SECRET_BYTES>();
        let sealed = self.close(who.account_id(), &fresh)?;
        let mut tx = self.store.begin().await?;
        if !queries::offer(&mut tx, who.account_id(), &sealed, now()).await? {
            return Err(AccountError::TotpOn);
        }
        tx.commit().await?;
        let secret = code::base32(&fresh);
        let uri = uri(who.name(), &secret);
        let (qr_size, qr_path) = qr::draw(&uri)?;
        Ok(TotpOffer { secret, uri, qr_size, qr_path })
    }

    /// Turns it on with a code of the secret that was offered last. The session that asks goes on, all others end: they
    /// were signed in with one factor only.
    pub async fn turn_totp_on(
        &self,
        _: &Change,
        pass: &Pass,
        proof: TotpProof,
    ) -> Result<RecoveryCodes, AccountError> {
        let who = pass.principal();
        self.check_own_password(who, proof.password).await?;
        self.attempts.take_code(&fold(who.name()), ShownFrom::Within)?;
        let mut tx = self.store.begin().await?;
        let row = queries::totp(&mut *tx, who.account_id()).await?.ok_or(AccountError::TotpNoOffer)?;
        if row.confirmed_at.is_some() {
            return Err(AccountError::TotpOn);
        }
        let Said::Code(_) = Said::read(&proof.code) else { return Err(AccountError::WrongCode) };
        if self.check_code(&mut tx, who.account_id(), &proof.code).await? != Some(Shown::Code) {
            return Err(AccountError::WrongCode);
        }
        queries::confirm(&mut tx, who.account_id(), now()).await?;
        let codes = recovery(&mut tx, who.account_id()).await?;
        accounts::end_sessions(&mut tx, who.account_id(), who.door().session()).await?;
        tx.commit().await?;
        self.rights.changed();
        Ok(codes)
    }

    /// Turns it off. Password and code: neither a stolen session nor a stolen telephone is enough.
    pub async fn turn_totp_off(&self, _: &Change, pass: &Pass, proof: TotpProof) -> Result<(), AccountError> {
        let mut tx = self.proven_twice(pass.principal(), proof).await?;
        queries::remove(&mut tx, pass.principal().account_id()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Makes new recovery codes; the older ones hold no longer.
    pub async fn renew_recovery(
        &self,
        _: &Change,
        pass: &Pass,
        proof: TotpProof,
    ) -> Result<RecoveryCodes, AccountError> {
        let mut tx = self.proven_twice(pass.principal(), proof).await?;
        let codes = recovery(&mut tx, pass.principal().account_id()).await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Turns it off for an account whose person has lost both the app and the recovery codes; an administrator does.
    pub async fn remove_totp(&self, _: &Change, id: &str) -> Result<(), AccountError> {
        if self.end_totp(id).await? { Ok(()) } else { Err(AccountError::TotpOff) }
    }

    /// The same by name: `longshore admin totp-off`. Whether there is such an account, and whether it was on.
    pub async fn remove_totp_of(&self, name: &str) -> Result<Option<bool>, AccountError> {
        match accounts::account_by_name(self.store.read(), name).await? {
            Some(account) => Ok(Some(self.end_totp(&account.id).await?)),
            None => Ok(None),
        }
    }

    async fn end_totp(&self, id: &str) -> Result<bool, AccountError> {
        let mut tx = self.store.begin().await?;
        let was_on = queries::remove(&mut tx, id).await?;
        tx.commit().await?;
        Ok(was_on)
    }

    /// Whether the caller is more than somebody with a session: the password, and a code where the account asks for one.
    pub async fn prove(&self, pass: &Pass, proof: TotpProof) -> Result<(), AccountError> {
        Ok(self.proven(pass.principal(), proof).await?.commit().await?)
    }

    /// A change of the second factor itself.
    async fn proven_twice(
        &self,
        who: &Principal,
        proof: TotpProof,
    ) -> Result<Transaction<'static, Sqlite>, AccountError> {
        let mut tx = self.proven(who, proof).await?;
        if !queries::is_on(&mut *tx, who.account_id()).await? {
            return Err(AccountError::TotpOff);
        }
        Ok(tx)
    }

    /// A change by somebody who has just shown the password, and a code where the account asks for one. It is undone unless
    /// it is committed, and the code then is as good as before.
    pub(in super::super) async fn proven(
        &self,
        who: &Principal,
        proof: TotpProof,
    ) -> Result<Transaction<'static, Sqlite>, AccountError> {
        self.check_own_password(who, proof.password).await?;
        let mut tx = self.store.begin().await?;
        if !queries::is_on(&mut *tx, who.account_id()).await? {
            return Ok(tx);
        }
        self.attempts.take_code(&fold(who.name()), ShownFrom::Within)?;
        match self.check_code(&mut tx, who.account_id(), &proof.code).await? {
            Some(_) => Ok(tx),
            None => Err(AccountError::WrongCode),
        }
    }

    async fn check_own_password(&self, who: &Principal, password: String) -> Result<(), AccountError> {
        self.attempts.take(&fold(who.name()), who.address())?;
        let account = accounts::account_by_id(self.store.read(), who.account_id()).await?;
        let hash = account.map(|account| account.password_hash).filter(|hash| !hash.is_empty());
        let hash = hash.ok_or(AccountError::NoOwnPassword)?;
        if password.len() > PASSWORD_MAX || !self.passwords.verify(password, Some(hash)).await? {
            return Err(AccountError::OwnPassword);
        }
        Ok(())
    }

    /// What was shown, if it holds; it does not again once this is committed.
    pub(super) async fn check_code(
        &self,
        tx: &mut Transaction<'_, Sqlite>,
        account_id: &str,
        said: &str,
    ) -> Result<Option<Shown>, AccountError> {
        if said.len() > CODE_MAX {
            return Ok(None);
        }
        let Some(row) = queries::totp(&mut **tx, account_id).await? else { return Ok(None) };
        match Said::read(said) {
            Said::Code(_) if row.secret.is_empty() => Ok(None),
            Said::Code(code) => {
                let secret = self.open_sealed(account_id, &row.secret)?;
                let step = code::step_of(&secret, &code, code::step_at(now()), row.last_step);
                let Some(step) = step else { return Ok(None) };
                Ok(queries::use_step(tx, account_id, step).await?.then_some(Shown::Code))
            }
            Said::Recovery(bare) => {
                let digest = code::recovery_digest(account_id, &bare);
                Ok(queries::use_recovery(tx, account_id, &digest).await?.then_some(Shown::Recovery))
            }
        }
    }

    fn close(&self, account_id: &str, secret: &[u8]) -> Result<String, AccountError> {
        Ok(self.seal.close(&sealed_as(account_id), secret)?)
    }

    fn open_sealed(&self, account_id: &str, sealed: &str) -> Result<Vec<u8>, AccountError> {
        Ok(self.seal.open(&sealed_as(account_id), sealed)?)
    }
}

async fn recovery(tx: &mut Transaction<'_, Sqlite>, account_id: &str) -> Result<RecoveryCodes, AccountError> {
    let codes = code::recovery_codes();
    let digest = |code: &String| match Said::read(code) {
        Said::Code(bare) | Said::Recovery(bare) => code::recovery_digest(account_id, &bare),
    };
    let digests: Vec<String> = codes.iter().map(digest).collect();
    queries::replace_recovery(tx, account_id, &digests).await?;
    Ok(RecoveryCodes { codes })
}

/// What the secret is sealed for: nothing else of the account opens by it.
fn sealed_as(account_id: &str) -> String {
    format!("totp {account_id}")
}

/// What authenticator apps read.
fn uri(name: &str, secret: &str) -> String {
    let mut written = String::new();
    for byte in name.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' => written.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => written.push(char::from(byte)),
            byte => written.push_str(&format!("%{byte:02X}")),
        }
    }
    format!(
        "otpauth://totp/Longshore:{written}?secret={secret}&issuer=Longshore&algorithm=SHA1&digits=6&period=30"
    )
}
