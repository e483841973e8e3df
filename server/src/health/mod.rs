//! What watches Longshore from outside asks here: whether it lives, whether it can work, and its figures.

mod metrics;
mod probe;
pub mod routes;

pub use metrics::{Class, Metrics, Open};
pub use probe::probe;
