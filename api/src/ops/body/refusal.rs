//! Why a body or a parameter was refused.

use std::fmt;

use super::Rule;
use crate::{sentence::Sentence, words::say};

/// So many bytes of a path are quoted: keys are the client's.
const QUOTED: usize = 200;

/// A body or a parameter that is not passed on. Paths are like `HostConfig.Mounts[0].Source`; values are never quoted,
/// which may be secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyRefusal {
    /// It is no JSON.
    Json {
        /// Where and why.
        detail: String,
    },
    /// It has more bytes than any real one.
    TooLong {
        /// The most that is read.
        limit: usize,
    },
    /// It is nested deeper than any real one.
    TooDeep {
        /// The deepest that is read.
        limit: usize,
    },
    /// A key stands twice in one object, in one spelling or in two.
    Twice {
        /// The second of the two.
        path: String,
    },
    /// A key differs from a field's name only in case.
    Case {
        /// As it was sent.
        path: String,
        /// As engines write it.
        known: &'static str,
    },
    /// A value is of another kind than the field's.
    Kind {
        /// The field.
        path: String,
    },
    /// A field that the table has no verdict on.
    Unknown {
        /// The field.
        path: String,
    },
    /// A field that is for Managers.
    Manager {
        /// The field.
        path: String,
    },
    /// A value outside the field's rule.
    Ruled {
        /// The field, or which of its values.
        path: String,
        /// The rule.
        rule: Rule,
    },
}

impl BodyRefusal {
    /// Whether it is one of rights, not of form.
    #[must_use]
    pub const fn is_forbidden(&self) -> bool {
        matches!(self, Self::Unknown { .. } | Self::Manager { .. } | Self::Ruled { .. })
    }

    /// The field that is at fault.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Json { .. } | Self::TooLong { .. } | Self::TooDeep { .. } => None,
            Self::Twice { path }
            | Self::Case { path, .. }
            | Self::Kind { path }
            | Self::Unknown { path }
            | Self::Manager { path }
            | Self::Ruled { path, .. } => Some(path),
        }
    }

    /// What the person is told.
    #[must_use]
    pub fn sentence(&self) -> Sentence {
        let limit = |limit: &usize| i64::try_from(*limit).unwrap_or(i64::MAX);
        match self {
            Self::Json { detail } => say::body_invalid(detail),
            Self::TooLong { limit: most } => say::body_too_large(limit(most)),
            Self::TooDeep { limit: most } => say::body_deep(limit(most)),
            Self::Twice { path } => say::body_twice(cut(path)),
            Self::Case { path, known } => say::spec_key_case(cut(path), *known),
            Self::Kind { path } => say::spec_kind(cut(path)),
            Self::Unknown { path } => say::policy_unknown(cut(path)),
            Self::Manager { path } => say::policy_manager(cut(path)),
            Self::Ruled { path, rule } => rule.sentence(&cut(path)),
        }
    }
}

/// A path that can be shown: short, and on one line.
fn cut(path: &str) -> String {
    path[..path.floor_char_boundary(QUOTED)].replace(char::is_control, "\u{fffd}")
}

impl fmt::Display for BodyRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.sentence())
    }
}

impl std::error::Error for BodyRefusal {}
