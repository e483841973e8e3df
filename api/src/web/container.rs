//! Containers as the live table shows them: query, rows, groups, totals.

use serde::{Deserialize, Serialize};

use super::{Millis, RowKey, access::Whose};

/// The state of a container as people tell it apart, in the order of "worst first".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Running, and its health check says no.
    Unhealthy,
    /// The engine could not stop or remove it whole.
    Dead,
    /// Exited with a code other than 0, and nobody had asked for it.
    Failed,
    /// Between two attempts of its restart policy.
    Restarting,
    /// Frozen.
    Paused,
    /// Running, its health check has not decided yet.
    Starting,
    /// Running, and its health check says yes.
    Healthy,
    /// Running without a health check.
    Running,
    /// Made, never started.
    Created,
    /// Exited with code 0, or stopped.
    Exited,
    /// On its way out, or in a state of which we have no word; also everything on a host that does not answer.
    Unknown,
}

impl State {
    /// Every state, worst first.
    pub const ALL: [Self; 11] = [
        Self::Unhealthy,
        Self::Dead,
        Self::Failed,
        Self::Restarting,
        Self::Paused,
        Self::Starting,
        Self::Healthy,
        Self::Running,
        Self::Created,
        Self::Exited,
        Self::Unknown,
    ];

    /// Whether its processes exist: running in any health, or paused.
    pub fn is_up(self) -> bool {
        matches!(self, Self::Unhealthy | Self::Paused | Self::Starting | Self::Healthy | Self::Running)
    }

    /// Whether its processes run: in any health, and not frozen.
    pub fn is_running(self) -> bool {
        self.is_up() && self != Self::Paused
    }

    /// Whether a person should look at it.
    pub fn is_trouble(self) -> bool {
        matches!(self, Self::Unhealthy | Self::Dead | Self::Failed | Self::Restarting)
    }

    /// The word on the wire, in `data-state` and in URLs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unhealthy => "unhealthy",
            Self::Dead => "dead",
            Self::Failed => "failed",
            Self::Restarting => "restarting",
            Self::Paused => "paused",
            Self::Starting => "starting",
            Self::Healthy => "healthy",
            Self::Running => "running",
            Self::Created => "created",
            Self::Exited => "exited",
            Self::Unknown => "unknown",
        }
    }
}

/// What a person does to a container by one click: the last part of `POST /hosts/{host}/containers/{id}/{verb}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Starts a container that is not running.
    Start,
    /// Asks it to end, and ends it after its grace time.
    Stop,
    /// Stop, then start.
    Restart,
    /// Freezes its processes.
    Pause,
    /// Thaws them.
    Unpause,
    /// Ends it at once.
    Kill,
    /// Removes a stopped container; its anonymous volumes stay.
    Remove,
}

impl Verb {
    /// All of them, in the order of the bulk bar.
    pub const ALL: [Self; 7] =
        [Self::Restart, Self::Stop, Self::Start, Self::Pause, Self::Unpause, Self::Kill, Self::Remove];

    /// The word in the URL and in `data-action`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Restart => "restart",
            Self::Pause => "pause",
            Self::Unpause => "unpause",
            Self::Kill => "kill",
            Self::Remove => "remove",
        }
    }

    /// The verb of a word in the URL.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.code() == code)
    }

    /// Whether the verb makes sense in a state; what does not is shown disabled with the reason.
    pub fn fits(self, state: State) -> bool {
        match self {
            Self::Start => matches!(state, State::Created | State::Exited | State::Failed),
            Self::Stop | Self::Restart => state.is_up() || state == State::Restarting,
            Self::Pause => state.is_running(),
            Self::Unpause => state == State::Paused,
            Self::Kill => state.is_up(),
            Self::Remove => !state.is_up() && state != State::Restarting,
        }
    }
}

/// What a subscription to containers asks for. Text, state and host narrow; the rest arranges.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContainerQuery {
    /// Words that name, image, stack, id, port, IP or a label must all contain, any case; at most 200 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Only this host, by slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Only these states; empty means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<State>,
    /// By stack, by host, or flat.
    #[serde(default)]
    pub group: Grouping,
    /// The column to sort by, within groups.
    #[serde(default)]
    pub sort: Column,
    /// From high to low.
    #[serde(default)]
    pub descending: bool,
    /// By no column but by how well the name fits the text: it is the name, begins it, begins a word of it, is in it, or
    /// is found elsewhere.
    #[serde(default, skip_serializing_if = "is_false")]
    pub best_first: bool,
    /// Groups whose rows are folded away, by [`Group::id`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folded: Vec<String>,
    /// The first line of the window.
    #[serde(default)]
    pub offset: u32,
    /// How many lines, at most [`super::live::WINDOW_MAX`].
    pub limit: u32,
}

