//! The live line: one websocket per browser. A delta is made against what that browser was sent last, at the moment
//! when it can be sent, so a slow browser costs memory for one window and never for a queue.

mod session;
mod subscription;

pub use session::run;
