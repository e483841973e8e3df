//! What is wrong with files, found while they are written: by the same reader as the server's.

use std::collections::BTreeMap;

use longshore_api::web::stack::{StackFinding, StackSource};
use longshore_compose::{
    editor,
    load::{Request, discover, load},
    problem::Finding,
};

/// The folder that is read from; what it is called is told by nothing.
const FOLDER: &str = "/stack";

/// What is found in the files of a stack. Secret variables whose values are not known here count as set.
pub(super) fn findings(name: &str, source: &StackSource) -> Vec<StackFinding> {
    if source.files.values().all(|text| text.trim().is_empty()) {
        return Vec::new();
    }
    let value = |it: &longshore_api::web::stack::Variable| match (&it.value, it.secret) {
        (Some(value), _) => Some(value.clone()),
        (None, true) => Some("secret".to_owned()),
        (None, false) => None,
    };
    let variables: BTreeMap<String, String> =
        source.variables.iter().filter_map(|it| Some((it.name.clone(), value(it)?))).collect();
    let main = if source.main.is_empty() {
        let found = discover(".", &variables, &source.files).map(|main| main.files);
        found.unwrap_or_else(|| vec![super::draft::MAIN.to_owned()])
    } else {
        source.main.clone()
    };
    let request = Request {
        files: main,
        name: Some(name.to_owned()),
        variables,
        profiles: source.profiles.clone(),
        ..Request::new(FOLDER, super::draft::MAIN)
    };
    let loaded = load(&request, &source.files);
    loaded.findings.iter().map(Finding::shown).collect()
}

/// What could be written at a place, as the editor's script reads it.
pub(super) fn complete(text: &str, line: u32, column: u32) -> String {
    serde_json::to_string(&editor::complete(text, line, column)).unwrap_or_else(|_| "{}".to_owned())
}
