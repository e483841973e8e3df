//! The language of the pages: words and sentences of the one catalogue, switched without a reload.

use leptos::prelude::*;
use longshore_api::{
    format,
    sentence::Sentence,
    web::Millis,
    words::{Locale, Words},
};

use crate::browser;

/// The language that this browser reads, and what is said in it. Reading it in a view makes the view follow a switch.
#[derive(Clone, Copy)]
pub(crate) struct Speech(RwSignal<Locale>);

impl Speech {
    /// The language chosen earlier in this browser, else the one in which the server wrote the page.
    pub(crate) fn start() -> Self {
        let chosen = browser::remembered("locale").and_then(|tag| Locale::from_tag(&tag));
        let written =
            || document().document_element()?.get_attribute("lang").and_then(|tag| Locale::from_tag(&tag));
        let speech = Self(RwSignal::new(chosen.or_else(written).unwrap_or_default()));
        speech.mark_page();
        speech
    }

    /// The language.
    pub(crate) fn locale(self) -> Locale {
        self.0.get()
    }

    /// The words of the language.
    pub(crate) fn words(self) -> &'static Words {
        self.0.get().words()
    }

    /// A word of the language, followed. The same type for every word: see [`crate::parts::dynamic`].
    pub(crate) fn word(
        self,
        of: fn(&Words) -> &'static str,
    ) -> impl Fn() -> &'static str + Copy + Send + Sync {
        move || of(self.words())
    }

    /// A sentence in the language.
    pub(crate) fn say(self, sentence: &Sentence) -> String {
        sentence.render(self.0.get())
    }

    /// How long something lasts, in its largest unit.
    pub(crate) fn age(self, milliseconds: Millis) -> String {
        format::age(milliseconds, self.0.get())
    }

    /// Switches the language, here and for later pages.
    pub(crate) fn choose(self, locale: Locale) {
        self.0.set(locale);
        browser::remember("locale", Some(locale.tag()));
        self.mark_page();
    }

    fn mark_page(self) {
        if let Some(html) = document().document_element() {
            let _ = html.set_attribute("lang", self.0.get_untracked().tag());
        }
    }
}

/// The language of the pages, from the context.
pub(crate) fn speech() -> Speech {
    expect_context()
}

/// A word of the catalogue as a view: `w!(s.sign_in)` follows the language.
macro_rules! w {
    ($speech:ident . $key:ident) => {
        $speech.word(|words| words.$key)
    };
}
pub(crate) use w;
