//! What a body looks like, as data, and what is thought of each field.

use super::{refers::Refers, rules::Rule};

/// What a value is.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A text.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Flag,
    /// A list of texts, or one text: engines take both.
    Words,
    /// Somebody's data, with no fields of the engine's in it.
    Data,
    /// A struct of the engine's, in groups of fields that it shares with others.
    Object(&'static [&'static [Field]]),
    /// A list.
    List(&'static Shape),
    /// A map, whose keys are data.
    Map(&'static Shape),
}

/// One field of a struct of the engine's.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// As engines write it.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Who may set it.
    pub verdict: Verdict,
    /// What else its value names.
    pub refers: Option<Refers>,
}

/// Who may set a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everybody; of a struct, each of its fields has its own verdict.
    Free,
    /// Everybody within a rule, and Managers without.
    Ruled(Rule),
    /// Managers; the others may say that it is nothing.
    Manager,
}

/// Anybody may set it.
pub(super) const fn free(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, verdict: Verdict::Free, refers: None }
}

/// Anybody may set it within the rule.
pub(super) const fn ruled(name: &'static str, shape: Shape, rule: Rule) -> Field {
    Field { name, shape, verdict: Verdict::Ruled(rule), refers: None }
}

/// Managers may set it, and everything in it.
pub(super) const fn manager(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, verdict: Verdict::Manager, refers: None }
}

impl Field {
    /// The same field, whose value names something else.
    pub(super) const fn refers(mut self, refers: Refers) -> Self {
        self.refers = Some(refers);
        self
    }
}

/// The field of exactly this name.
pub(super) fn find(groups: &'static [&'static [Field]], name: &str) -> Option<&'static Field> {
    groups.iter().flat_map(|group| group.iter()).find(|field| field.name == name)
}
