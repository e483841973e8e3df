//! A project as a file: all forms long, all defaults said, all variables filled in. What `docker compose config` prints.

use serde_json::Value as Json;

use crate::{
    model::Project,
    scalar::{self, Meaning},
};

/// The project as YAML. A dollar sign is doubled, so that the text reads as the same project; what env files and label
/// files say stands in the environments and labels, so that the files are not named any more.
pub fn yaml(project: &Project) -> String {
    let mut project = project.clone();
    for service in project.services.values_mut() {
        service.env_file.clear();
        service.label_file.clear();
    }
    let mut out = String::new();
    if let Ok(Json::Object(mut map)) = serde_json::to_value(&project) {
        if let Some(name) = map.remove("name") {
            entry("name", &name, 0, &mut out);
        }
        map.iter().for_each(|(key, value)| entry(key, value, 0, &mut out));
    }
    out
}

fn indent(depth: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("  ", depth));
}

fn entry(key: &str, value: &Json, depth: usize, out: &mut String) {
    indent(depth, out);
    text(key, out);
    out.push(':');
    below(value, depth, out);
}

/// A value after its key or its dash, with the end of the line.
fn below(value: &Json, depth: usize, out: &mut String) {
    match value {
        Json::Object(map) if !map.is_empty() => {
            out.push('\n');
            map.iter().for_each(|(key, value)| entry(key, value, depth + 1, out));
        }
        Json::Array(list) if !list.is_empty() => {
            out.push('\n');
            for value in list {
                indent(depth + 1, out);
                out.push('-');
                item(value, depth + 1, out);
            }
        }
        value => {
            out.push(' ');
            scalar(value, out);
            out.push('\n');
        }
    }
}

/// A value of a list: the first key of a map stands beside the dash.
fn item(value: &Json, depth: usize, out: &mut String) {
    match value {
        Json::Object(map) if !map.is_empty() => {
            let mut first = true;
            for (key, value) in map {
                if first {
                    out.push(' ');
                } else {
                    indent(depth + 1, out);
                }
                first = false;
                text(key, out);
                out.push(':');
                below(value, depth + 1, out);
            }
        }
        value => below(value, depth, out),
    }
}

fn scalar(value: &Json, out: &mut String) {
    match value {
        Json::Object(_) => out.push_str("{}"),
        Json::Array(_) => out.push_str("[]"),
        Json::String(string) => text(&string.replace('$', "$$"), out),
        other => out.push_str(&other.to_string()),
    }
}

/// A text, in quotes if it would read as something else without.
fn text(text: &str, out: &mut String) {
    let plain = !text.is_empty()
        && matches!(scalar::read(text), Meaning::Text(_))
        && !matches!(text.to_ascii_lowercase().as_str(), "y" | "n" | "yes" | "no" | "on" | "off")
        && text.chars().all(|c| c.is_alphanumeric() || "_-./ $+,;()@^<=:".contains(c))
        && text.starts_with(|c: char| c.is_alphanumeric() || "_./$(^".contains(c))
        && !text.starts_with("...")
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        // What YAML 1.1 takes for a number to the base of 60, or for a date.
        && !(text.starts_with(|c: char| c.is_ascii_digit() || c == '.') && text.contains([':', '-']));
    if plain {
        out.push_str(text);
    } else {
        out.push_str(&Json::String(text.to_owned()).to_string());
    }
}
