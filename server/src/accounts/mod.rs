//! Accounts, their sessions and API keys, and the link that makes the first of them.

mod attempts;
mod error;
mod logic;
mod password;
mod principal;
mod queries;
mod rights;
pub mod routes;
mod rules;
mod token;
mod uses;

pub use attempts::network_of;
pub use error::AccountError;
pub use logic::{Accounts, KEY_SHOWN};
pub use principal::{Door, Principal};
