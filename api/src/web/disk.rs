//! What takes the room on a host's disk, as far as its engine knows: measured when somebody asks for it, as the engine
//! looks through every folder for that.

use serde::{Deserialize, Serialize};

use super::Millis;

/// A measurement (`GET /hosts/{host}/disk`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiskUse {
    /// When the engine answered.
    pub at: Millis,
    /// The largest first.
    pub parts: Vec<DiskPart>,
}

/// One thing that takes room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiskPart {
    /// What it is.
    pub kind: DiskKind,
    /// The engine's id, as in [`super::shelf::Item::id`]; empty where it is no single thing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// What it is called; empty where it is no single thing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Bytes that are its own: they come free when it goes.
    pub size: u64,
    /// It runs, or something holds it.
    #[serde(default)]
    pub used: bool,
}

/// What takes room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DiskKind {
    /// The layers that an image has for itself.
    Image,
    /// The layers that several images have.
    Layers,
    /// What a container has written beside its volumes.
    Container,
    /// A volume.
    Volume,
    /// What builds have left.
    Cache,
    /// Things that are not named: too many of them, or not for these eyes.
    Others,
}

impl DiskUse {
    /// The sum of what is of these kinds.
    pub fn size_of(&self, of: impl Fn(&DiskPart) -> bool) -> u64 {
        self.parts.iter().filter(|part| of(part)).fold(0, |sum, part| sum.saturating_add(part.size))
    }
}
