//! Logs of containers: read on a line of their own at the browser's pace, searched here, downloaded whole; and the last
//! lines of one for whoever asks why it failed.

mod frames;
pub mod routes;
mod session;
mod sift;
mod source;
mod wire;

pub use frames::{Line, Lines};
pub use session::run;
