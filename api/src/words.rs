//! The one catalogue, in both languages, shared by server and browser and checked when building: a key that is missing
//! in either file does not compile (`build.rs`).

use serde::{Deserialize, Serialize};

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// A language that Longshore speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Locale {
    /// English.
    #[default]
    #[serde(rename = "en")]
    En,
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    ZhCn,
}

impl Locale {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::En, Self::ZhCn];

    /// The BCP 47 tag, as in `<html lang>` and `Accept-Language`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::ZhCn => "zh-CN",
        }
    }

    /// What the language calls itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::ZhCn => "简体中文",
        }
    }

    /// The language of a tag (`zh`, `zh-Hans`, `en-GB`), if it is one of ours.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let first = tag.split(['-', '_']).next().unwrap_or(tag);
        if first.eq_ignore_ascii_case("zh") {
            Some(Self::ZhCn)
        } else if first.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else {
            None
        }
    }

    /// The first of our languages in an `Accept-Language` header; the order of the header stands for its weights, as
    /// browsers send them sorted.
    pub fn accepted(header: &str) -> Self {
        header
            .split(',')
            .filter_map(|part| Self::from_tag(part.split(';').next()?.trim()))
            .next()
            .unwrap_or_default()
    }

    /// The words of this language.
    pub fn words(self) -> &'static Words {
        match self {
            Self::En => &EN,
            Self::ZhCn => &ZH_CN,
        }
    }

    pub(crate) fn template(self, code: &str) -> Option<&'static str> {
        let table = match self {
            Self::En => EN_SAY,
            Self::ZhCn => ZH_CN_SAY,
        };
        // From front to back: the table is sorted by keys with `_`, which is another order than that of codes with `-`.
        // It is short, and a sentence is rare.
        table.iter().find(|(key, _)| *key == code).map(|(_, text)| *text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_the_first_language_it_asks_for_that_we_speak() {
        assert_eq!(Locale::accepted("zh-Hans-CN,zh;q=0.9,en;q=0.8"), Locale::ZhCn);
        assert_eq!(Locale::accepted("fr-FR,fr;q=0.9,en-GB;q=0.7"), Locale::En);
        assert_eq!(Locale::accepted("de"), Locale::En);
        assert_eq!(Locale::accepted(""), Locale::En);
    }
}
