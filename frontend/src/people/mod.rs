//! Accounts of others, teams, roles and host groups: who may do what, where, and why. And the providers that they sign in
//! through.

mod accounts;
mod address;
mod grants;
mod groups;
mod identities;
mod invite;
mod keys;
mod page;
mod person;
mod provider_form;
mod providers;
mod rights;
mod roster;
mod sessions;
mod shown;
mod teams;
mod words;

pub(crate) use page::PeoplePage;
pub(crate) use words::end_of_day;
