//! Every SQL text on accounts as a whole, teams, host groups, grants and invitations.

mod accounts;
mod grants;
mod members;
mod named;
mod standing;

pub(super) use accounts::*;
pub(super) use grants::*;
pub(super) use members::*;
pub(super) use named::{GROUPS, TEAMS};
pub(super) use standing::*;
