//! Which sources are to be read, and which are being read: what is asked for is done by what looks after them, and not while
//! somebody waits.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, watch};

use crate::store::now;

/// The sources that are to be read, by their ids.
pub struct Queue {
    state: Mutex<State>,
    wanted: Notify,
    revision: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    wanted: BTreeSet<String>,
    reading: BTreeSet<String>,
}

impl Default for Queue {
    fn default() -> Self {
        // After a restart it is no number of before.
        let first = u64::try_from(now()).unwrap_or_default();
        Self { state: Mutex::default(), wanted: Notify::new(), revision: watch::Sender::new(first) }
    }
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Another number whenever something is another.
    pub(super) fn listen(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    /// Something is another.
    pub(super) fn tell(&self) {
        self.revision.send_modify(|revision| *revision += 1);
    }

    /// One is to be read, also if it is being read now: what it says may be another by then.
    pub(super) fn want(&self, id: &str) {
        self.state().wanted.insert(id.to_owned());
        self.tell();
        self.wanted.notify_one();
    }

    /// Whether one is, or is about to be.
    pub(super) fn has(&self, id: &str) -> bool {
        let state = self.state();
        state.wanted.contains(id) || state.reading.contains(id)
    }

    /// Returns when one was wanted since.
    pub(super) async fn is_wanted(&self) {
        self.wanted.notified().await;
    }

    /// The next one to be read, which then is, until what is returned is dropped.
    pub(super) fn next(&self) -> Option<String> {
        let mut state = self.state();
        let next = state.wanted.iter().find(|id| !state.reading.contains(*id)).cloned()?;
        state.wanted.remove(&next);
        state.reading.insert(next.clone());
        Some(next)
    }

    /// One was read, whatever came of it.
    pub(super) fn done(&self, id: &str) {
        self.state().reading.remove(id);
        self.tell();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_read_once_at_a_time_and_again_where_that_was_asked_for_meanwhile() {
        let queue = Queue::default();
        let heard = queue.listen();
        queue.want("a");
        queue.want("a");
        assert!(queue.has("a") && heard.has_changed().expect("it is there"));
        assert_eq!((queue.next().as_deref(), queue.next()), (Some("a"), None));
        queue.want("a");
        queue.want("b");
        assert_eq!((queue.next().as_deref(), queue.next()), (Some("b"), None));
        queue.done("a");
        assert_eq!(queue.next().as_deref(), Some("a"));
        queue.done("a");
        assert!(!queue.has("a") && queue.has("b"));
    }
}
