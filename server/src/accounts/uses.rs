//! When a session or key was last used, written once a minute at most and never while someone waits: a database that
//! takes no row must not keep people from looking.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use tokio::{sync::mpsc, task::JoinHandle};

use super::{principal::Door, queries};
use crate::store::{Store, now};

/// "Last used" is written at most so often.
const EVERY_MS: i64 = 60_000;
/// So many may wait to be written; more are dropped, and noted at the next request.
const WAITING: usize = 256;

/// Notes uses and has them written.
pub(super) struct Uses {
    queue: mpsc::Sender<Use>,
    /// Doors that were noted within the last minute.
    noted: Mutex<HashMap<Door, i64>>,
    /// Ends when the queue does.
    _writer: JoinHandle<()>,
}

struct Use {
    door: Door,
    at: i64,
    client: IpAddr,
}

impl Uses {
    pub(super) fn start(store: Store) -> Self {
        let (queue, mut waiting) = mpsc::channel::<Use>(WAITING);
        let writer = tokio::spawn(async move {
            while let Some(used) = waiting.recv().await {
                if let Err(error) = write(&store, &used).await {
                    tracing::warn!(%error, "when a session or key was last used could not be written");
                }
            }
        });
        Self { queue, noted: Mutex::default(), _writer: writer }
    }

    /// Notes that a door was used now; `last` is what the database says.
    pub(super) fn note(&self, door: &Door, last: Option<i64>, client: IpAddr) {
        let at = now();
        if last.is_some_and(|last| at - last < EVERY_MS) {
            return;
        }
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.retain(|_, noted_at| at - *noted_at < EVERY_MS);
        if noted.contains_key(door) {
            return;
        }
        // A full queue means a database that takes nothing: the next request tries again.
        if self.queue.try_send(Use { door: door.clone(), at, client }).is_ok() {
            noted.insert(door.clone(), at);
        }
    }
}

async fn write(store: &Store, used: &Use) -> sqlx::Result<()> {
    let mut tx = store.begin().await?;
    match &used.door {
        Door::Session(id) => queries::touch_session(&mut tx, id, used.at, &used.client.to_string()).await?,
        Door::Key(id) | Door::Docker(id) => queries::touch_key(&mut tx, id, used.at).await?,
        Door::Machine => {}
    }
    tx.commit().await
}
