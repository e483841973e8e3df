//! Consoles: a program in a container on a terminal in a browser. A console is a task of its own that outlives the
//! websocket it was begun by: when the line breaks, it waits for the same person to come back.

mod begin;
mod demux;
mod ending;
mod flow;
mod process;
mod queries;
mod room;
mod run;
mod scrollback;
mod serve;
mod wire;

pub use begin::{DETACH_KEYS, end_exec};
pub use room::Consoles;
pub use serve::serve;
