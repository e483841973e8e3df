//! JSON as Go's encoder writes structs: fields in their order, without what is zero, with `<`, `>` and `&` escaped.

use crate::{
    model::{MaybePairs, Pairs},
    units::{Size, Span},
};

/// A struct that is being written.
#[derive(Debug, Default)]
pub struct Object {
    json: String,
}

impl Object {
    /// A field with a value that is JSON already.
    pub fn raw(&mut self, key: &str, json: &str) {
        if !self.json.is_empty() {
            self.json.push(',');
        }
        string(key, &mut self.json);
        self.json.push(':');
        self.json.push_str(json);
    }

    pub fn text(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.raw(key, &quoted(text));
        }
    }

    pub fn flag(&mut self, key: &str, flag: bool) {
        if flag {
            self.raw(key, "true");
        }
    }

    pub fn maybe_flag(&mut self, key: &str, flag: Option<bool>) {
        if let Some(flag) = flag {
            self.raw(key, if flag { "true" } else { "false" });
        }
    }

    pub fn whole(&mut self, key: &str, number: i64) {
        if number != 0 {
            self.raw(key, &number.to_string());
        }
    }

    pub fn maybe_whole(&mut self, key: &str, number: Option<u64>) {
        if let Some(number) = number {
            self.raw(key, &number.to_string());
        }
    }

    /// A number that Go keeps in 32 bits.
    pub fn number(&mut self, key: &str, number: f64) {
        if number != 0.0 {
            self.raw(key, &(number as f32).to_string());
        }
    }

    pub fn size(&mut self, key: &str, size: Size) {
        if size.0 != 0 {
            self.raw(key, &format!("\"{size}\""));
        }
    }

    pub fn span(&mut self, key: &str, span: Option<Span>) {
        if let Some(span) = span {
            self.raw(key, &quoted(&span.to_string()));
        }
    }

    pub fn texts(&mut self, key: &str, texts: &[String]) {
        if !texts.is_empty() {
            self.raw(key, &list(texts.iter().map(|text| quoted(text))));
        }
    }

    /// A command: written even where nothing is said.
    pub fn command(&mut self, key: &str, command: Option<&Vec<String>>) {
        match command {
            Some(command) => self.raw(key, &list(command.iter().map(|text| quoted(text)))),
            None => self.raw(key, "null"),
        }
    }

    pub fn pairs(&mut self, key: &str, pairs: &Pairs) {
        if !pairs.is_empty() {
            self.raw(key, &map(pairs.iter().map(|(name, value)| (name.as_str(), quoted(value)))));
        }
    }

    pub fn maybe_pairs(&mut self, key: &str, pairs: &MaybePairs) {
        if !pairs.is_empty() {
            let value = |value: &Option<String>| value.as_deref().map_or_else(|| "null".to_owned(), quoted);
            self.raw(key, &map(pairs.iter().map(|(name, it)| (name.as_str(), value(it)))));
        }
    }

    /// A struct that is written even if nothing is in it.
    pub fn object(&mut self, key: &str, object: Object) {
        self.raw(key, &object.end());
    }

    pub fn objects(&mut self, key: &str, objects: Vec<Object>) {
        if !objects.is_empty() {
            self.raw(key, &list(objects.into_iter().map(Object::end)));
        }
    }

    /// The whole.
    pub fn end(self) -> String {
        format!("{{{}}}", self.json)
    }
}

/// A list of values that are JSON already.
pub fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

/// A map of values that are JSON already, in the order of its keys.
pub fn map<'a>(entries: impl Iterator<Item = (&'a str, String)>) -> String {
    let entries = entries.map(|(key, value)| format!("{}:{value}", quoted(key)));
    format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
}

/// A text as JSON.
pub fn quoted(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    string(text, &mut json);
    json
}

fn string(text: &str, json: &mut String) {
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => json.push_str(&format!("\\u{:04x}", u32::from(c))),
            c if u32::from(c) < 0x20 => json.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => json.push(c),
        }
    }
    json.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_as_go_writes_them() {
        assert_eq!(quoted("a<b>&\"\n\u{1}é"), r#""a\u003cb\u003e\u0026\"\n\u0001é""#);
    }
}
