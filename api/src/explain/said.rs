//! An engine's words, searched without regard to case.

/// So many bytes of an engine's words are looked at.
const LOOKED_AT: usize = 16 * 1024;
/// A name taken out of them has at most so many characters.
const NAME_MAX: usize = 120;

/// What an engine said.
pub(super) struct Said<'a> {
    text: &'a str,
    /// Of the same length, so that a place in one is the same place in the other.
    lower: String,
}

impl<'a> Said<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let text = &text[..text.floor_char_boundary(LOOKED_AT)];
        Self { text, lower: text.to_ascii_lowercase() }
    }

    /// Whether all of these, in lower case, are in it.
    pub(super) fn has(&self, all: &[&str]) -> bool {
        all.iter().all(|what| self.lower.contains(what))
    }

    /// Whether one of these is.
    pub(super) fn has_any(&self, any: &[&str]) -> bool {
        any.iter().any(|what| self.lower.contains(what))
    }

    /// What follows the first of these that is there.
    pub(super) fn after(&self, any: &[&str]) -> Option<&'a str> {
        any.iter().find_map(|what| {
            let at = self.lower.find(what)? + what.len();
            self.text.get(at..)
        })
    }

    /// What stands before the first of these that is there.
    pub(super) fn before(&self, what: &str) -> Option<&'a str> {
        self.text.get(..self.lower.find(what)?)
    }

    /// The name that follows the first of these that is there and has one behind it.
    pub(super) fn name_after(&self, any: &[&str]) -> Option<String> {
        any.iter().find_map(|what| self.after(&[what]).and_then(first_name))
    }
}

/// The name that a text begins with: in quotes, or up to the next white space.
pub(super) fn first_name(text: &str) -> Option<String> {
    let text = text.trim_start();
    let name = match text.chars().next()? {
        quote @ ('"' | '\'' | '`') => text[1..].split(quote).next()?,
        _ => text.split_whitespace().next()?.trim_end_matches([':', ',', ';', '.', '"', '\'', '`', ')']),
    };
    shown(name)
}

/// The name as it is shown: not endless, and without what would rearrange the sentence around it.
pub(super) fn shown(name: &str) -> Option<String> {
    let arranges =
        |c: &char| !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut all = name.chars().filter(arranges);
    let mut name: String = all.by_ref().take(NAME_MAX).collect();
    if all.next().is_some() {
        name.push('…');
    }
    (!name.is_empty()).then_some(name)
}
