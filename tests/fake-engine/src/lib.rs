//! A Docker engine in memory, for faults and for scale: it has as many containers as a test wants, answers what the
//! inventory and the gateway ask, and breaks in every way that a real engine, or the line to one, can break.
//!
//! Features are proven on a real dockerd; nothing here says how one behaves. [`FakeEngine`] is the handle: the engine
//! runs in the test's own runtime and ends with the handle.

mod answer;
mod body;
mod containers;
mod engine;
mod fault;
mod hijack;
mod listen;
mod names;
mod routes;
mod world;

pub use engine::FakeEngine;
pub use fault::Fault;
