//! One's own account: what one may, the names that are one's own, sessions, API keys, password, two-factor authentication,
//! providers.

mod docker;
mod identities;
mod keys;
mod limits;
mod names;
mod page;
mod password;
mod proof;
mod sessions;
mod standing;
mod totp;

pub(crate) use identities::KeysGoOn;
pub(crate) use limits::{KeyLimitFields, KeyLimits, key_facts};
pub(crate) use page::AccountPage;
pub(crate) use sessions::browser_name;
