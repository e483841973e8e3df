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

pub use error::AccountError;
pub use logic::Accounts;
pub use principal::{Door, Principal};
