//! New containers: what stands in their way, their image, themselves.

mod logic;
pub mod progress;
mod pull;
pub mod routes;

pub use logic::{Creation, create, inspected, masked, masked_values, read_spec, see_to_image, spec_of};
pub use pull::{Pull, pull};
