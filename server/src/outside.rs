//! What comes from outside while the server runs: `longshore admin` writes to the same database, and SIGHUP or a new day
//! asks to read certificates again.

use std::{sync::Arc, time::Duration};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    time::{Instant, MissedTickBehavior, interval, interval_at},
};
use tokio_util::task::TaskTracker;

use crate::{house::House, store::Store};

/// So soon the server notices what another process wrote.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// A certificate that was renewed under its old name is found so soon without a signal.
const CERTIFICATE_EVERY: Duration = Duration::from_secs(24 * 3600);

/// Notices both, until the server stops.
pub struct Outside {
    hang_up: Signal,
}

impl Outside {
    /// Listens for SIGHUP from now on, which would otherwise end the process.
    pub fn listen() -> std::io::Result<Self> {
        Ok(Self { hang_up: signal(SignalKind::hangup())? })
    }

    /// Watches on behalf of the house.
    pub fn start(self, house: &Arc<House>, watchers: &TaskTracker) {
        let (of_database, of_certificate) = (Arc::clone(house), Arc::clone(house));
        let hosts = watchers.clone();
        watchers.spawn(async move {
            tokio::select! {
                () = watch_database(&of_database, &hosts) => {}
                () = of_database.stopping.cancelled() => {}
            }
        });
        watchers.spawn(async move {
            tokio::select! {
                () = watch_certificate(&of_certificate, self.hang_up) => {}
                () = of_certificate.stopping.cancelled() => {}
            }
        });
    }
}

/// `PRAGMA data_version` changes whenever another connection has committed. Our own changes ring too, which costs a
/// look and nothing else.
async fn watch_database(house: &House, watchers: &TaskTracker) {
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut connection = None;
    let mut last = None;
    loop {
        ticks.tick().await;
        let seen = async {
            if connection.is_none() {
                connection = Some(house.store.connect_reader().await?);
            }
            match &mut connection {
                Some(connection) => Store::data_version(connection).await.map(Some),
                None => Ok(None),
            }
        };
        let seen = match seen.await {
            Ok(seen) => seen,
            Err(error) => {
                tracing::warn!(%error, "whether the database has changed could not be read");
                connection = None;
                continue;
            }
        };
        if seen == last {
            continue;
        }
        last = seen;
        house.accounts.rights.changed();
        match house.hosts.refresh().await {
            Ok(new) => {
                for host in new {
                    tracing::info!(host.slug, "a host was added");
                    house.take_in(host, watchers);
                }
            }
            Err(error) => tracing::warn!(%error, "the hosts could not be read again"),
        }
    }
}

async fn watch_certificate(house: &House, mut hang_up: Signal) {
    let mut daily = interval_at(Instant::now() + CERTIFICATE_EVERY, CERTIFICATE_EVERY);
    loop {
        tokio::select! {
            _ = hang_up.recv() => {}
            _ = daily.tick() => {}
        }
        let Some(tls) = &house.tls else { continue };
        match tls.reload() {
            Ok(()) => tracing::info!("the certificate was read again"),
            Err(error) => {
                let error = anyhow::Error::new(error);
                tracing::error!(
                    error = format!("{error:#}"),
                    "the certificate could not be read again; the old one stays"
                );
            }
        }
    }
}
