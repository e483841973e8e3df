//! Reads JSON straight into types. serde_json does it too, and each type is then twice in the first load: as an object and
//! as a list of its fields, with a sentence for everything that can be wrong with either. What comes here was written by
//! our server, or is of another build: that it cannot be read is all there is to say.

mod reader;
mod text;

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, Visitor},
};

/// Reads a document; nothing where it is not of the type.
pub(crate) fn read<'a, T: Deserialize<'a>>(document: &'a str) -> Option<T> {
    let mut text = text::Text::of(document);
    let value = T::deserialize(&mut text).ok()?;
    text.is_at_end().then_some(value)
}

/// It cannot be read.
#[derive(Debug)]
pub(crate) struct Unread;

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unread")
    }
}

impl std::error::Error for Unread {}

impl de::Error for Unread {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }

    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

/// By this name a reader knows what is to be left as it stands.
const RAW: &str = "longshore raw";

/// A part of a document as it stands there, to be read later.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Raw<'a>(pub(crate) &'a str);

impl<'de: 'a, 'a> Deserialize<'de> for Raw<'a> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        value.deserialize_newtype_struct(RAW, RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a part of a document")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Raw<'de>, E> {
        Ok(Raw(text))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use longshore_api::web::{RowKey, container::State};
    use serde_json::{Value, json};

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        Plain,
        With(u8),
        Named { of: String },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Whole {
        name: String,
        #[serde(default)]
        note: Option<String>,
        count: u32,
        below: i64,
        share: f32,
        on: bool,
        pair: (State, u32),
        key: RowKey,
        kinds: Vec<Kind>,
        map: BTreeMap<String, u16>,
    }

    const WHOLE: &str = r#" { "name" : "a\"b\\\/\n\u00e9\ud83d\ude80容", "newer": {"a":["]}",{"b":"\\\""}], "c":null},
        "note":null, "count":4294967295, "below":-9223372036854775808, "share":12.75, "on":true,
        "pair":["running",3], "key":7, "kinds":["plain", {"with":9}, {"named":{"of":"x"}}], "map":{"a":1,"b":2} } "#;

    fn whole() -> Whole {
        Whole {
            name: "a\"b\\/\né🚀容".to_owned(),
            note: None,
            count: u32::MAX,
            below: i64::MIN,
            share: 12.75,
            on: true,
            pair: (State::Running, 3),
            key: RowKey(7),
            kinds: vec![Kind::Plain, Kind::With(9), Kind::Named { of: "x".to_owned() }],
            map: BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]),
        }
    }

    #[test]
    fn what_a_server_writes_is_read_whatever_more_a_newer_one_says() {
        assert_eq!(read::<Whole>(WHOLE), Some(whole()));
        assert_eq!(read::<Whole>(WHOLE), serde_json::from_str(WHOLE).ok());
    }

    #[test]
    fn half_a_document_or_more_than_one_is_none() {
        let whole = WHOLE.trim();
        for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
            assert_eq!(read::<Whole>(&whole[..end]), None, "{}", &whole[..end]);
            assert_eq!(read::<Value>(&whole[..end]), None, "{}", &whole[..end]);
        }
        assert_eq!(read::<Whole>(&format!("{whole} x")), None);
        for broken in [
            "",
            "[1,]",
            "[1 2]",
            "{\"a\" 1}",
            "{\"a\":1,}",
            "{1:2}",
            "\"\\x\"",
            "\"\\ud800\"",
            "-",
            "tru",
            "1e",
            "]",
        ] {
            assert_eq!(read::<Value>(broken), None, "{broken}");
        }
        assert_eq!(read::<u8>("256"), None);
        assert_eq!(read::<u32>("1.5"), None);
        assert_eq!(read::<Kind>("\"other\""), None);
    }

    #[test]
    fn any_document_is_read_as_the_others_read_it() {
        let documents = [
            json!(null),
            json!([true, false, null, 0, -1, 18_446_744_073_709_551_615_u64, i64::MIN]),
            json!({"deep": [[[[{"a": {}}]]]], "": [], "text": "\u{1}\u{7f}\t\"\\/é🚀"}),
        ];
        for document in documents {
            assert_eq!(read::<Value>(&document.to_string()), Some(document.clone()), "{document}");
            let spaced = serde_json::to_string_pretty(&document).unwrap();
            assert_eq!(read::<Value>(&spaced), Some(document));
        }
        for number in ["0.1", "-0.5", "1e3", "2.5E-3", "1234.5678", "99.9", "0.000001"] {
            assert_eq!(read::<f64>(number), number.parse().ok(), "{number}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(read::<Value>(&deep), None, "no document of ours is so deep");
    }

    #[test]
    fn a_part_is_left_as_it_stands() {
        #[derive(Deserialize)]
        struct Envelope<'a> {
            #[serde(borrow)]
            body: Option<Raw<'a>>,
            after: u8,
        }
        let envelope: Envelope<'_> = read(r#"{"body":{"a": [1, "}"]},"after":1}"#).unwrap();
        assert_eq!((envelope.body, envelope.after), (Some(Raw(r#"{"a": [1, "}"]}"#)), 1));
    }
}
