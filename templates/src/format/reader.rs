//! Values of a tree, each with a word about what is wrong with it.

use longshore_compose::{
    place::Place,
    problem::{Problem as Text, Wanted},
    shape::near,
    tree::{Node, Value},
};

use super::same;
use crate::{
    problem::{At, Finding, Problem, Said, found},
    words::Words,
};

/// How long a text may be.
const LONGEST: usize = 4_000;

/// How many entries a list may have.
const MOST: usize = 100;

/// Reads values and keeps what is wrong.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) findings: Vec<Finding>,
}

impl Reader {
    pub(super) fn say(&mut self, problem: impl Into<Said>, at: &Place, field: &str) {
        if self.findings.len() < MOST {
            self.findings.push(Finding::new(problem, At::Place(at.clone()), field));
        }
    }

    pub(super) fn into_sorted(mut self) -> Vec<Finding> {
        let line = |finding: &Finding| match &finding.at {
            At::Place(place) => (place.line, place.column),
            _ => (0, 0),
        };
        self.findings.sort_by_key(line);
        self.findings
    }

    fn wrong<T>(&mut self, node: &Node, wanted: Wanted, path: &str) -> Option<T> {
        self.say(Text::WrongKind { wanted, found: found(node) }, &node.at, path);
        None
    }

    /// Says that it is no map, or which of its keys mean nothing.
    pub(super) fn keys(&mut self, node: &Node, known: &[&'static str], path: &str) -> Option<()> {
        let Some(map) = node.as_map() else { return self.wrong(node, Wanted::Map, path) };
        for (key, entry) in map {
            if !known.contains(&key.as_str()) && !key.starts_with("x-") {
                let near = near(key, known.iter().copied());
                self.say(Text::UnknownKey { key: key.clone(), near }, &entry.at, path);
            }
        }
        Some(())
    }

    /// A text that has to be there.
    pub(super) fn text(&mut self, node: &Node, key: &'static str, path: &str) -> Option<String> {
        match node.get(key).filter(|value| !value.is_null()) {
            Some(_) => self.optional(node, key, path),
            None => {
                self.say(Text::MissingKey { key }, &node.at, path);
                None
            }
        }
    }

    /// A text that may be there.
    pub(super) fn optional(&mut self, node: &Node, key: &'static str, path: &str) -> Option<String> {
        let value = node.get(key).filter(|value| !value.is_null())?;
        let path = join(path, key);
        let Some(text) = value.as_text() else { return self.wrong(value, Wanted::Text, &path) };
        // The Compose file itself is as long as the whole may be.
        if key != "compose" && text.chars().count() > LONGEST {
            self.say(Problem::TooMany { limit: LONGEST }, &value.at, &path);
            return None;
        }
        Some(text.to_owned())
    }

    /// A whole number that may be there.
    pub(super) fn whole(&mut self, node: &Node, key: &'static str, path: &str) -> Option<i64> {
        let value = node.get(key)?;
        match value.to_json().as_i64() {
            Some(whole) => Some(whole),
            None => self.wrong(value, Wanted::Whole, &join(path, key)),
        }
    }

    /// A truth value that may be there.
    pub(super) fn flag(&mut self, node: &Node, key: &'static str, path: &str) -> Option<bool> {
        let value = node.get(key)?;
        match value.to_json().as_bool() {
            Some(flag) => Some(flag),
            None => self.wrong(value, Wanted::Flag, &join(path, key)),
        }
    }

    /// The entries of a list that may be there.
    pub(super) fn list(&mut self, node: &Node, key: &'static str) -> Vec<Node> {
        let Some(value) = node.get(key).filter(|value| !value.is_null()) else { return Vec::new() };
        let Value::List(list) = &value.value else {
            return self.wrong::<Vec<Node>>(value, Wanted::List, key).unwrap_or_default();
        };
        if list.len() > MOST {
            self.say(Problem::TooMany { limit: MOST }, &value.at, key);
        }
        list.iter().take(MOST).cloned().collect()
    }

    /// The texts of a list that may be there.
    pub(super) fn texts(&mut self, node: &Node, key: &'static str) -> Vec<(String, Place)> {
        let list = self.list(node, key);
        let mut texts = Vec::new();
        for item in list {
            match item.as_text() {
                Some(text) => texts.push((text.to_owned(), item.at.clone())),
                None => self.wrong::<()>(&item, Wanted::Text, key).unwrap_or_default(),
            }
        }
        texts
    }

    /// A text in both languages.
    pub(super) fn words(&mut self, node: &Node, key: &'static str, path: &str, needed: bool) -> Words {
        let Some(value) = node.get(key).filter(|value| !value.is_null()) else {
            if needed {
                self.say(Text::MissingKey { key }, &node.at, path);
            }
            return Words::default();
        };
        let path = join(path, key);
        if self.keys(value, &["en", "zh-CN"], &path).is_none() {
            return Words::default();
        }
        let mut words = Words::default();
        for language in ["en", "zh-CN"] {
            let text = self.optional(value, language, &path).unwrap_or_default();
            if text.trim().is_empty() {
                self.say(Problem::OneLanguage { language }, &value.at, &path);
            }
            match language {
                "en" => words.en = text,
                _ => words.zh = Some(text),
            }
        }
        words
    }

    /// A name: one text, or one in each language.
    pub(super) fn title(&mut self, node: &Node, key: &'static str, path: &str) -> Words {
        match node.get(key) {
            Some(value) if value.as_text().is_some() => same(self.text(node, key, path).unwrap_or_default()),
            _ => self.words(node, key, path, true),
        }
    }
}

/// A path with one key more.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
