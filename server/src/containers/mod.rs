//! One container: what a person does to it by one click, and what its page shows.

mod detail;
mod edit;
mod inside;
mod inspected;
mod line;
mod logic;
mod recreate;
pub mod routes;

pub use detail::{find, find_row, narrowed};
pub use line::within_the_line;
pub use logic::{act, operation, time_to_stop};
pub use recreate::{is_being_recreated, recreate, settle_interrupted};
