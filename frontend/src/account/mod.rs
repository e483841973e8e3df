//! One's own account: password, sessions, API keys.

mod keys;
mod page;
mod password;
mod sessions;

pub(crate) use page::AccountPage;
