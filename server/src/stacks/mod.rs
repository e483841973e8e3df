//! Stacks: their files and releases, what would be done with them, and doing it. Containers say by the labels of
//! `docker compose` which stack they are of, whoever made them.

pub mod routes;

mod apply;
mod beside;
mod building;
mod compare;
mod desk;
mod drift;
mod found;
mod held;
mod judged;
mod logic;
mod place;
mod planning;
mod ports;
mod queries;
mod save;
mod source;
mod there;

pub use apply::{Apply, carry_out, settle_interrupted};
pub use desk::Desk;
pub use logic::{Stacks, is_anothers, is_kept, look, rows};
