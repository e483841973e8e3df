//! The recent jobs of everyone, for live pages: the rows as they are in the database, without logs.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Mutex,
};

use longshore_api::web::job::{Job, RECENT};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What must be known without asking the database.
pub(super) struct Memory {
    inner: Mutex<Inner>,
    version: watch::Sender<u64>,
}

#[derive(Default)]
struct Inner {
    /// By account; newest first.
    recent: HashMap<String, VecDeque<Job>>,
    /// Jobs that have not ended, with what cancels them.
    open: HashMap<String, CancellationToken>,
    /// Keys of targets that a job has taken and not done with.
    taken: HashSet<String>,
}

impl Memory {
    pub(super) fn new(recent: Vec<(String, Job)>) -> Self {
        let mut inner = Inner::default();
        for (account, job) in recent {
            inner.recent.entry(account).or_default().push_back(job);
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
        self.lock().recent.get(account).map(|jobs| jobs.iter().cloned().collect()).unwrap_or_default()
    }

    pub(super) fn add(&self, account: &str, job: Job, cancel: CancellationToken) {
        {
            let mut inner = self.lock();
            inner.open.insert(job.id.clone(), cancel);
            let jobs = inner.recent.entry(account.to_owned()).or_default();
            jobs.push_front(job);
            jobs.truncate(RECENT as usize);
        }
        self.ring();
    }

    /// Changes a job where it is still remembered.
    pub(super) fn change(&self, account: &str, id: &str, change: impl FnOnce(&mut Job)) {
        if let Some(jobs) = self.lock().recent.get_mut(account)
            && let Some(job) = jobs.iter_mut().find(|job| job.id == id)
        {
            change(job);
        }
        self.ring();
    }

    /// Looks at a job where it is still remembered.
    pub(super) fn look(&self, account: &str, id: &str, look: impl FnOnce(&Job)) {
        if let Some(jobs) = self.lock().recent.get(account)
            && let Some(job) = jobs.iter().find(|job| job.id == id)
        {
            look(job);
        }
    }

    /// Changes a job, whosever it is, where it is still remembered.
    pub(super) fn change_any(&self, id: &str, change: impl FnOnce(&mut Job)) {
        if let Some(job) = self.lock().recent.values_mut().flatten().find(|job| job.id == id) {
            change(job);
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

    /// Whether the key was free; it is taken now.
    pub(super) fn take(&self, key: &str) -> bool {
        self.lock().taken.insert(key.to_owned())
    }

    pub(super) fn free(&self, key: &str) {
        self.lock().taken.remove(key);
    }

    fn ring(&self) {
        self.version.send_modify(|version| *version += 1);
    }
}
