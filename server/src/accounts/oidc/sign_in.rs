//! There and back: a person goes to a provider and comes back as somebody.

use longshore_api::{
    ops::Role,
    web::{
        account::NAME_MAX,
        oidc::{Gives, Mapping, ProviderTrouble},
        people::AccountKind,
    },
};
use sqlx::{Sqlite, Transaction};
use url::Url;

use super::{
    super::{
        AccountError, Accounts,
        logic::{SESSION_LIFE_MS, Way},
        people::{Due, settle},
        queries as accounts,
        queries::AccountRow,
        rules::{check_label, check_name},
        totp::Entered,
    },
    claims::{Claims, Expected},
    discovery::{Client, issuer_of},
    error::Trouble,
    flow::{BINDING_LIFE_MS, Binding, Flow, Flows},
    queries::{self, ProviderRow},
};
use crate::{
    access::Pass,
    audit::{Draft, Noted, capped},
    front::Context,
    secret,
    store::now,
};

/// No code of a provider is longer.
const CODE_MAX: usize = 4_096;

/// What a provider's answer says, in the address that it leads back to.
#[derive(Debug, Default)]
pub struct Answered {
    /// The code, where it went well.
    pub code: Option<String>,
    /// Whose answer it is (RFC 9207).
    pub iss: Option<String>,
    /// Why it did not.
    pub error: Option<String>,
}

/// What coming back led to.
pub enum Back {
    /// In, or before the second factor.
    Entered(Entered),
    /// The account of a session is to be bound to somebody there, once that session asks for it with this token. The answer
    /// alone binds nothing: it may have come to another browser than the one that shows this session.
    Binds(String),
}

