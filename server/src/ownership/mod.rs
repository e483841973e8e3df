//! Whose the things on hosts are: who besides the managers of a host may see them and, as their role on the host says,
//! use them.
//!
//! A thing is owned by its key, which outlives it ([`Key`]): whoever makes it anew under the same name or for the same
//! service of a stack goes on where the one before ended. While it is there it is known by the engine's id as well, so
//! that a rename from outside takes it from nobody and gives it to nobody. A key that is owned stays so when its thing is
//! gone, until it is given back. What is not owned is the managers'.

mod called;
mod claims;
mod error;
mod found;
mod instead;
mod key;
mod labels;
mod logic;
mod making;
mod owners;
mod parts;
mod queries;
pub mod routes;
mod stack;
mod why;
mod wish;

pub use called::keep_names;
pub use claims::{Claims, Making, claim, is_free};
pub use found::{BUILT_IN, find, unknown};
pub use instead::named_anew;
pub use key::{Key, is_like_an_id, is_made_up};
pub use labels::{ByLabel, Labelled, start};
pub use logic::rename;
pub use making::making;
pub use owners::{Given, Owned, Owners};
pub use stack::{claim_stack, release_stack};
pub use wish::{may_share, share_made};
