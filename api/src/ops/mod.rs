//! The operation table: every call of the Docker Engine API by method and path, and what it takes to make it.
//!
//! Server, agent, browser and gateway read the same rows. What is not in the table is refused, so an engine that
//! learns something new stays closed there until a row says who may use it. [`resolve`] finds the row of a request,
//! [`rebuild_query`] reads its query; both hand on only what was understood, and the path and query that go to the
//! engine are written from that.

pub mod body;
mod encoding;
mod error;
mod operation;
mod permission;
mod query;
mod route;
pub mod spec;
mod table;
#[cfg(test)]
mod tests;
mod version;

pub use error::RouteError;
pub use operation::{Answer, Body, Kind, Method, Operation, QueryKeys, Refusal, Refused, Stream, Target};
pub use permission::{Permission, Role};
pub use query::{Query, rebuild_query};
pub use route::{Matched, resolve};
pub use table::{OPERATIONS, REFUSED};
pub use version::{ApiVersion, InvalidApiVersion};

/// The operation of this stable name.
#[must_use]
pub fn operation(id: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.id == id)
}
