//! `docker run` text: written from a spec, and read into one.

use serde_json::{Map, Value};

use super::{
    ContainerSpec, FLAGS, Flag, Slot, flag, networks,
    shell::{self, quoted},
};
use crate::{sentence::Sentence, words::say};

/// A command line that was read.
#[derive(Debug, PartialEq)]
pub struct Pasted {
    /// What it asks for.
    pub spec: ContainerSpec,
    /// Flags that are about the terminal, with their dashes: nothing comes of them here.
    pub dropped: Vec<String>,
    /// Words with something that the shell would have put another text in the place of: `$HOME`.
    pub unfilled: Vec<String>,
}

/// Reads a `docker run …` or `docker create …` line.
///
/// # Errors
/// It is no such line, or a flag has a value that it does not take: the sentence names the flag.
pub fn read_run(line: &str) -> Result<Pasted, Sentence> {
    let words = shell::split(line)?;
    let mut words = words.iter().map(String::as_str).peekable();
    while words.next_if(|word| matches!(*word, "$" | "%" | ">" | "sudo" | "time")).is_some() {}
    if words.next_if_eq(&"docker").is_none() {
        return Err(say::run_not_docker());
    }
    words.next_if_eq(&"container");
    if words.next_if(|word| matches!(*word, "run" | "create")).is_none() {
        return Err(say::run_not_docker());
    }
    let words: Vec<&str> = words.collect();
    read_words(&words)
}

/// Reads what stands after `docker run`.
///
/// # Errors
/// As [`read_run`].
pub fn read_words(words: &[&str]) -> Result<Pasted, Sentence> {
    let mut given: Vec<(&'static Flag, String)> = Vec::new();
    let mut words = words.iter().copied();
    let image = loop {
        let Some(word) = words.next() else { return Err(say::run_no_image()) };
        if word == "--" {
            break words.next().ok_or_else(say::run_no_image)?;
        } else if let Some(long) = word.strip_prefix("--") {
            let (name, value) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (long, None),
            };
            let flag = flag(name).ok_or_else(|| say::run_flag_unknown(format!("--{name}")))?;
            let value = match value {
                Some(value) => value,
                None if flag.is_switch() => "",
                None => words.next().ok_or_else(|| say::run_flag_bare(format!("--{name}")))?,
            };
            given.push((flag, value.to_owned()));
        } else if let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            let mut rest = letters.chars();
            while let Some(letter) = rest.next() {
                let short = |flag: &&&Flag| flag.short == Some(letter);
                let flag = FLAGS.iter().collect::<Vec<_>>();
                let flag =
                    *flag.iter().find(short).ok_or_else(|| say::run_flag_unknown(format!("-{letter}")))?;
                if flag.is_switch() && !rest.as_str().starts_with('=') {
                    given.push((flag, String::new()));
                    continue;
                }
                let value = match rest.as_str() {
                    "" => words.next().ok_or_else(|| say::run_flag_bare(format!("-{letter}")))?,
                    value => value.strip_prefix('=').unwrap_or(value),
                };
                given.push((flag, value.to_owned()));
                break;
            }
        } else {
            break word;
        }
    };
    let mut spec = ContainerSpec::default();
    image.clone_into(&mut spec.body.image);
    spec.body.cmd = words.map(str::to_owned).collect();
    let mut dropped = Vec::new();
    // In the table's order: what belongs to the first network is read after it.
    for flag in FLAGS {
        for (_, value) in given.iter().filter(|(given, _)| std::ptr::eq(*given, flag)) {
            match flag.slot {
                Slot::File => return Err(say::run_flag_file(format!("--{}", flag.name))),
                Slot::Terminal(_) if flag.name == "detach" => {}
                Slot::Terminal(_) => dropped.push(format!("--{}", flag.name)),
                _ => flag.read(&mut spec, value).ok_or_else(|| bad_value(flag, value))?,
            }
        }
    }
    networks::settle(&mut spec);
    let all = given.iter().map(|(_, value)| value).chain(&spec.body.cmd);
    let unfilled = all.filter(|word| stands_for_more(word)).cloned().collect();
    Ok(Pasted { spec, dropped, unfilled })
}

