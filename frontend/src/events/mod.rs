//! Events: what happened on the engines, live.

mod feed;
mod keys;
mod page;
mod words;

pub(crate) use page::EventsPage;
pub(crate) use words::{EventMark, happened};
