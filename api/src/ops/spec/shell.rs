//! Words as a shell reads them from a line, and writes them back.

use crate::{sentence::Sentence, words::say};

/// The words of a command line: quotes, escapes, lines that go on, comments. What a shell would put in the place of
/// `$NAME` is not known here; it stays as it is written.
///
/// # Errors
/// A quote that does not end, or a second command.
pub fn split(line: &str) -> Result<Vec<String>, Sentence> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            // A line that goes on, of a Unix shell, of PowerShell and of cmd.
            '\\' | '`' | '^' if matches!(chars.peek(), Some('\n' | '\r')) => {
                while matches!(chars.peek(), Some('\n' | '\r')) {
                    chars.next();
                }
            }
            '\\' => {
                if let Some(next) = chars.next() {
                    word.get_or_insert_default().push(next);
                }
            }
            '\'' => {
                let quoted = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        Some('\'') => break,
                        Some(c) => quoted.push(c),
                        None => return Err(say::run_quote_open()),
                    }
                }
            }
            '"' => {
                let quoted = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        Some('"') => break,
                        Some('\\') => match chars.next() {
                            Some(c @ ('"' | '\\' | '$' | '`')) => quoted.push(c),
                            Some('\n') => {}
                            Some(c) => quoted.extend(['\\', c]),
                            None => return Err(say::run_quote_open()),
                        },
                        Some(c) => quoted.push(c),
                        None => return Err(say::run_quote_open()),
                    }
                }
            }
            '#' if word.is_none() => while chars.next_if(|c| *c != '\n').is_some() {},
            '|' | ';' | '>' | '<' | '&' => return Err(say::run_operator(c.to_string())),
            c if c.is_whitespace() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

/// The words as a shell reads them back.
pub fn join<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> String {
    let mut line = String::new();
    for word in words {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&quoted(word.as_ref()));
    }
    line
}

/// A word, in quotes where it needs them.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
