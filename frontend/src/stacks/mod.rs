//! Stacks: what belongs together on a host, its files beside what they would do, its releases.

mod apply;
mod check;
mod draft;
mod editor;
mod feed;
mod files;
mod list;
mod page;
mod plan;
mod releases;
mod services;
mod variables;

pub(crate) use feed::stack as followed;
pub(crate) use list::StacksPage;
pub(crate) use page::StackPage;
pub(crate) use plan::Rows as PlanRows;
