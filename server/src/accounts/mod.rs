//! Accounts, their sessions and API keys, the links that make them, and what gives them their rights.

mod attempts;
mod ends;
mod error;
mod keys;
mod logic;
mod normal;
pub mod oidc;
mod password;
pub mod people;
mod principal;
mod queries;
mod rights;
pub mod routes;
mod rules;
mod sealed;
mod token;
pub mod totp;
mod uses;

pub use attempts::network_of;
pub use error::AccountError;
pub use keys::KEY_SHOWN;
pub use logic::Accounts;
pub use principal::{Door, Principal};
pub use sealed::{forget_sealed, forget_sessions, has_sealed, has_sessions};
