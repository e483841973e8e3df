//! The Compose Specification, from files to a typed project.
//!
//! No I/O here: files come from a [`Files`] that the caller brings, which reads beneath the stack's own folder, and
//! variables from a map. Nothing is taken from the process around it, and all of it compiles to WebAssembly, so that an
//! editor and a server say the same of a file.

pub mod canon;
pub mod config;
pub mod dotenv;
pub mod engine;
pub mod hash;
pub mod interpolate;
pub mod labels;
pub mod load;
pub mod merge;
pub mod model;
pub mod names;
pub mod order;
pub mod paths;
pub mod place;
pub mod problem;
pub mod scalar;
pub mod shape;
pub mod tree;
pub mod units;
pub mod validate;
pub mod yaml;
