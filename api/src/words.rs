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
    /// In a browser that has not learnt their first part: see [`Locale::learn`].
    pub fn words(self) -> &'static Words {
        self.catalogue().0
    }

    pub(crate) fn template(self, code: &str) -> Option<&'static str> {
        // From front to back: those of the first file stand before the rest. The table is short, and a sentence is rare.
        self.catalogue().1.iter().find(|(key, _)| *key == code).map(|(_, text)| *text)
    }

    #[cfg(not(target_family = "wasm"))]
    fn catalogue(self) -> Catalogue {
        match self {
            Self::En => (&EN, EN_SAY),
            Self::ZhCn => (&ZH_CN, ZH_CN_SAY),
        }
    }

    /// A part of the catalogue of this language as a file, for [`Locale::learn`].
    #[cfg(not(target_family = "wasm"))]
    pub fn file(self, part: Part) -> &'static str {
        match (self, part) {
            (Self::En, Part::First) => include_str!(concat!(env!("OUT_DIR"), "/words-en.txt")),
            (Self::En, Part::Rest) => include_str!(concat!(env!("OUT_DIR"), "/more-en.txt")),
            (Self::ZhCn, Part::First) => include_str!(concat!(env!("OUT_DIR"), "/words-zh-CN.txt")),
            (Self::ZhCn, Part::Rest) => include_str!(concat!(env!("OUT_DIR"), "/more-zh-CN.txt")),
        }
    }

    /// Whether a sentence can be said: its words may not have come yet.
    pub fn has(self, code: &str) -> bool {
        let has = self.template(code).is_some();
        #[cfg(target_family = "wasm")]
        if !has {
            self.wait();
        }
        has
    }

    #[cfg(target_family = "wasm")]
    fn catalogue(self) -> Catalogue {
        let [first, whole] = &LEARNT[self as usize];
        *whole.get().or(first.get()).expect("nothing is said in a language before it is learnt")
    }

    /// Whether this browser has a part of the words. It carries none from the start: only what is read is fetched.
    #[cfg(target_family = "wasm")]
    pub fn is_learnt(self, part: Part) -> bool {
        LEARNT[self as usize][part as usize].get().is_some()
    }

    /// Learns a part from its file, the first one first. False if it is the file of another build, which has other words.
    #[cfg(target_family = "wasm")]
    pub fn learn(self, part: Part, file: String) -> bool {
        let learnt = &LEARNT[self as usize];
        let Some((words, say)) = read(learnt[0].get().copied(), part, file.leak()) else { return false };
        learnt[part as usize].get_or_init(|| (Box::leak(Box::new(words)), say.leak()));
        true
    }

    /// Something that the second file may have is wanted before it has come.
    #[cfg(target_family = "wasm")]
    fn wait(self) {
        if !self.is_learnt(Part::Rest) {
            early::AWAITED.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    }

    /// A sentence is said that is not in the catalogue, or not yet. That of a server may be any; one of our own pages is
    /// said too early.
    #[cfg(target_family = "wasm")]
    pub(crate) fn misses(self, code: &str, is_ours: bool) {
        self.wait();
        if is_ours && !self.is_learnt(Part::Rest) {
            early::complain(code);
        }
    }
}

/// A file of a catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What the first page shows; `assets/locales/first.txt` lists it.
    First,
    /// All else.
    Rest,
}

impl Part {
    /// Both.
    pub const ALL: [Self; 2] = [Self::First, Self::Rest];

    /// What its files are called, before the language.
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "words",
            Self::Rest => "more",
        }
    }
}

impl Words {
    #[cfg(not(target_family = "wasm"))]
    fn at(&self, place: usize) -> &'static str {
        self.0[place]
    }

    /// Empty where it has not come yet.
    #[cfg(target_family = "wasm")]
    #[inline(never)]
    fn at(&self, place: usize) -> &'static str {
        let word = self.0[place];
        if word.is_empty() {
            early::AWAITED.store(true, std::sync::atomic::Ordering::Relaxed);
            #[cfg(debug_assertions)]
            early::complain(KEYS[place]);
        }
        word
    }
}

/// Words, and sentences by code.
type Catalogue = (&'static Words, &'static [(&'static str, &'static str)]);

