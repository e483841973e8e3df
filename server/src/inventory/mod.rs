//! What is on every host, live and in memory. A watcher per host keeps it true; lists, counts and search are answered
//! from here and never by asking an engine.

mod engine;
mod home;
mod normal;
mod state;
mod usage;
mod watch;
mod window;

pub use state::Inventory;
pub use watch::start;
pub use window::Seen;
