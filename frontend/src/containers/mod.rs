//! Containers: the live table.

mod acting;
mod address;
mod bulk;
mod cells;
mod empty;
mod filter_bar;
mod group_row;
mod head;
mod hold;
mod image;
mod keys;
mod page;
mod removed;
mod row;
mod rows;
mod search;
mod selection;
mod stopped;
mod table;
mod totals;

pub(crate) use acting::{
    Acting, ActingLayers, Confirm, Mishaps, Sheet, Target, acting, deeds, verb_asks, verb_doing, verb_first,
    verb_icon, verb_needs, verb_on, verb_unfit, verb_word,
};
pub(crate) use cells::{ImageCell, OwnerCell};
pub(crate) use page::ContainersPage;
pub(crate) use removed::RemovedPage;
pub(crate) use search::Search;
pub(crate) use totals::{Totals, totals_listener};
