//! A container made anew: under its name, with what was asked for it, of the same image or a newer one. The old one stays,
//! stopped and renamed, until the new one has shown that it runs; else it comes back.

mod after;
mod body;
mod end;
mod files;
mod journal;
mod steps;

use longshore_api::{
    ops::Kind,
    web::job::{ContainerTarget, Layer},
    words::say,
};
use tokio_util::sync::CancellationToken;

pub use after::settle_interrupted;
use end::End;
use journal::Entry;
use steps::Steps;

use super::detail;
use crate::{
    access::{Pass, own},
    fault::Fault,
    house::House,
    jobs::Chronicle,
    patience::When,
};

/// Recreates one container for a job: with the image that its name stands for at its registry now, if a newer one is
/// wanted. What has failed, or is cancelled before the new one has shown that it runs, is undone; `layers` is told how far
/// the pull is.
pub async fn recreate(
    house: &House,
    pass: &Pass,
    target: &ContainerTarget,
    newer: bool,
    job: &Chronicle<'_>,
    cancel: &CancellationToken,
    layers: impl Fn(&[Layer]),
) -> Result<(), Fault> {
    let (id, name) = detail::find(house, pass, &target.id)?;
    if house.access.own().is(pass.host()?, Kind::Container, &id) {
        return Err(own(&name));
    }
    after::settle_earlier(house, pass, &id, &name).await?;
    let steps = Steps { house, pass };
    let old = steps.inspect(&id, &name).await?;
    if old["HostConfig"]["AutoRemove"] == serde_json::json!(true) {
        return Err(Fault::bad_request(say::recreate_removes_itself(&name)));
    }
    let image = steps.image((&old, &name), newer, job, cancel, &layers).await;
    // What follows is no pull.
    layers(&[]);
    let image = image?;
    let plan = steps.plan(&old, &image).await?;
    let ran = old["State"]["Running"] == serde_json::json!(true);
    // Six digits tell it from what an earlier attempt may have left.
    let parked = format!("{name}-before-{}", id.get(..6).unwrap_or(&id));
    let host = pass.host()?.to_owned();
    let job_id = job.id().to_owned();
    let mut entry = Entry { job_id, host, name, old_id: id, parked, new_id: None, ran, proved: false };
    journal::begin(&house.store, &entry).await?;
    let made = steps.replace(&mut entry, &plan, job, cancel).await;
    entry.proved = made.is_ok();
    // Whoever asked may have no right any more; what was begun is brought to an end all the same.
    match (made, end::conclude(house, &mut entry, job, When::Now).await) {
        (_, Ok(End::Finished)) => Ok(()),
        (Err(fault), Ok(End::Undone)) => Err(fault),
        (made, Ok(end)) => {
            let words = made.err().and_then(|fault| fault.engine_words().map(str::to_owned));
            Err(quoting(end.fault(&entry), words.as_deref()))
        }
        (made, Err(worse)) => {
            let fault = made.err().map(|fault| fault.log_line()).unwrap_or_default();
            tracing::error!(host.slug = entry.host, container = entry.name, fault, %worse, "a recreation could not be brought to an end");
            // It stays written down: the next start tries again, or whoever recreates it next.
            let stuck = Fault::new(worse.status(), say::recreate_stuck(&entry.name, &entry.parked));
            Err(quoting(stuck, worse.engine_words()))
        }
    }
}

fn quoting(fault: Fault, engine: Option<&str>) -> Fault {
    match engine {
        Some(words) => fault.quoting(words),
        None => fault,
    }
}

/// Whether a container is part of a recreation that has not ended: one of the two is kept until the other is known to run.
///
/// # Errors
/// The journal cannot be read.
pub async fn is_being_recreated(house: &House, host: &str, name: &str, id: &str) -> Result<bool, Fault> {
    Ok(!journal::about(&house.store, host, name, id).await?.is_empty())
}
