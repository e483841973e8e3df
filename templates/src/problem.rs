//! What is wrong with a template, as data: what it is and where. Each has a stable code and its arguments, so that it can be
//! said in any language; its `Display` says it in English, with the way out.
//!
//! What concerns the text as such (no YAML, an unknown key, a value of the wrong kind) is said by the problems of the compose
//! crate, which reads the same language.

use std::fmt;

use longshore_compose::{
    place::Place,
    problem::{Found, Problem as Text},
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
#[expect(missing_docs, reason = "the arguments are what the sentences below say of them")]
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

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.at {
            At::Place(place) => write!(f, "{place}: ")?,
            At::Entry { index, title } if title.is_empty() => write!(f, "template {}: ", index + 1)?,
            At::Entry { index, title } => write!(f, "template {}, {title}: ", index + 1)?,
            At::File => {}
        }
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        self.problem.fmt(f)
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::Template(problem) => problem.fmt(f),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson { said } => write!(f, "this is no JSON: {said}"),
            Self::NotTemplates => write!(
                f,
                "this is no list of templates; it needs `\"version\"` and `\"templates\"`, or to be a list"
            ),
            Self::UnknownVersion { version } => {
                write!(f, "version `{version}` of the format is not known; there are 1, 2 and 3")
            }
            Self::TooManyTemplates { limit } => {
                write!(f, "these are more than {limit} templates; the rest is not read")
            }
            Self::TextTooLong { limit } => {
                write!(f, "this is longer than {limit} characters; the rest is cut")
            }
            Self::TooMany { limit } => write!(f, "these are more than {limit}; remove some"),
            Self::Missing { field } => write!(f, "`{field}` is missing; write one"),
            Self::FieldTwice { field } => {
                write!(f, "`{field}` stands here twice and the last counts; remove one")
            }
            Self::UnknownField { field, near: Some(near) } => {
                write!(f, "`{field}` is not known and has no effect; did you mean `{near}`?")
            }
            Self::UnknownField { field, near: None } => write!(f, "`{field}` is not known and has no effect"),
            Self::IdTaken { id, other } => write!(f, "`{id}` is the id of {other} too; choose another"),
            Self::BadId { id } => {
                write!(
                    f,
                    "`{id}` is no id; write lower-case letters, digits and `-`, a letter or digit first"
                )
            }
            Self::UnknownKind { kind } => write!(
                f,
                "the type `{kind}` is not known; there are 1 for a container, 2 for a stack of a swarm, 3 and 4 for a Compose stack"
            ),
            Self::NothingToDeploy => {
                write!(
                    f,
                    "nothing says what is deployed; write `repository`, with `url` and `stackfile`, or `stackFile`"
                )
            }
            Self::BadAddress { value } => {
                write!(f, "`{value}` is no address that is fetched; write one with `https://` or `http://`")
            }
            Self::BadPath { value } => {
                write!(f, "`{value}` is no path in a repository; write one without a leading `/` and `..`")
            }
            Self::BadPage { value } => {
                write!(f, "`{value}` is no path of a page; write one that begins with a single `/`")
            }
            Self::BadPort { value } => {
                write!(f, "`{value}` is no port; write it as `8080:80/tcp` or `80/tcp`")
            }
            Self::BadMount { value } => {
                write!(f, "`{value}` is no path in a container; write one that begins with `/`")
            }
            Self::BadVariable { name } => {
                write!(f, "`{name}` is no name of a variable; write letters, digits and `_`, a letter first")
            }
            Self::NotOne { value, choices } => write!(f, "`{value}` is none of {}", choices.join(", ")),
            Self::Ignored { value, choices } => {
                write!(f, "`{value}` is none of {} and has no effect", choices.join(", "))
            }
            Self::OneLanguage { language } => write!(f, "this has no text in `{language}`; write one"),
            Self::BadMark => write!(f, "the mark takes one or two letters"),
            Self::BadDefault { name, why } => {
                write!(f, "the proposed answer of `{name}` would be refused: {why}")
            }
            Self::BadLimits => write!(f, "these limits exclude each other, or go beyond what there is"),
            Self::NotDeclared { name } => {
                write!(f, "the file uses `{name}`, which is not asked for; write it beneath `variables`")
            }
            Self::NotUsed { name } => {
                write!(f, "the file does not use `{name}`; remove it or write `${{{name}}}`")
            }
            Self::NotAPort { name } => write!(f, "`{name}` is no variable of the type `port`"),
        }
    }
}
