//! Reads what our server writes, straight into types. `serde_json` reads anybody's JSON, says what is wrong with it and
//! where, and takes lists for structs: in the browser that is a tenth of the first load, for messages nobody sees. Here
//! a text is of the type or it is not.

mod number;
mod reader;
mod text;

use reader::Reader;
use serde::de::DeserializeOwned;

/// Reads a text; nothing where it is not of the type.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    let mut reader = Reader::new(text);
    let value = T::deserialize(&mut reader).ok()?;
    reader.is_done().then_some(value)
}

/// The fields of an object by name, each still to be read.
pub(crate) struct Fields<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Fields<'a> {
    /// Those of a text, which must be an object with plain names.
    pub(crate) fn of(text: &'a str) -> Option<Self> {
        let mut reader = Reader::new(text);
        let fields = reader.fields().ok()?;
        reader.is_done().then_some(Self(fields))
    }

    /// The text of a field.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(other, _)| *other == name).map(|(_, value)| *value)
    }

    /// A field, read.
    pub(crate) fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        read(self.raw(name)?)
    }
}

#[cfg(test)]
mod tests {
    use longshore_api::web::container::{Container, State};
    use serde_json::Value;

    use super::*;

    #[test]
    fn what_is_read_is_what_serde_json_reads() {
        for text in [
            "null",
            " true ",
            "[]",
            "{}",
            r#"{"a":[1,-2,3.5,1e3,-0.25E-2,18446744073709551615,-9223372036854775808]}"#,
            r#"["plain","\"\\\/\b\f\n\r\t","\u5bb9\u5668","\ud83d\udea2","容器 🚢"]"#,
            r#"[ { "a" : { "b" : [ [ ] , { } ] } } , false , null ]"#,
            "0",
            "-0.0",
            "0.1",
            "7.94",
            "123456.789",
        ] {
            assert_eq!(read::<Value>(text), serde_json::from_str(text).ok(), "{text}");
        }
    }

    #[test]
    fn what_is_none_is_nothing() {
        for text in [
            "",
            " ",
            "{",
            "[1",
            "[1,]",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{a:1}",
            "\"a",
            "\"\\x\"",
            "\"\\ud83d\"",
            "\"\\ud83d\\u0041\"",
            "\"\\u12\"",
            "nul",
            "truely",
            "1 2",
            "-",
            "1.",
            "1e",
            "01",
            "[1 2]",
            "{}}",
            "\"a\nb\"",
        ] {
            assert_eq!(read::<Value>(text), None, "{text}");
            assert!(serde_json::from_str::<Value>(text).is_err(), "{text} is JSON after all");
        }
    }

    #[test]
    fn types_are_read_and_what_they_do_not_know_is_passed_over() {
        let text = r#"{"key":7,"unknown":{"a":["]}",{"b":"\"}"}]},"host":"local","id":"ab","name":"w\u0065b","image":"nginx",
            "state":"healthy","created":-5,"ports":[{"container":80,"host":null,"protocol":"tcp"}],
            "usage":{"cpu":12.5,"memory":1024,"cpu_past":[0,1.25]}}"#;
        let row: Container = read(text).unwrap();
        assert_eq!(Some(row.clone()), serde_json::from_str(text).ok());
        assert_eq!((row.name.as_str(), row.state, row.created), ("web", State::Healthy, -5));
        assert_eq!(read::<Container>("{}"), None);
        assert_eq!(read::<Vec<(State, u32)>>(r#"[["exited",3]]"#), Some(vec![(State::Exited, 3)]));
        assert_eq!(read::<State>(r#""of-tomorrow""#), None);
        assert_eq!(read::<u8>("256"), None);
    }

    #[test]
    fn fields_are_found_unread() {
        let fields = Fields::of(r#"{"type":"delta","sub":3,"body":{"a":"}"} }"#).unwrap();
        assert_eq!((fields.read("sub"), fields.raw("body")), (Some(3_u32), Some(r#"{"a":"}"}"#)));
        assert_eq!(fields.raw("seq"), None);
        assert!(Fields::of("[]").is_none());
    }
}
