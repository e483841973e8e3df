//! Wire types of browser and server. Both come from one build, so these may change with every release; a tab older
//! than its server is told to reload by [`live::ServerMessage::Hello`].
//!
//! What the browser reads and has a tag inside (`state`, `outcome`) is read as the struct of all its fields and made from
//! that. Serde's own way keeps a copy of every value and a second set of readers, in every page.

pub mod access;
pub mod account;
pub mod adopt;
pub mod audit;
pub mod carried;
pub mod compare;
pub mod console;
pub mod container;
pub mod create;
pub mod detail;
pub mod disk;
pub mod event;
pub mod home;
pub mod host;
pub mod job;
pub mod live;
pub mod log;
pub mod oidc;
pub mod once;
pub mod people;
pub mod problem;
pub mod removed;
pub mod shelf;
pub mod stack;
pub mod totp;

/// A variant came without one of its fields.
#[derive(Debug)]
struct FieldMissing;

impl std::fmt::Display for FieldMissing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a field is missing")
    }
}

/// Milliseconds since 1970, UTC: the only form of a time on the wire.
pub type Millis = i64;

/// Where the REST interface begins, below the base path.
pub const API: &str = "/api/v1";

/// Names a subject within one run of the server, so that rows and deltas need no long ids. Never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct RowKey(pub u64);
