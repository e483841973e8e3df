//! Accounts, their sessions and API keys, and the link that makes the first of them.

mod attempts;
mod error;
mod logic;
mod password;
mod queries;
pub mod routes;
mod token;

pub use error::AccountError;
pub use logic::Accounts;
