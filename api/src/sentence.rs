//! A sentence is data: a code and typed arguments. Nothing of ours stores or sends a finished sentence; it is rendered
//! in the viewer's language where it is seen.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, MapAccess, Visitor, value::MapAccessDeserializer},
};

use crate::{format, ops::Permission, words::Locale};

/// A sentence of the catalogue, not yet in any language. Made by the functions of [`crate::words::say`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sentence {
    /// The key in the catalogue, with `-` for `_`: `wrong-password`.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub code: Cow<'static, str>,
    /// What the sentence speaks of, by the names of its template.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, Arg>))]
    pub args: Args,
}

/// What a sentence speaks of, by name.
pub type Args = BTreeMap<Cow<'static, str>, Arg>;

/// An argument of a sentence.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Arg {
    /// A count, a number of bytes, milliseconds.
    Number(i64),
    /// A name, an address, a word of the engine's own: shown as it is.
    Text(String),
    /// Another sentence, or a word of ours: said in the language of the sentence around it.
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    Said(Box<Sentence>),
}

/// Read by hand: serde's own way for untagged values keeps a copy of everything first.
impl<'de> Deserialize<'de> for Arg {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        value.deserialize_any(ArgVisitor)
    }
}

struct ArgVisitor;

impl<'de> Visitor<'de> for ArgVisitor {
    type Value = Arg;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number, a text or a sentence")
    }

    fn visit_i64<E: de::Error>(self, n: i64) -> Result<Arg, E> {
        Ok(Arg::Number(n))
    }

    fn visit_u64<E: de::Error>(self, n: u64) -> Result<Arg, E> {
        i64::try_from(n).map(Arg::Number).map_err(|_| E::custom("too large"))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Arg, E> {
        Ok(Arg::Text(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Arg, A::Error> {
        Sentence::deserialize(MapAccessDeserializer::new(map)).map(Arg::from)
    }
}

impl Sentence {
    /// Only the generated functions call this: they cannot name a code or an argument that is not there.
    pub(crate) fn new<const N: usize>(code: &'static str, args: [(&'static str, Arg); N]) -> Self {
        let mut sentence = Self { code: Cow::Borrowed(code), args: Args::new() };
        // One by one: a map that is collected sorts first, by code of its own for each number of arguments.
        for (name, value) in args {
            sentence.args.insert(Cow::Borrowed(name), value);
        }
        sentence
    }

    /// Does something to every text that it speaks of, those of sentences within it included.
    pub fn each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        for arg in self.args.values_mut() {
            match arg {
                Arg::Number(_) => {}
                Arg::Text(text) => change(text),
                Arg::Said(sentence) => sentence.each_text(change),
            }
        }
    }

    /// How many bytes of text it speaks of.
    pub fn weight(&self) -> usize {
        let of = |arg: &Arg| match arg {
            Arg::Number(_) => 0,
            Arg::Text(text) => text.len(),
            Arg::Said(sentence) => sentence.weight(),
        };
        self.args.values().map(of).sum()
    }

    /// The sentence in a language. A code that this build does not know (a newer server's, say) is shown as such with
    /// its arguments, rather than hidden; so is one whose words a browser has not fetched yet, until they come.
    pub fn render(&self, locale: Locale) -> String {
        match locale.template(&self.code) {
            Some(template) => fill(template, &self.args, locale),
            None => {
                #[cfg(target_family = "wasm")]
                locale.misses(&self.code, matches!(self.code, Cow::Borrowed(_)));
                let args: Vec<String> =
                    self.args.iter().map(|(name, arg)| format!("{name}={}", arg.render(locale))).collect();
                format!("{} {}", self.code, args.join(" ")).trim_end().to_owned()
            }
        }
    }
}

/// `{name}` is the argument; `{n#one#many}` chooses by count and `{n:form}` formats: `bytes` (binary), `disk`
/// (decimal), `count` (with thousands separators), `right` (a permission by its code).
fn fill(template: &str, args: &Args, locale: Locale) -> String {
    let mut out = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let after = &rest[open + 1..];
        let Some(close) = after.find('}') else {
            out.push_str(&rest[open..]);
            return out;
        };
        place(&mut out, &after[..close], args, locale);
        rest = &after[close + 1..];
    }
    out.push_str(rest);
    out
}

