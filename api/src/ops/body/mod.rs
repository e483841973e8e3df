//! The bodies of the engine's operations: read strictly, described field by field, and judged.
//!
//! [`read`] is the one way from bytes to JSON: no key twice. [`policy`] is the one judge of what it says: keys in the
//! engine's own spelling only, since engines take `privileged` for `Privileged` and the last of two; below
//! [`Strength::Manager`] every field must have a verdict that lets it pass. What comes out is written anew, so that an
//! engine reads what was judged and nothing else. The same for parameters: [`asked`].

mod address;
mod policy;
mod query;
mod read;
mod refers;
mod refusal;
mod rules;
mod shape;
mod spelling;
mod tables;
#[cfg(test)]
mod tests;

pub use policy::{Checked, Strength, policy};
pub use query::asked;
pub use read::read;
pub use refers::{Reference, Thing};
pub use refusal::BodyRefusal;
pub use rules::{Rule, says_whose};

pub(crate) use policy::refused_below;

/// `key` below `path`.
fn within(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// The `index`th of `path`.
fn nth(path: &str, index: usize) -> String {
    format!("{path}[{index}]")
}
