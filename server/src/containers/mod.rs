//! What a person does to a container by one click.

mod logic;
pub mod routes;

pub use logic::{act, operation};
