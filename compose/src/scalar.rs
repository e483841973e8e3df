//! What a word without quotes means: the core schema of YAML 1.2 with the octal numbers of 1.1, as Compose reads it.

use serde_json::Value as Json;

/// A word's meaning.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    /// Nothing.
    Null,
    /// A truth value.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// Any other number.
    Number(f64),
    /// A text.
    Text(String),
}

impl Meaning {
    /// The text that a value has where a text is asked for: a number in its shortest form, as Compose prints it.
    pub fn text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Flag(flag) => flag.to_string(),
            Self::Whole(whole) => whole.to_string(),
            Self::Number(number) => number_text(*number),
            Self::Text(text) => text.clone(),
        }
    }
}

impl From<Meaning> for Json {
    fn from(meaning: Meaning) -> Self {
        match meaning {
            Meaning::Null => Self::Null,
            Meaning::Flag(flag) => Self::Bool(flag),
            Meaning::Whole(whole) => whole.into(),
            Meaning::Number(number) if number.is_finite() => number.into(),
            Meaning::Number(number) => Self::String(number_text(number)),
            Meaning::Text(text) => Self::String(text),
        }
    }
}

/// Whether a word without quotes says that there is nothing.
pub fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// What a word without quotes means.
pub fn read(text: &str) -> Meaning {
    match text {
        _ if is_null(text) => Meaning::Null,
        "true" | "True" | "TRUE" => Meaning::Flag(true),
        "false" | "False" | "FALSE" => Meaning::Flag(false),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Meaning::Number(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Meaning::Number(f64::NEG_INFINITY),
        ".nan" | ".NaN" | ".NAN" => Meaning::Number(f64::NAN),
        _ => match whole(text) {
            Some(whole) => Meaning::Whole(whole),
            None => number(text).map_or_else(|| Meaning::Text(text.to_owned()), Meaning::Number),
        },
    }
}

/// A whole number: decimal, `0x`, `0o` or a leading zero for octal, `0b`; `_` between digits.
pub fn whole(text: &str) -> Option<i64> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let digits = digits.replace('_', "");
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, &digits[2..]),
        Some("0o" | "0O") => (8, &digits[2..]),
        Some("0b" | "0B") => (2, &digits[2..]),
        Some(two) if two.starts_with('0') => (8, &digits[1..]),
        _ => (10, digits.as_str()),
    };
    if !digits.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    i64::from_str_radix(digits, radix).ok().map(|value| sign * value)
}

/// A number with a point or an exponent, or a whole one that is too long for [`whole`].
pub fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let shaped = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.bytes().any(|b| b.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b".eE+-_".contains(&b));
    if shaped { text.replace('_', "").parse().ok() } else { None }
}

/// A number as Go prints it: in the shortest form, with an exponent below 0.0001 and from 1e+21 on.
pub fn number_text(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let size = number.abs();
    if size != 0.0 && !(1e-4..1e21).contains(&size) {
        let text = format!("{number:e}");
        return match text.split_once('e') {
            Some((digits, exponent)) => match exponent.strip_prefix('-') {
                Some(exponent) => format!("{digits}e-{exponent:0>2}"),
                None => format!("{digits}e+{exponent:0>2}"),
            },
            None => text,
        };
    }
    number.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_without_quotes_mean_what_compose_takes_them_for() {
        for (text, meaning) in [
            ("", Meaning::Null),
            ("~", Meaning::Null),
            ("True", Meaning::Flag(true)),
            ("yes", Meaning::Text("yes".into())),
            ("on", Meaning::Text("on".into())),
            ("12", Meaning::Whole(12)),
            ("-7", Meaning::Whole(-7)),
            ("0440", Meaning::Whole(0o440)),
            ("0o440", Meaning::Whole(0o440)),
            ("0x1F", Meaning::Whole(31)),
            ("1_000", Meaning::Whole(1000)),
            ("089", Meaning::Number(89.0)),
            ("1.10", Meaning::Number(1.1)),
            (".5", Meaning::Number(0.5)),
            ("1e3", Meaning::Number(1000.0)),
            ("1.2.3", Meaning::Text("1.2.3".into())),
            ("22:22", Meaning::Text("22:22".into())),
            ("3s", Meaning::Text("3s".into())),
            ("e5", Meaning::Text("e5".into())),
            ("-", Meaning::Text("-".into())),
        ] {
            assert_eq!(read(text), meaning, "{text}");
        }
    }

    #[test]
    fn numbers_are_printed_as_compose_prints_them() {
        for (number, text) in
            [(1.0, "1"), (1.1, "1.1"), (0.00001, "1e-05"), (1e21, "1e+21"), (123456789.5, "123456789.5")]
        {
            assert_eq!(number_text(number), text);
        }
    }
}
