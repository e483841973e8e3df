//! The text of a `.env` file as variables.

use crate::{sentence::Sentence, words::say};

/// A variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvRow {
    /// Its name.
    pub name: String,
    /// Its value; without one, the image's variable of this name is taken away.
    pub value: Option<String>,
}

impl EnvRow {
    /// `NAME=value`, or a name alone, as the engine has it.
    pub fn of_entry(entry: &str) -> Self {
        match entry.split_once('=') {
            Some((name, value)) => Self { name: name.to_owned(), value: Some(value.to_owned()) },
            None => Self { name: entry.to_owned(), value: None },
        }
    }

    /// The same, as the engine has it.
    pub fn entry(&self) -> String {
        match &self.value {
            Some(value) => format!("{}={value}", self.name),
            None => self.name.clone(),
        }
    }
}

/// Reads a `.env` text: `NAME=value`, `export NAME=value`, quotes (double ones with escapes, over several lines),
/// comments, empty lines.
///
/// # Errors
/// Names the first line that is none of these.
pub fn read_env(text: &str) -> Result<Vec<EnvRow>, Sentence> {
    let mut rows = Vec::new();
    let mut lines = text.trim_start_matches('\u{feff}').lines().zip(1u32..);
    while let Some((line, number)) = lines.next() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
        let (name, raw) = match line.split_once('=') {
            Some((name, raw)) => (name.trim_end(), Some(raw.trim_start())),
            None => (line, None),
        };
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '"' || c == '\'') {
            return Err(say::env_line(number));
        }
        let value = match raw {
            Some(raw) if raw.starts_with(['"', '\'']) => {
                let mut whole = raw.to_owned();
                let value = loop {
                    if let Some(value) = unquoted(&whole) {
                        break value;
                    }
                    let Some((next, _)) = lines.next() else { return Err(say::env_quote_open(number)) };
                    whole.push('\n');
                    whole.push_str(next);
                };
                Some(value)
            }
            Some(raw) => Some(raw.split_once(" #").map_or(raw, |(value, _)| value).trim_end().to_owned()),
            None => None,
        };
        rows.push(EnvRow { name: name.to_owned(), value });
    }
    Ok(rows)
}

/// The text between the quotes, if they end.
fn unquoted(raw: &str) -> Option<String> {
    let mut chars = raw.chars();
    let quote = chars.next()?;
    let mut value = String::new();
    loop {
        match chars.next()? {
            c if c == quote => return Some(value),
            '\\' if quote == '"' => match chars.next()? {
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                't' => value.push('\t'),
                c @ ('"' | '\\' | '$') => value.push(c),
                c => value.extend(['\\', c]),
            },
            c => value.push(c),
        }
    }
}
