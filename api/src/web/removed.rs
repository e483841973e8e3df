//! Containers that were removed from here.

use serde::{Deserialize, Serialize};

use super::Millis;
use crate::sentence::Sentence;

/// A container that is gone, of which the spec is kept (`GET /hosts/{host}/removed-containers`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RemovedContainer {
    /// UUIDv7, of the removal.
    pub id: String,
    /// What it was called.
    pub name: String,
    /// The image it was asked for with.
    pub image: String,
    /// Who removed it, by account name.
    pub by: String,
    /// When.
    pub at: Millis,
}

/// `DELETE /hosts/{host}/containers/{id}` answers this with 200 where the container is gone and its spec is not kept; 204
/// where it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotKept {
    /// Why it is not.
    pub why: Sentence,
}
