//! Variables in values: `$NAME`, `${NAME}` and what may stand after the name.
//!
//! A text is read into parts first, so that what a file asks for is known without any value (the questions of a form), and
//! filled in afterwards. Only the branch that is taken is filled in.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Serialize;

use crate::{
    place::Place,
    problem::{Findings, Problem},
    room::Room,
    tree::{Node, Value},
};

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// As it is.
    Text(String),
    /// A reference to a variable.
    Reference(Reference),
}

/// `${NAME…}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The variable.
    pub name: String,
    /// What is done when it is set, or is not.
    pub rule: Rule,
    /// Whether empty counts as not set: the `:`.
    pub colon: bool,
}

/// What stands after the name.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// Nothing.
    Plain,
    /// `-`: this, if it is not set.
    Default(Vec<Part>),
    /// `?`: it has to be set; a message.
    Required(Vec<Part>),
    /// `+`: this, if it is set.
    Instead(Vec<Part>),
}

/// How deep references may stand in one another.
const DEPTH: usize = 16;

/// The parts of a text.
///
/// # Errors
/// What begins with `${` is no reference; answered is that part of the text.
pub fn parts(text: &str) -> Result<Vec<Part>, String> {
    read(text, 0)
}

fn read(text: &str, depth: usize) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        plain.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if let Some(after) = after.strip_prefix('$') {
            plain.push('$');
            rest = after;
        } else if let Some(inside) = after.strip_prefix('{') {
            let end = closing(inside).ok_or_else(|| rest[at..].to_owned())?;
            let bad = || rest[at..at + 2 + end + 1].to_owned();
            if depth == DEPTH {
                return Err(bad());
            }
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            parts.push(Part::Reference(reference(&inside[..end], depth).ok_or_else(bad)??));
            rest = &inside[end + 1..];
        } else {
            let name = name_of(after);
            if name.is_empty() {
                plain.push('$');
            } else {
                if !plain.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                }
                let rule = Rule::Plain;
                parts.push(Part::Reference(Reference { name: name.to_owned(), rule, colon: false }));
            }
            rest = &after[name.len()..];
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        parts.push(Part::Text(plain));
    }
    Ok(parts)
}

/// The name that a text begins with; empty, if with none.
fn name_of(text: &str) -> &str {
    let end = text.bytes().position(|b| !(b.is_ascii_alphanumeric() || b == b'_')).unwrap_or(text.len());
    if text.starts_with(|c: char| c.is_ascii_digit()) { "" } else { &text[..end] }
}

/// Where the brace ends that a text stands in.
fn closing(text: &str) -> Option<usize> {
    let mut open = 1;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(at);
        }
    }
    None
}

/// What stands between the braces; nothing, if it is no reference.
fn reference(inside: &str, depth: usize) -> Option<Result<Reference, String>> {
    let name = name_of(inside);
    let rest = &inside[name.len()..];
    let (colon, rest) = match rest.strip_prefix(':') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    if name.is_empty() {
        return None;
    }
    let rule = match rest.split_at_checked(1) {
        None if !colon => return Some(Ok(Reference { name: name.to_owned(), rule: Rule::Plain, colon })),
        Some(("-", value)) => read(value, depth + 1).map(Rule::Default),
        Some(("?", value)) => read(value, depth + 1).map(Rule::Required),
        Some(("+", value)) => read(value, depth + 1).map(Rule::Instead),
        _ => return None,
    };
    Some(rule.map(|rule| Reference { name: name.to_owned(), rule, colon }))
}

/// Why a text could not be filled in.
#[derive(Clone, Debug, PartialEq)]
pub enum Lack {
    /// A variable has to be set.
    Required {
        /// Which.
        name: String,
        /// What the file says of it.
        message: String,
    },
    /// It grew beyond the limit.
    TooLarge,
}

/// Fills in a text. What is not set and has no default is added to `unset`. Nothing is copied beyond the limit.
///
/// # Errors
/// A variable has to be set and is not, or the text grows beyond `limit` bytes.
pub fn fill<'v>(
    parts: &[Part],
    variables: &dyn Fn(&str) -> Option<&'v str>,
    unset: &mut Vec<String>,
    limit: usize,
) -> Result<String, Lack> {
    let mut text = String::new();
    let add = |text: &mut String, more: &str| {
        let fits = text.len() + more.len() <= limit;
        fits.then(|| text.push_str(more)).ok_or(Lack::TooLarge)
    };
    for part in parts {
        let reference = match part {
            Part::Text(plain) => {
                add(&mut text, plain)?;
                continue;
            }
            Part::Reference(reference) => reference,
        };
        let value = variables(&reference.name);
        let set = value.is_some_and(|value| !(reference.colon && value.is_empty()));
        match &reference.rule {
            Rule::Instead(instead) if set => add(&mut text, &fill(instead, variables, unset, limit)?)?,
            Rule::Instead(_) => {}
            Rule::Default(default) if !set => add(&mut text, &fill(default, variables, unset, limit)?)?,
            Rule::Required(message) if !set => {
                let message = fill(message, variables, unset, limit)?;
                return Err(Lack::Required { name: reference.name.clone(), message });
            }
            _ => match value {
                Some(value) => add(&mut text, value)?,
                None => unset.push(reference.name.clone()),
            },
        }
    }
    Ok(text)
}

