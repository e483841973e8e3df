//! What is there of a stack, held against what is kept of it; and what becomes one: files that are found on its host,
//! containers that run.

use serde::{Deserialize, Serialize};

use super::{
    Millis,
    stack::{PlanRow, StackSource},
};
use crate::sentence::Sentence;

/// So many containers are saved as one stack.
pub const SAVED_MAX: usize = 100;

/// What was changed by hand since a release was applied (`GET /hosts/{host}/stacks/{stack}/drift`). The engine is asked;
/// nothing is changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StackDrift {
    /// The newest release that was applied; absent where none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<u64>,
    /// When it was looked at.
    pub at: Millis,
    /// What would put it right, each with what differs.
    pub rows: Vec<PlanRow>,
    /// What stands in the way of saying so.
    pub obstacles: Vec<Sentence>,
}

/// The last that is known of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DriftHead {
    /// When it was looked at.
    pub at: Millis,
    /// How many containers, networks and volumes are not as they were applied.
    pub things: u32,
}

/// The files of a stack that another tool made, as they are on its host
/// (`POST /hosts/{host}/stacks/{stack}/found-files`). It leaves a row in the audit log: files may hold secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoundFiles {
    /// The folder that they start from.
    pub folder: String,
    /// What the stack is made of by them.
    pub source: StackSource,
    /// The folders of which images are built that were left there, from that folder: what is in them is too much for a
    /// stack, is not text, or cannot be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

/// `POST /hosts/{host}/saved-containers`: containers as the file of a stack, answered with [`SavedContainers`]. It leaves a
/// row in the audit log for each: environments hold secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SaveContainers {
    /// Which, by id or name, in the order of the file.
    pub containers: Vec<String>,
    /// What the template is called; as the first of them, if nothing is said.
    #[serde(default)]
    pub name: String,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SavedContainers {
    /// Their file, and what looked like secrets as secret variables.
    pub source: StackSource,
    /// The same as a template of our own format: without any value that looked like a secret.
    pub template: String,
}
