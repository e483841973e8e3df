//! App templates: those that come with Longshore and those of sources that administrators name, what each becomes with
//! somebody's answers. What the files of a source said is kept, so that its templates are there without the network; a source
//! that fails keeps what it had.

mod error;
mod gather;
mod keep;
mod logic;
mod named;
mod queries;
mod queue;
mod resolve;
pub mod routes;

pub use keep::start;
pub use logic::Templates;
