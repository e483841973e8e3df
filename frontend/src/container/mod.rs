//! The page of one container.

mod access;
mod changes;
mod chart;
mod dialogs;
mod env;
mod follow;
mod head;
mod health;
mod inspect;
mod keeping;
mod last_words;
mod loaded;
mod network;
mod overview;
mod page;
mod processes;
mod stats;
mod tree;

pub(crate) use page::ContainerPage;
