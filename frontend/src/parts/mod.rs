//! Small parts that every page is made of. They take data and callbacks and fetch nothing.

mod field;
mod icon;
mod menu;
mod state;
mod spark;
mod problem;

pub(crate) use field::{Field, submitted};
pub(crate) use icon::{Icon, Logo, StateMark};
pub(crate) use menu::{Menu, MenuLink};
pub(crate) use problem::Trouble;
pub(crate) use spark::Spark;
pub(crate) use state::{StateCell, state_reason, state_word};
