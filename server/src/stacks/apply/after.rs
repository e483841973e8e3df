//! After the server ended in the midst of it: what was proved is finished, everything else is taken back, and the job says
//! which.

use std::{sync::Arc, time::Duration};

use longshore_api::{
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

/// Settles all that the last run of the server has left, each as soon as its engine answers; and from then on what jobs
/// cannot bring to an end.
pub async fn settle_interrupted(house: &Arc<House>, tasks: &TaskTracker) -> sqlx::Result<()> {
    for entry in journal::open(&house.store).await? {
        // Nobody applies anything to it before that.
        let held = house.jobs.hold_stack(&entry.host, &entry.stack);
        let house = Arc::clone(house);
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
        });
    }
    let (house, spawned) = (Arc::clone(house), tasks.clone());
    tasks.spawn(async move {
        while house.stopping.run_until_cancelled(house.stacks.has_stuck()).await.is_some() {
            let open = journal::open(&house.store).await.unwrap_or_else(|error| {
                tracing::error!(%error, "what could be brought to no end is looked at again at the next start");
                Vec::new()
            });
            for entry in open {
                let house = Arc::clone(&house);
                spawned.spawn(async move {
                    house.stopping.run_until_cancelled(try_again(&house, &entry)).await;
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
        match journal::entry(&house.store, &entry.job_id).await {
            Ok(Some(entry)) => {
                if settle(house, &entry, When::Now, n + 1 == AGAIN.len()).await {
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
    let (outcome, state, what) = match &settled {
        Ok(()) if entry.proved => (JobOutcome::Done, ReleaseState::Applied, say::stack_finished_later()),
        Ok(()) => {
            let (state, why) = if entry.stays {
                (ReleaseState::Failed, say::stack_stopped_later())
            } else {
                (ReleaseState::Undone, say::stack_undone_later())
            };
            (JobOutcome::Failed { why: why.clone(), engine: None }, state, why)
        }
        Err(fault) if !last && patience(fault, when) != Some(Duration::ZERO) => {
            tracing::warn!(host.slug = entry.host, stack = entry.stack, %fault, "a stack could not be settled yet");
            return false;
        }
        Err(fault) => {
            tracing::error!(host.slug = entry.host, stack = entry.stack, %fault, "a stack that was being applied could not be settled");
            let why = say::stack_unsettled();
            let engine = fault.engine_words().map(str::to_owned);
            // Of what is proved everything runs; what was put aside is still there.
            let state = if entry.proved { ReleaseState::Applied } else { ReleaseState::Failed };
            (JobOutcome::Failed { why: why.clone(), engine }, state, why)
        }
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

async fn conclude(house: &House, entry: &Entry, job: &Chronicle<'_>, when: When) -> Result<(), Fault> {
    let pass = house.own_pass(&entry.host, &entry.job_id)?;
    let hands = Hands { house, pass: &pass, job_id: &entry.job_id };
    if entry.stays && !entry.proved {
        return hands.leave(&pass).await;
    }
    hands.conclude(entry.proved, &pass, job, when).await
}