impl Accounts {
    /// The address at a provider that begins a sign-in, and what is to be remembered of it.
    pub(super) async fn begin_there(
        &self,
        provider: &str,
        redirect: String,
        to: String,
        binds: Option<String>,
    ) -> Result<(Url, Flow), Trouble> {
        let provider = self.provider(provider).await?;
        let issuer = issuer(&provider)?;
        let document = self.documents.of(&issuer, &provider.issuer).await?;
        let flow = Flow::begin(&provider.id, redirect, to, binds);
        let mut url = document.authorization_endpoint;
        let scopes = provider.scopes.split_whitespace().filter(|scope| *scope != "openid");
        let scopes: Vec<&str> = std::iter::once("openid").chain(scopes).collect();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &provider.client_id)
            .append_pair("redirect_uri", &flow.redirect)
            .append_pair("scope", &scopes.join(" "))
            .append_pair("state", &flow.state)
            .append_pair("nonce", &flow.nonce)
            .append_pair("code_challenge", &flow.challenge())
            .append_pair("code_challenge_method", "S256");
        Ok((url, flow))
    }

    /// The sign-ins that a browser has under way.
    pub(super) fn flows(&self, cookies: Vec<(String, String)>) -> Flows {
        Flows::of(cookies, &self.seal)
    }

    /// One of them as its cookie's value.
    pub(super) fn closed(&self, flow: &Flow) -> Result<String, AccountError> {
        flow.close(&self.seal)
    }

    /// Takes a provider's answer for a sign-in that this browser began.
    pub(super) async fn come_back(
        &self,
        flow: &Flow,
        answered: Answered,
        context: &Context,
    ) -> Result<Back, Trouble> {
        self.attempts.take_answer(context.client)?;
        let provider = self.provider(&flow.provider).await?;
        let claims = self.claims(&provider, flow, answered).await?;
        let called = claims.text("preferred_username").or(claims.text("email")).unwrap_or_default();
        let called: String = called.chars().take(NAME_MAX).collect();
        match &flow.binds {
            Some(session) => self.to_bind(&provider, &claims, session).await,
            None => self.enter_as(&provider, &claims, flow.mark.as_deref(), context).await,
        }
        .map_err(|trouble| trouble.about(&called))
    }

    /// What a provider says of whoever comes back, checked.
    async fn claims(
        &self,
        provider: &ProviderRow,
        flow: &Flow,
        answered: Answered,
    ) -> Result<Claims, Trouble> {
        let issuer = issuer(provider)?;
        let document = self.documents.of(&issuer, &provider.issuer).await?;
        // An answer of one provider must not be taken for another's.
        let named = match &answered.iss {
            Some(named) => *named == provider.issuer,
            None => !document.authorization_response_iss_parameter_supported,
        };
        if !named {
            let named = capped(answered.iss.as_deref().unwrap_or("nobody"));
            return Err(Trouble::new(ProviderTrouble::Disbelieved, format!("the answer is of {named}")));
        }
        if let Some(error) = &answered.error {
            return Err(Trouble::new(ProviderTrouble::Denied, capped(error)));
        }
        let code = answered.code.filter(|code| !code.is_empty() && code.len() <= CODE_MAX);
        let code = code.ok_or_else(|| Trouble::new(ProviderTrouble::Disbelieved, "there is no code"))?;
        let secret = self.client_secret(provider)?;
        let client = Client { id: &provider.client_id, secret: &secret };
        let tokens = document.tokens(&issuer, &client, &code, &flow.verifier, &flow.redirect).await?;
        let keys = document.keys(&issuer).await?;
        let expected =
            Expected { issuer: &provider.issuer, client_id: &provider.client_id, nonce: &flow.nonce };
        let mut claims = Claims::read(&tokens.id_token, &keys, &expected)?;
        if let Some(more) = document.about(&issuer, &tokens).await? {
            claims.add(more)?;
        }
        Ok(claims)
    }

    async fn enter_as(
        &self,
        provider: &ProviderRow,
        claims: &Claims,
        mark: Option<&str>,
        context: &Context,
    ) -> Result<Back, Trouble> {
        let subject = claims.text("sub").unwrap_or_default();
        let mut tx = self.store.begin().await?;
        let mut noted = Vec::new();
        let account = match queries::account_of(&mut *tx, &provider.issuer, subject).await? {
            Some(id) => accounts::account_by_id(&mut *tx, &id).await?,
            None if provider.makes_accounts => {
                let (account, row) = self.make_account(&mut tx, provider, claims, context).await?;
                noted.push(row);
                Some(account)
            }
            None => None,
        };
        let account = account
            .ok_or_else(|| Trouble::new(ProviderTrouble::NoAccount, format!("nobody is {subject}")))?;
        if account.disabled || !account.is(AccountKind::Person) {
            return Err(Trouble::new(ProviderTrouble::Shut, format!("account {}", account.name)));
        }
        let had = claims.values(&provider.groups_claim);
        let way = Way { deed: "sign-in-provider", through: Some(&provider.id), mark };
        let (entered, row) = self.enter(&mut tx, &account, way, context).await?;
        noted.push(row);
        match &entered {
            Entered::In(_) => {
                noted.extend(self.keep_in_step(&mut tx, provider, &account, &had, context).await?);
            }
            // Whoever has not shown both factors gives and takes nothing.
            Entered::Step(token) => {
                let had = serde_json::to_string(&had).unwrap_or_default();
                queries::note_step(&mut tx, &secret::digest_of(token), &provider.id, &had).await?;
            }
        }
        tx.commit().await?;
        for row in noted {
            self.ledger.committed(row);
        }
        self.rights.changed();
        Ok(Back::Entered(entered))
    }

    /// An account for somebody whom nobody here knows yet. A name that is taken is another person's, whatever else they
    /// may have in common.
    async fn make_account(
        &self,
        tx: &mut Transaction<'_, Sqlite>,
        provider: &ProviderRow,
        claims: &Claims,
        context: &Context,
    ) -> Result<(AccountRow, Noted), Trouble> {
        let called = claims.text("preferred_username").or(claims.text("email")).unwrap_or_default();
        let (name, folded) = check_name(called)?;
        let display_name = claims.text("name").map(str::trim).filter(|name| !name.is_empty());
        let display_name = display_name.filter(|name| check_label(name).is_ok()).unwrap_or(&name).to_owned();
        if accounts::account_by_name(&mut **tx, &name).await?.is_some() {
            return Err(AccountError::NameTaken(name).into());
        }
        // Without a password: the provider is the only door.
        let account = AccountRow::new(name, display_name, AccountKind::Person);
        accounts::create_account(tx, &account, &folded, now()).await?;
        let subject = claims.text("sub").unwrap_or_default();
        if !queries::bind(tx, &provider.issuer, subject, &account.id, now()).await? {
            return Err(Trouble::new(ProviderTrouble::Bound, subject));
        }
        let made = by_provider(provider, &account, "account-create", context);
        let noted = self.ledger.append(tx, &made).await.map_err(AccountError::from)?;
        Ok((account, noted))
    }

    /// Gives and takes what a provider's mapping says now, once the second factor was shown too. `had` is what it said of
    /// the person's groups, as it was noted with the first.
    pub(in super::super) async fn settle_step(
        &self,
        tx: &mut Transaction<'_, Sqlite>,
        (provider, had): (&str, &str),
        account: &AccountRow,
        context: &Context,
    ) -> Result<Option<Noted>, AccountError> {
        let provider = queries::provider(&mut **tx, provider).await?.ok_or(AccountError::StepOver)?;
        let had: Vec<String> =
            serde_json::from_str(had).map_err(|error| AccountError::Crypto(error.to_string()))?;
        let had: Vec<&str> = had.iter().map(String::as_str).collect();
        queries::end_steps_through(tx, &provider.id, Some(&account.id)).await?;
        self.keep_in_step(tx, &provider, account, &had, context).await
    }

    /// Gives and takes what the mapping says now.
    async fn keep_in_step(
        &self,
        tx: &mut Transaction<'_, Sqlite>,
        provider: &ProviderRow,
        account: &AccountRow,
        had: &[&str],
        context: &Context,
    ) -> Result<Option<Noted>, AccountError> {
        let mappings = queries::mappings_of(&mut **tx, &provider.id).await?;
        let given = queries::given(&mut **tx, &provider.id, &account.id).await?;
        let team = |mapping: &Mapping| match &mapping.gives {
            Gives::Team(team) => Some(team.clone()),
            Gives::Role(_) => None,
        };
        let holds = |mapping: &&Mapping| had.contains(&mapping.value.as_str());
        let role = mappings.iter().filter(holds).filter_map(|mapping| match mapping.gives {
            Gives::Role(role) => Some(role),
            Gives::Team(_) => None,
        });
        let due = Due {
            account: &account.id,
            by: &provider.name,
            had: given.iter().filter_map(|row| row.team_id.clone()).collect(),
            teams: mappings.iter().filter(holds).filter_map(team).collect(),
            role: role.max(),
            grants: given
                .into_iter()
                .filter_map(|row| Some((row.grant_id?, row.role.as_deref().and_then(Role::of))))
                .collect(),
        };
        let settled = settle(tx, &due).await?;
        queries::forget_given(tx, &provider.id, &account.id).await?;
        for team in &settled.teams {
            queries::note_given(tx, &provider.id, &account.id, Some(team), None).await?;
        }
        if let Some(grant) = &settled.grant {
            queries::note_given(tx, &provider.id, &account.id, None, Some(grant)).await?;
        }
        if settled.said.is_empty() {
            return Ok(None);
        }
        let row = by_provider(provider, account, "provider-rights", context);
        let row = Draft { detail: capped(&format!("{}: {}", provider.name, settled.said)), ..row };
        Ok(Some(self.ledger.append(tx, &row).await?))
    }

    /// Remembers whoever came back, for the session that is to be bound to them.
    async fn to_bind(&self, provider: &ProviderRow, claims: &Claims, session: &str) -> Result<Back, Trouble> {
        let subject = claims.text("sub").unwrap_or_default();
        if let Some(bound) = queries::account_of(self.store.read(), &provider.issuer, subject).await? {
            let behind =
                accounts::behind_session(self.store.read(), session, now() - SESSION_LIFE_MS).await?;
            if behind.is_none_or(|behind| behind.account_id != bound) {
                return Err(Trouble::new(ProviderTrouble::Bound, subject));
            }
        }
        let binding = Binding::new(&provider.id, &provider.issuer, subject, session);
        Ok(Back::Binds(binding.close(&self.seal)?))
    }

    /// Binds the caller's account to whoever came back to this browser. What they came back with is good for once: whoever
    /// finds it later, after the two were parted, binds nobody by it.
    pub(super) async fn bind(&self, pass: &Pass, binding: &Binding) -> Result<(), Trouble> {
        let account = pass.principal().account_id();
        let mut tx = self.store.begin().await?;
        if !queries::use_binding(&mut tx, &binding.id, now(), BINDING_LIFE_MS).await? {
            return Err(Trouble::new(ProviderTrouble::State, "what came back was used already"));
        }
        match queries::account_of(&mut *tx, &binding.issuer, &binding.subject).await? {
            Some(bound) if bound == account => return Ok(tx.commit().await?),
            Some(_) => return Err(Trouble::new(ProviderTrouble::Bound, &binding.subject)),
            None => {}
        }
        if !queries::bind(&mut tx, &binding.issuer, &binding.subject, account, now()).await? {
            return Err(Trouble::new(ProviderTrouble::Bound, &binding.subject));
        }
        tx.commit().await?;
        Ok(())
    }

    /// Whom these cookies remember for the caller's session, and what the audit log calls that.
    pub(super) async fn to_be_bound(
        &self,
        pass: &Pass,
        cookies: &[String],
    ) -> Result<(Binding, String), Trouble> {
        let over = || Trouble::new(ProviderTrouble::State, "this session has begun nothing that came back");
        let session = pass.principal().door().session().ok_or_else(over)?;
        let binding = Binding::find(cookies, session, &self.seal).ok_or_else(over)?;
        let provider = self.provider(&binding.provider).await?;
        if provider.issuer != binding.issuer {
            return Err(over());
        }
        let called = format!("{}: {}", provider.name, binding.subject);
        Ok((binding, called))
    }

    /// A provider with all that only the house knows of it.
    async fn provider(&self, id: &str) -> Result<ProviderRow, Trouble> {
        let provider = queries::provider(self.store.read(), id).await?;
        provider.ok_or_else(|| Trouble::new(ProviderTrouble::State, "there is no such provider"))
    }

    fn client_secret(&self, provider: &ProviderRow) -> Result<String, AccountError> {
        if provider.client_secret.is_empty() {
            return Ok(String::new());
        }
        let opened = self.seal.open(&sealed_as(&provider.id), &provider.client_secret)?;
        String::from_utf8(opened).map_err(|error| AccountError::Crypto(error.to_string()))
    }
}

/// What a client secret is sealed for.
pub(super) fn sealed_as(provider: &str) -> String {
    format!("oidc client {provider}")
}

fn issuer(provider: &ProviderRow) -> Result<Url, Trouble> {
    issuer_of(&provider.issuer)
        .ok_or_else(|| Trouble::new(ProviderTrouble::Internal, format!("the issuer {}", provider.issuer)))
}

/// A row about what a provider's word has done to an account.
fn by_provider(provider: &ProviderRow, account: &AccountRow, deed: &str, context: &Context) -> Draft {
    let row = Draft::of_stranger(&account.name, context.client.to_string(), deed, &context.request_id);
    Draft {
        account_id: account.id.clone(),
        target: format!("account {}", account.name),
        detail: capped(&provider.name),
        status: Some(200),
        ..row
    }
}
