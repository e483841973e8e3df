//! After the server ended in the midst of it: what was proved is finished, everything else is taken back, and the job says
//! which.

use std::{sync::Arc, time::Duration};

use longshore_api::{
    web::{job::JobOutcome, stack::ReleaseState},
    words::say,
};
use tokio_util::task::TaskTracker;

use super::{
    hands::Hands,
    journal::{self, Entry},
};
use crate::{
    access::{Demand, Target},
    accounts::Principal,
    call,
    fault::Fault,
    house::House,
    jobs::Chronicle,
};

/// Settles all that the last run of the server has left, each as soon as its engine answers.
pub async fn settle_interrupted(house: &Arc<House>, tasks: &TaskTracker) -> sqlx::Result<()> {
    for entry in journal::open(&house.store).await? {
        // Nobody applies anything to it before that.
        let held = house.jobs.hold_stack(&entry.host, &entry.stack);
        let house = Arc::clone(house);
        tasks.spawn(async move {
            tokio::select! {
                () = settle(&house, &entry) => {}
                () = house.stopping.cancelled() => {}
            }
            drop(held);
        });
    }
    Ok(())
}

async fn settle(house: &House, entry: &Entry) {
    house.until_it_answers(&entry.host).await;
    let job = Chronicle::of_many(&house.jobs, &entry.job_id);
    let settled = conclude(house, entry, &job).await;
    let (outcome, state, what) = match &settled {
        Ok(()) if entry.proved => (JobOutcome::Done, ReleaseState::Applied, say::stack_finished_later()),
        Ok(()) if entry.stays => {
            let why = say::stack_stopped_later();
            (JobOutcome::Failed { why: why.clone(), engine: None }, ReleaseState::Failed, why)
        }
        Ok(()) => {
            let why = say::stack_undone_later();
            (JobOutcome::Failed { why: why.clone(), engine: None }, ReleaseState::Undone, why)
        }
        Err(fault) => {
            tracing::error!(host.slug = entry.host, stack = entry.stack, %fault, "a stack that was being applied could not be settled");
            let why = say::stack_unsettled();
            let engine = fault.engine_words().map(str::to_owned);
            (JobOutcome::Failed { why: why.clone(), engine }, ReleaseState::Failed, why)
        }
    };
    tracing::warn!(host.slug = entry.host, stack = entry.stack, %what, "an application of an earlier time was settled");
    house.jobs.settle(&entry.job_id, outcome, what).await;
    let ended = async {
        if let Some(release) = &entry.release_id {
            house.stacks.settle_release(&entry.host, &entry.stack, release, state).await?;
        }
        journal::end(&house.store, &entry.job_id).await
    };
    if let Err(error) = ended.await {
        tracing::error!(%error, stack = entry.stack, "it will be looked at again at the next start");
    }
}

async fn conclude(house: &House, entry: &Entry, job: &Chronicle<'_>) -> Result<(), Fault> {
    // The server's own right to tidy up after itself, whoever has asked.
    let server = Principal::of_machine("Longshore".to_owned(), &house.accounts);
    let demand = Demand::Operation(call::operation("container-create"));
    let pass = house.access.require(&server, demand, Target::Host(entry.host.clone()), &entry.job_id)?;
    let hands = Hands { house, pass: &pass, job_id: &entry.job_id };
    if entry.stays && !entry.proved {
        return hands.leave().await;
    }
    hands.conclude_patiently(entry.proved, job, Duration::MAX).await
}
