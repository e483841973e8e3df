//! After the server ended in the midst of it: what shows that it runs is kept, everything else is undone, and the job says
//! which.

use std::{sync::Arc, time::Duration};

use longshore_api::{web::job::JobOutcome, words::say};
use tokio::time::sleep;
use tokio_util::task::TaskTracker;

use super::{
    end::{self, End},
    journal::{self, Entry},
};
use crate::{access::Pass, fault::Fault, house::House, jobs::Chronicle, patience::When};

/// Whether a name is free is asked so often.
const ASK_EVERY: Duration = Duration::from_millis(500);

/// Settles all that the last run of the server has left, each as soon as its engine answers.
pub async fn settle_interrupted(house: &Arc<House>, tasks: &TaskTracker) -> sqlx::Result<()> {
    for entry in journal::open(&house.store).await? {
        let house = Arc::clone(house);
        tasks.spawn(async move {
            tokio::select! {
                () = settle_in_turn(&house, entry) => {}
                () = house.stopping.cancelled() => {}
            }
        });
    }
    Ok(())
}

/// Once the engine answers and no job is at work on the name: such a one settles it itself.
async fn settle_in_turn(house: &House, entry: Entry) {
    house.until_it_answers(&entry.host).await;
    let _held = loop {
        if let Some(held) = house.jobs.hold(&entry.host, &entry.name) {
            break held;
        }
        sleep(ASK_EVERY).await;
    };
    match journal::of_job(&house.store, &entry.job_id).await {
        Ok(Some(mut entry)) => {
            let job_id = entry.job_id.clone();
            let job = Chronicle::of(&house.jobs, &job_id);
            let done = end::conclude(house, &mut entry, &job, When::Later).await;
            tell(house, &entry, done).await;
        }
        Ok(None) => {}
        Err(error) => {
            tracing::error!(%error, container = entry.name, "it will be looked at again at the next start");
        }
    }
}

/// Before a container is recreated: what an earlier attempt has left is brought to an end, or nothing new is begun.
pub(super) async fn settle_earlier(house: &House, pass: &Pass, id: &str, name: &str) -> Result<(), Fault> {
    for mut entry in journal::about(&house.store, pass.host()?, name, id).await? {
        // The job that asks holds the name that it goes by.
        let held = house.jobs.hold(&entry.host, &entry.name);
        if entry.name != name && held.is_none() {
            return Err(Fault::new(http::StatusCode::CONFLICT, say::job_target_busy(&entry.name)));
        }
        let job_id = entry.job_id.clone();
        let job = Chronicle::of(&house.jobs, &job_id);
        let end = end::conclude_once(house, &mut entry, &job, When::Later).await?;
        tell(house, &entry, Ok(end)).await;
    }
    Ok(())
}

/// Says in the earlier job what has become of it.
async fn tell(house: &House, entry: &Entry, done: Result<End, Fault>) {
    let (outcome, what) = match done {
        Ok(End::Finished) => (JobOutcome::Done, say::recreate_finished_later(&entry.name)),
        Ok(end) => {
            let why = match end {
                End::Undone => say::recreate_undone_later(&entry.name),
                other => other.fault(entry).sentence().clone(),
            };
            (JobOutcome::Failed { why: why.clone(), engine: None }, why)
        }
        Err(fault) => {
            tracing::error!(host.slug = entry.host, container = entry.name, %fault, "a container that was being recreated could not be settled");
            let engine = fault.engine_words().map(str::to_owned);
            let why = say::recreate_unsettled(&entry.name, &entry.parked);
            (JobOutcome::Failed { why: why.clone(), engine }, why)
        }
    };
    tracing::warn!(host.slug = entry.host, container = entry.name, %what, "a recreation of an earlier time was settled");
    house.jobs.settle(&entry.job_id, outcome, what).await;
}
