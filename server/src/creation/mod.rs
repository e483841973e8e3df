//! New containers: what stands in their way, their image, themselves.

mod logic;
mod pull;
pub mod routes;

pub use logic::{Creation, create, inspected, masked, read_spec, see_to_image, spec_of};
pub use pull::{Pull, PullError, follow, pull};
