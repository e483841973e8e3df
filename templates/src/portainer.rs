//! Portainer's format: JSON of the versions 1 (a bare list), 2 and 3. A bad entry is a message; the good ones still come.
//!
//! The files that people have are looser than their description: numbers stand where texts belong and the other way round,
//! fields are spelt in two ways, and what one version calls type 4 the next does not know. All of that is taken as it is
//! meant. What has no meaning anywhere is said, so that nothing is lost silently.

mod entry;
mod environment;
mod fields;
mod json;

use std::collections::BTreeMap;

use crate::{
    collection::Collection,
    problem::{At, Finding, Problem},
};
use json::Json;

/// How many bytes a file may have.
pub const LARGEST: usize = 8 << 20;

/// How many templates of a file are read.
pub const MOST: usize = 5_000;

/// Reads a file of templates.
pub fn read(text: &str) -> Collection {
    let mut collection = Collection::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > LARGEST {
        let problem = longshore_compose::problem::Problem::FileTooLarge { bytes: text.len(), limit: LARGEST };
        return collection.refused(problem);
    }
    let json = match serde_json::from_str::<Json>(text) {
        Ok(json) => json,
        Err(error) => return collection.refused(Problem::NotJson { said: error.to_string() }),
    };
    let list = match json {
        Json::List(list) => {
            collection.version = Some(1);
            list
        }
        Json::Map(fields) => {
            let mut list = None;
            for (key, value) in fields {
                match (key.as_str(), value) {
                    ("version", value) => match value.scalar().as_deref() {
                        Some("2") => collection.version = Some(2),
                        Some("3") => collection.version = Some(3),
                        other => {
                            let version = other.unwrap_or_default().to_owned();
                            return collection.refused(Problem::UnknownVersion { version });
                        }
                    },
                    ("templates", Json::List(templates)) => list = Some(templates),
                    ("templates", _) => return collection.refused(Problem::NotTemplates),
                    _ => collection.say(Problem::UnknownField { field: key, near: None }, At::File, ""),
                }
            }
            match list {
                Some(list) => list,
                None => return collection.refused(Problem::NotTemplates),
            }
        }
        _ => return collection.refused(Problem::NotTemplates),
    };
    if list.len() > MOST {
        collection.say(Problem::TooManyTemplates { limit: MOST }, At::File, "templates");
    }
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for (index, json) in list.into_iter().take(MOST).enumerate() {
        let (template, mut findings) = entry::read(index, json);
        if let Some(mut template) = template {
            if let Some(other) = ids.get(&template.id) {
                let at = At::Entry { index, title: template.title.en.clone() };
                let problem = Problem::IdTaken { id: template.id.clone(), other: other.clone() };
                findings.push(Finding::new(problem, at, "id"));
                // Both are there: the later one is known by what it is, and by its place if even that is the same.
                template.id = entry::hash(&template);
                if ids.contains_key(&template.id) {
                    template.id = format!("{}-{index}", template.id);
                }
            }
            ids.insert(template.id.clone(), template.title.en.clone());
            collection.templates.push(template);
        }
        collection.hear(findings);
    }
    collection
}
