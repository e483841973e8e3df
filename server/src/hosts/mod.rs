//! Hosts: rows that say what a host is called and how its engine is reached, and the line to each.

mod connector;
mod flow;
mod line;
mod queries;
mod question;
mod socket;

pub use connector::{AddressError, BoxedIo, ConnectError, Connector, Io, connector};
pub use flow::Flow;
pub use line::{Line, LineError, broke_off, collect};
pub use question::{Called, Question};

use std::{
    collections::BTreeMap,
    sync::{Arc, RwLock},
};

use longshore_api::words::say;

use crate::{
    budget::Budget,
    fault::Fault,
    store::{Store, new_id, now},
};

/// The slug of the host that a new data folder begins with.
pub const LOCAL: &str = "local";

/// A host with the line to its engine.
pub struct Host {
    /// Immutable, in every URL.
    pub slug: String,
    /// What pages show.
    pub name: String,
    /// The way to its engine.
    pub line: Line,
}

/// All hosts, by slug. New ones may be added while the server runs.
pub struct Hosts {
    store: Store,
    budget: Budget,
    by_slug: RwLock<BTreeMap<String, Arc<Host>>>,
}

/// Why the hosts could not be read or one not be added.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The database failed.
    #[error("the hosts could not be read or written")]
    Store(#[from] sqlx::Error),
    /// An address that no connector knows.
    #[error("host {slug}")]
    Address {
        /// The host.
        slug: String,
        /// What is wrong with its address.
        #[source]
        cause: AddressError,
    },
    /// A slug that cannot stand in a URL.
    #[error(
        "a host's slug has 1 to 40 lower case letters, digits and '-', and begins and ends without '-': not {0:?}"
    )]
    Slug(String),
    /// A slug that is taken.
    #[error("there is a host {0} already")]
    Taken(String),
}

impl Hosts {
    /// Reads all hosts; a data folder without any begins with this machine's engine at `first`.
    pub async fn open(store: Store, first: &str, budget: &Budget) -> Result<Self, HostError> {
        if queries::hosts(store.read()).await?.is_empty() {
            add(&store, LOCAL, "This machine", first).await?;
        }
        let hosts = Self { store, budget: budget.clone(), by_slug: RwLock::new(BTreeMap::new()) };
        hosts.refresh().await?;
        Ok(hosts)
    }

    /// Reads the hosts again and returns those that are new. One whose address this build does not know is left out and
    /// logged: it must not take the others with it.
    pub async fn refresh(&self) -> Result<Vec<Arc<Host>>, HostError> {
        let rows = queries::hosts(self.store.read()).await?;
        let mut by_slug = self.by_slug.write().expect("no one panics while holding this lock");
        let mut new = Vec::new();
        for row in rows {
            if by_slug.contains_key(&row.slug) {
                continue;
            }
            match reached(&row.slug, &row.address) {
                Ok(connector) => {
                    let line = Line::new(row.slug.clone(), connector, self.budget.clone());
                    let host = Arc::new(Host { slug: row.slug, name: row.name, line });
                    by_slug.insert(host.slug.clone(), Arc::clone(&host));
                    new.push(host);
                }
                Err(error) => tracing::error!(host.slug = row.slug, %error, "a host was left out"),
            }
        }
        Ok(new)
    }

    /// The host of a slug. The words are those for a host that one may not see.
    pub fn get(&self, slug: &str) -> Result<Arc<Host>, Fault> {
        let by_slug = self.by_slug.read().expect("no one panics while holding this lock");
        by_slug.get(slug).cloned().ok_or_else(|| Fault::not_found(say::host_unknown(slug)))
    }

    /// All of them, by slug.
    pub fn all(&self) -> Vec<Arc<Host>> {
        let by_slug = self.by_slug.read().expect("no one panics while holding this lock");
        by_slug.values().cloned().collect()
    }
}

/// A host as it stands in the data folder.
pub struct Listed {
    /// Its slug.
    pub slug: String,
    /// What pages show.
    pub name: String,
    /// How its engine is reached.
    pub address: String,
}

/// Lists all hosts: `longshore admin host ls`.
pub async fn list(store: &Store) -> Result<Vec<Listed>, HostError> {
    let rows = queries::hosts(store.read()).await?;
    Ok(rows.into_iter().map(|r| Listed { slug: r.slug, name: r.name, address: r.address }).collect())
}

/// Adds a host: `longshore admin host add`. The address is understood before anything is written.
pub async fn add(store: &Store, slug: &str, name: &str, address: &str) -> Result<(), HostError> {
    check_slug(slug)?;
    reached(slug, address)?;
    let mut tx = store.begin().await?;
    if !queries::create_host(&mut tx, &new_id(), slug, name, address, now()).await? {
        return Err(HostError::Taken(slug.to_owned()));
    }
    tx.commit().await?;
    Ok(())
}

/// Whether a host can be called so in every address.
pub fn check_slug(slug: &str) -> Result<(), HostError> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if slug.is_empty()
        || slug.len() > 40
        || !slug.chars().all(fits)
        || slug.starts_with('-')
        || slug.ends_with('-')
    {
        return Err(HostError::Slug(slug.to_owned()));
    }
    Ok(())
}

fn reached(slug: &str, address: &str) -> Result<Box<dyn Connector>, HostError> {
    connector(address).map_err(|cause| HostError::Address { slug: slug.to_owned(), cause })
}

/// What an engine says of one thing has at most so many bytes: an environment alone can have many megabytes.
pub const INSPECTION_MAX: usize = 64 * 1024 * 1024;
