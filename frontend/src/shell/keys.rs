//! The keys of every page: the palette, the way to pages, the list of keys.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::KeyboardEvent;

use crate::{
    browser,
    chunks::Above,
    parts::is_covered,
    places::{Page, places},
    session::session,
};

/// The letter after `g` counts this long.
const SECOND_LETTER: Duration = Duration::from_millis(1_200);

/// Whether single letters are keys; a person can switch them off.
pub(crate) fn keys_are_on() -> bool {
    browser::remembered("keys").as_deref() != Some("off")
}

/// Keys of one page, heard for as long as it is shown and while they are the page's: nobody types, nothing lies over it,
/// and letters are not switched off. `pressed` does what the key means, and says whether it means anything.
pub(crate) fn page_keys(pressed: impl Fn(&str, &KeyboardEvent) -> bool + 'static) {
    let heard = move |event: KeyboardEvent| {
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
        if modified
            || is_covered()
            || browser::is_typing(&event)
            || event.default_prevented()
            || !keys_are_on()
        {
            return;
        }
        if pressed(&event.key(), &event) {
            event.prevent_default();
        }
    };
    let listening = window_event_listener(leptos::ev::keydown, heard);
    on_cleanup(move || listening.remove());
}

/// Whether the focus is on what takes keys itself: on a button, Space presses that button.
pub(crate) fn on_control(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| element.closest("button, a, input").ok().flatten().is_some())
}

/// Listens for as long as the shell is shown.
pub(super) fn listen(over: RwSignal<Option<Above>>) {
    let (places, session) = (places(), session());
    let after_g = StoredValue::new(false);
    let pressed = move |event: KeyboardEvent| {
        if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") {
            event.prevent_default();
            over.set(Some(Above::Palette));
            return;
        }
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
        if modified || is_covered() || browser::is_typing(&event) || !keys_are_on() {
            return;
        }
        let key = event.key();
        if after_g.get_value() {
            after_g.set_value(false);
            let meant = |page: &Page| page.key() == key && untrack(|| page.is_offered(session));
            if let Some(page) = Page::RAIL.into_iter().find(meant) {
                // The page's own keys are not meant.
                event.prevent_default();
                places.go(untrack(|| places.address(page)));
            }
            return;
        }
        match key.as_str() {
            "g" => {
                after_g.set_value(true);
                set_timeout(move || _ = after_g.try_set_value(false), SECOND_LETTER);
            }
            "?" => over.set(Some(Above::Keys)),
            _ => {}
        }
    };
    // Before the pages' own listeners, which leave alone what is prevented.
    let listening = window_event_listener(leptos::ev::keydown, pressed);
    on_cleanup(move || listening.remove());
}
