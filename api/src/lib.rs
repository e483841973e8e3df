//! What browser, server and agent say to one another, and what all three must agree on.
//!
//! No I/O here and nothing that does not compile to WebAssembly: the server decides, the browser shows, and both read
//! the same table of operations, the same wire types and the same catalogue of sentences.

pub mod ansi;
pub mod explain;
pub mod format;
pub mod line;
pub mod ops;
pub mod sentence;
pub mod web;
pub mod words;
