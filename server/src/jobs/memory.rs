//! The recent jobs of everyone, for live pages: the rows as they are in the database, without logs.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex},
};

use longshore_api::web::job::{Job, JobOutcome, JobTarget, RECENT};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::deed::Deed;

/// Of a text of a job so many bytes are remembered, and of all that engines have said of its targets; the database has the
/// rest.
const TEXT_MAX: usize = 4 * 1024;
const WORDS_MAX: usize = 64 * 1024;
/// Jobs that are shown have at most so many bytes of text: live pages get them all at every change.
const SHOWN_MAX: usize = 1024 * 1024;

/// A text that has at most `max` bytes.
pub(super) fn cut(mut text: String, max: usize) -> String {
    if text.len() > max {
        text.truncate(text.floor_char_boundary(max));
        text.shrink_to_fit();
    }
    text
}

/// Cuts what is too long to be remembered.
fn bound(job: &mut Job) {
    let mut left = WORDS_MAX;
    let short = |text: &mut String| *text = cut(std::mem::take(text), TEXT_MAX);
    for target in &mut job.targets {
        for text in [&mut target.host, &mut target.id, &mut target.name] {
            short(text);
        }
        let JobOutcome::Failed { why, engine } = &mut target.outcome else { continue };
        why.each_text(&mut |text| short(text));
        if let Some(words) = engine {
            *words = cut(std::mem::take(words), TEXT_MAX.min(left));
            left -= words.len();
        }
    }
}

/// About how many bytes of text a job has.
fn weight(job: &Job) -> usize {
    let of = |target: &JobTarget| {
        let said = match &target.outcome {
            JobOutcome::Failed { why, engine } => why.weight() + engine.as_ref().map_or(0, String::len),
            _ => 0,
        };
        target.host.len() + target.id.len() + target.name.len() + said
    };
    job.targets.iter().map(of).sum()
}

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
        for (account, mut job, deed) in recent {
            bound(&mut job);
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

    /// Newest first; fewer, where they have much to say.
    pub(super) fn recent(&self, account: &str) -> Vec<Job> {
        let inner = self.lock();
        let mut shown = 0;
        let fits = |kept: &&Kept| {
            let first = shown == 0;
            shown += weight(&kept.job);
            first || shown <= SHOWN_MAX
        };
        inner.recent.get(account).into_iter().flatten().take_while(fits).map(Kept::shown).collect()
    }

    /// What a remembered job does to its targets.
    pub(super) fn deed(&self, account: &str, id: &str) -> Option<Arc<Deed>> {
        let inner = self.lock();
        inner.recent.get(account)?.iter().find(|kept| kept.job.id == id)?.deed.clone()
    }

    pub(super) fn add(
        &self,
        account: &str,
        mut job: Job,
        deed: Option<Arc<Deed>>,
        cancel: CancellationToken,
    ) {
        {
            bound(&mut job);
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
            bound(&mut kept.job);
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
            bound(&mut kept.job);
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

#[cfg(test)]
mod tests {
    use longshore_api::{
        web::job::{JobKind, JobState},
        words::say,
    };

    use super::*;

    fn failed(id: u32, targets: usize, words: usize) -> Job {
        let target = JobTarget {
            host: "quay".to_owned(),
            id: String::new(),
            name: "é".repeat(words),
            outcome: JobOutcome::Failed {
                why: say::job_target_busy("x".repeat(words)),
                engine: Some("y".repeat(words)),
            },
        };
        Job {
            id: id.to_string(),
            kind: JobKind::Pull,
            state: JobState::Failed,
            done: 0,
            total: 0,
            failed: 0,
            targets: vec![target; targets],
            layers: Vec::new(),
            created_at: 0,
            started_at: None,
            ended_at: None,
            lines: 0,
            again: false,
            log: Vec::new(),
        }
    }

    #[test]
    fn what_live_pages_get_is_bounded_whatever_was_said() {
        let of = |job| ("ada".to_owned(), job, None);
        let memory = Memory::new((0..20).map(|n| of(failed(n, 1, 2_000_000))).collect());
        let shown = serde_json::to_vec(&memory.recent("ada")).expect("JSON");
        assert_eq!(memory.recent("ada").len(), 20);
        assert!(shown.len() < 512 * 1024, "{}", shown.len());
        memory.change("ada", "0", |job| job.targets = failed(0, 500, 4_000).targets);
        let jobs = memory.recent("ada");
        let said: usize = serde_json::to_vec(&jobs[0]).expect("JSON").len();
        assert_eq!((jobs.len(), jobs[0].targets.len()), (1, 500), "{said}");
        let words = |job: &Job| -> usize {
            let engine = |target: &JobTarget| match &target.outcome {
                JobOutcome::Failed { engine, .. } => engine.as_ref().map_or(0, String::len),
                _ => 0,
            };
            job.targets.iter().map(engine).sum()
        };
        assert_eq!(words(&jobs[0]), WORDS_MAX);
    }
}
