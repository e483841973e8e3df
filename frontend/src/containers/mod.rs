//! Containers: the live table.

mod address;
mod cells;
mod deeds;
mod filter_bar;
mod group_row;
mod head;
mod hold;
mod image;
mod page;
mod row;
mod rows;
mod table;
mod totals;

pub(crate) use page::ContainersPage;
pub(crate) use totals::{Totals, totals_listener};
