//! A new container: the form, and beside it the same as text.

mod aside;
mod draft;
mod first;
mod folded;
mod labels;
mod page;
mod paste;
mod rows;

pub(crate) use aside::Progress;
pub(crate) use page::CreatePage;
