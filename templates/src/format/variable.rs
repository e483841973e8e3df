//! The questions of a template.

use longshore_compose::{problem::Problem as Text, tree::Node};

use super::{
    reader::{Reader, join},
    same,
};
use crate::{
    problem::Problem,
    secret::{Alphabet, LENGTHS},
    variable::{Choice, Kind, Protocol, Shape, Variable},
    words::Words,
};

/// How many questions a template may ask.
const MOST: usize = 60;

/// What can be asked, with the keys that only that has.
const KINDS: &[(&str, &[&str])] = &[
    ("text", &["min", "max", "shape"]),
    ("number", &["least", "most"]),
    ("port", &["protocol"]),
    ("choice", &["choices"]),
    ("flag", &["on", "off"]),
    ("path", &[]),
    ("secret", &["length", "alphabet"]),
    ("memory", &[]),
    ("cpus", &[]),
];

/// All of them.
pub(super) fn all(root: &Node, reader: &mut Reader) -> Vec<Variable> {
    let Some(node) = root.get("variables").filter(|node| !node.is_null()) else { return Vec::new() };
    let Some(map) = node.as_map() else {
        reader.keys(node, &[], "variables");
        return Vec::new();
    };
    if map.len() > MOST {
        reader.say(Problem::TooMany { limit: MOST }, &node.at, "variables");
    }
    let mut variables = Vec::new();
    for (name, entry) in map.iter().take(MOST) {
        let path = format!("variables.{name}");
        if !Shape::Identifier.fits(name) || name.len() > 64 {
            reader.say(Problem::BadVariable { name: name.clone() }, &entry.at, &path);
        }
        variables.extend(one(name, &entry.node, &path, reader));
    }
    variables
}

fn one(name: &str, node: &Node, path: &str, reader: &mut Reader) -> Option<Variable> {
    let word = reader.text(node, "type", path);
    let known = word.as_deref().and_then(|word| KINDS.iter().find(|(kind, _)| *kind == word));
    let Some((word, more)) = known else {
        if let Some(value) = word {
            let choices = KINDS.iter().map(|(kind, _)| (*kind).to_owned()).collect();
            reader.say(Problem::NotOne { value, choices }, node.place(["type"]), &join(path, "type"));
        }
        return None;
    };
    let keys: Vec<_> =
        ["type", "label", "help", "default", "required"].iter().chain(*more).copied().collect();
    reader.keys(node, &keys, path)?;
    let kind = kind(word, node, path, reader)?;
    let default = reader.optional(node, "default", path);
    let sealed = matches!(kind, Kind::Secret { .. });
    // Without an answer these would leave a hole in the file; a secret is made.
    let needed =
        matches!(kind, Kind::Number { .. } | Kind::Port { .. } | Kind::Choice { .. } | Kind::Flag { .. })
            || matches!(kind, Kind::Memory | Kind::Cpus | Kind::Path)
            || matches!(kind, Kind::Text { min: 1.., .. });
    let variable = Variable {
        name: name.to_owned(),
        label: reader.words(node, "label", path, true),
        help: reader.words(node, "help", path, false),
        required: reader.flag(node, "required", path).unwrap_or(needed) && !sealed,
        default: default.filter(|_| !sealed),
        asked: true,
        sealed,
        kind,
    };
    if sealed && node.get("default").is_some() {
        // A password that stands in a file is known to everybody who has the file.
        reader.say(Text::UnknownKey { key: "default".to_owned(), near: None }, node.place(["default"]), path);
    }
    if let Some(Err(why)) = variable.default.as_deref().map(|default| variable.check(default)) {
        let problem = Problem::BadDefault { name: name.to_owned(), why };
        reader.say(problem, node.place(["default"]), &join(path, "default"));
    }
    Some(variable)
}

fn kind(word: &str, node: &Node, path: &str, reader: &mut Reader) -> Option<Kind> {
    let limits = |fits: bool, reader: &mut Reader| {
        if !fits {
            reader.say(Problem::BadLimits, &node.at, path);
        }
    };
    Some(match word {
        "text" => {
            let min = reader.whole(node, "min", path).unwrap_or(0);
            let max = reader.whole(node, "max", path).unwrap_or(255);
            limits((0..=max).contains(&min) && (1..=4096).contains(&max), reader);
            let shape = listed(node, "shape", path, &Shape::ALL, reader);
            Kind::Text { min: min.max(0) as usize, max: max.max(1) as usize, shape }
        }
        "number" => {
            let least = reader.whole(node, "least", path).unwrap_or(0);
            let most = reader.whole(node, "most", path).unwrap_or(i64::MAX);
            limits(least <= most, reader);
            Kind::Number { least, most }
        }
        "port" => Kind::Port { protocol: listed(node, "protocol", path, &Protocol::ALL, reader) },
        "choice" => {
            let of = choices(node, path, reader);
            if of.is_empty() {
                reader.say(Text::MissingKey { key: "choices" }, &node.at, path);
            }
            Kind::Choice { of }
        }
        "flag" => Kind::Flag {
            on: reader.optional(node, "on", path).unwrap_or_else(|| "true".to_owned()),
            off: reader.optional(node, "off", path).unwrap_or_else(|| "false".to_owned()),
        },
        "path" => Kind::Path,
        "secret" => {
            let length = reader.whole(node, "length", path).and_then(|length| usize::try_from(length).ok());
            let length = length.unwrap_or(32);
            limits(LENGTHS.contains(&length), reader);
            let alphabet = listed(node, "alphabet", path, &Alphabet::ALL, reader);
            Kind::Secret { length, alphabet }
        }
        "memory" => Kind::Memory,
        _ => Kind::Cpus,
    })
}

/// One of a list of words; the first of what there is, if nothing is said.
fn listed<T: Copy + Default>(
    node: &Node,
    key: &'static str,
    path: &str,
    all: &[(&str, T)],
    reader: &mut Reader,
) -> T {
    let Some(value) = reader.optional(node, key, path) else { return T::default() };
    match all.iter().find(|(word, _)| *word == value) {
        Some((_, it)) => *it,
        None => {
            let choices = all.iter().map(|(word, _)| (*word).to_owned()).collect();
            reader.say(Problem::NotOne { value, choices }, node.place([key]), &join(path, key));
            T::default()
        }
    }
}

/// What can be chosen: a text, or a value with its words.
fn choices(node: &Node, path: &str, reader: &mut Reader) -> Vec<Choice> {
    let mut choices = Vec::new();
    for (n, item) in reader.list(node, "choices").into_iter().enumerate() {
        if let Some(text) = item.as_text() {
            choices.push(Choice { value: text.to_owned(), label: same(text.to_owned()) });
            continue;
        }
        let path = format!("{path}.choices.{n}");
        if reader.keys(&item, &["value", "label"], &path).is_some() {
            let value = reader.text(&item, "value", &path).unwrap_or_default();
            let label: Words = reader.title(&item, "label", &path);
            choices.push(Choice { value, label });
        }
    }
    choices
}
