//! What follows from the tables of rights by itself: who can give a right, and the bell when a grant or a key ends.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use tokio::time::{sleep, timeout};
use tokio_util::task::AbortOnDropHandle;

use super::{people, rights::Rights};
use crate::store::{Store, now};

/// Where nothing ends, it is looked again after so long; a clock may have been set.
const LOOK_AGAIN: Duration = Duration::from_secs(3_600);
/// After the database gave no answer.
const AFTER_TROUBLE: Duration = Duration::from_secs(10);

/// Looks after it for as long as it lives.
pub(super) struct Ends {
    givers: Arc<RwLock<String>>,
    _task: AbortOnDropHandle<()>,
}

impl Ends {
    pub(super) fn start(store: Store, rights: Rights) -> Self {
        let givers = Arc::new(RwLock::new(String::new()));
        let task = tokio::spawn(look(store, rights, Arc::clone(&givers)));
        Self { givers, _task: AbortOnDropHandle::new(task) }
    }

    /// The names of those who can give every right.
    pub(super) fn givers(&self) -> String {
        self.givers.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn look(store: Store, rights: Rights, givers: Arc<RwLock<String>>) {
    loop {
        // Listening begins before the look, so that nothing in between is missed.
        let mut bell = rights.listen();
        match people::look(&store, now()).await {
            Ok((names, next)) => {
                *givers.write().unwrap_or_else(PoisonError::into_inner) = names.join(", ");
                let until = next.map_or(LOOK_AGAIN, |at| {
                    // A moment later, so that the end has come by every reckoning.
                    Duration::from_millis(u64::try_from(at - now()).unwrap_or(0) + 10).min(LOOK_AGAIN)
                });
                if timeout(until, bell.changed()).await.is_err() && next.is_some_and(|at| at <= now()) {
                    rights.changed();
                }
            }
            Err(error) => {
                tracing::warn!(%error, "when rights end could not be read");
                sleep(AFTER_TROUBLE).await;
            }
        }
    }
}
