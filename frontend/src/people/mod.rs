//! Accounts of others, teams, roles and host groups: who may do what, where, and why.

mod accounts;
mod address;
mod grants;
mod groups;
mod invite;
mod keys;
mod page;
mod person;
mod providers;
mod rights;
mod roster;
mod sessions;
mod shown;
mod teams;
mod words;

pub(crate) use page::PeoplePage;
pub(crate) use words::end_of_day;
