//! Sources are read again by themselves, so that what is new there is here.

use std::{sync::Arc, time::Duration};

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::task::TaskTracker;

use crate::{house::House, keep, store::now};

/// It is looked whether any is due so often.
const LOOK_EVERY: Duration = Duration::from_secs(15 * 60);
/// One is due so long after it was tried.
const DUE_AFTER: i64 = 24 * 3_600 * 1_000;

/// Reads those that are due, until the server stops.
pub fn start(house: &Arc<House>, tasks: &TaskTracker) {
    let house = Arc::clone(house);
    tasks.spawn(async move {
        let again = |wait: Duration| {
            tracing::error!(again_s = wait.as_secs(), "reading sources of templates has panicked");
        };
        house.stopping.run_until_cancelled(keep::going(|| look_after(&house), again)).await;
    });
}

async fn look_after(house: &House) {
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        for id in house.templates.due(now() - DUE_AFTER) {
            // What came of it stands beside the source.
            if let Err(error) = house.templates.read_again(&id).await {
                tracing::warn!(source.id = id, %error, "a source of templates was not read");
            }
        }
    }
}
