//! Small parts that every page is made of. They take data and callbacks and fetch nothing.

mod choice;
mod copy;
mod deed;
mod dialog;
mod dynamic;
mod each;
mod field;
mod find;
mod going;
mod icon;
mod initials;
mod menu;
mod mini_quay;
mod problem;
mod px;
mod scroll;
mod spark;
mod state;

pub(crate) use choice::{Choice, Ticks};
pub(crate) use copy::CodeLine;
pub(crate) use deed::{Deed, DeedDialog};
pub(crate) use dialog::{Close, Layer, LayerHead, is_covered};
pub(crate) use dynamic::{Show, dynamic, memo};
pub(crate) use each::each;
pub(crate) use field::{Field, password_help, submitted};
pub(crate) use find::{Find, focus_find};
pub(crate) use going::{Going, GoingDialog, going_line, let_go};
pub(crate) use icon::{Icon, Logo, StateMark};
pub(crate) use initials::initials;
pub(crate) use menu::{Menu, MenuCheck, MenuLink};
pub(crate) use mini_quay::MiniQuay;
pub(crate) use problem::{EngineWords, FormTrouble, Trouble};
pub(crate) use px::Px;
pub(crate) use scroll::{Scroller, Seen, Space, window_for};
pub(crate) use spark::Spark;
pub(crate) use state::{StateCell, exit_explained, running_of, state_reason, state_word};
