//! The way in from a first factor that was right: a session, or the question for the second.

use std::net::IpAddr;

use sqlx::{Sqlite, Transaction};

use super::{
    super::{
        AccountError, Accounts,
        attempts::{ShownFrom, network_of},
        logic::{SESSION_LIFE_MS, SignedIn, Way},
        queries as accounts,
        queries::AccountRow,
        rules::fold,
    },
    code::{CODE_MAX, Said},
    logic::Shown,
    queries,
};
use crate::{
    audit::{Draft, Noted},
    front::Context,
    secret,
    store::now,
};

/// The second factor is shown within so many seconds of the first, or all begins anew.
pub(in super::super) const STEP_LIFE_S: u32 = 300;
const STEP_LIFE_MS: i64 = STEP_LIFE_S as i64 * 1_000;
/// So often a code may be tried with one first factor.
const TRIES: i64 = 5;
/// So many sign-ins of an account may be half done at a time from one address.
const STEPS: i64 = 10;

/// What a first factor led to.
pub enum Entered {
    /// A session.
    In(SignedIn),
    /// The question for a code; with the token that tells who was asked, for a cookie.
    Step(String),
}

impl Accounts {
    /// Lets somebody in who has shown the first factor; asks for the second where the account has one. The one way to a
    /// session, but for the account that the set-up link makes.
    pub(in super::super) async fn enter(
        &self,
        tx: &mut Transaction<'_, Sqlite>,
        account: &AccountRow,
        way: Way<'_>,
        context: &Context,
    ) -> Result<(Entered, Noted), AccountError> {
        if !queries::is_on(&mut **tx, &account.id).await? {
            let (signed_in, noted) = self.open_session(tx, account, way, context).await?;
            return Ok((Entered::In(signed_in), noted));
        }
        let token = secret::random_token();
        let (at, digest) = (now(), secret::digest_of(&token));
        let network = network_of(context.client).to_string();
        queries::create_step(tx, &digest, (&account.id, &network), (at, at - STEP_LIFE_MS), STEPS).await?;
        // Accepted, not done: the row of the second step follows.
        let half = Draft { status: Some(202), ..draft(account, way.deed, context) };
        Ok((Entered::Step(token), self.ledger.append(tx, &half).await?))
    }

    /// Whether one of these tokens is of a sign-in that is half done.
    pub async fn is_half_in(&self, tokens: &[String]) -> Result<bool, AccountError> {
        Ok(self.half_in(tokens).await?.is_some())
    }

    /// Ends a sign-in that is half done.
    pub async fn second_step(
        &self,
        tokens: &[String],
        code: &str,
        context: &Context,
    ) -> Result<SignedIn, AccountError> {
        self.attempts.take_from(context.client)?;
        let (digest, id) = self.half_in(tokens).await?.ok_or(AccountError::StepOver)?;
        let account = accounts::account_by_id(self.store.read(), &id).await?.ok_or(AccountError::StepOver)?;
        let answer = self.shown(&digest, &account, code, context).await;
        let refused = match &answer {
            Err(AccountError::WrongCode) => Some(403),
            Err(AccountError::TooManyAttempts { .. }) => Some(429),
            _ => None,
        };
        if let Some(status) = refused {
            self.ledger.refused(draft(&account, "sign-in-code", context).refused(status));
        }
        answer
    }

    async fn shown(
        &self,
        digest: &str,
        account: &AccountRow,
        code: &str,
        context: &Context,
    ) -> Result<SignedIn, AccountError> {
        // Recovery codes have so many bits that they need no counting, and let in whatever others have used up.
        if let Said::Code(_) = Said::read(code) {
            let from = self.shown_from(&account.id, context.client).await?;
            self.attempts.take_code(&fold(&account.name), from)?;
        }
        let mut tx = self.store.begin().await?;
        // Looked at again by the one writer: what two requests bring at once is tried one after the other.
        let step = queries::step(&mut *tx, digest, now() - STEP_LIFE_MS, TRIES).await?;
        let step = step.ok_or(AccountError::StepOver)?;
        let shown =
            if code.len() > CODE_MAX { None } else { self.check_code(&mut tx, &account.id, code).await? };
        let Some(shown) = shown else {
            queries::count_try(&mut tx, digest).await?;
            tx.commit().await?;
            return Err(AccountError::WrongCode);
        };
        queries::end_step(&mut tx, digest).await?;
        let deed = match shown {
            Shown::Code => "sign-in-code",
            Shown::Recovery => "sign-in-recovery",
        };
        let settled = match (&step.provider_id, &step.had) {
            (Some(provider), Some(had)) => {
                self.settle_step(&mut tx, (provider, had), account, context).await?
            }
            _ => None,
        };
        let way = Way { deed, through: step.provider_id.as_deref(), mark: None };
        let (signed_in, noted) = self.open_session(&mut tx, account, way, context).await?;
        tx.commit().await?;
        if let Some(row) = settled {
            self.ledger.committed(row);
            self.rights.changed();
        }
        self.ledger.committed(noted);
        Ok(signed_in)
    }

    /// Whether an account has signed in from an address, or from one beside it, and not signed out since.
    async fn shown_from(&self, account_id: &str, address: IpAddr) -> Result<ShownFrom, AccountError> {
        let sessions = accounts::sessions_of(self.store.read(), account_id, now() - SESSION_LIFE_MS).await?;
        let network = network_of(address);
        let mut known = sessions.iter().filter_map(|session| session.address.parse().ok());
        Ok(match known.any(|known| network_of(known) == network) {
            true => ShownFrom::Known(address),
            false => ShownFrom::Strange(address),
        })
    }

    /// Gives up a sign-in that is half done.
    pub async fn leave_half(&self, tokens: &[String]) -> Result<(), AccountError> {
        if let Some((digest, _)) = self.half_in(tokens).await? {
            let mut tx = self.store.begin().await?;
            queries::end_step(&mut tx, &digest).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// The digest of the first token that holds, with the account's id.
    async fn half_in(&self, tokens: &[String]) -> Result<Option<(String, String)>, AccountError> {
        for token in tokens {
            let digest = secret::digest_of(token);
            let step = queries::step(self.store.read(), &digest, now() - STEP_LIFE_MS, TRIES).await?;
            if let Some(step) = step {
                return Ok(Some((digest, step.account_id)));
            }
        }
        Ok(None)
    }
}

/// A row about somebody who is known and not in yet.
fn draft(account: &AccountRow, deed: &'static str, context: &Context) -> Draft {
    Draft {
        account_id: account.id.clone(),
        ..Draft::of_stranger(&account.name, context.client.to_string(), deed, &context.request_id)
    }
}
