//! The keys of every page: the palette, the way to pages, the list of keys.

use std::time::Duration;

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::{
    browser,
    chunks::Above,
    parts::is_covered,
    places::{Page, places},
};

/// The letter after `g` counts this long.
const SECOND_LETTER: Duration = Duration::from_millis(1_200);

/// Whether single letters are keys; a person can switch them off.
pub(crate) fn keys_are_on() -> bool {
    browser::remembered("keys").as_deref() != Some("off")
}

/// Listens for as long as the shell is shown.
pub(super) fn listen(over: RwSignal<Option<Above>>) {
    let places = places();
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
            if let Some(page) = Page::RAIL.into_iter().find(|page| page.key() == key) {
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
