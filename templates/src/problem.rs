//! What is wrong with a template, as data: what it is and where. Each has a stable code, its arguments and a sentence of the
//! catalogue, with the way out.
//!
//! What concerns the text as such (no YAML, an unknown key, a value of the wrong kind) is said by the problems of the compose
//! crate, which reads the same language.

use std::fmt;

use longshore_api::{sentence::Sentence, words::say::*};
use longshore_compose::{
    place::Place,
    problem::{Found, Problem as Text, in_ticks},
    tree::{Node, Value},
};
use serde::Serialize;

/// Something that was found in a template or in a file of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// What.
    pub problem: Said,
    /// Where.
    pub at: At,
    /// The keys that lead there: `variables.PORT.default`; empty where there are none.
    pub field: String,
}

/// Where something is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum At {
    /// A place in a file.
    Place(Place),
    /// One template of a list.
    Entry {
        /// The how many-th, from 0.
        index: usize,
        /// What it is called, where it says so.
        title: String,
    },
    /// The file as a whole.
    File,
}

/// A problem of a text, or one of templates.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Said {
    /// Of the text.
    Text(Text),
    /// Of templates.
    Template(Problem),
}

/// What can be wrong with a template.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the arguments are what the sentences say of them")]
pub enum Problem {
    /// The text is no JSON.
    NotJson { said: String },
    /// It is no list of templates.
    NotTemplates,
    /// A version of the format that nobody wrote down.
    UnknownVersion { version: String },
    /// More templates than are read.
    TooManyTemplates { limit: usize },
    /// A text that is longer than is kept.
    TextTooLong { limit: usize },
    /// More of something than is kept.
    TooMany { limit: usize },
    /// A field that is missing.
    Missing { field: &'static str },
    /// A field twice; the last counts.
    FieldTwice { field: String },
    /// A field that no version of the format has.
    UnknownField { field: String, near: Option<String> },
    /// Two templates with one id.
    IdTaken { id: String, other: String },
    /// A word that cannot be an id.
    BadId { id: String },
    /// A kind that is not deployed.
    UnknownKind { kind: String },
    /// Nothing says what is deployed.
    NothingToDeploy,
    /// An address that is none, or one that is not fetched.
    BadAddress { value: String },
    /// A path that leads out of a repository.
    BadPath { value: String },
    /// No path of a page.
    BadPage { value: String },
    /// No port of a container.
    BadPort { value: String },
    /// No path of a container.
    BadMount { value: String },
    /// A name that no variable can have.
    BadVariable { name: String },
    /// A word that is none of those that there are.
    NotOne { value: String, choices: Vec<String> },
    /// A word that is none of those that there are, where that does no harm.
    Ignored { value: String, choices: Vec<String> },
    /// A text in one language only.
    OneLanguage { language: &'static str },
    /// Letters that are too many to stand for something.
    BadMark,
    /// A proposed answer that would be refused.
    BadDefault { name: String, why: crate::refusal::Refusal },
    /// Limits that exclude each other.
    BadLimits,
    /// The file uses a variable that is not asked for.
    NotDeclared { name: String },
    /// A variable that the file does not use.
    NotUsed { name: String },
    /// A link to a variable that is no port.
    NotAPort { name: String },
}

impl Said {
    /// Whether the template is there nevertheless.
    pub fn is_note(&self) -> bool {
        match self {
            Self::Text(text) => text.is_warning(),
            Self::Template(problem) => matches!(
                problem,
                Problem::FieldTwice { .. }
                    | Problem::UnknownField { .. }
                    | Problem::Ignored { .. }
                    | Problem::IdTaken { .. }
                    | Problem::TooManyTemplates { .. }
                    | Problem::TextTooLong { .. }
            ),
        }
    }

    /// The stable name of the problem: `unknown-kind`.
    pub fn code(&self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        value["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl From<Text> for Said {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl From<Problem> for Said {
    fn from(problem: Problem) -> Self {
        Self::Template(problem)
    }
}

impl Finding {
    /// Something at a place.
    pub fn new(problem: impl Into<Said>, at: At, field: impl Into<String>) -> Self {
        Self { problem: problem.into(), at, field: field.into() }
    }

    /// Whether the template is there nevertheless.
    pub fn is_note(&self) -> bool {
        self.problem.is_note()
    }
}

impl From<longshore_compose::problem::Finding> for Finding {
    fn from(finding: longshore_compose::problem::Finding) -> Self {
        Self::new(finding.problem, At::Place(finding.at), finding.path)
    }
}

/// What a value of a file is.
pub(crate) fn found(node: &Node) -> Found {
    match &node.value {
        Value::List(_) => Found::List,
        Value::Map(_) => Found::Map,
        Value::Scalar(_) => match node.to_json() {
            serde_json::Value::Null => Found::Null,
            serde_json::Value::Bool(_) => Found::Flag,
            serde_json::Value::Number(_) => Found::Number,
            _ => Found::Text,
        },
    }
}

impl At {
    /// Which template it is, of a list.
    pub(crate) fn sentence(&self) -> Option<Sentence> {
        match self {
            Self::Entry { index, title } if title.is_empty() => Some(template_entry(index + 1)),
            Self::Entry { index, title } => Some(template_entry_named(index + 1, title)),
            Self::Place(_) | Self::File => None,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.at, self.at.sentence()) {
            (At::Place(place), _) => write!(f, "{place}: ")?,
            (_, Some(entry)) => write!(f, "{entry}: ")?,
            (_, None) => {}
        }
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        self.problem.sentence().fmt(f)
    }
}

impl Said {
    /// What is wrong, and what to do.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Text(text) => text.sentence(),
            Self::Template(problem) => problem.sentence(),
        }
    }
}

impl Problem {
    /// What is wrong, and what to do.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::NotJson { said } => template_not_json(said),
            Self::NotTemplates => template_not_templates(),
            Self::UnknownVersion { version } => template_unknown_version(version),
            Self::TooManyTemplates { limit } => template_too_many_templates(*limit),
            Self::TextTooLong { limit } => template_text_too_long(*limit),
            Self::TooMany { limit } => template_too_many(*limit),
            Self::Missing { field } => template_missing(*field),
            Self::FieldTwice { field } => template_field_twice(field),
            Self::UnknownField { field, near: Some(near) } => template_unknown_field_near(field, near),
            Self::UnknownField { field, near: None } => template_unknown_field(field),
            Self::IdTaken { id, other } => template_id_taken(id, other),
            Self::BadId { id } => template_bad_id(id),
            Self::UnknownKind { kind } => template_unknown_kind(kind),
            Self::NothingToDeploy => template_nothing_to_deploy(),
            Self::BadAddress { value } => template_bad_address(value),
            Self::BadPath { value } => template_bad_path(value),
            Self::BadPage { value } => template_bad_page(value),
            Self::BadPort { value } => template_bad_port(value),
            Self::BadMount { value } => template_bad_mount(value),
            Self::BadVariable { name } => template_bad_variable(name),
            Self::NotOne { value, choices } => compose_not_a_choice(in_ticks(choices), value),
            Self::Ignored { value, choices } => template_ignored(in_ticks(choices), value),
            Self::OneLanguage { language } => template_one_language(*language),
            Self::BadMark => template_bad_mark(),
            Self::BadDefault { name, why } => template_bad_default(name, why.sentence()),
            Self::BadLimits => template_bad_limits(),
            Self::NotDeclared { name } => template_not_declared(name),
            Self::NotUsed { name } => template_not_used(name, format!("${{{name}}}")),
            Self::NotAPort { name } => template_not_a_port(name),
        }
    }
}
