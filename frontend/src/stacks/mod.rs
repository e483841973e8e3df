//! Stacks: what belongs together on a host, its files beside what they would do, its releases.

mod adopt;
mod apply;
mod check;
mod compare;
mod draft;
mod drift;
mod editor;
mod feed;
mod files;
mod graph;
mod keys;
mod list;
mod name;
mod once;
mod page;
mod plan;
mod releases;
mod save;
mod services;
mod settle;
mod targets;
mod variables;

pub(crate) use feed::stack as followed;
pub(crate) use list::StacksPage;
pub(crate) use page::StackPage;
pub(crate) use plan::Rows as PlanRows;
pub(crate) use targets::Targets;
