//! What accounts decide. Knows no HTTP and no SQL.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use longshore_api::web::{
    account::{NAME_MAX, PASSWORD_MAX, Session, SetUp, User},
    people::AccountKind,
};
use sqlx::{Sqlite, Transaction};

use super::{
    AccountError,
    attempts::Attempts,
    ends::Ends,
    keys::KEY_MARK,
    normal::compare_normalised,
    oidc::Documents,
    password::{Passwords, still_as_verified},
    people,
    principal::{Door, Principal},
    queries::{self, AccountRow, Behind},
    rights::Rights,
    rules::{check_name, check_password, display_name, fold},
    token::Signer,
    totp::Entered,
    uses::Uses,
};
use crate::{
    access::{Change, Credential, Pass},
    audit::{Draft, Ledger, Noted},
    front::Context,
    seal::Seal,
    secret,
    store::{Store, new_id, now},
};

/// A session ends so many seconds after sign-in, used or not; so does its cookie.
pub(super) const SESSION_LIFE_S: u32 = 30 * 24 * 3_600;
pub(super) const SESSION_LIFE_MS: i64 = SESSION_LIFE_S as i64 * 1_000;

/// People and their doors.
pub struct Accounts {
    pub(super) store: Store,
    pub(super) ledger: Arc<Ledger>,
    signer: Signer,
    /// What providers said of themselves a moment ago.
    pub(super) documents: Documents,
    /// Closes what must be read again: secrets of second factors and of clients at providers, sign-ins that are under way
    /// there.
    pub(super) seal: Seal,
    pub(super) passwords: Passwords,
    pub(super) attempts: Attempts,
    uses: Uses,
    ends: Ends,
    cookie_name: String,
    set_up: AtomicBool,
    /// Rings whenever anything about rights or sessions has changed.
    pub rights: Rights,
}

/// How somebody has come in.
#[derive(Clone, Copy)]
pub(super) struct Way<'a> {
    /// What the audit log calls it.
    pub(super) deed: &'static str,
    /// The id of the provider that has sent them.
    pub(super) through: Option<&'a str>,
    /// The digest of the mark of the pages that it is for, where it is not that of the request itself.
    pub(super) mark: Option<&'a str>,
}

impl Way<'_> {
    /// By a password, or by what stands for one.
    pub(super) const fn by_password(deed: &'static str) -> Self {
        Self { deed, through: None, mark: None }
    }
}

/// A fresh session: the token for its cookie and whose it is.
pub struct SignedIn {
    /// The cookie's value.
    pub token: String,
    /// Who.
    pub user: User,
}

impl Accounts {
    /// Reads what must be known from the start; makes the instance's id at the very first.
    pub async fn open(
        store: Store,
        ledger: Arc<Ledger>,
        signing_key: &[u8; 32],
        seal: Seal,
    ) -> Result<Self, AccountError> {
        let instance_id = match queries::instance_id(store.read()).await? {
            Some(id) => id,
            None => {
                let id = new_id();
                let mut tx = store.begin().await?;
                queries::create_instance(&mut *tx, &id, now()).await?;
                tx.commit().await?;
                id
            }
        };
        let set_up = queries::count_accounts(store.read()).await? > 0;
        compare_normalised(&store).await?;
        // Cookies ignore ports, so their name tells which Longshore they are for.
        let id: String = instance_id.chars().filter(char::is_ascii_alphanumeric).collect();
        let cookie_name = format!("longshore_{}", &id[id.len().saturating_sub(12)..]);
        let rights = Rights::new();
        Ok(Self {
            signer: Signer::new(signing_key),
            documents: Documents::default(),
            seal,
            passwords: Passwords::new()?,
            attempts: Attempts::new(),
            uses: Uses::start(store.clone()),
            ends: Ends::start(store.clone(), rights.clone()),
            set_up: AtomicBool::new(set_up),
            rights,
            cookie_name,
            ledger,
            store,
        })
    }

    /// The name of the session's cookie.
    pub fn cookie_name(&self) -> &str {
        &self.cookie_name
    }

    /// The names of those who can give every right, with commas between; empty for a moment after a start.
    pub fn givers(&self) -> String {
        self.ends.givers()
    }

    /// Whether there is an account.
    pub fn is_set_up(&self) -> bool {
        self.set_up.load(Ordering::Acquire)
    }

    /// Makes the secret of a new set-up link; every older one ceases to hold.
    pub async fn new_set_up_link(&self) -> Result<String, AccountError> {
        let link = secret::random_token();
        let mut tx = self.store.begin().await?;
        queries::replace_set_up_link(&mut tx, &secret::digest_of(&link), now()).await?;
        tx.commit().await?;
        Ok(link)
    }

    /// Whether the link holds, without using it.
    pub async fn set_up_link_holds(&self, link: &str, address: IpAddr) -> Result<(), AccountError> {
        self.attempts.take_from(address)?;
        if queries::set_up_link_holds(self.store.read(), &secret::digest_of(link)).await? {
            Ok(())
        } else {
            Err(AccountError::SetUpLink)
        }
    }

