//! One container: what a person does to it by one click, and what its page shows.

mod detail;
mod edit;
mod inside;
mod inspected;
mod logic;
pub mod routes;

pub use logic::{act, operation};
