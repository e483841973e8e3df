//! Everything that a request may need, in one place: made at start, shared by all threads.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use longshore_api::{
    ops::ApiVersion,
    web::{account::Fact, host::Link},
    words::say,
};
use tokio::time::timeout;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    access::{Access, Demand, Pass, Sight, Target},
    accounts::{Accounts, Principal},
    audit::Ledger,
    budget::Budget,
    call,
    consoles::Consoles,
    fault::Fault,
    front::Tls,
    gateway::Execs,
    health::Metrics,
    hosts::{Host, Hosts},
    inventory::{self, Inventory},
    jobs::Jobs,
    own,
    ownership::Owners,
    removed::Removed,
    settings::Settings,
    stacks::{Desk, Stacks},
    store::Store,
    templates::Templates,
    usage,
};

/// An open stream asks for its right again so often, besides whenever anything about rights has changed.
const ASK_AGAIN: Duration = Duration::from_secs(300);

/// The running server.
pub struct House {
    /// The database.
    pub store: Store,
    /// Figures for whoever watches.
    pub metrics: Metrics,
    /// As given at start.
    pub settings: Settings,
    /// Our own end of TLS, if there is one.
    pub tls: Option<Tls>,
    /// People and their doors.
    pub accounts: Arc<Accounts>,
    /// Who did what.
    pub ledger: Arc<Ledger>,
    /// Who may do what, and the door for changes.
    pub access: Access,
    /// Whose the things on hosts are.
    pub owners: Arc<Owners>,
    /// Whose the commands are that were begun through the gateway.
    pub execs: Execs,
    /// Hosts and the lines to them.
    pub hosts: Hosts,
    /// What is on the hosts, live.
    pub inventory: Arc<Inventory>,
    /// What removed containers were.
    pub removed: Removed,
    /// Stacks whose files we keep.
    pub stacks: Stacks,
    /// Where their files are read and plans are made.
    pub desk: Desk,
    /// App templates, and where they come from.
    pub templates: Templates,
    /// Long work.
    pub jobs: Jobs,
    /// What may be held open at a time, and by whom.
    pub budget: Budget,
    /// Programs on terminals in browsers.
    pub consoles: Consoles,
    /// Cancelled once, when the server stops.
    pub stopping: CancellationToken,
}

impl House {
    /// Takes a host into the inventory and watches it until the server stops.
    pub fn take_in(&self, host: Arc<Host>, watchers: &TaskTracker) {
        inventory::start(&self.inventory, Arc::clone(&host), &self.store, watchers, &self.stopping);
        own::start(self.access.own(), &self.inventory, Arc::clone(&host), watchers, &self.stopping);
        usage::start(&self.inventory, host, watchers, &self.stopping);
    }

    /// The API version that is spoken with a host, or why there is none.
    pub fn api_of(&self, host: &Host) -> Result<ApiVersion, Fault> {
        host.line.api().ok_or_else(|| {
            let why = self.inventory.why_down(&host.slug);
            let why = why.unwrap_or_else(|| say::engine_connecting(&host.slug));
            Fault::new(StatusCode::BAD_GATEWAY, why)
        })
    }

    /// The server's own right to tidy up on a host after itself, whoever has asked; for a job, by its id.
    pub fn own_pass(&self, host: &str, job_id: &str) -> Result<Pass, Fault> {
        let server = Principal::of_machine("Longshore".to_owned(), &self.accounts);
        let demand = Demand::Operation(call::operation("container-create"));
        self.access.require(&server, demand, Target::Host(host.to_owned()), job_id)
    }

    /// Resolves once the engine of a host answers.
    pub async fn until_it_answers(&self, slug: &str) {
        self.inventory.until_up(slug).await;
    }

    /// Resolves when an open stream must end: its right is gone, or the server stops.
    pub async fn until_over(&self, pass: &Pass) {
        tokio::select! {
            () = self.stopping.cancelled() => {}
            () = self.until_right_is_gone(pass) => {}
        }
    }

    /// Asks again whenever anything has changed since the pass was given, and now and then: sessions end by themselves.
    async fn until_right_is_gone(&self, pass: &Pass) {
        let mut bell = pass.principal().bell();
        loop {
            let rung = timeout(ASK_AGAIN, bell.changed()).await;
            // Not to know is not to have.
            if let Err(fault) = self.access.renew(pass).await {
                tracing::debug!(%fault, request.id = pass.request_id(), "an open stream has lost its right");
                return;
            }
            if matches!(rung, Ok(Err(_))) {
                return;
            }
        }
    }

    /// What is here already, for the set-up page.
    pub fn facts(&self, https: bool) -> Vec<Fact> {
        let mut facts: Vec<Fact> = self
            .inventory
            .seen_with(Sight::of_the_house())
            .hosts()
            .into_iter()
            .map(|host| match (&host.link, &host.engine) {
                (Link::Up { .. }, Some(engine)) => Fact {
                    good: true,
                    what: say::fact_engine(&engine.address, &host.name, &engine.product, &engine.version),
                    detail: Some(say::fact_containers(self.inventory.count(&host.slug))),
                },
                (Link::Down { why, .. }, _) => {
                    Fact { good: false, what: say::fact_no_engine(&host.name), detail: Some(why.clone()) }
                }
                _ => Fact { good: false, what: say::fact_no_engine(&host.name), detail: None },
            })
            .collect();
        facts.push(Fact {
            good: true,
            what: say::fact_database(self.settings.data.display().to_string()),
            detail: None,
        });
        facts.push(if https {
            Fact { good: true, what: say::fact_tls(), detail: None }
        } else {
            Fact { good: false, what: say::fact_no_tls(), detail: None }
        });
        facts
    }
}
