//! Logs of containers: read on a line of the browser's pace, searched here, downloaded whole.

mod frames;
pub mod routes;
mod session;
mod sift;
mod source;
mod wire;

pub use session::run;
