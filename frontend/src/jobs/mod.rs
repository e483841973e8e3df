//! Jobs: long work that goes on without the page that asked for it.

mod feed;
mod known;
mod layers;
mod list;
mod log;
mod mark;
mod page;
mod words;

pub(crate) use feed::{Jobs, jobs};
pub(crate) use layers::Layers;
pub(crate) use list::JobList;
pub(crate) use mark::JobsMark;
pub(crate) use page::JobsPage;
pub(crate) use words::not_done;
