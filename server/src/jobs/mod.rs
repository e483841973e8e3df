//! Long work that goes on without the page that asked for it: rows with state, progress and outcomes, run in the
//! background with the rights of whoever asked, and looked up again for each step. What was under way when the server
//! ended is interrupted, never taken up again by itself.

mod chronicle;
mod deed;
mod error;
mod logic;
mod memory;
mod progress;
mod queries;
pub mod routes;
mod run;

pub use chronicle::Chronicle;
pub use error::JobError;
pub use logic::Jobs;
pub use routes::accepted;