    /// Uses the link up, makes an administrator's account and signs it in; all of it or nothing.
    pub async fn set_up(&self, form: SetUp, context: &Context) -> Result<SignedIn, AccountError> {
        self.attempts.take_from(context.client)?;
        let (name, folded) = check_name(&form.name)?;
        check_password(&form.password)?;
        let password_hash = self.passwords.hash(form.password).await?;
        let display_name = display_name(&form.display_name, &name)?;
        let account =
            AccountRow { password_hash, ..AccountRow::new(name, display_name, AccountKind::Person) };
        let mut tx = self.store.begin().await?;
        if !queries::use_set_up_link(&mut tx, &secret::digest_of(&form.secret)).await? {
            return Err(AccountError::SetUpLink);
        }
        queries::create_account(&mut tx, &account, &folded, now()).await?;
        people::make_administrator(&mut tx, &account.id, &account.name).await?;
        let (signed_in, noted) =
            self.open_session(&mut tx, &account, Way::by_password("set-up"), context).await?;
        tx.commit().await?;
        self.ledger.committed(noted);
        self.rights.changed();
        self.set_up.store(true, Ordering::Release);
        Ok(signed_in)
    }

    /// Begins a sign-in by name and password; it ends here where no second factor is asked for.
    pub async fn sign_in(
        &self,
        name: &str,
        password: String,
        context: &Context,
    ) -> Result<Entered, AccountError> {
        let folded = fold(name);
        // No account has such a name or password: nothing of them is kept, not even for counting.
        if folded.chars().count() > NAME_MAX || password.len() > PASSWORD_MAX {
            self.attempts.take_from(context.client)?;
            return Err(AccountError::WrongPassword);
        }
        self.attempts.take(&folded, context.client)?;
        let account = queries::account_by_name(self.store.read(), name).await?;
        // Whoever is shut out, or has no password, is told what a stranger is told, after the same time.
        let account = account.filter(|account| !account.disabled && !account.password_hash.is_empty());
        let account = match account {
            Some(account) if self.passwords_let_in(&account.id).await? => Some(account),
            _ => None,
        };
        let hash = account.as_ref().map(|a| a.password_hash.clone());
        if !self.passwords.verify(password, hash).await? {
            return Err(AccountError::WrongPassword);
        }
        let account = account.ok_or(AccountError::WrongPassword)?;
        let mut tx = self.store.begin().await?;
        let account = still_as_verified(&mut tx, account).await?.ok_or(AccountError::WrongPassword)?;
        let (entered, noted) = self.enter(&mut tx, &account, Way::by_password("sign-in"), context).await?;
        tx.commit().await?;
        self.ledger.committed(noted);
        Ok(entered)
    }

    /// Opens a session for somebody who has shown all that their account asks for; see [`Accounts::enter`].
    pub(super) async fn open_session(
        &self,
        tx: &mut Transaction<'_, Sqlite>,
        account: &AccountRow,
        way: Way<'_>,
        context: &Context,
    ) -> Result<(SignedIn, Noted), AccountError> {
        let at = now();
        let session = Session {
            id: new_id(),
            created_at: at,
            seen_at: at,
            address: context.client.to_string(),
            agent: context.user_agent.clone(),
            current: true,
        };
        let mark = way.mark.or(context.mark.as_deref());
        queries::create_session(tx, &account.id, (way.through, mark), &session).await?;
        let behind = Behind {
            account_id: account.id.clone(),
            name: account.name.clone(),
            display_name: account.display_name.clone(),
            must_change: account.must_change,
            door_id: session.id.clone(),
            last_used: Some(at),
            role: None,
            hosts: None,
            key: String::new(),
            mark: None,
        };
        let door = Door::Session(session.id.clone());
        let standing = people::standing(&mut **tx, &account.id, at).await?;
        let principal = Principal::behind(behind, standing, door, context.client, self.rights.listen());
        let done = Draft { status: Some(200), ..Draft::of(&principal, way.deed, &context.request_id) };
        let noted = self.ledger.append(tx, &done).await?;
        Ok((SignedIn { token: self.signer.sign(&session.id, at)?, user: principal.user() }, noted))
    }

    /// Who is behind a credential, if anyone still is.
    pub async fn identify(
        &self,
        credential: &Credential,
        context: &Context,
    ) -> Result<Option<Principal>, AccountError> {
        let bell = self.rights.listen();
        let (behind, is_session) = match credential {
            Credential::Cookies(tokens) => (self.behind_any(tokens, context).await?, true),
            Credential::Key(key) => {
                if !key.starts_with(KEY_MARK) {
                    return Ok(None);
                }
                (queries::behind_key(self.store.read(), &secret::digest_of(key), now()).await?, false)
            }
        };
        let Some(behind) = behind else { return Ok(None) };
        let door_id = behind.door_id.clone();
        let door = if is_session { Door::Session(door_id) } else { Door::Key(door_id) };
        self.uses.note(&door, behind.last_used, context.client);
        let standing = people::standing(self.store.read(), &behind.account_id, now()).await?;
        Ok(Some(Principal::behind(behind, standing, door, context.client, bell)))
    }

