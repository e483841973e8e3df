//! Two-factor authentication by time-based codes (RFC 6238): turned on and off by its person, asked for at every sign-in,
//! whichever door shows the first factor. Until both are shown there is no session.

mod code;
mod logic;
mod qr;
mod queries;
pub mod routes;
mod step;

pub(super) use queries::{forget_sealed, has_sealed};
pub(super) use step::{Entered, STEP_LIFE_S};
