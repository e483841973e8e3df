//! Logs: read as they are written, back as far as they go, of one container or of several in one. The lines are made and
//! taken away by hand, and there are never more than [`lines::LINES_MAX`] of them: what one scrolls to is fetched.

mod address;
mod feed;
mod foot;
mod keys;
mod line;
mod lines;
mod page;
mod source;

pub(crate) use page::LogsPage;
