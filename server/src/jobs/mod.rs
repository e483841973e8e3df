//! Long work that goes on without the page that asked for it: rows with state, progress and outcomes, run in the
//! background with the rights of whoever asked, and looked up again for each step. What was under way when the server
//! ended is interrupted and not taken up again by itself, but for recreations and plans of stacks: they have a journal, by
//! which the next start finishes or undoes them.

mod chronicle;
mod deed;
mod error;
mod logic;
mod memory;
mod progress;
mod queries;
pub mod routes;
mod run;
mod stack;

pub use chronicle::Chronicle;
pub use error::JobError;
pub use logic::Jobs;
pub use routes::accepted;
pub use stack::Report;
