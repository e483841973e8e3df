//! What happened on the engines.

use serde::{Deserialize, Serialize};

use super::{Millis, RowKey};

/// An event of an engine, or of the line to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Rises with time within one run of the server.
    pub key: RowKey,
    /// The host's slug.
    pub host: String,
    /// By the host's clock.
    pub at: Millis,
    /// The engine's word for the kind of object: `container`, `image`, `network`, `volume`, `daemon`; `host` for the
    /// line itself.
    pub kind: String,
    /// The engine's word for what happened: `start`, `die`, `health_status: unhealthy`, `pull`. Never the command
    /// line of an exec.
    pub action: String,
    /// The object's name, or its short id where it has none.
    pub name: String,
    /// The object's id as the engine gave it.
    pub id: String,
    /// The stack of a container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stack: Option<String>,
    /// The container that was connected to a network or disconnected from it: its name, or its short id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// The exit code of a `die`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i64>,
}

/// What a subscription to events asks for; newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventQuery {
    /// Words that name, id, action, kind or stack must contain, any case.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Only this host, by slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Only these kinds; empty means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// How many of the newest, at most [`super::live::WINDOW_MAX`].
    pub limit: u32,
}

/// The newest events that a query found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EventWindow {
    /// Newest first.
    pub events: Vec<Event>,
    /// How many of those in memory the query found.
    pub found: u32,
}
