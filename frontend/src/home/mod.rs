//! Home: what is broken, what changed, what can be done about it.

mod attention;
mod consumers;
mod counts;
mod data;
mod host_list;
mod page;
mod recent;

pub(crate) use page::HomePage;
