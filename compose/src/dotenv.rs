//! `.env` and env files: lines of `NAME=value`.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::{
    interpolate::{self, Lack},
    place::Place,
    problem::{Finding, Findings, Problem},
    room::Room,
};

/// How an env file is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// With quotes, escapes, comments and variables.
    #[default]
    Compose,
    /// Each line as it is: `format: raw`.
    Raw,
}

/// The largest value that variables may make.
const LARGEST: usize = 1 << 20;

/// What a variable takes beside its name and its value.
const ENTRY: usize = 64;

/// The variables of a file, in the order in which they are written. A name without a value is that of a variable of
/// `around`, and is left out if that is not set. Within values `around` goes before earlier lines. The file and
/// what is made of it are taken from `room`.
pub fn read(
    file: &str,
    text: &str,
    format: Format,
    around: &BTreeMap<String, String>,
    findings: &mut Findings,
    room: &mut Room,
) -> IndexMap<String, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { file, rest: text, line: 1, around, values: IndexMap::new(), findings, room };
    if !reader.room.take(text.len()) {
        reader.too_large(1);
        return reader.values;
    }
    match format {
        Format::Compose => reader.all(),
        Format::Raw => reader.raw(),
    }
    reader.values
}

struct Reader<'a> {
    file: &'a str,
    rest: &'a str,
    line: u32,
    around: &'a BTreeMap<String, String>,
    values: IndexMap<String, String>,
    findings: &'a mut Findings,
    room: &'a mut Room,
}

