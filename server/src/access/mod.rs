//! Who may do what. One policy ([`Access::require`], decided in [`policy`]), one door for changes ([`Access::perform`] on engines,
//! [`Access::change`] on our own tables), and nothing that reaches an engine or changes an account without what they
//! hand out.

mod admit;
mod audit;
mod pass;
mod policy;
mod said;
mod sight;

pub use admit::{Credential, Need, admit, identify};
pub use audit::Outcome;
pub use pass::{Change, Demand, Pass, Permit, Target};
pub use policy::{kind_of, own, would_end_us};
pub use sight::{HostSight, Sight};

use std::{future::Future, sync::Arc};

use http::StatusCode;
use longshore_api::{ops::Method, words::say};

use crate::{
    accounts::{Accounts, Principal},
    audit::{Draft, Ledger, capped},
    fault::Fault,
    front::Context,
    own::Own,
    ownership::Owners,
};

/// The policy, the door for changes, and the memory of who did what.
pub struct Access {
    ledger: Arc<Ledger>,
    accounts: Arc<Accounts>,
    owners: Arc<Owners>,
    own: Arc<Own>,
}

impl Access {
    /// Over the audit log, the accounts that rights belong to, what things were given to whom, and what of Longshore itself is
    /// on hosts.
    pub fn new(ledger: Arc<Ledger>, accounts: Arc<Accounts>, owners: Arc<Owners>, own: Arc<Own>) -> Self {
        Self { ledger, accounts, owners, own }
    }

    /// What of Longshore itself is on hosts.
    pub fn own(&self) -> &Arc<Own> {
        &self.own
    }

    /// Whether the policy would let someone do it. Nothing comes of it: whoever goes on to do it has to ask for a pass.
    pub fn may(&self, principal: &Principal, demand: Demand, target: &Target) -> bool {
        let (allowed, seen) = self.judge(principal, demand, target);
        allowed && seen && (demand == Demand::Own || !principal.must_change())
    }

    /// The policy's answer to someone who is about to do it: a pass, or a refusal that the audit log has.
    pub fn require(
        &self,
        principal: &Principal,
        demand: Demand,
        target: Target,
        request_id: &str,
    ) -> Result<Pass, Fault> {
        let answer = self.ask(principal, demand, target.clone(), request_id);
        if let Err(fault) = &answer
            && !(fault.status() == StatusCode::NOT_FOUND && policy::is_a_look(principal, demand, &target))
        {
            let refused = audit::draft(principal, &target, demand.code(), request_id);
            self.ledger.refused(refused.refused(fault.status().as_u16()));
        }
        answer
    }

    fn ask(
        &self,
        principal: &Principal,
        demand: Demand,
        target: Target,
        request_id: &str,
    ) -> Result<Pass, Fault> {
        if principal.must_change() && demand != Demand::Own {
            return Err(Fault::new(StatusCode::FORBIDDEN, say::password_change_first()));
        }
        let (allowed, seen) = self.judge(principal, demand, &target);
        if allowed && seen {
            self.spares_us(demand, &target)?;
            let host = target.host().map(str::to_owned);
            return Ok(Pass {
                principal: principal.clone(),
                demand,
                target,
                request_id: request_id.to_owned(),
                detail: String::new(),
                strength: self.strength(principal, host.as_deref()),
            });
        }
        Err(self.refusal(principal, demand, &target, seen))
    }

    /// The policy asked again for the person as they are now, for what is held open.
    ///
    /// # Errors
    /// The right is gone, or the pass is for what was not found yet.
    pub async fn renew(&self, pass: &Pass) -> Result<Pass, Fault> {
        if matches!(pass.target, Target::SomeObject { .. }) {
            return Err(Fault::internal("a pass for what was not found yet was to hold something open"));
        }
        self.ask_again(pass).await
    }

    async fn ask_again(&self, pass: &Pass) -> Result<Pass, Fault> {
        // By itself: a stream that waits for its client is not asked on, and would keep what it reads the database with from
        // all others.
        let (accounts, who) = (Arc::clone(&self.accounts), pass.principal.clone());
        let asked = tokio::spawn(async move { accounts.renew(&who).await });
        let principal = asked.await.map_err(Fault::internal)??;
        let principal = principal.ok_or_else(|| Fault::new(StatusCode::UNAUTHORIZED, say::signed_out()))?;
        let now = self.ask(&principal, pass.demand, pass.target.clone(), &pass.request_id)?;
        // Nothing was judged for who stood above the line: below it nothing of that goes on.
        if pass.is_above_the_line() && !now.is_above_the_line() {
            let host = pass.host()?;
            return Err(self.missing(host, self.above_the_line(host)));
        }
        Ok(now)
    }

