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
    ///
    /// # Panics
    /// In a browser that has not learnt it: see [`Locale::learn`].
    pub fn words(self) -> &'static Words {
        self.catalogue().0
    }

    pub(crate) fn template(self, code: &str) -> Option<&'static str> {
        // From front to back: the table is sorted by keys with `_`, which is another order than that of codes with `-`.
        // It is short, and a sentence is rare.
        self.catalogue().1.iter().find(|(key, _)| *key == code).map(|(_, text)| *text)
    }

    #[cfg(not(target_family = "wasm"))]
    fn catalogue(self) -> Catalogue {
        match self {
            Self::En => (&EN, EN_SAY),
            Self::ZhCn => (&ZH_CN, ZH_CN_SAY),
        }
    }

    /// The catalogue of this language as a file, for [`Locale::learn`].
    #[cfg(not(target_family = "wasm"))]
    pub fn file(self) -> &'static str {
        match self {
            Self::En => include_str!(concat!(env!("OUT_DIR"), "/words-en.txt")),
            Self::ZhCn => include_str!(concat!(env!("OUT_DIR"), "/words-zh-CN.txt")),
        }
    }

    #[cfg(target_family = "wasm")]
    fn catalogue(self) -> Catalogue {
        *LEARNT[self as usize].get().expect("nothing is said in a language before it is learnt")
    }

    /// Whether this browser has the words of the language. It carries none from the start: only what is read is fetched.
    #[cfg(target_family = "wasm")]
    pub fn is_learnt(self) -> bool {
        LEARNT[self as usize].get().is_some()
    }

    /// Learns the language from its file. False if it is the file of another build, which has other words.
    #[cfg(target_family = "wasm")]
    pub fn learn(self, file: String) -> bool {
        let Some((words, say)) = read(file.leak()) else { return false };
        LEARNT[self as usize].get_or_init(|| (Box::leak(Box::new(words)), say.leak()));
        true
    }
}

/// Words, and sentences by code.
type Catalogue = (&'static Words, &'static [(&'static str, &'static str)]);

/// What has been learnt, by language; the texts stay as long as the page.
#[cfg(target_family = "wasm")]
static LEARNT: [std::sync::OnceLock<Catalogue>; Locale::ALL.len()] =
    [const { std::sync::OnceLock::new() }; Locale::ALL.len()];

/// Reads the file of a catalogue as `build.rs` writes it; none if it is not as long as this build's.
#[cfg(any(test, target_family = "wasm"))]
fn read(file: &'static str) -> Option<(Words, Vec<(&'static str, &'static str)>)> {
    let mut lines = file.lines();
    let mut whole = true;
    let words = Words::read(&mut || {
        lines.next().filter(|line| !line.contains('\t')).unwrap_or_else(|| {
            whole = false;
            ""
        })
    });
    let say = lines.map(|line| line.split_once('\t')).collect::<Option<Vec<_>>>()?;
    whole.then_some((words, say))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_learns_every_word_and_sentence_from_the_file() {
        for locale in Locale::ALL {
            let (words, say) = read(locale.file()).unwrap();
            assert_eq!(format!("{words:?}"), format!("{:?}", locale.words()));
            assert_eq!(say, locale.catalogue().1);
        }
    }

    #[test]
    fn the_file_of_a_build_with_other_words_is_none() {
        let (first, rest) = Locale::En.file().split_once('\n').unwrap();
        assert!(read(rest).is_none());
        assert!(read(format!("{first}\n{first}\n{rest}").leak()).is_none());
    }

    #[test]
    fn a_browser_gets_the_first_language_it_asks_for_that_we_speak() {
        assert_eq!(Locale::accepted("zh-Hans-CN,zh;q=0.9,en;q=0.8"), Locale::ZhCn);
        assert_eq!(Locale::accepted("fr-FR,fr;q=0.9,en-GB;q=0.7"), Locale::En);
        assert_eq!(Locale::accepted("de"), Locale::En);
        assert_eq!(Locale::accepted(""), Locale::En);
    }
}
