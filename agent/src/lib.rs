//! The host functions: what must run on the machine itself, because no engine tells it, or only at a price.

pub mod ports;
pub mod usage;
