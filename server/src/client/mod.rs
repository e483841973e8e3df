//! Longshore from afar: `longshore login`, `logout`, `connect` and `stack` talk to a server as any client does, with an API key that
//! the user's config folder keeps.

mod address;
mod carried;
mod connect;
mod engine;
mod kept;
mod login;
mod remote;
mod socket;
mod stack;

pub use address::Address;
pub use connect::run as connect;
pub use login::{forget as logout, run as login};
pub use stack::run as stack;
