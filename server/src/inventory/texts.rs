//! The texts that a filter looks at, each kept once: containers of a stack share most of their labels. All of them stand
//! in one piece of memory, so that a word is looked for in one run through it.

use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasher as _, RandomState},
    sync::{Arc, Mutex, PoisonError},
};

use memchr::memmem;

/// Below so many bytes of texts that nobody has any more, they are not worth tidying away.
const DEAD_MAX: usize = 256 * 1024;
/// The places of so many words are remembered: an open page asks for the same ones again with every change.
const WORDS_KEPT: usize = 32;

/// Names a text until [`Texts::tidy`] gives it another number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TextId(u32);

/// All texts, in lower case.
#[derive(Default)]
pub(super) struct Texts {
    /// One after the other, each with a line feed at its end: no word goes from one into the next.
    all: String,
    texts: Vec<Text>,
    by_hash: HashMap<u64, TextId>,
    hasher: RandomState,
    dead: usize,
    /// Rises when texts come or are numbered anew.
    version: u64,
    searched: Mutex<VecDeque<Searched>>,
}

/// Where a word is: a bit for each text.
struct Searched {
    word: String,
    version: u64,
    bits: Bits,
}

type Bits = Arc<[u64]>;

struct Text {
    start: usize,
    hash: u64,
    uses: u32,
}

impl TextId {
    pub(super) fn at(self) -> usize {
        self.0 as usize
    }
}

impl Texts {
    /// Takes a text in once more.
    pub(super) fn take(&mut self, text: &str) -> TextId {
        let hash = self.hasher.hash_one(text);
        let known = self.by_hash.get(&hash).copied();
        if let Some(id) = known
            && self.text(id) == text
        {
            self.texts[id.at()].uses += 1;
            return id;
        }
        let id = TextId(u32::try_from(self.texts.len()).expect("fewer texts than four thousand million"));
        self.texts.push(Text { start: self.all.len(), hash, uses: 1 });
        self.all.push_str(text);
        self.all.push('\n');
        self.version += 1;
        if known.is_none() {
            self.by_hash.insert(hash, id);
        }
        id
    }

    /// Gives a text back.
    pub(super) fn give_back(&mut self, id: TextId) {
        let text = &mut self.texts[id.at()];
        text.uses -= 1;
        if text.uses == 0 {
            let hash = text.hash;
            self.dead += self.text(id).len() + 1;
            if self.by_hash.get(&hash) == Some(&id) {
                self.by_hash.remove(&hash);
            }
        }
    }

    /// Drops texts that nobody has if they are most of all, and tells the new number of each old one. The numbers keep
    /// their order.
    pub(super) fn tidy(&mut self) -> Option<Vec<TextId>> {
        if self.dead < DEAD_MAX || self.dead * 2 < self.all.len() {
            return None;
        }
        let old = std::mem::take(self);
        self.hasher = old.hasher.clone();
        self.version = old.version + 1;
        let mut renamed = Vec::with_capacity(old.texts.len());
        for (n, text) in old.texts.iter().enumerate() {
            let next = TextId(u32::try_from(self.texts.len()).expect("no more than before"));
            renamed.push(next);
            if text.uses == 0 {
                continue;
            }
            let end = old.texts.get(n + 1).map_or(old.all.len(), |next| next.start);
            self.texts.push(Text { start: self.all.len(), ..*text });
            self.all.push_str(&old.all[text.start..end]);
            self.by_hash.entry(text.hash).or_insert(next);
        }
        Some(renamed)
    }

    /// One more than the highest number of a text.
    pub(super) fn bound(&self) -> usize {
        self.texts.len()
    }

    /// Where words are.
    pub(super) fn search(&self, words: &[String]) -> Hits {
        Hits(words.iter().map(|word| self.search_word(word)).collect())
    }

