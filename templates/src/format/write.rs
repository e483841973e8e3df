//! A template as a file of ours: what was saved from a running stack, or taken over from elsewhere to be changed.

use std::fmt::Write as _;

use crate::{
    category,
    container::compose,
    notes::{Block, Piece},
    secret::Alphabet,
    template::{Deploys, StackFile, Template},
    variable::{Kind, Protocol, Shape, Variable},
    words::{Both, Words},
};

/// The file, where what is deployed stands in the template itself; nothing, where it is fetched from elsewhere.
///
/// What our format has no word for is left out: the platform, categories that are not of our list. A variable that is not asked
/// is asked, with its value proposed; one whose answer is sealed becomes a secret, without the value that was proposed.
pub fn write(template: &Template) -> Option<String> {
    let file = match &template.deploys {
        Deploys::Container(container) => compose(container, &template.name),
        Deploys::Stack { file: StackFile::Text { text }, swarm: false } => text.clone(),
        Deploys::Stack { .. } => return None,
    };
    let mut out = String::new();
    line(0, "id", &id(template), &mut out);
    match &template.title {
        Both { en, zh } if zh.as_ref().is_none_or(|zh| zh == en) => line(0, "title", en, &mut out),
        title => words(0, "title", title, &mut out),
    }
    let mark: String = template.mark.chars().take(2).collect();
    line(0, "mark", if mark.is_empty() { "?" } else { &mark }, &mut out);
    let ours = |words: &Words| category::ALL.iter().find(|(_, en, _)| *en == words.en).map(|(key, ..)| *key);
    let categories: Vec<_> = template.categories.iter().filter_map(ours).collect();
    if !categories.is_empty() {
        let _ = writeln!(out, "categories: [{}]", categories.join(", "));
    }
    let described = |words: &Words| if words.is_empty() { template.title.clone() } else { words.clone() };
    words(0, "description", &described(&template.description), &mut out);
    let notes = Both { en: plain(&template.notes.en), zh: template.notes.zh.as_deref().map(plain) };
    words(0, "notes", &notes, &mut out);
    if !template.source.is_empty() {
        out.push_str("source:\n");
        template.source.iter().for_each(|source| {
            let _ = writeln!(out, "  - {}", quoted(source));
        });
    }
    if let Some(logo) = &template.logo {
        line(0, "logo", logo, &mut out);
    }
    if !template.maintainer.is_empty() {
        line(0, "maintainer", &template.maintainer, &mut out);
    }
    if template.administrators_only {
        out.push_str("administrators_only: true\n");
    }
    if !template.variables.is_empty() {
        out.push_str("variables:\n");
        template.variables.iter().for_each(|it| variable(it, &mut out));
    }
    if !template.open.is_empty() {
        out.push_str("open:\n");
        for open in &template.open {
            let _ = writeln!(out, "  - port: {}", open.port);
            words(4, "label", &open.label, &mut out);
            line(4, "path", &open.path, &mut out);
            line(4, "scheme", &open.scheme, &mut out);
        }
    }
    // A first line that begins with spaces would be taken for the measure of all.
    let measure = if file.starts_with([' ', '\n']) { "2" } else { "" };
    let _ = writeln!(out, "compose: |{measure}");
    for line in file.trim_end().lines() {
        let _ = writeln!(out, "{}{line}", if line.is_empty() { "" } else { "  " });
    }
    Some(out)
}

/// An id of ours: its own, or one made of its title.
fn id(template: &Template) -> String {
    let slug = |text: &str| {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
    };
    match template.id.bytes().all(|b| b.is_ascii_digit()) {
        true => Some(slug(&template.title.en)).filter(|slug| !slug.is_empty()),
        false => Some(slug(&template.id)).filter(|slug| !slug.is_empty()),
    }
    .unwrap_or_else(|| format!("template-{}", template.id))
}