/// Fills in all values below a node; keys stay as they are. What was filled in is a text from then on, and is typed by
/// what its place asks for. It is taken from `room`.
pub fn fill_tree(
    node: &mut Node,
    variables: &BTreeMap<String, String>,
    findings: &mut Findings,
    room: &mut Room,
) {
    walk(node, &mut String::new(), &mut |node, path| {
        let at = node.at.clone();
        let Value::Scalar(scalar) = &mut node.value else { return };
        if !scalar.text.contains('$') {
            return;
        }
        let parts = match parts(&scalar.text) {
            Ok(parts) => parts,
            Err(text) => return findings.say(Problem::BadReference { text }, &at, path),
        };
        let mut unset = Vec::new();
        let filled = fill(&parts, &|name| variables.get(name).map(String::as_str), &mut unset, room.left());
        for name in unset {
            findings.say(Problem::VariableUnset { name }, &at, path);
        }
        match filled {
            Ok(text) if room.take(text.len()) => (scalar.text, scalar.plain) = (text, false),
            Err(Lack::Required { name, message }) => {
                findings.say(Problem::VariableRequired { name, message }, &at, path);
            }
            Ok(_) | Err(Lack::TooLarge) => {
                scalar.text.clear();
                findings.say(Problem::VariablesTooLarge { limit: Room::MOST }, &at, path);
            }
        }
    });
}

/// Calls for every word, with the path that leads to it.
fn walk(node: &mut Node, path: &mut String, each: &mut dyn FnMut(&mut Node, &str)) {
    fn step(node: &mut Node, path: &mut String, key: &str, each: &mut dyn FnMut(&mut Node, &str)) {
        let length = path.len();
        if length > 0 {
            path.push('.');
        }
        path.push_str(key);
        walk(node, path, each);
        path.truncate(length);
    }
    match &mut node.value {
        Value::Scalar(_) => each(node, path),
        Value::List(list) => {
            for (n, item) in list.iter_mut().enumerate() {
                step(item, path, &n.to_string(), each);
            }
        }
        Value::Map(map) => {
            for (key, entry) in map {
                step(&mut entry.node, path, key, each);
            }
        }
    }
}

/// A variable that files ask for: a question of a form.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Asked {
    /// What it reads as where it is not set, as it is written; the first such text.
    pub default: Option<String>,
    /// Whether it has to be set, and what the file says of that.
    pub required: Option<String>,
    /// Whether it is only asked whether it is set.
    pub only_whether: bool,
    /// Where.
    pub places: Vec<Place>,
}

/// Which variables the values below a node ask for, in the order in which they are written.
pub fn asked(node: &Node, into: &mut IndexMap<String, Asked>) {
    match &node.value {
        Value::Scalar(scalar) if scalar.text.contains('$') => {
            if let Ok(parts) = parts(&scalar.text) {
                ask(&parts, &node.at, into);
            }
        }
        Value::Scalar(_) => {}
        Value::List(list) => list.iter().for_each(|item| asked(item, into)),
        Value::Map(map) => map.values().for_each(|entry| asked(&entry.node, into)),
    }
}

fn ask(parts: &[Part], at: &Place, into: &mut IndexMap<String, Asked>) {
    for part in parts {
        let Part::Reference(reference) = part else { continue };
        let asked = into.entry(reference.name.clone()).or_insert_with(|| Asked {
            default: None,
            required: None,
            only_whether: true,
            places: Vec::new(),
        });
        asked.places.push(at.clone());
        asked.only_whether &= matches!(reference.rule, Rule::Instead(_));
        let more = match &reference.rule {
            Rule::Plain => continue,
            Rule::Default(default) => {
                asked.default.get_or_insert_with(|| written(default));
                default
            }
            Rule::Required(message) => {
                asked.required.get_or_insert_with(|| written(message));
                message
            }
            Rule::Instead(instead) => instead,
        };
        ask(more, at, into);
    }
}

/// Parts as they are written.
fn written(parts: &[Part]) -> String {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text(plain) => text.push_str(plain),
            Part::Reference(Reference { name, rule, colon }) => {
                let colon = if *colon { ":" } else { "" };
                let (sign, more) = match rule {
                    Rule::Plain => ("", None),
                    Rule::Default(more) => ("-", Some(more)),
                    Rule::Required(more) => ("?", Some(more)),
                    Rule::Instead(more) => ("+", Some(more)),
                };
                let more = more.map(|more| written(more)).unwrap_or_default();
                text.push_str(&format!("${{{name}{colon}{sign}{more}}}"));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests;
