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
    /// The language that the pages begin in; its words are there already, see [`first`].
    pub(crate) fn start() -> Self {
        let speech = Self(RwSignal::new(first()));
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

    /// Switches the language, here and for later pages, once its words are there. Where they cannot be had, the pages stay
    /// in the language they are in; the next one tries again.
    pub(crate) fn choose(self, locale: Locale) {
        browser::remember("locale", Some(locale.tag()));
        leptos::task::spawn_local(async move {
            if learn(locale).await {
                self.0.set(locale);
                self.mark_page();
            }
        });
    }

    fn mark_page(self) {
        if let Some(html) = document().document_element() {
            let _ = html.set_attribute("lang", self.0.get_untracked().tag());
        }
    }
}

/// The language chosen earlier in this browser, else the one in which the server wrote the page.
pub(crate) fn first() -> Locale {
    let chosen = browser::remembered("locale").and_then(|tag| Locale::from_tag(&tag));
    let written =
        || document().document_element()?.get_attribute("lang").and_then(|tag| Locale::from_tag(&tag));
    chosen.or_else(written).unwrap_or_default()
}

/// Fetches the words of a language, unless they are there. False where they cannot be had: no network, or a server of
/// another build.
#[cfg(target_family = "wasm")]
pub(crate) async fn learn(locale: Locale) -> bool {
    if locale.is_learnt() {
        return true;
    }
    let file = browser::asset(&format!("words-{}", locale.tag()));
    let Ok(answer) = gloo_net::http::Request::get(&file).send().await else { return false };
    if !answer.ok() {
        return false;
    }
    answer.text().await.is_ok_and(|file| locale.learn(file))
}

/// Outside of a browser, in tests of this room, all words are there.
#[cfg(not(target_family = "wasm"))]
pub(crate) async fn learn(_: Locale) -> bool {
    true
}

/// The language of the pages, from the context.
pub(crate) fn speech() -> Speech {
    expect_context()
}

/// A word of the catalogue as a view: `w!(s.sign_in)` follows the language.
macro_rules! w {
    ($speech:ident . $key:ident) => {
        $speech.word(|words| words.$key())
    };
}
pub(crate) use w;
