//! Where files are read and plans are made. That is work for a processor, and whoever sends files says how much of it: it
//! is done beside what answers, so much of it at a time, and one after the other for each account.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use http::StatusCode;
use longshore_api::words::say;
use longshore_compose::hash::Key;
use tokio::sync::Semaphore;

use crate::{fault::Fault, seal};

/// So much is worked on at a time.
const AT_ONCE: usize = 2;
/// So many of one account are worked on or wait.
const EACH_MAX: usize = 16;
/// How long until it is worth asking again, in seconds.
const RETRY_S: u32 = 2;

/// Where plans are made.
pub struct Desk {
    places: Arc<Semaphore>,
    /// By account, its one place; as long as it is used.
    own: Mutex<BTreeMap<String, Arc<Semaphore>>>,
    key: Key,
}

impl Desk {
    /// With the key that seals, of which that of labels is made.
    pub fn new(seal_key: &[u8; 32]) -> Self {
        Self {
            places: Arc::new(Semaphore::new(AT_ONCE)),
            own: Mutex::default(),
            key: Key::new(seal::derived(seal_key, "labels")),
        }
    }

    /// What digests in labels are keyed with.
    pub(super) fn key(&self) -> Key {
        self.key.clone()
    }

    /// Does a piece of work that somebody waits for.
    ///
    /// # Errors
    /// There is too much of that account already.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        account: &str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let own = self.own(account);
        // The map has one of them, and so do we.
        if Arc::strong_count(&own) >= EACH_MAX + 2 {
            let fault = Fault::new(StatusCode::TOO_MANY_REQUESTS, say::plans_too_many(EACH_MAX));
            return Err(fault.retry_after(RETRY_S));
        }
        self.work(own, work).await
    }

    /// Does a piece of work of a job, which has had its turn.
    pub(super) async fn go_on<T: Send + 'static>(
        &self,
        account: &str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        self.work(self.own(account), work).await
    }

    async fn work<T: Send + 'static>(
        &self,
        own: Arc<Semaphore>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let own = own.acquire_owned().await.map_err(Fault::internal)?;
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(Fault::internal)?;
        // Who has left leaves work behind, and both places are taken until it is done.
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop((own, place));
            done
        });
        done.await.map_err(Fault::internal)
    }

    fn own(&self, account: &str) -> Arc<Semaphore> {
        let mut all = self.own.lock().expect("no one panics while holding this lock");
        all.retain(|_, own| Arc::strong_count(own) > 1);
        Arc::clone(all.entry(account.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(1))))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::poll;
    use tokio::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn an_account_has_one_place_and_so_many_of_it_wait() {
        let desk = Arc::new(Desk::new(&[7; 32]));
        let (begun, mut has_begun) = mpsc::channel(1);
        let (gate, closed) = std::sync::mpsc::sync_channel::<()>(1);
        let asked = Arc::clone(&desk);
        let first = tokio::spawn(async move {
            let wait = move || (begun.blocking_send(()).is_ok(), closed.recv().is_err());
            asked.ask("ada", wait).await
        });
        has_begun.recv().await.expect("it has begun");
        let mut waiting: Vec<_> = (1..EACH_MAX).map(|_| Box::pin(desk.ask("ada", || ()))).collect();
        for one in &mut waiting {
            assert!(poll!(one).is_pending());
        }
        let fault = desk.ask("ada", || ()).await.expect_err("one too many");
        assert_eq!(fault.status(), StatusCode::TOO_MANY_REQUESTS);
        let mut job = Box::pin(desk.go_on("ada", || "gone on"));
        assert!(poll!(&mut job).is_pending(), "a job waits for its turn");
        assert_eq!(desk.ask("bob", || "done").await.expect("another has a place"), "done");
        drop(gate);
        assert_eq!(first.await.expect("no panic").expect("done"), (true, true));
        for one in waiting {
            one.await.expect("its turn has come");
        }
        assert_eq!(job.await.expect("its turn has come"), "gone on");
        assert!(desk.ask("ada", || ()).await.is_ok(), "all have left");
    }
}
