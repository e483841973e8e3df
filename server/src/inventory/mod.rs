//! What is on every host, live and in memory. A watcher per host keeps it true; lists, counts and search are answered
//! from here and never by asking an engine.

mod check;
mod clock;
mod disk;
mod engine;
mod events;
mod find;
mod groups;
mod heard;
mod home;
mod id;
mod inspections;
mod lines;
mod list;
mod look;
mod normal;
mod order;
mod pulse;
mod rows;
mod shelves;
mod stacks;
mod state;
mod stops;
mod texts;
mod usage;
mod view;
mod watch;
mod window;

pub use id::EngineId;
pub use lines::Lines;
pub use shelves::WORDS_MAX;
pub use stacks::{Parts, row, services};
pub use state::{Inventory, Revisions};
pub use view::View;
pub use watch::start;
pub use window::{Had, Seen};

#[cfg(test)]
mod tests;
