//! Everything that a request may need, in one place: made at start, shared by all threads.

use std::sync::Arc;

use longshore_api::{
    web::{account::Fact, host::Link},
    words::say,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    access::{Access, Pass},
    accounts::Accounts,
    front::Tls,
    health::Metrics,
    hosts::{Host, Hosts},
    inventory::{self, Inventory},
    jobs::Jobs,
    settings::Settings,
    store::Store,
    usage,
};

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
    pub accounts: Accounts,
    /// Who may do what, and the door for changes.
    pub access: Access,
    /// Hosts and the lines to them.
    pub hosts: Hosts,
    /// What is on the hosts, live.
    pub inventory: Arc<Inventory>,
    /// Long work.
    pub jobs: Jobs,
    /// Cancelled once, when the server stops.
    pub stopping: CancellationToken,
}

impl House {
    /// Cookies ignore ports, so their name tells which Longshore they are for.
    pub fn cookie_name(&self) -> String {
        let id: String = self.accounts.instance_id().chars().filter(char::is_ascii_alphanumeric).collect();
        format!("longshore_{}", &id[id.len().saturating_sub(12)..])
    }

    /// Takes a host into the inventory and watches it until the server stops.
    pub fn take_in(&self, host: Arc<Host>, watchers: &TaskTracker) {
        inventory::start(&self.inventory, Arc::clone(&host), watchers, &self.stopping);
        usage::start(&self.inventory, host, watchers, &self.stopping);
    }

    /// Resolves when an open stream must end: its right is gone, or the server stops.
    pub async fn until_over(&self, pass: &Pass) {
        tokio::select! {
            () = self.stopping.cancelled() => {}
            () = self.until_right_is_gone(pass) => {}
        }
    }

    async fn until_right_is_gone(&self, pass: &Pass) {
        let mut bell = self.access.rights.listen();
        while bell.changed().await.is_ok() {
            match self.accounts.still_holds(pass.principal()).await {
                Ok(true) => {}
                Ok(false) => return,
                // Not to know is not to have.
                Err(error) => {
                    tracing::error!(%error, request.id = pass.request_id(), "a right could not be looked up again");
                    return;
                }
            }
        }
    }

    /// What is here already, for the set-up page.
    pub fn facts(&self, https: bool) -> Vec<Fact> {
        let mut facts: Vec<Fact> = self
            .inventory
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
