//! Consoles: programs in containers on terminals, several in tabs, each over a websocket of its own.

mod find;
mod form;
mod kept;
mod outbox;
mod page;
mod session;
mod socket;
mod tabs;
mod terminal;
mod words;

pub(crate) use page::ConsolePage;
pub(crate) use words::split;
