//! Two releases of a stack beside each other, or one beside what runs.

use serde::{Deserialize, Serialize};

use super::stack::{PlanField, ReleaseImage};

/// So many lines of a file are told; of what differs beyond them only how much it is.
pub const LINES_MAX: usize = 2_000;

/// `POST /hosts/{host}/stacks/{stack}/compared-releases`: what differs, answered with [`ComparedReleases`]. It leaves a row in
/// the audit log: files may hold secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CompareReleases {
    /// The release that it begins from.
    pub from: u64,
    /// The one that it is held against; what runs, if absent: the files that were applied last, the images of the containers.
    #[serde(default)]
    pub to: Option<u64>,
}

/// What differs between two releases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComparedReleases {
    /// The files that differ, by name.
    pub files: Vec<ComparedFile>,
    /// The variables that differ, by name; of a secret one only that it does.
    pub variables: Vec<PlanField>,
    /// What else differs: `files`, which of them are laid over each other, and `profiles`.
    pub options: Vec<PlanField>,
    /// The services whose images differ, by name.
    pub images: Vec<ComparedImage>,
}

/// A file that differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComparedFile {
    /// Its path from the stack's folder.
    pub name: String,
    /// Whether it was there.
    pub was: bool,
    /// Whether it is there.
    pub is: bool,
    /// How many lines came.
    pub added: usize,
    /// How many lines went.
    pub removed: usize,
    /// What differs, each with a few lines around it.
    pub hunks: Vec<Hunk>,
    /// How many lines are not told, see [`LINES_MAX`].
    #[serde(default)]
    pub untold: usize,
}

/// Lines that stand together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hunk {
    /// In their order; a line that went before the one in its place.
    pub lines: Vec<ComparedLine>,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComparedLine {
    /// Its number before; absent if it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<u32>,
    /// Its number after; absent if it went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<u32>,
    /// What is written in it, without its end.
    pub text: String,
}

/// A service whose images differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComparedImage {
    /// The service.
    pub service: String,
    /// What it ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<ReleaseImage>,
    /// What it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<ReleaseImage>,
}
