//! The page of one container.

mod env;
mod follow;
mod head;
mod health;
mod network;
mod overview;
mod page;

pub(crate) use page::ContainerPage;