fn place(out: &mut String, inner: &str, args: &Args, locale: Locale) {
    if let Some((name, forms)) = inner.split_once('#') {
        let one = matches!(args.get(name), Some(Arg::Number(1)));
        let (singular, plural) = forms.split_once('#').unwrap_or((forms, forms));
        out.push_str(if one { singular } else { plural });
        return;
    }
    let (name, form) = inner.split_once(':').unwrap_or((inner, ""));
    match args.get(name) {
        Some(Arg::Number(n)) => match form {
            "bytes" => out.push_str(&format::memory(n.unsigned_abs())),
            "disk" => out.push_str(&format::disk(n.unsigned_abs())),
            "count" => out.push_str(&format::count(n.unsigned_abs())),
            _ => out.push_str(&n.to_string()),
        },
        Some(Arg::Text(text)) => {
            let right = Permission::of(text).filter(|_| form == "right");
            out.push_str(right.map_or(text, |right| right.word(locale.words())));
        }
        Some(Arg::Said(sentence)) => out.push_str(&sentence.render(locale)),
        None => {
            out.push('{');
            out.push_str(inner);
            out.push('}');
        }
    }
}

impl fmt::Display for Sentence {
    /// English, for logs and the command line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Locale::En))
    }
}

impl Arg {
    fn render(&self, locale: Locale) -> String {
        match self {
            Self::Number(n) => n.to_string(),
            Self::Text(text) => text.clone(),
            Self::Said(sentence) => sentence.render(locale),
        }
    }
}

impl From<Sentence> for Arg {
    fn from(sentence: Sentence) -> Self {
        Self::Said(Box::new(sentence))
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

macro_rules! numbers {
    ($($kind:ty),*) => { $(impl From<$kind> for Arg {
        fn from(n: $kind) -> Self {
            Self::Number(i64::try_from(n).unwrap_or(i64::MAX))
        }
    })* };
}
numbers!(i32, i64, u16, u32, u64, usize);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::say;

    fn args(pairs: &[(&'static str, Arg)]) -> Args {
        pairs.iter().map(|(name, arg)| (Cow::Borrowed(*name), arg.clone())).collect()
    }

    #[test]
    fn a_template_counts_and_formats() {
        let template = "{n:count} {n#container#containers} hold {size:bytes} on {host}";
        let filled = |n: i64| {
            let args = args(&[("n", n.into()), ("size", 3_221_225_472_i64.into()), ("host", "quay".into())]);
            fill(template, &args, Locale::En)
        };
        assert_eq!(filled(1), "1 container hold 3.00 GiB on quay");
        assert_eq!(filled(1_284_031), "1,284,031 containers hold 3.00 GiB on quay");
    }

    #[test]
    fn an_argument_is_never_read_as_a_template() {
        let args = args(&[("name", "{host}".into())]);
        assert_eq!(fill("held by {name}", &args, Locale::En), "held by {host}");
    }

    #[test]
    fn a_sentence_within_a_sentence_is_said_in_its_language() {
        let said = say::compose_wrong_kind(say::kind_list(), say::kind_text());
        let read: Sentence = serde_json::from_str(&serde_json::to_string(&said).unwrap()).unwrap();
        assert_eq!(read, said);
        assert_eq!(read.render(Locale::En), "This has to be a text, not a list.");
        assert_eq!(read.render(Locale::ZhCn), "此处应为文本，而不是列表。");
    }

    #[test]
    fn a_refusal_names_the_right_in_its_language() {
        let missing = crate::words::say::permission_missing("Ada", "quay", Permission::Deploy.code());
        let said = missing.render(Locale::ZhCn);
        assert!(said.contains("“部署”") && !said.contains("deploy"), "{said}");
        assert!(missing.render(Locale::En).contains("“deploy”"));
    }

    #[test]
    fn an_unknown_code_is_shown_with_its_arguments() {
        let newer = Sentence { code: "of-tomorrow".into(), args: args(&[("n", 3.into())]) };
        assert_eq!(newer.render(Locale::ZhCn), "of-tomorrow n=3");
    }
}
