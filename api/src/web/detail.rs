//! One container as its page shows it: what the engine's inspection says, without the values of its environment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Millis, container::Container};

/// What a page that follows one container is told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Followed {
    /// As it is now, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<Container>,
    /// The engine answers, and has no such container.
    #[serde(default)]
    pub gone: bool,
    /// Another one than before means that what an inspection says may be another too.
    pub stamp: u64,
}

/// A container as inspected.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Detail {
    /// The full id.
    pub id: String,
    /// Without the leading slash.
    pub name: String,
    /// As given when it was made.
    pub image: String,
    /// The id of that image when it was made.
    pub image_id: String,
    /// When it was made.
    pub created: Millis,
    /// When its last run began, where there was one.
    pub started: Option<Millis>,
    /// When its last run ended, where it has.
    pub finished: Option<Millis>,
    /// How its last run ended.
    pub exit_code: i64,
    /// The engine's own words for why it could not be started.
    pub error: String,
    /// How often its restart policy has started it.
    pub restarts: u32,
    /// What is run.
    pub entrypoint: Vec<String>,
    /// What follows it.
    pub command: Vec<String>,
    /// As whom; empty is whom the image says, or root.
    pub user: String,
    /// Where.
    pub folder: String,
    /// What it calls itself.
    pub hostname: String,
    /// Whether it has a terminal.
    pub terminal: bool,
    /// Whether it may do everything on its host.
    pub privileged: bool,
    /// Whether the engine removes it when it ends.
    pub removes_itself: bool,
    /// Its ports, published or only said.
    pub ports: Vec<PortMap>,
    /// What is mounted into it.
    pub mounts: Vec<Mount>,
    /// How it is on a network at all: `bridge`, `host`, `none`, the name of a network.
    pub network_mode: String,
    /// The networks that it is on.
    pub networks: Vec<Attached>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// The names in its environment, in their order.
    pub env: Vec<String>,
    /// Its health check, where it has one.
    pub health: Option<Health>,
    /// What happens when it ends.
    pub restart: RestartPolicy,
    /// How much it may take.
    pub limits: Limits,
}

/// A port of a container and where it is published.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortMap {
    /// `80/tcp`.
    pub port: String,
    /// `0.0.0.0:8080`, each; none where it is not published.
    pub published: Vec<String>,
}

/// Something mounted into a container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mount {
    /// `bind`, `volume`, `tmpfs`, …
    pub kind: String,
    /// The folder of the host, or the name of the volume.
    pub from: String,
    /// Where it is seen inside.
    pub to: String,
    /// Whether it can be written inside.
    pub writable: bool,
}

/// A network that a container is on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attached {
    /// The name of the network.
    pub network: String,
    /// Its address there; empty while it does not run.
    pub ip: String,
    /// Its IPv6 address there, where it has one.
    pub ip6: String,
    /// Its hardware address there.
    pub mac: String,
    /// The names by which others on the network find it.
    pub aliases: Vec<String>,
}

/// A health check and what it found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// What is run: `CMD`, `CMD-SHELL` and what follows.
    pub test: Vec<String>,
    /// Milliseconds between two.
    pub interval: Millis,
    /// Milliseconds that one may take.
    pub timeout: Millis,
    /// Milliseconds after the start in which failing does not count.
    pub start_period: Millis,
    /// So many failures in a row are too many.
    pub retries: i64,
    /// How many there are now.
    pub failing: i64,
    /// The last ones, oldest first.
    pub log: Vec<Probe>,
}

/// One run of a health check.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Probe {
    /// When it began.
    pub at: Millis,
    /// How many milliseconds it took.
    pub took: Millis,
    /// 0 is well.
    pub exit_code: i64,
    /// What it printed.
    pub output: String,
}

/// What happens when a container ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RestartPolicy {
    /// `no`, `on-failure`, `unless-stopped`, `always`.
    pub name: String,
    /// Of `on-failure`: so often at most; 0 is without an end.
    pub max: i64,
}

/// How much a container may take; 0 is as much as there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Limits {
    /// Thousandths of a core.
    pub cpu_milli: i64,
    /// Bytes.
    pub memory: i64,
    /// Bytes that it is pressed towards when the machine runs short.
    pub memory_reservation: i64,
    /// Bytes of memory and swap together; -1 is swap without a limit.
    pub memory_swap: i64,
    /// Processes.
    pub pids: i64,
}

/// A name in the environment with its value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnvValue {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
}

/// A new name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewName {
    /// Without a leading slash.
    pub name: String,
}

/// A signal to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// `SIGHUP`, or its number.
    pub signal: String,
}

/// What is changed of a container while it stays what it is. What is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Update {
    /// What happens when it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restart: Option<RestartPolicy>,
    /// How much it may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<NewLimits>,
}

/// How much a container may take from now on; 0 is as much as there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewLimits {
    /// Thousandths of a core.
    pub cpu_milli: i64,
    /// Bytes.
    pub memory: i64,
    /// Processes.
    pub pids: i64,
}

/// Files in which a container differs from its image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Changes {
    /// By path; no more than [`CHANGES_MAX`].
    pub changes: Vec<Change>,
    /// How many there are.
    pub all: usize,
}

/// So many changes are told.
pub const CHANGES_MAX: usize = 5_000;

/// A file in which a container differs from its image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// What has become of it.
    pub kind: ChangeKind,
    /// Where it is.
    pub path: String,
}

/// What has become of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// It is in the image too, and another one there.
    Changed,
    /// It is not in the image.
    Added,
    /// It is in the image only.
    Removed,
}

/// A process of a container, as its host sees it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Process {
    /// On the host.
    pub pid: String,
    /// On the host.
    pub user: String,
    /// Percent of a core, as the host's `ps` counts it, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<String>,
    /// Bytes in memory, where the host's `ps` says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<u64>,
    /// How long it has computed.
    pub time: String,
    /// What runs; none for whoever may not know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

/// What a container used in the last hour, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PastUsage {
    /// When the server said this, by its clock.
    pub now: Millis,
    /// CPU and memory: every two seconds for the last minutes, a mean of fifteen before that.
    pub figures: Vec<Figure>,
    /// What went in and out.
    pub traffic: Vec<Traffic>,
    /// Bytes, where it has a limit below the machine's memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_limit: Option<u64>,
}

/// CPU and memory at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figure {
    /// When.
    pub at: Millis,
    /// Percent of one core.
    pub cpu: f32,
    /// Bytes.
    pub memory: u64,
}

/// Bytes in a second, of the quarter of a minute before a moment; absent where the host does not count them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Traffic {
    /// When.
    pub at: Millis,
    /// Came over its networks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net_in: Option<f32>,
    /// Went out over them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net_out: Option<f32>,
    /// Read from block devices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block_in: Option<f32>,
    /// Written to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block_out: Option<f32>,
}
