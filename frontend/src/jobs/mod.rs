//! Jobs: long work that goes on without the page that asked for it.

mod feed;
mod layers;
mod list;
mod mark;

pub(crate) use feed::{Jobs, jobs};
pub(crate) use layers::Layers;
pub(crate) use list::{JobList, not_done};
pub(crate) use mark::JobsMark;
