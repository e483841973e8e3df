//! What an engine tells of us: asked once, when a host that is our machine answers.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use longshore_api::ops::Kind;
use serde::Deserialize;
use tokio::time::sleep;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Mount, Own};
use crate::{
    hosts::{Called, Host, INSPECTION_MAX, LineError, Question},
    inventory::Inventory,
    keep,
};

/// A list of ten thousand containers has about 20 MB.
const LIST_MAX: usize = 128 * 1024 * 1024;
/// An engine that has not told is asked again.
const AGAIN: Duration = Duration::from_secs(5);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Container {
    id: String,
    mounts: Option<Vec<Mounted>>,
    #[serde(default)]
    host_config: HostConfig,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HostConfig {
    #[serde(default)]
    network_mode: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Mounted {
    #[serde(default)]
    r#type: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    source: PathBuf,
    destination: PathBuf,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Volumes {
    volumes: Option<Vec<Volume>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Volume {
    name: String,
    #[serde(default)]
    mountpoint: PathBuf,
}

/// Learns what of ours is on a host that is our machine, or may be, once its engine answers.
pub fn start(
    own: &Arc<Own>,
    inventory: &Arc<Inventory>,
    host: Arc<Host>,
    tasks: &TaskTracker,
    stopping: &CancellationToken,
) {
    // Who listens behind an address may be this machine's engine as well: it knows our container.
    if host.line.is_local() {
        own.lives_on(&host.slug);
    }
    if own.here.container.is_none() && !(host.line.is_local() && may_be_in_volume(&own.data)) {
        return;
    }
    let (own, inventory, stopping) = (Arc::clone(own), Arc::clone(inventory), stopping.clone());
    tasks.spawn(async move {
        let learnt = keep::going(
            || until_learnt(&own, &inventory, &host),
            |wait| {
                tracing::error!(host.slug, retry_s = wait.as_secs(), "asking what of ours is there panicked")
            },
        );
        stopping.run_until_cancelled(learnt).await;
    });
}

/// Engines keep what is in a volume of their own in a folder of this name.
fn may_be_in_volume(data: &Path) -> bool {
    data.iter().any(|part| part == "_data")
}

async fn until_learnt(own: &Own, inventory: &Inventory, host: &Host) {
    loop {
        inventory.until_up(&host.slug).await;
        match learn(own, host).await {
            Ok(()) => return,
            Err(error) => tracing::warn!(host.slug, %error, "the engine has not told what of ours is there"),
        }
        sleep(AGAIN).await;
    }
}

async fn learn(own: &Own, host: &Host) -> Result<(), LineError> {
    if let Some(id) = &own.here.container {
        // Where it knows no such container, ours is another engine's, and our volumes are as well.
        let Some(ours) = ours(own, host, id).await? else {
            if host.line.is_local() {
                own.told_of_volumes(&host.slug, BTreeSet::new());
            }
            return Ok(());
        };
        let id = ours.id;
        let mounts = ours.mounts.into_iter().flatten().map(mount).collect();
        own.told_of_container(&host.slug, &id, mounts, host.line.is_local());
        let data = own.on_machine(&own.data).unwrap_or_default();
        tracing::info!(host.slug, container = id, data = %data.display(), "Longshore runs in a container of this host");
        return Ok(());
    }
    let Volumes { volumes } = host.line.ask_json(Question::Volumes, LIST_MAX).await?;
    let holds = |volume: &Volume| {
        !volume.mountpoint.as_os_str().is_empty() && own.data.starts_with(&volume.mountpoint)
    };
    let ours = volumes.into_iter().flatten().filter(holds).map(|volume| volume.name).collect();
    own.told_of_volumes(&host.slug, ours);
    Ok(())
}

/// Our container. What the kernel names is another where that lends us its network: then it is the one of those with its
/// network that has something mounted where our data is.
async fn ours(own: &Own, host: &Host, id: &str) -> Result<Option<Container>, LineError> {
    let Some(called) = Called::new(Kind::Container, id) else { return Ok(None) };
    let found: Option<Container> = host.line.look(Question::Thing(called), INSPECTION_MAX).await?;
    let Some(named) = found else { return Ok(None) };
    let has_data = |container: &Container| {
        own.here
            .data_at
            .as_ref()
            .is_none_or(|at| container.mounts.iter().flatten().any(|it| it.destination == *at))
    };
    if has_data(&named) {
        return Ok(Some(named));
    }
    let all: Vec<Container> = host.line.ask_json(Question::Containers, LIST_MAX).await?;
    let lent = format!("container:{id}");
    let ours = all.into_iter().find(|it| it.host_config.network_mode == lent && has_data(it));
    let Some(ours) = ours else { return Ok(Some(named)) };
    // A list does not say of all that is mounted where it comes from.
    match Called::new(Kind::Container, &ours.id) {
        Some(called) => host.line.look(Question::Thing(called), INSPECTION_MAX).await,
        None => Ok(Some(named)),
    }
}

fn mount(mounted: Mounted) -> Mount {
    let Mounted { r#type, name, source, destination } = mounted;
    Mount { source, at: destination, volume: (r#type == "volume" && !name.is_empty()).then_some(name) }
}
