//! The Compose Specification, from files to a typed project.
//!
//! No I/O here: files come from a [`load::Files`] that the caller brings, which reads beneath the stack's own folder, and
//! variables from a map. Nothing is taken from the process around it, and all of it compiles to WebAssembly, so that an
//! editor and a server say the same of a file.
//!
//! The way of a file: [`yaml`] makes a [`tree`] of it in which every word knows its [`place`]; [`interpolate`] fills in
//! the variables; [`canon`] writes out the short forms by the table of [`shape`]; [`load`] extends its services,
//! lays it over the files before it by the rules of [`merge`], and includes others; what comes out is the [`model`],
//! which [`validate`] looks at as a whole. Whatever is wrong on the way is a [`problem`] at its place, and all of them are
//! said at once. From the model on: [`config`] writes it as a file, [`saved`] makes one of containers that run, [`order`] says who waits for whom, [`names`],
//! [`labels`] and [`hash`] are those of `docker compose` 2, and [`engine`] is what the engine is asked for; [`plan`]
//! compares that with what is there and says what is to be done. What belongs to it besides its files is told by
//! [`beside`] and [`ignore`]. [`editor`] helps while a file is written.

pub mod beside;
pub mod canon;
pub mod config;
pub mod dotenv;
pub mod editor;
pub mod engine;
pub mod hash;
pub mod ignore;
pub mod interpolate;
pub mod labels;
pub mod load;
pub mod merge;
pub mod model;
pub mod names;
pub mod order;
pub mod paths;
pub mod place;
pub mod plan;
pub mod problem;
pub mod room;
pub mod saved;
pub mod scalar;
pub mod shape;
pub mod tree;
pub mod units;
pub mod validate;
pub mod yaml;
