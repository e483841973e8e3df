//! One's own account: password, sessions, API keys.

mod docker;
mod identities;
mod keys;
mod limits;
mod names;
mod page;
mod password;
mod sessions;
mod standing;
mod totp;

pub(crate) use limits::{KeyLimitFields, KeyLimits, key_facts};
pub(crate) use page::AccountPage;
pub(crate) use sessions::browser_name;
