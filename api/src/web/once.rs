//! A container of a stack's service for a single command.

use serde::{Deserialize, Serialize};

/// `POST /hosts/{host}/stacks/{stack}/run`: a container is made as the newest applied release has the service, for one
/// command; answered with [`MadeOnce`]. It publishes no port and is not started again, it is none of those that run on, and
/// what the service depends on is not started for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RunOnce {
    /// The service.
    pub service: String,
    /// The command with its arguments; the service's own, if empty.
    #[serde(default)]
    pub command: Vec<String>,
    /// `NAME=value`, over what the service has.
    #[serde(default)]
    pub env: Vec<String>,
    /// As whom; the service's own, if empty.
    #[serde(default)]
    pub user: String,
    /// Whether the ports of the service are published all the same.
    #[serde(default)]
    pub ports: bool,
    /// Whether the command has a terminal.
    #[serde(default)]
    pub tty: bool,
    /// Whether it reads what somebody types, until they have no more to say.
    #[serde(default)]
    pub stdin: bool,
    /// Whether the engine removes it when it has ended.
    #[serde(default)]
    pub remove: bool,
    /// Whether it is started; else whoever asks does that, once they listen. One that is not started soon is removed: they
    /// have left.
    #[serde(default)]
    pub start: bool,
}

/// It is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeOnce {
    /// Its full id.
    pub id: String,
    /// Its name.
    pub name: String,
}