    /// A pass is from the head of a request; its body may have taken half a minute. If anything about rights has changed
    /// since, the policy is asked again before anything happens.
    async fn still(&self, pass: &Pass) -> Result<(), Fault> {
        // A bell that is gone has nobody left to ring it.
        if pass.principal.bell().has_changed().unwrap_or(true) {
            // A job that is begun is asked for by its host; what it finds there is asked for by itself.
            self.ask_again(pass).await?;
        }
        Ok(())
    }

    /// Someone was refused before it was known who they are: a wrong password, a key that is none. `name` is what they
    /// said of themselves, `detail` what else there is to know.
    pub fn turned_away(
        &self,
        context: &Context,
        deed: &'static str,
        name: &str,
        detail: &str,
        status: StatusCode,
    ) {
        let stranger = Draft::of_stranger(name, context.client.to_string(), deed, &context.request_id);
        let stranger = Draft { detail: capped(detail), ..stranger };
        self.ledger.refused(stranger.refused(status.as_u16()));
    }

    /// Someone who is known was refused for what they wanted to do, not for who they are.
    pub fn refused(&self, pass: &Pass, fault: &Fault) {
        let refused = audit::draft(&pass.principal, &pass.target, pass.demand.code(), &pass.request_id);
        let refused = Draft { detail: capped(&fault.sentence().to_string()), ..refused };
        self.ledger.refused(refused.refused(fault.status().as_u16()));
    }

    /// The same of what was found with a pass that is for more than it: what the audit log calls it.
    pub fn refused_on(&self, pass: &Pass, name: String, fault: &Fault) {
        let host = pass.target.host().unwrap_or_default().to_owned();
        self.refused(&Pass { target: Target::Object { host, id: None, name }, ..pass.clone() }, fault);
    }

    /// Something is over that someone had begun: a console. It has happened, whatever becomes of the row.
    pub async fn ended(&self, pass: &Pass, name: String, deed: &'static str, detail: &str) {
        let host = pass.target.host().unwrap_or_default().to_owned();
        let target = Target::Object { host, id: None, name };
        let over = audit::draft(&pass.principal, &target, deed, &pass.request_id);
        if let Err(error) = self.ledger.write(&Draft { detail: capped(detail), ..over }).await {
            tracing::error!(request.id = pass.request_id, deed, %error, "an end was not recorded");
        }
    }

    /// Someone called what no one may call on an engine.
    pub fn refused_call(
        &self,
        principal: &Principal,
        host: &str,
        call: &str,
        request_id: &str,
        status: StatusCode,
    ) {
        let target = Target::Host(capped(host));
        let refused = audit::draft(principal, &target, "docker-call", request_id);
        let refused = Draft { detail: capped(call), ..refused };
        self.ledger.refused(refused.refused(status.as_u16()));
    }

    /// What the person may see.
    pub fn sight(&self, pass: &Pass) -> Sight {
        Sight::new(&pass.principal, &self.owners)
    }

    /// The one way to an engine, for what the pass is for: through the door for changes where the table wants an audit row,
    /// past it where nothing changes.
    pub async fn perform<T, F>(&self, pass: &Pass, act: impl FnOnce(Permit) -> F) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, Fault>>,
        T: Outcome,
    {
        match pass.demand {
            Demand::Operation(operation) if operation.audit => self.operate(pass, act).await,
            _ => act(self.read(pass).await?).await,
        }
    }

    /// The way to an operation that changes nothing; refused for one that leaves an audit row.
    async fn read(&self, pass: &Pass) -> Result<Permit, Fault> {
        self.still(pass).await?;
        let permit = pass.permit()?;
        if permit.operation.audit || permit.operation.method == Method::Delete {
            return Err(Fault::internal(format!("{} was called as a read", permit.operation.id)));
        }
        Ok(permit)
    }

    /// The one door for changes on engines. The audit row is written before anything happens, so that a database that
    /// takes no row means no change; its outcome follows.
    async fn operate<T, F>(&self, pass: &Pass, act: impl FnOnce(Permit) -> F) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, Fault>>,
        T: Outcome,
    {
        self.still(pass).await?;
        let permit = pass.permit()?;
        audit::around(&self.ledger, pass, permit.operation.id, || act(permit)).await
    }

    /// The one door for changes to our own tables; `deed` is its name in the audit log.
    pub async fn change<T, F>(
        &self,
        pass: &Pass,
        deed: &'static str,
        act: impl FnOnce(Change) -> F,
    ) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, Fault>>,
        T: Outcome,
    {
        self.still(pass).await?;
        audit::around(&self.ledger, pass, deed, || act(Change(()))).await
    }
}

#[cfg(test)]
mod tests;
