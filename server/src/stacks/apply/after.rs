//! After the server ended in the midst of it, or a job could not bring it to its end: what was proved is finished, everything
//! else is taken back, and the job says which.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use longshore_api::{
    sentence::Sentence,
    web::{job::JobOutcome, stack::ReleaseState},
    words::say,
};
use tokio::time::sleep;
use tokio_util::task::TaskTracker;

use super::{
    hands::Hands,
    journal::{self, Entry},
};
use crate::{
    fault::Fault,
    house::House,
    jobs::Chronicle,
    patience::{When, patience},
};

/// What a job could not bring to an end is tried again after so long, and again; then it is told, and left as it is.
const AGAIN: [Duration; 4] =
    [Duration::from_secs(10), Duration::from_secs(60), Duration::from_secs(600), Duration::from_secs(3600)];

/// The jobs that somebody tries to settle: one for each of them is enough.
#[derive(Default)]
struct Tried(Mutex<BTreeSet<String>>);

impl Tried {
    fn jobs(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0.lock().expect("no one panics while holding this lock")
    }

    /// Whether nobody did so before.
    fn begin(&self, entry: &Entry) -> bool {
        self.jobs().insert(entry.job_id.clone())
    }

    fn end(&self, entry: &Entry) {
        self.jobs().remove(&entry.job_id);
    }
}

/// Settles all that the last run of the server has left, each as soon as its engine answers; and from then on what jobs
/// cannot bring to an end.
pub async fn settle_interrupted(house: &Arc<House>, tasks: &TaskTracker) -> sqlx::Result<()> {
    let tried = Arc::new(Tried::default());
    for entry in journal::open(&house.store).await? {
        tried.begin(&entry);
        // Nobody applies anything to it before that.
        let held = house.jobs.hold_stack(&entry.host, &entry.stack);
        let (house, tried) = (Arc::clone(house), Arc::clone(&tried));
        tasks.spawn(async move {
            let settled = async {
                house.until_it_answers(&entry.host).await;
                let is_settled = settle(&house, &entry, When::Later, false).await;
                drop(held);
                if !is_settled {
                    try_again(&house, &entry).await;
                }
            };
            house.stopping.run_until_cancelled(settled).await;
            tried.end(&entry);
        });
    }
    let (house, spawned) = (Arc::clone(house), tasks.clone());
    tasks.spawn(async move {
        while house.stopping.run_until_cancelled(house.stacks.has_stuck()).await.is_some() {
            let open = journal::open(&house.store).await.unwrap_or_else(|error| {
                tracing::error!(%error, "what could be brought to no end is looked at again at the next start");
                Vec::new()
            });
            for entry in open.into_iter().filter(|entry| tried.begin(entry)) {
                let (house, tried) = (Arc::clone(&house), Arc::clone(&tried));
                spawned.spawn(async move {
                    house.stopping.run_until_cancelled(try_again(&house, &entry)).await;
                    tried.end(&entry);
                });
            }
        }
    });
    Ok(())
}

/// Tries to settle one that is in no job's hands, with pauses in which others may do it.
async fn try_again(house: &House, entry: &Entry) {
    for (n, pause) in AGAIN.into_iter().enumerate() {
        sleep(pause).await;
        house.until_it_answers(&entry.host).await;
        let held = house.jobs.hold_stack_in_turn(&entry.host, &entry.stack).await;
        let last = n + 1 == AGAIN.len();
        match journal::entry(&house.store, &entry.job_id).await {
            Ok(Some(entry)) => {
                if settle(house, &entry, When::Again, last).await {
                    return;
                }
            }
            Ok(None) => return,
            Err(error) => tracing::warn!(%error, stack = entry.stack, "it is looked at again later"),
        }
        drop(held);
    }
}

/// What an earlier job on a stack could not bring to an end is brought to it. What can be done neither way is not tried for
/// ever: it is told, and what is there is planned with as it is.
pub(super) async fn settle_earlier(house: &House, host: &str, stack: &str) -> Result<(), Fault> {
    let open = journal::open(&house.store).await?;
    for entry in open.iter().filter(|it| it.host == host && it.stack == stack) {
        settle(house, entry, When::Now, true).await;
    }
    Ok(())
}

/// Whether it is settled now: for good or, the `last` time, for whatever it is.
async fn settle(house: &House, entry: &Entry, when: When, last: bool) -> bool {
    let job = Chronicle::of_many(&house.jobs, &entry.job_id);
    let settled = conclude(house, entry, &job, when).await;
    if let Err(fault) = &settled {
        if !last && patience(fault, when) != Some(Duration::ZERO) {
            tracing::warn!(host.slug = entry.host, stack = entry.stack, %fault, "a stack could not be settled yet");
            return false;
        }
        tracing::error!(host.slug = entry.host, stack = entry.stack, %fault, "a stack that was being applied could not be settled");
    }
    let what = told(entry, settled.is_ok(), when);
    let outcome = match &settled {
        Ok(()) if entry.proved => JobOutcome::Done,
        settled => {
            let engine = settled.as_ref().err().and_then(Fault::engine_words).map(str::to_owned);
            JobOutcome::Failed { why: what.clone(), engine }
        }
    };
    let state = match settled {
        // Of what is proved everything runs, also where what was put aside is still there.
        _ if entry.proved => ReleaseState::Applied,
        Ok(()) if !entry.stays => ReleaseState::Undone,
        _ => ReleaseState::Failed,
    };
    tracing::warn!(host.slug = entry.host, stack = entry.stack, %what, "an application of an earlier time was settled");
    house.jobs.settle(&entry.job_id, outcome, what).await;
    if let Some(release) = &entry.release_id
        && let Err(error) = house.stacks.settle_release(&entry.host, &entry.stack, release, state).await
    {
        tracing::error!(%error, stack = entry.stack, "what has become of a release was not written");
    }
    journal::end_patiently(house, &entry.job_id).await;
    true
}

/// What is told of one that is at its end, whole or not. That the server ended in the midst of it is known where its next
/// start finds it.
fn told(entry: &Entry, is_whole: bool, when: When) -> Sentence {
    match (is_whole, entry.proved, entry.stays, when == When::Later) {
        (false, true, ..) => say::stack_not_all_gone(),
        (false, false, _, true) => say::stack_unsettled(),
        (false, false, _, false) => say::stack_unsettled_after_all(),
        (true, true, _, true) => say::stack_finished_later(),
        (true, true, _, false) => say::stack_finished_after_all(),
        (true, false, true, true) => say::stack_stopped_later(),
        (true, false, true, false) => say::stack_stopped_after_all(),
        (true, false, false, true) => say::stack_undone_later(),
        (true, false, false, false) => say::stack_undone_after_all(),
    }
}

async fn conclude(house: &House, entry: &Entry, job: &Chronicle<'_>, when: When) -> Result<(), Fault> {
    let pass = house.own_pass(&entry.host, &entry.job_id)?;
    let hands = Hands { house, pass: &pass, job_id: &entry.job_id };
    if entry.stays && !entry.proved {
        return hands.leave(&pass).await;
    }
    // The job has told what failed, or the start that found it.
    hands.conclude(entry.proved, &pass, job, when, when != When::Later).await
}
