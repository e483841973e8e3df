//! What takes the room on a host's disk: the engine is asked when a person asks, and what it said is kept until the
//! next time.

pub mod routes;

mod engine;
mod logic;

pub use engine::others;
pub use logic::measure;
