//! After the server ended in the midst of it: what shows that it runs is kept, everything else is undone, and the job says
//! which.

use std::sync::Arc;

use longshore_api::{web::job::JobOutcome, words::say};
use serde_json::json;
use tokio_util::task::TaskTracker;

use super::{
    journal::{self, Entry},
    steps::Steps,
};
use crate::{
    access::{Demand, Pass, Target},
    accounts::Principal,
    call,
    fault::Fault,
    house::House,
    jobs::Chronicle,
};

/// Settles all that the last run of the server has left, each as soon as its engine answers.
pub async fn settle_interrupted(house: &Arc<House>, tasks: &TaskTracker) -> sqlx::Result<()> {
    for entry in journal::open(&house.store).await? {
        let house = Arc::clone(house);
        tasks.spawn(async move {
            tokio::select! {
                () = settle(&house, &entry) => {}
                () = house.stopping.cancelled() => {}
            }
        });
    }
    Ok(())
}

async fn settle(house: &House, entry: &Entry) {
    until_it_answers(house, &entry.host).await;
    let job = Chronicle::of(&house.jobs, &entry.job_id);
    let (outcome, what) = match finish_or_undo(house, entry, &job).await {
        Ok(true) => (JobOutcome::Done, say::recreate_finished_later(&entry.name)),
        Ok(false) => {
            let why = say::recreate_undone_later(&entry.name);
            (JobOutcome::Failed { why: why.clone(), engine: None }, why)
        }
        Err(fault) => {
            tracing::error!(host.slug = entry.host, container = entry.name, %fault, "a container that was being recreated could not be settled");
            let engine = fault.engine_words().map(str::to_owned);
            let why = say::recreate_unsettled(&entry.name, &entry.parked);
            (JobOutcome::Failed { why: why.clone(), engine }, why)
        }
    };
    tracing::warn!(host.slug = entry.host, container = entry.name, %what, "Longshore ended while it recreated a container");
    house.jobs.settle(&entry.job_id, outcome, what).await;
    if let Err(error) = journal::end(&house.store, &entry.job_id).await {
        tracing::error!(%error, container = entry.name, "it will be looked at again at the next start");
    }
}

async fn until_it_answers(house: &House, slug: &str) {
    let mut changes = house.inventory.listen();
    while house.inventory.running(slug).is_none() {
        if changes.changed().await.is_err() {
            return;
        }
    }
}

/// The server's own right to tidy up after itself, whoever has asked.
pub(super) fn own_pass(house: &House, entry: &Entry) -> Result<Pass, Fault> {
    let server = Principal::of_machine("Longshore".to_owned(), &house.accounts);
    let demand = Demand::Operation(call::operation("container-create"));
    house.access.require(&server, demand, Target::Host(entry.host.clone()), &entry.job_id)
}

/// Whether it was finished; else it was undone.
async fn finish_or_undo(house: &House, entry: &Entry, job: &Chronicle<'_>) -> Result<bool, Fault> {
    let pass = own_pass(house, entry)?;
    let steps = Steps { house, pass: &pass };
    if let Some(new_id) = &entry.new_id {
        let new = steps.find(new_id, &entry.name).await?;
        let runs = new.is_some_and(|new| new["State"]["Running"] == json!(true));
        if runs && steps.proof(new_id, &entry.name, job).await.is_ok() {
            steps.remove_old(entry, job).await?;
            return Ok(true);
        }
    }
    steps.undo(entry, job).await?;
    Ok(false)
}
