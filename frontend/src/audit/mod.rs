//! The audit log: who did what, from where, and how it ended, as it is written.

mod chain;
mod entry;
mod feed;
mod page;
mod words;

pub(crate) use page::AuditPage;