/// The sentence for a value that a flag does not take.
pub fn bad_value(flag: &Flag, value: &str) -> Sentence {
    let shown: String = value.chars().take(80).collect();
    if flag.sample.is_empty() {
        return say::run_flag_switch(format!("--{}", flag.name), shown);
    }
    say::run_flag_value(format!("--{}", flag.name), flag.sample, shown)
}

/// Whether a shell would have put another text in the place of it.
fn stands_for_more(word: &str) -> bool {
    word.match_indices('$').any(|(at, _)| {
        word[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '{' | '('))
    })
}

/// The words of the command that makes such a container: flags by themselves, then image and arguments as one.
fn parts(spec: &ContainerSpec) -> Vec<String> {
    // Flags that reach into the first network make its entry where there is none.
    let mut scratch = spec.clone();
    let mut parts = Vec::new();
    for flag in FLAGS {
        for value in flag.write(&mut scratch) {
            parts.push(match (flag.short, flag.is_switch(), value.as_str()) {
                (_, true, "true") => format!("--{}", flag.name),
                (_, true, value) => format!("--{}={value}", flag.name),
                (Some(letter), false, value) if "pve".contains(letter) => {
                    format!("-{letter} {}", quoted(value))
                }
                (_, false, value) => format!("--{} {}", flag.name, quoted(value)),
            });
        }
    }
    let body = &spec.body;
    let more = body.entrypoint.iter().flat_map(|words| words.iter().skip(1));
    let words = std::iter::once(&body.image).chain(more).chain(&body.cmd);
    parts.push(shell::join(words));
    parts
}

/// The `docker run` text for a container, a flag a line.
pub fn run_text(spec: &ContainerSpec) -> String {
    let mut text = "docker run -d".to_owned();
    for part in parts(spec) {
        text.push_str(" \\\n  ");
        text.push_str(&part);
    }
    text
}

/// The fields that `docker run` has no flag for, or says in another way, by their path in the create body.
pub fn unsaid(spec: &ContainerSpec) -> Vec<String> {
    let again = read_run(&run_text(spec)).map(|pasted| pasted.spec).unwrap_or_default();
    let mut paths = Vec::new();
    differences("", &spec.to_body(), &again.to_body(), &mut paths);
    paths
}

fn differences(path: &str, one: &Value, other: &Value, paths: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => objects(path, one, other, paths),
        (one, other) if one != other => paths.push(path.to_owned()),
        _ => {}
    }
}

fn objects(path: &str, one: &Map<String, Value>, other: &Map<String, Value>, paths: &mut Vec<String>) {
    for (key, value) in one {
        let below = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        // A field that is not there is null, which differs from anything that is.
        differences(&below, value, other.get(key).unwrap_or(&Value::Null), paths);
    }
}

/// What a form of flags cannot show of a spec, as part of a create body: it is laid over what its flags say. Entrypoint
/// and command are left to its fields, which run the same.
pub fn beyond_flags(spec: &ContainerSpec) -> Map<String, Value> {
    let again = read_run(&run_text(spec)).map(|pasted| pasted.spec).unwrap_or_default();
    let mut rest = match super::minus(spec.to_body(), &again.to_body()) {
        Some(Value::Object(rest)) => rest,
        _ => Map::new(),
    };
    rest.remove("Entrypoint");
    rest.remove("Cmd");
    // The image's is taken away by an empty word, which an empty field does not say.
    if let Some([word]) = spec.body.entrypoint.as_deref()
        && word.is_empty()
    {
        rest.insert("Entrypoint".to_owned(), Value::Array(vec![Value::String(String::new())]));
    }
    rest
}
