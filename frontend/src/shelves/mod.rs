//! Images, networks and volumes: three tables of one make.

mod create;
mod dialog;
mod list;
mod page;
mod remove;
mod row;
mod table;
mod view;

pub(crate) use page::ShelfPage;
