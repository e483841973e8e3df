//! Lines that are JSON: what they say first, the rest behind it, folded. And how grave a line is.

use js_sys::{Array, JSON, Object};
use wasm_bindgen::{JsCast as _, JsValue};

/// How grave a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// Something failed.
    Error,
    /// Something may.
    Warning,
    /// As usual.
    Info,
    /// For who looks for mistakes.
    Debug,
}

impl Level {
    /// The class of its line.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Error => " lg--err",
            Self::Warning => " lg--warn",
            Self::Info => "",
            Self::Debug => " lg--debug",
        }
    }

    /// The class of its word.
    pub(super) fn colour(self) -> &'static str {
        match self {
            Self::Error => "a-1",
            Self::Warning => "a-3",
            Self::Info => "a-2",
            Self::Debug => "a-0",
        }
    }

    /// By the word for it.
    fn of(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "error" | "err" | "fatal" | "panic" | "critical" | "crit" | "alert" | "emerg" | "severe" => {
                Self::Error
            }
            "warn" | "warning" => Self::Warning,
            "info" | "information" | "notice" => Self::Info,
            "debug" | "trace" | "verbose" => Self::Debug,
            _ => return None,
        })
    }

    /// By the number that some write.
    fn of_number(number: f64) -> Self {
        match number {
            50.0.. => Self::Error,
            40.0.. => Self::Warning,
            30.0.. => Self::Info,
            _ => Self::Debug,
        }
    }

    /// By how a line of plain text begins: a word in capitals, or one that is marked as the level.
    pub(super) fn of_text(text: &str) -> Option<Self> {
        let begin = &text[..text.floor_char_boundary(100)];
        let mut before = None;
        for word in begin.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty()) {
            let at = word.as_ptr() as usize - begin.as_ptr() as usize;
            let marked =
                begin[..at].ends_with(['[', '<']) || matches!(before, Some("level" | "lvl" | "severity"));
            let capitals = word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
            if (marked || capitals)
                && let Some(level) = Self::of(word)
            {
                return Some(level);
            }
            before = Some(word);
        }
        None
    }
}

/// A line that is a JSON object.
#[derive(Clone, Debug, Default)]
pub(super) struct Folded {
    /// How grave, and the word for it.
    pub(super) level: Option<(Level, String)>,
    /// What it says.
    pub(super) message: String,
    /// Everything else but its time: names and values.
    pub(super) rest: Vec<(String, String)>,
    /// All of it.
    pub(super) whole: Vec<(String, String)>,
}

/// The line as one, if it is.
pub(super) fn folded(text: &str) -> Option<Folded> {
    let text = text.trim();
    if !(text.starts_with('{') && text.ends_with('}')) {
        return None;
    }
    let object: Object = JSON::parse(text).ok()?.dyn_into().ok()?;
    let mut folded = Folded::default();
    for entry in Object::entries(&object).iter() {
        let entry: Array = entry.unchecked_into();
        let (name, value) = (entry.get(0).as_string()?, entry.get(1));
        let written = written(&value);
        folded.whole.push((name.clone(), written.clone()));
        match name.as_str() {
            "level" | "lvl" | "severity" | "levelname" | "@l" if folded.level.is_none() => {
                let level = value.as_f64().map(Level::of_number).or_else(|| Level::of(&written));
                let level = level.unwrap_or(Level::Info);
                let word = if value.as_f64().is_some() { word(level).to_owned() } else { written };
                folded.level = Some((level, word));
            }
            "msg" | "message" | "@m" if folded.message.is_empty() => folded.message = written,
            "time" | "ts" | "timestamp" | "@timestamp" | "@t" => {}
            _ => folded.rest.push((name, written)),
        }
    }
    Some(folded)
}

/// Programs that write numbers say these words for them.
fn word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warn",
        Level::Info => "info",
        Level::Debug => "debug",
    }
}

fn written(value: &JsValue) -> String {
    match value.as_string() {
        Some(text) => text,
        None => JSON::stringify(value).map(String::from).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_line_says_how_grave_it_is_where_it_begins() {
        for (text, level) in [
            ("2026-11-29 ERROR could not connect", Some(Level::Error)),
            ("level=warning msg=\"slow\"", Some(Level::Warning)),
            ("[error] 7#7: connect() failed", Some(Level::Error)),
            ("time=\"…\" level=info msg=\"an error is no error\"", Some(Level::Info)),
            ("an error of no consequence", None),
            ("DEBUG x", Some(Level::Debug)),
            ("容容容 WARN", Some(Level::Warning)),
            ("", None),
        ] {
            assert_eq!(Level::of_text(text), level, "{text}");
        }
    }

    #[test]
    fn numbers_stand_for_levels() {
        assert_eq!(
            [10.0, 30.0, 40.0, 60.0].map(Level::of_number),
            [Level::Debug, Level::Info, Level::Warning, Level::Error]
        );
    }
}