    fn search_word(&self, word: &str) -> Bits {
        let known = self.searched(|searched| {
            let fits = |one: &&Searched| one.word == word && one.version == self.version;
            searched.iter().find(fits).map(|one| Arc::clone(&one.bits))
        });
        if let Some(bits) = known {
            return bits;
        }
        let mut bits = vec![0_u64; self.texts.len().div_ceil(64)];
        let (all, finder) = (self.all.as_bytes(), memmem::Finder::new(word));
        let (mut from, mut n) = (0, 0);
        while let Some(found) = finder.find(&all[from..]) {
            n += holder(&self.texts[n..], from + found);
            bits[n / 64] |= 1 << (n % 64);
            match self.texts.get(n + 1) {
                Some(next) => from = next.start,
                None => break,
            }
        }
        let bits: Bits = bits.into();
        let new = Searched { word: word.to_owned(), version: self.version, bits: Arc::clone(&bits) };
        self.searched(|searched| {
            searched.retain(|one| one.version == self.version && one.word != word);
            searched.truncate(WORDS_KEPT - 1);
            searched.push_front(new);
        });
        bits
    }

    fn searched<T>(&self, look: impl FnOnce(&mut VecDeque<Searched>) -> T) -> T {
        look(&mut self.searched.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A text that is here.
    pub(super) fn text(&self, id: TextId) -> &str {
        let end = self.texts.get(id.at() + 1).map_or(self.all.len(), |next| next.start);
        &self.all[self.texts[id.at()].start..end - 1]
    }
}

/// Which of the texts a byte is in; the first begins before it. In steps that double, for it is near or far.
fn holder(texts: &[Text], at: usize) -> usize {
    let mut step = 1;
    while texts.get(step).is_some_and(|text| text.start <= at) {
        step *= 2;
    }
    let (from, to) = (step / 2, step.min(texts.len()));
    from + texts[from..to].partition_point(|text| text.start <= at) - 1
}

/// Which texts have which words.
pub(super) struct Hits(Vec<Bits>);

impl Hits {
    /// Whether every word is in one of the texts.
    pub(super) fn has_all(&self, texts: &[TextId]) -> bool {
        self.has_all_or(texts, |_| false)
    }

    /// Whether every word is in one of the texts, or is one of those whose numbers `or` takes.
    pub(super) fn has_all_or(&self, texts: &[TextId], or: impl Fn(usize) -> bool) -> bool {
        let has = |bits: &Bits| texts.iter().any(|id| bits[id.at() / 64] >> (id.at() % 64) & 1 == 1);
        self.0.iter().enumerate().all(|(nth, bits)| has(bits) || or(nth))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(all: &[&str]) -> Vec<String> {
        all.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn words_are_found_wherever_they_stand_and_never_across_texts() {
        let mut texts = Texts::default();
        let [web, shop, front] = ["web-1", "project=shop", "team=front"].map(|text| texts.take(text));
        assert_eq!(texts.take("project=shop"), shop, "kept once");
        let row = [web, shop, front];
        for found in [&["web"][..], &["shop", "b-1"], &["=front"], &["web-1", "project=shop", "t"], &[]] {
            assert!(texts.search(&words(found)).has_all(&row), "{found:?}");
        }
        for lost in [&["webs"][..], &["shop", "back"], &["1project"], &["shopteam"]] {
            assert!(!texts.search(&words(lost)).has_all(&row), "{lost:?}");
        }
        assert!(!texts.search(&words(&["shop"])).has_all(&[web, front]));
        // What has come since the word was looked for is found as well.
        let shop = texts.take("shop-2");
        assert!(texts.search(&words(&["shop"])).has_all(&[shop]));
    }

    #[test]
    fn what_nobody_has_any_more_is_tidied_away() {
        let mut texts = Texts::default();
        let gone: Vec<TextId> = (0..5_000).map(|n| texts.take(&format!("{n:064}"))).collect();
        let kept = texts.take("kept");
        texts.take("kept");
        texts.give_back(kept);
        for id in gone {
            texts.give_back(id);
        }
        let before = texts.all.len();
        let renamed = texts.tidy().expect("it is worth it");
        assert!(texts.all.len() < before / 100);
        let kept = renamed[kept.at()];
        assert!(texts.search(&words(&["kept"])).has_all(&[kept]));
        assert_eq!(texts.take("kept"), kept);
        assert!(texts.tidy().is_none());
    }
}
