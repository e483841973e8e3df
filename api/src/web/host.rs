//! Hosts as pages see them.

use serde::{Deserialize, Serialize};

use super::{FieldMissing, Millis};
use crate::sentence::Sentence;

/// A host with the state of the line to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Host {
    /// Immutable, in every URL: lower case letters, digits and `-`.
    pub slug: String,
    /// What pages show.
    pub name: String,
    /// The line to its engine.
    pub link: Link,
    /// What the engine said of itself when it last answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<Engine>,
    /// The host's clock minus ours, milliseconds, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_offset: Option<i64>,
    /// Where usage figures come from.
    pub usage: UsageSource,
}

impl Host {
    /// Whether its engine is asked for figures although it is on this machine, whose files would cost nothing: they do
    /// not have its containers, or may not be read. Of a host elsewhere the engine's figures are the only ones.
    pub fn figures_fell_back(&self) -> bool {
        let is_here = self.engine.as_ref().is_some_and(|engine| engine.address.starts_with("unix:"));
        is_here && self.usage == UsageSource::Engine
    }
}

/// The state of the line to a host's engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "kebab-case", try_from = "LinkFields")]
pub enum Link {
    /// Not yet tried, or being tried for the first time.
    Connecting,
    /// Answering; the inventory is live.
    Up {
        /// Since when.
        since: Millis,
    },
    /// Not answering; what is shown is the last state, with its age.
    Down {
        /// When it last answered; never, if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<Millis>,
        /// Why, in a sentence that a person can act on.
        why: Sentence,
        /// When it is tried again.
        retry_at: Millis,
    },
}

/// [`Link`] as it is read, see [`super`].
#[derive(Deserialize)]
struct LinkFields {
    state: LinkState,
    since: Option<Millis>,
    seen: Option<Millis>,
    why: Option<Sentence>,
    retry_at: Option<Millis>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum LinkState {
    Connecting,
    Up,
    Down,
}

impl TryFrom<LinkFields> for Link {
    type Error = FieldMissing;

    fn try_from(fields: LinkFields) -> Result<Self, FieldMissing> {
        Ok(match fields.state {
            LinkState::Connecting => Self::Connecting,
            LinkState::Up => Self::Up { since: fields.since.ok_or(FieldMissing)? },
            LinkState::Down => Self::Down {
                seen: fields.seen,
                why: fields.why.ok_or(FieldMissing)?,
                retry_at: fields.retry_at.ok_or(FieldMissing)?,
            },
        })
    }
}

/// What an engine says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Engine {
    /// `Docker` or `Podman`, from its platform name; its own word otherwise.
    pub product: String,
    /// `28.5.1`
    pub version: String,
    /// The API version that we speak with it: `1.41`.
    pub api: String,
    /// `linux/amd64`
    pub platform: String,
    /// The connector's address, as the administrator gave it: `unix:///var/run/docker.sock`.
    pub address: String,
}

/// Where usage figures come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum UsageSource {
    /// There are none.
    #[default]
    None,
    /// The cgroup files and /proc of this machine.
    Files,
    /// The engine's own figures, only while someone looks.
    Engine,
}
