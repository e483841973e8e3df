//! The recent jobs of everyone, for live pages: the rows as they are in the database, without logs.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex},
};

use longshore_api::web::job::{Job, RECENT};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::deed::Deed;

/// What must be known without asking the database.
pub(super) struct Memory {
    inner: Mutex<Inner>,
    version: watch::Sender<u64>,
}

#[derive(Default)]
struct Inner {
    /// By account; newest first.
    recent: HashMap<String, VecDeque<Kept>>,
    /// Jobs that have not ended, with what cancels them.
    open: HashMap<String, CancellationToken>,
    /// Keys of targets that a job has taken and not done with.
    taken: HashSet<String>,
}

/// A job that is remembered.
struct Kept {
    job: Job,
    /// What is done to its targets, where it can be done again.
    deed: Option<Arc<Deed>>,
}

/// A key that nobody else takes until this is dropped.
pub struct Held {
    memory: Arc<Memory>,
    key: String,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.memory.lock().taken.remove(&self.key);
    }
}

impl Kept {
    fn shown(&self) -> Job {
        Job { again: self.job.is_undone() && self.deed.is_some(), ..self.job.clone() }
    }
}

impl Memory {
    pub(super) fn new(recent: Vec<(String, Job, Option<Deed>)>) -> Self {
        let mut inner = Inner::default();
        for (account, job, deed) in recent {
            inner.recent.entry(account).or_default().push_back(Kept { job, deed: deed.map(Arc::new) });
        }
        Self { inner: Mutex::new(inner), version: watch::Sender::new(0) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().expect("no one panics while holding this lock")
    }

    pub(super) fn listen(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// Newest first.
    pub(super) fn recent(&self, account: &str) -> Vec<Job> {
        self.lock().recent.get(account).map(|jobs| jobs.iter().map(Kept::shown).collect()).unwrap_or_default()
    }

    /// What a remembered job does to its targets.
    pub(super) fn deed(&self, account: &str, id: &str) -> Option<Arc<Deed>> {
        let inner = self.lock();
        inner.recent.get(account)?.iter().find(|kept| kept.job.id == id)?.deed.clone()
    }

    pub(super) fn add(&self, account: &str, job: Job, deed: Option<Arc<Deed>>, cancel: CancellationToken) {
        {
            let mut inner = self.lock();
            inner.open.insert(job.id.clone(), cancel);
            let jobs = inner.recent.entry(account.to_owned()).or_default();
            jobs.push_front(Kept { job, deed });
            jobs.truncate(RECENT as usize);
        }
        self.ring();
    }

    /// Changes a job where it is still remembered.
    pub(super) fn change(&self, account: &str, id: &str, change: impl FnOnce(&mut Job)) {
        if let Some(jobs) = self.lock().recent.get_mut(account)
            && let Some(kept) = jobs.iter_mut().find(|kept| kept.job.id == id)
        {
            change(&mut kept.job);
        }
        self.ring();
    }

    /// Looks at a job where it is still remembered.
    pub(super) fn look(&self, account: &str, id: &str, look: impl FnOnce(&Job)) {
        if let Some(jobs) = self.lock().recent.get(account)
            && let Some(kept) = jobs.iter().find(|kept| kept.job.id == id)
        {
            look(&kept.job);
        }
    }

    /// Changes a job, whosever it is, where it is still remembered.
    pub(super) fn change_any(&self, id: &str, change: impl FnOnce(&mut Job)) {
        if let Some(kept) = self.lock().recent.values_mut().flatten().find(|kept| kept.job.id == id) {
            change(&mut kept.job);
        }
        self.ring();
    }

    /// A job has ended: nothing cancels it any more.
    pub(super) fn close(&self, id: &str) {
        self.lock().open.remove(id);
    }

    /// What cancels a job, if it has not ended.
    pub(super) fn cancel_of(&self, id: &str) -> Option<CancellationToken> {
        self.lock().open.get(id).cloned()
    }

    /// Takes a key, if it is free.
    pub(super) fn take(self: &Arc<Self>, key: &str) -> Option<Held> {
        let is_free = self.lock().taken.insert(key.to_owned());
        is_free.then(|| Held { memory: Arc::clone(self), key: key.to_owned() })
    }

    fn ring(&self) {
        self.version.send_modify(|version| *version += 1);
    }
}
