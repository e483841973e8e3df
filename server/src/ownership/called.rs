//! What lists say of owners: the names of accounts and teams, kept in memory as they are now.

use std::sync::Arc;

use tokio_util::task::TaskTracker;

use crate::house::House;

/// Reads the names, and again whenever anything of accounts or teams has changed, until the server stops.
pub fn keep_names(house: &Arc<House>, tasks: &TaskTracker) {
    let house = Arc::clone(house);
    tasks.spawn(async move {
        let stopping = house.stopping.clone();
        let mut bell = house.accounts.rights.listen();
        loop {
            bell.mark_unchanged();
            match house.accounts.called().await {
                Ok(called) => {
                    if house.owners.called(called) {
                        house.inventory.owned_anew();
                    }
                }
                // The next ring reads them; until then they are as they were.
                Err(error) => tracing::warn!(%error, "the names of owners could not be read"),
            }
            if !matches!(stopping.run_until_cancelled(bell.changed()).await, Some(Ok(()))) {
                return;
            }
        }
    });
}

/// Something was given or given back: whoever looks sees it, and open streams ask again.
pub(super) fn given(house: &House) {
    house.inventory.owned_anew();
    house.accounts.rights.changed();
}
