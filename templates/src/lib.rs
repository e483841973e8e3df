//! App templates: what a person picks from, and what comes of the answers.
//!
//! Two formats are read ([`collection`]) into one [`Template`](template::Template): our own ([`mod@format`], YAML) and Portainer's ([`portainer`],
//! JSON of the versions 1, 2 and 3). [`fill`] checks answers and says what is to be deployed, always as a Compose project, so
//! that one engine plans all. No I/O and no randomness here: texts, random bytes and the ports that are taken come from the
//! caller, and all of it compiles to WebAssembly, so that a form and a server say the same of an answer.

pub mod builtin;
pub mod category;
pub mod collection;
pub mod container;
pub mod fill;
pub mod format;
pub mod notes;
pub mod portainer;
pub mod problem;
pub mod refusal;
pub mod repository;
pub mod saved;
pub mod search;
pub mod secret;
pub mod single;
pub mod template;
pub mod variable;
pub mod volumes;
pub mod web;
pub mod words;
