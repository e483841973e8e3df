//! Consoles: programs in containers on terminals, several in tabs, each over a websocket of its own.

mod kept;
mod outbox;
mod page;
mod session;
mod socket;
mod terminal;

pub(crate) use page::ConsolePage;