impl Reader<'_> {
    fn say(&mut self, problem: Problem, line: u32) {
        let at = Place { file: self.file.into(), line, column: 1 };
        self.findings.add(Finding::new(problem, at));
    }

    fn too_large(&mut self, line: u32) {
        self.say(Problem::VariablesTooLarge { limit: Room::MOST }, line);
    }

    /// Keeps a variable, if there is room for it.
    fn keep(&mut self, name: &str, value: String, line: u32) {
        if self.room.take(name.len() + value.len() + ENTRY) {
            self.values.insert(name.to_owned(), value);
        } else {
            self.too_large(line);
        }
    }

    fn raw(&mut self) {
        for (n, line) in self.rest.lines().enumerate() {
            let line = line.trim_end_matches('\r');
            if line.trim().is_empty() || line.trim_start().starts_with('#') {
                continue;
            }
            let at = u32::try_from(n + 1).unwrap_or(0);
            match line.split_once('=') {
                Some((name, value)) if is_name(name.trim()) => self.keep(name.trim(), value.to_owned(), at),
                None if is_name(line.trim()) => self.inherit(line.trim(), at),
                _ => self.say(Problem::EnvName { text: line.to_owned() }, at),
            }
        }
    }

    fn inherit(&mut self, name: &str, line: u32) {
        if let Some(value) = self.around.get(name) {
            self.keep(name, value.clone(), line);
        }
    }

    fn all(&mut self) {
        while !self.rest.is_empty() && self.room.left() > 0 {
            let trimmed = self.rest.trim_start();
            self.step(self.rest.len() - trimmed.len());
            if self.rest.starts_with('#') {
                self.rest_of_line();
            } else if !self.rest.is_empty() {
                self.one();
            }
        }
    }

    /// Goes on by so many bytes, counting lines.
    fn step(&mut self, bytes: usize) {
        let (gone, rest) = self.rest.split_at(bytes);
        self.line += u32::try_from(gone.matches('\n').count()).unwrap_or(0);
        self.rest = rest;
    }

    /// Takes what is left of the line.
    fn rest_of_line(&mut self) -> String {
        let end = self.rest.find('\n').unwrap_or(self.rest.len());
        let line = self.rest[..end].trim_end_matches('\r').to_owned();
        self.step((end + 1).min(self.rest.len()));
        line
    }

    fn one(&mut self) {
        let line = self.line;
        let whole = self.rest.lines().next().unwrap_or_default();
        if let Some(after) = self.rest.strip_prefix("export")
            && after.starts_with([' ', '\t'])
        {
            let after = after.trim_start_matches([' ', '\t']);
            self.step(self.rest.len() - after.len());
        }
        let end = self.rest.find(['=', ':', '\n']).unwrap_or(self.rest.len());
        let name = self.rest[..end].trim().to_owned();
        if !is_name(&name) {
            let text = whole.to_owned();
            self.rest_of_line();
            return self.say(Problem::EnvName { text }, line);
        }
        let without = self.rest[end..].is_empty() || self.rest[end..].starts_with('\n');
        self.step((end + usize::from(!without)).min(self.rest.len()));
        if without {
            return self.inherit(&name, line);
        }
        let after = self.rest.trim_start_matches([' ', '\t']);
        self.step(self.rest.len() - after.len());
        let value = match self.rest.chars().next() {
            Some(quote @ ('"' | '\'')) => match self.quoted(quote) {
                Some(value) if quote == '"' => self.filled(&escapes(&value), line),
                Some(value) => value,
                None => {
                    self.rest_of_line();
                    return self.say(Problem::EnvQuote { name }, line);
                }
            },
            _ => {
                let text = self.rest_of_line();
                let text =
                    if text.starts_with('#') { "" } else { text.split(" #").next().unwrap_or_default() };
                self.filled(text.trim_end(), line)
            }
        };
        self.keep(&name, value, line);
    }

    /// A value in quotes, with its escapes but for that of the quote itself. What follows on the line is a comment.
    fn quoted(&mut self, quote: char) -> Option<String> {
        let mut value = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            if c == quote {
                self.step(at + 1);
                self.rest_of_line();
                return Some(value);
            }
            if c == '\\' {
                match chars.next() {
                    Some((_, next)) if next == quote => value.push(next),
                    Some((_, next)) => value.extend(['\\', next]),
                    None => return None,
                }
            } else {
                value.push(c);
            }
        }
        None
    }

    fn filled(&mut self, text: &str, line: u32) -> String {
        if !text.contains('$') {
            return text.to_owned();
        }
        let parts = match interpolate::parts(text) {
            Ok(parts) => parts,
            Err(text) => {
                self.say(Problem::BadReference { text }, line);
                return String::new();
            }
        };
        let mut unset = Vec::new();
        let known = |name: &str| self.around.get(name).or_else(|| self.values.get(name)).map(String::as_str);
        let filled = interpolate::fill(&parts, &known, &mut unset, LARGEST.min(self.room.left()));
        for name in unset {
            self.say(Problem::VariableUnset { name }, line);
        }
        match filled {
            Ok(text) => return text,
            Err(Lack::Required { name, message }) => {
                self.say(Problem::VariableRequired { name, message }, line)
            }
            Err(Lack::TooLarge) if self.room.left() < LARGEST => self.too_large(line),
            Err(Lack::TooLarge) => self.say(Problem::VariablesTooLarge { limit: LARGEST }, line),
        }
        String::new()
    }
}

/// Whether a variable of an env file can be called so.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_.-[]".contains(c))
}

/// What escapes mean within double quotes. `\$` is a dollar sign that begins no variable.
fn escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(c) = rest.chars().next() else {
            out.push('\\');
            break;
        };
        let mut taken = c.len_utf8();
        match c {
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'a' => out.push('\u{7}'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'v' => out.push('\u{b}'),
            '\\' => out.push('\\'),
            '"' => out.push('"'),
            '$' => out.push_str("$$"),
            '0' => {
                let digits = rest[1..].bytes().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
                taken += digits;
                let code = u32::from_str_radix(&rest[..=digits], 8).unwrap_or(0);
                out.extend(char::from_u32(code));
            }
            other => out.extend(['\\', other]),
        }
        rest = &rest[taken..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests;
