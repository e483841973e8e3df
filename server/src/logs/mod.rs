//! Logs of containers: read on a line of their own at the browser's pace, searched here, downloaded whole; and the last
//! lines of one for whoever asks why it failed.

mod frames;
mod last;
pub mod routes;
mod session;
mod sift;
mod source;
mod wire;

pub use frames::{Line, Lines};
pub use last::last_words;
pub use session::run;
