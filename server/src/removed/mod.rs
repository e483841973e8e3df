//! Containers that were removed: what each was asked for to be is kept for a while, so that it can be made again.

pub mod routes;

mod logic;
mod queries;

pub use logic::{Kept, Removed, forget_sealed, has_sealed, keep};