    /// Whom the first token is of that a session of these pages lives behind: whoever sets cookies here from elsewhere signs
    /// nobody out, and nobody in.
    async fn behind_any(&self, tokens: &[String], context: &Context) -> Result<Option<Behind>, AccountError> {
        for id in tokens.iter().filter_map(|token| self.signer.session_id(token)) {
            let behind = queries::behind_session(self.store.read(), &id, now() - SESSION_LIFE_MS).await?;
            if behind.as_ref().is_some_and(|behind| context.is_marked(behind.mark.as_deref())) {
                return Ok(behind);
            }
        }
        Ok(None)
    }

    /// The same person by the same door as they are now; none if the door is gone. Asked by open streams when anything
    /// has changed, and by long work before each step.
    pub async fn renew(&self, principal: &Principal) -> Result<Option<Principal>, AccountError> {
        let bell = self.rights.listen();
        let behind = match principal.door() {
            Door::Session(id) => {
                queries::behind_session(self.store.read(), id, now() - SESSION_LIFE_MS).await?
            }
            Door::Key(id) | Door::Docker(id) => queries::behind_key_id(self.store.read(), id, now()).await?,
            Door::Machine => return Ok(Some(principal.clone())),
        };
        let Some(behind) = behind else { return Ok(None) };
        let standing = people::standing(self.store.read(), &behind.account_id, now()).await?;
        let (door, address) = (principal.door().clone(), principal.address());
        Ok(Some(Principal::behind(behind, standing, door, address, bell)))
    }

    /// The sessions of the caller's account, the one that asks marked.
    pub async fn sessions(&self, pass: &Pass) -> Result<Vec<Session>, AccountError> {
        let who = pass.principal();
        let mut sessions =
            queries::sessions_of(self.store.read(), who.account_id(), now() - SESSION_LIFE_MS).await?;
        for session in &mut sessions {
            session.current = *who.door() == Door::Session(session.id.clone());
        }
        Ok(sessions)
    }

    /// Ends one session of the caller's account.
    pub async fn end_session(&self, _: &Change, pass: &Pass, id: &str) -> Result<(), AccountError> {
        let mut tx = self.store.begin().await?;
        let ended = queries::end_session(&mut tx, pass.principal().account_id(), id).await?;
        tx.commit().await?;
        self.rights.changed();
        if ended { Ok(()) } else { Err(AccountError::SessionUnknown) }
    }

    /// Ends every session of the caller's account, the one that asks included.
    pub async fn end_all_sessions(&self, _: &Change, pass: &Pass) -> Result<(), AccountError> {
        let mut tx = self.store.begin().await?;
        queries::end_sessions(&mut tx, pass.principal().account_id(), None).await?;
        tx.commit().await?;
        self.rights.changed();
        Ok(())
    }

    /// Changes the caller's password; every other session of the account ends.
    pub async fn change_password(
        &self,
        _: &Change,
        pass: &Pass,
        current: String,
        new: String,
    ) -> Result<(), AccountError> {
        let who = pass.principal();
        self.attempts.take(&fold(who.name()), who.address())?;
        check_password(&new)?;
        let account = queries::account_by_id(self.store.read(), who.account_id())
            .await?
            .ok_or(AccountError::CurrentPassword)?;
        if account.password_hash.is_empty() {
            return Err(AccountError::NoOwnPassword);
        }
        if current.len() > PASSWORD_MAX
            || !self.passwords.verify(current, Some(account.password_hash.clone())).await?
        {
            return Err(AccountError::CurrentPassword);
        }
        let hash = self.passwords.hash(new).await?;
        let mut tx = self.store.begin().await?;
        let account = still_as_verified(&mut tx, account).await?.ok_or(AccountError::CurrentPassword)?;
        queries::set_password(&mut tx, &account.id, &hash).await?;
        queries::end_sessions(&mut tx, &account.id, who.door().session()).await?;
        tx.commit().await?;
        self.rights.changed();
        Ok(())
    }

    /// Sets the password of the account with this name and ends all its sessions: `longshore admin reset-password`.
    /// Whether there is such an account.
    pub async fn reset_password(&self, name: &str, new: String) -> Result<bool, AccountError> {
        check_password(&new)?;
        let Some(account) = queries::account_by_name(self.store.read(), name).await? else {
            return Ok(false);
        };
        let hash = self.passwords.hash(new).await?;
        let mut tx = self.store.begin().await?;
        queries::set_password(&mut tx, &account.id, &hash).await?;
        queries::end_sessions(&mut tx, &account.id, None).await?;
        tx.commit().await?;
        Ok(true)
    }
}
