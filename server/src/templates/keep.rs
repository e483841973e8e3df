//! Sources are read again by themselves, so that what is new there is here.

use std::{sync::Arc, time::Duration};

use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};
use tokio_util::task::TaskTracker;

use super::error::TemplateError;
use crate::{house::House, keep, store::now};

/// It is looked whether any is due so often.
const LOOK_EVERY: Duration = Duration::from_secs(15 * 60);
/// So many are read at once.
const AT_ONCE: usize = 4;
/// One is due so long after it was tried.
const DUE_AFTER: i64 = 24 * 3_600 * 1_000;

/// Reads those that are due or wanted, until the server stops.
pub fn start(house: &Arc<House>, tasks: &TaskTracker) {
    let house = Arc::clone(house);
    tasks.spawn(async move {
        let again = |wait: Duration| {
            tracing::error!(again_s = wait.as_secs(), "reading sources of templates has panicked");
        };
        house.stopping.run_until_cancelled(keep::going(|| look_after(&house), again)).await;
    });
}

/// Each is read in a task of its own: one that is silent holds up no other. They end with this.
async fn look_after(house: &Arc<House>) {
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut reading = JoinSet::new();
    loop {
        tokio::select! {
            _ = ticks.tick() => {
                house.templates.due(now() - DUE_AFTER).iter().for_each(|id| house.templates.queue.want(id));
            }
            () = house.templates.queue.is_wanted() => {}
            Some(_) = reading.join_next() => {}
        }
        while reading.len() < AT_ONCE
            && let Some(id) = house.templates.queue.next()
        {
            reading.spawn(read(Arc::clone(house), id));
        }
    }
}

async fn read(house: Arc<House>, id: String) {
    let _done = Done { house: &house, id: &id };
    // What came of it stands beside the source.
    match house.templates.read_again(&id).await {
        // It was removed meanwhile.
        Ok(()) | Err(TemplateError::SourceUnknown) => {}
        Err(error) => tracing::warn!(source.id = id, %error, "a source of templates was not read"),
    }
}

/// It is read no longer, however that ended.
struct Done<'a> {
    house: &'a House,
    id: &'a str,
}

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.house.templates.queue.done(self.id);
    }
}
