//! The language of the pages: words and sentences of the one catalogue, switched without a reload.

use std::cell::{Cell, RefCell};

use js_sys::Promise;
use leptos::prelude::*;
use longshore_api::{
    format,
    sentence::Sentence,
    web::Millis,
    words::{Locale, Part, Words},
};
use wasm_bindgen_futures::JsFuture;

use crate::browser;

/// The language that this browser reads, and what is said in it. Reading it in a view makes the view follow a switch.
#[derive(Clone, Copy)]
pub(crate) struct Speech(RwSignal<Locale>);

impl Speech {
    /// The language that the pages begin in; its words are there already, see [`first`].
    pub(crate) fn start() -> Self {
        let speech = Self(RwSignal::new(first()));
        SPOKEN.set(Some(speech));
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

    /// A sentence in the language. Of those that a server says, the words may not have come yet: they are fetched, and
    /// what shows the sentence is painted anew.
    pub(crate) fn say(self, sentence: &Sentence) -> String {
        let text = sentence.render(self.0.get());
        #[cfg(target_family = "wasm")]
        if longshore_api::words::early::is_awaited() {
            drop(rest());
        }
        text
    }

    /// The same for what can wait until its words are there, such as what is seen under a pointer only.
    pub(crate) fn say_later(self, sentence: &Sentence) -> Option<String> {
        let locale = self.0.get();
        locale.has(&sentence.code).then(|| sentence.render(locale))
    }

    /// How long something lasts, in its largest unit.
    pub(crate) fn age(self, milliseconds: Millis) -> String {
        format::age(milliseconds, self.0.get())
    }

    /// Switches the language, here and for later pages, once all its words are there. Where they cannot be had, the pages stay
    /// in the language they are in; the next one tries again.
    pub(crate) fn choose(self, locale: Locale) {
        browser::remember("locale", Some(locale.tag()));
        leptos::task::spawn_local(async move {
            if learn(locale, Part::First).await && rest_of(locale).await {
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

thread_local! {
    /// The speech of the pages, for what runs outside of them.
    static SPOKEN: Cell<Option<Speech>> = const { Cell::new(None) };
    /// The rest of each language while it is on its way: whoever needs it waits for the same answer.
    static COMING: RefCell<[Option<Promise>; Locale::ALL.len()]> = const { RefCell::new([const { None }; _]) };
}

/// The rest of the words of the language that the pages are in, fetched unless it is there: no page of a chunk is shown
/// without. The future tells whether it has come; it need not be waited for.
pub(crate) fn rest() -> impl Future<Output = bool> {
    rest_of(SPOKEN.get().map_or_else(first, |speech| speech.0.get_untracked()))
}

fn rest_of(locale: Locale) -> impl Future<Output = bool> {
    let fetch = async move {
        let came = learn(locale, Part::Rest).await;
        if !came {
            // The next one who needs it tries again.
            COMING.with_borrow_mut(|coming| coming[locale as usize] = None);
        }
        #[cfg(target_family = "wasm")]
        if came && longshore_api::words::early::was_awaited() {
            SPOKEN.get().inspect(|speech| speech.0.notify());
        }
        Ok(came.into())
    };
    let coming = JsFuture::from(COMING.with_borrow_mut(|coming| {
        let coming = &mut coming[locale as usize];
        coming.get_or_insert_with(|| wasm_bindgen_futures::future_to_promise(fetch)).clone()
    }));
    async move { coming.await.is_ok_and(|came| came.is_truthy()) }
}

/// Fetches a part of the words of a language, unless it is there. False where it cannot be had: no network, or a server
/// of another build.
#[cfg(target_family = "wasm")]
pub(crate) async fn learn(locale: Locale, part: Part) -> bool {
    if locale.is_learnt(part) {
        return true;
    }
    let file = browser::asset(&format!("{}-{}", part.name(), locale.tag()));
    let Ok(answer) = gloo_net::http::Request::get(&file).send().await else { return false };
    if !answer.ok() {
        return false;
    }
    answer.text().await.is_ok_and(|file| locale.learn(part, file))
}

/// Outside of a browser, in tests of this room, all words are there.
#[cfg(not(target_family = "wasm"))]
pub(crate) async fn learn(_: Locale, _: Part) -> bool {
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