/// What has been learnt, by language: the first part, the whole. The texts stay as long as the page.
#[cfg(target_family = "wasm")]
static LEARNT: [[std::sync::OnceLock<Catalogue>; Part::ALL.len()]; Locale::ALL.len()] =
    [const { [const { std::sync::OnceLock::new() }; Part::ALL.len()] }; Locale::ALL.len()];

/// What was wanted before it had come.
#[cfg(target_family = "wasm")]
pub mod early {
    use std::sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    };

    pub(super) static AWAITED: AtomicBool = AtomicBool::new(false);
    static COMPLAINT: OnceLock<fn(&str)> = OnceLock::new();

    /// Whether something was shown without its words, which the second file may have.
    pub fn is_awaited() -> bool {
        AWAITED.load(Ordering::Relaxed)
    }

    /// The same, and from now on nothing: all have come.
    pub fn was_awaited() -> bool {
        AWAITED.swap(false, Ordering::Relaxed)
    }

    /// Has a function hear, in development builds, of what our own pages say too early.
    pub fn report(complaint: fn(&str)) {
        _ = COMPLAINT.set(complaint);
    }

    pub(super) fn complain(key: &str) {
        if let (true, Some(complaint)) = (cfg!(debug_assertions), COMPLAINT.get()) {
            complaint(key);
        }
    }
}

/// Reads a file of a catalogue as `build.rs` writes it, after the first part where it is the rest; none if it is not as
/// long as this build's.
#[cfg(any(test, target_family = "wasm"))]
fn read(
    first: Option<Catalogue>,
    part: Part,
    file: &'static str,
) -> Option<(Words, Vec<(&'static str, &'static str)>)> {
    let (mut words, mut say) = match part {
        Part::First => ([""; _], Vec::new()),
        Part::Rest => first.map(|(words, say)| (words.0, say.to_vec()))?,
    };
    let mut lines = file.lines();
    let (before, rest) = words.split_at_mut(FIRST);
    for word in if part == Part::First { before } else { rest } {
        *word = lines.next().filter(|line| !line.contains('\t'))?;
    }
    for line in lines {
        say.push(line.split_once('\t')?);
    }
    Some((Words(words), say))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(locale: Locale) -> Catalogue {
        let (words, say) = read(None, Part::First, locale.file(Part::First)).unwrap();
        (Box::leak(Box::new(words)), say.leak())
    }

    #[test]
    fn a_browser_learns_every_word_and_sentence_from_both_files() {
        for locale in Locale::ALL {
            let (words, say) = read(Some(first(locale)), Part::Rest, locale.file(Part::Rest)).unwrap();
            assert_eq!(format!("{words:?}"), format!("{:?}", locale.words()));
            assert_eq!(say, locale.catalogue().1);
        }
    }

    #[test]
    fn the_first_file_has_what_the_first_page_shows_and_no_more() {
        for locale in Locale::ALL {
            let (words, say) = first(locale);
            assert_eq!(words.sign_in(), locale.words().sign_in());
            assert_eq!(words.command(), "");
            assert!(say.iter().any(|(code, _)| *code == "wrong-password"));
            assert!(say.iter().all(|(code, _)| *code != "no-tag"));
        }
    }

    #[test]
    fn the_file_of_a_build_with_other_words_is_none() {
        for part in Part::ALL {
            let before = || Some(first(Locale::En));
            let (line, rest) = Locale::En.file(part).split_once('\n').unwrap();
            assert!(read(before(), part, rest).is_none());
            assert!(read(before(), part, format!("{line}\n{line}\n{rest}").leak()).is_none());
        }
        assert!(read(None, Part::Rest, Locale::En.file(Part::Rest)).is_none(), "before the first");
    }

    #[test]
    fn a_browser_gets_the_first_language_it_asks_for_that_we_speak() {
        assert_eq!(Locale::accepted("zh-Hans-CN,zh;q=0.9,en;q=0.8"), Locale::ZhCn);
        assert_eq!(Locale::accepted("fr-FR,fr;q=0.9,en-GB;q=0.7"), Locale::En);
        assert_eq!(Locale::accepted("de"), Locale::En);
        assert_eq!(Locale::accepted(""), Locale::En);
    }
}
