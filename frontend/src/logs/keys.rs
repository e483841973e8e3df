//! The keys of the page: Space holds the log, `w` wraps its lines, End goes to the newest.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::KeyboardEvent;

use super::feed::Feed;
use crate::{browser, parts::is_covered, shell::keys_are_on};

/// Listens for as long as the page is shown.
pub(super) fn listen(feed: Feed, wrap: Callback<()>) {
    let pressed = move |event: KeyboardEvent| {
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
        if modified
            || is_covered()
            || browser::is_typing(&event)
            || event.default_prevented()
            || !keys_are_on()
        {
            return;
        }
        match event.key().as_str() {
            // On a button Space presses that button.
            " " if !on_control(&event) => feed.pause(!untrack(|| feed.is_paused() || feed.is_away())),
            "w" => wrap.run(()),
            "End" => feed.to_newest(),
            _ => return,
        }
        event.prevent_default();
    };
    let listening = window_event_listener(leptos::ev::keydown, pressed);
    on_cleanup(move || listening.remove());
}

fn on_control(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| element.closest("button, a, input").ok().flatten().is_some())
}
