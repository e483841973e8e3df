//! Images, networks and volumes: three tables of one make.

mod create;
mod facts;
mod keys;
mod layers;
mod list;
mod load;
mod members;
mod page;
mod prune;
mod remove;
mod row;
mod table;
mod tags;
mod thing;
mod view;

pub(crate) use page::ShelfPage;
pub(crate) use thing::ThingPage;