fn variable(variable: &Variable, out: &mut String) {
    let _ = writeln!(out, "  {}:", variable.name);
    let word = |all: &[(&'static str, bool)]| all.iter().find(|(_, is)| *is).map(|(word, _)| *word);
    let mut whole = |key: &str, value: &dyn std::fmt::Display| {
        let _ = writeln!(out, "    {key}: {value}");
    };
    let mut default = variable.default.as_deref();
    match &variable.kind {
        _ if variable.sealed && !matches!(variable.kind, Kind::Secret { .. }) => {
            default = None;
            whole("type", &"secret");
        }
        Kind::Text { min, max, shape } => {
            whole("type", &"text");
            whole("min", min);
            whole("max", max);
            whole("shape", &word(&Shape::ALL.map(|(word, it)| (word, it == *shape))).unwrap_or_default());
        }
        Kind::Number { least, most } => {
            whole("type", &"number");
            whole("least", least);
            whole("most", most);
        }
        Kind::Port { protocol } => {
            whole("type", &"port");
            whole(
                "protocol",
                &word(&Protocol::ALL.map(|(word, it)| (word, it == *protocol))).unwrap_or_default(),
            );
        }
        Kind::Choice { of } => {
            out.push_str("    type: choice\n    choices:\n");
            for choice in of {
                let _ = writeln!(out, "      - value: {}", quoted(&choice.value));
                words(8, "label", &choice.label, out);
            }
        }
        Kind::Flag { on, off } => {
            out.push_str("    type: flag\n");
            line(4, "on", on, out);
            line(4, "off", off, out);
        }
        Kind::Path => whole("type", &"path"),
        Kind::Secret { length, alphabet } => {
            whole("type", &"secret");
            whole("length", length);
            whole(
                "alphabet",
                &word(&Alphabet::ALL.map(|(word, it)| (word, it == *alphabet))).unwrap_or_default(),
            );
        }
        Kind::Memory => whole("type", &"memory"),
        Kind::Cpus => whole("type", &"cpus"),
    }
    words(4, "label", &variable.label, out);
    words(4, "help", &variable.help, out);
    if let Some(default) = default {
        line(4, "default", default, out);
    }
    if !variable.sealed {
        let _ = writeln!(out, "    required: {}", variable.required);
    }
}

fn line(indent: usize, key: &str, value: &str, out: &mut String) {
    let _ = writeln!(out, "{:indent$}{key}: {}", "", quoted(value));
}

/// A text in both languages; one that is there in one only says the same in the other.
fn words(indent: usize, key: &str, words: &Words, out: &mut String) {
    if words.is_empty() {
        return;
    }
    let _ = writeln!(out, "{:indent$}{key}:", "");
    let zh = words.zh.as_ref().filter(|zh| !zh.is_empty()).unwrap_or(&words.en);
    line(indent + 2, "en", &words.en, out);
    line(indent + 2, "zh-CN", zh, out);
}

/// A text that reads as itself.
fn quoted(text: &str) -> String {
    let plain = text.starts_with(char::is_alphabetic)
        && text.chars().all(|c| c.is_alphanumeric() || " _./-".contains(c))
        && !text.ends_with(' ')
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null"
        );
    if plain { text.to_owned() } else { serde_json::Value::String(text.to_owned()).to_string() }
}

/// Notes as our files write them.
fn plain(blocks: &[Block]) -> String {
    let line = |pieces: &[Piece]| {
        let pieces = pieces.iter().map(|piece| match piece {
            Piece::Text(text) | Piece::Bold(text) => text.clone(),
            Piece::Code(code) => format!("`{code}`"),
            Piece::Link { href, text } if href == text => href.clone(),
            Piece::Link { href, text } => format!("{text} ({href})"),
        });
        pieces.collect::<String>()
    };
    let blocks = blocks.iter().map(|block| match block {
        Block::Paragraph(pieces) => line(pieces),
        Block::List { items, .. } => {
            items.iter().map(|item| format!("- {}", line(item))).collect::<Vec<_>>().join("\n")
        }
        Block::Code(code) => code.lines().map(|line| format!("`{line}`")).collect::<Vec<_>>().join("\n"),
    });
    blocks.collect::<Vec<_>>().join("\n\n")
}