/// How the table is grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grouping {
    /// Stacks with trouble first, then by name; lone containers last.
    #[default]
    Stack,
    /// By host.
    Host,
    /// Not at all.
    Flat,
}

/// A column to sort by. Equal values are ordered by name, then by host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// By name.
    #[default]
    Name,
    /// Worst first.
    State,
    /// By image name and tag.
    Image,
    /// By CPU share.
    Cpu,
    /// By memory.
    Memory,
    /// By first published port.
    Ports,
    /// By first address.
    Ip,
    /// By the sign-in name of its owner; those of the managers last.
    Owner,
    /// Oldest first.
    Created,
}

/// A container.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Container {
    /// Stable for this run of the server, across restarts of the container.
    pub key: RowKey,
    /// The host's slug.
    pub host: String,
    /// The full id, 64 hex characters.
    pub id: String,
    /// Without the leading slash.
    pub name: String,
    /// As given when it was made: `nginx:1.27`, or an image id.
    pub image: String,
    /// The compose project or swarm stack it says it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stack: Option<String>,
    /// The service within the stack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// As people tell it apart.
    pub state: State,
    /// Of the last run, where there was one that ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i64>,
    /// The kernel ended the last run for lack of memory.
    #[serde(default, skip_serializing_if = "is_false")]
    pub oom: bool,
    /// How often its restart policy has started it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub restarts: u32,
    /// Since when it is in its state, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Millis>,
    /// When it was made.
    pub created: Millis,
    /// Published ports first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<Port>,
    /// Its addresses, one for each network that gave it one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ips: Vec<String>,
    /// CPU and memory now and in the last minutes, while it runs and where they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Whose it is; none where it is nobody's but the managers', and none of it outside lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whose: Option<Whose>,
}

fn is_false(b: &bool) -> bool {
    !b
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// A port of a container.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Port {
    /// The port inside.
    pub container: u16,
    /// The port on the host, if it is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<u16>,
    /// The host's address it is bound to, if not all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
}

/// Usage with a short past, oldest first; one step is [`super::live::USAGE_STEP_MS`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Usage {
    /// Percent of one core: 250 is two and a half cores.
    pub cpu: f32,
    /// Bytes, without page cache that can be given back.
    pub memory: u64,
    /// Bytes, where the container has a limit below the machine's memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_limit: Option<u64>,
    /// The last CPU figures, percent of one core.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cpu_past: Vec<f32>,
    /// The last memory figures, bytes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub memory_past: Vec<u64>,
}

/// A group row of the table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Stable for this run of the server.
    pub key: RowKey,
    /// For [`ContainerQuery::folded`]: `HOST/STACK`, `HOST/` for lone containers, `HOST` when grouped by host.
    pub id: String,
    /// The host's slug.
    pub host: String,
    /// The stack, or none for lone containers and for groups by host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stack: Option<String>,
    /// How many are in each state, in order of [`State`]; the ones with none left out.
    pub states: Vec<(State, u32)>,
    /// Sum over its containers, percent of one core, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<f32>,
    /// Sum over its containers, bytes, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<u64>,
    /// Whether its rows are folded away.
    pub folded: bool,
    /// The states of its containers by name, for the small quay of the row: the first [`Group::BLOCKS_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<State>,
}

impl Group {
    /// A group row draws at most so many blocks.
    pub const BLOCKS_MAX: usize = 60;
}

/// What stands over the table: counts of what the query found, and of all that the viewer may see.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// Lines of the whole list, groups included: what the scroll bar stands for.
    pub lines: u32,
    /// Containers that the query found.
    pub found: u32,
    /// Containers that the viewer may see at all.
    pub all: u32,
    /// Whether some of what is on the hosts that the viewer knows is somebody's, as far as they may see: without, there is
    /// nothing to say of owners.
    #[serde(default, skip_serializing_if = "is_false")]
    pub owned: bool,
    /// Of all found before the filter by state: how many in each.
    pub states: Vec<(State, u32)>,
}

/// A window of the container list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ContainerWindow {
    /// The first line's place in the whole list.
    pub offset: u32,
    /// The lines in order, each naming a row or a group.
    pub lines: Vec<RowKey>,
    /// The containers among them (in an answer to a resumption: those the browser does not have yet).
    pub rows: Vec<Container>,
    /// The groups among them.
    pub groups: Vec<Group>,
    /// Counts.
    pub totals: Totals,
}

/// What changed in a window. Absent parts did not change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ContainerDelta {
    /// The new order; a row whose key is no longer named has left the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<RowKey>>,
    /// New or changed containers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Container>,
    /// New or changed groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// New counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totals: Option<Totals>,
    /// The next step of usage for rows that are in the window: key, CPU, memory; to be appended to their past.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub usage: Vec<(RowKey, f32, u64)>,
}
