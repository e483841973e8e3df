//! The fields of an entry, each with a word about what is wrong with it.

use longshore_compose::{
    problem::{Problem as Text, Wanted},
    shape::near,
};

use super::json::Json;
use crate::problem::{At, Finding, Problem, Said};

/// How long a text may be.
const LONGEST: usize = 20_000;

/// How many entries a list may have.
const MOST: usize = 500;

/// What is said of one template.
pub(super) struct Sayings {
    pub(super) at: At,
    pub(super) findings: Vec<Finding>,
}

impl Sayings {
    pub(super) fn say(&mut self, problem: impl Into<Said>, field: &str) {
        if self.findings.len() < MOST {
            self.findings.push(Finding::new(problem, self.at.clone(), field));
        }
    }

    pub(super) fn wrong<T>(&mut self, json: &Json, wanted: Wanted, field: &str) -> Option<T> {
        self.say(Text::WrongKind { wanted, found: json.found() }, field);
        None
    }

    pub(super) fn refused(&self) -> bool {
        self.findings.iter().any(|finding| !finding.is_note())
    }
}

/// Fields that are taken out one by one; what is left over means nothing.
pub(super) struct Fields {
    path: String,
    fields: Vec<(String, Json)>,
}

impl Fields {
    /// The fields of a value, or that it has none. A field that stands twice is said; the last counts.
    pub(super) fn of(json: Json, path: &str, sayings: &mut Sayings) -> Option<Self> {
        let Json::Map(all) = json else { return sayings.wrong(&json, Wanted::Map, path) };
        let mut fields: Vec<(String, Json)> = Vec::new();
        for (key, value) in all {
            match fields.iter_mut().find(|(known, _)| *known == key) {
                Some(known) => {
                    sayings.say(Problem::FieldTwice { field: key }, path);
                    known.1 = value;
                }
                None => fields.push((key, value)),
            }
        }
        Some(Self { path: path.to_owned(), fields })
    }

    /// Where a field is.
    pub(super) fn path(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Takes the first of these that says something.
    pub(super) fn take(&mut self, keys: &[&str]) -> Option<Json> {
        let mut taken = None;
        for key in keys {
            if let Some(at) = self.fields.iter().position(|(known, _)| known == key) {
                let (_, value) = self.fields.remove(at);
                taken = taken.or(Some(value).filter(|value| *value != Json::Null));
            }
        }
        taken
    }

    /// A text; what is a number or a truth value is read as one.
    pub(super) fn text(&mut self, keys: &[&str], sayings: &mut Sayings) -> Option<String> {
        let value = self.take(keys)?;
        let path = self.path(keys[0]);
        let Some(mut text) = value.scalar() else { return sayings.wrong(&value, Wanted::Text, &path) };
        if let Some((at, _)) = text.char_indices().nth(LONGEST) {
            sayings.say(Problem::TextTooLong { limit: LONGEST }, &path);
            text.truncate(at);
        }
        Some(text)
    }

    /// A truth value, also as a text.
    pub(super) fn flag(&mut self, keys: &[&str], sayings: &mut Sayings) -> bool {
        let Some(value) = self.take(keys) else { return false };
        match value.scalar().as_deref() {
            Some("true" | "1") => true,
            Some("false" | "0" | "") => false,
            _ => sayings.wrong(&value, Wanted::Flag, &self.path(keys[0])).unwrap_or_default(),
        }
    }

    /// A list.
    pub(super) fn list(&mut self, key: &str, sayings: &mut Sayings) -> Vec<Json> {
        let path = self.path(key);
        match self.take(&[key]) {
            None => Vec::new(),
            Some(Json::List(list)) if list.len() > MOST => {
                sayings.say(Problem::TooMany { limit: MOST }, &path);
                Vec::new()
            }
            Some(Json::List(list)) => list,
            Some(other) => sayings.wrong::<Vec<Json>>(&other, Wanted::List, &path).unwrap_or_default(),
        }
    }

    /// Says what is left over.
    pub(super) fn end(self, known: &[&str], sayings: &mut Sayings) {
        for (field, _) in self.fields {
            let near = near(&field, known.iter().copied());
            sayings.say(Problem::UnknownField { field, near }, &self.path);
        }
    }
}
