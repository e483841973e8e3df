//! A container made anew: under its name, with what was asked for it, of the same image or a newer one. The old one stays,
//! stopped and renamed, until the new one has shown that it runs; else it comes back.

mod after;
mod body;
mod journal;
mod steps;

use longshore_api::{web::job::ContainerTarget, words::say};

pub use after::settle_interrupted;
use journal::Entry;
use steps::Steps;

use super::detail;
use crate::{access::Pass, fault::Fault, house::House, jobs::Chronicle};

/// Recreates one container for a job: with the image that its name stands for at its registry now, if a newer one is
/// wanted. What has failed is undone.
pub async fn recreate(
    house: &House,
    pass: &Pass,
    target: &ContainerTarget,
    newer: bool,
    job: &Chronicle<'_>,
) -> Result<(), Fault> {
    let (id, name) = detail::find(house, pass, &target.id)?;
    let steps = Steps { house, pass };
    let old = steps.inspect(&id, &name).await?;
    if old["HostConfig"]["AutoRemove"] == serde_json::json!(true) {
        return Err(Fault::bad_request(say::recreate_removes_itself(&name)));
    }
    let image = steps.image(&old, newer, job).await?;
    let plan = steps.plan(&old, &image).await?;
    let ran = old["State"]["Running"] == serde_json::json!(true);
    // Six digits tell it from what an earlier attempt may have left.
    let parked = format!("{name}-before-{}", id.get(..6).unwrap_or(&id));
    let host = pass.host()?.to_owned();
    let entry = Entry { job_id: job.id().to_owned(), host, name, old_id: id, parked, new_id: None, ran };
    journal::begin(&house.store, &entry).await?;
    let made = steps.replace(&entry, &plan, job).await;
    let done = match made {
        Ok(()) => steps.remove_old(&entry, job).await,
        Err(fault) => {
            // Whoever asked may have no right any more; what was begun is brought to an end all the same.
            let server = after::own_pass(house, &entry)?;
            if let Err(worse) = (Steps { house, pass: &server }).undo(&entry, job).await {
                tracing::error!(host.slug = entry.host, container = entry.name, %fault, %worse, "a container could not be brought back");
                let stuck = Fault::new(fault.status(), say::recreate_stuck(&entry.name, &entry.parked));
                // It stays written down: the next start tries again.
                return Err(match worse.engine_words() {
                    Some(words) => stuck.quoting(words),
                    None => stuck,
                });
            }
            Err(fault)
        }
    };
    journal::end(&house.store, &entry.job_id).await?;
    done
}
