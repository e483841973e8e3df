//! The page for an address of nothing.

use leptos::prelude::*;
use longshore_api::words::say;

use crate::{
    parts::dynamic,
    places::{Page, places},
    speech::{speech, w},
};

/// There is nothing here, and the way home.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    let s = speech();
    let places = places();
    view! {
        <main class="page" id="page" tabindex="-1">
            <div class="empty">
                <h1>{w!(s.not_found)}</h1>
                <p>{dynamic(move || s.say(&say::not_found()))}</p>
                <p class="empty__ways">
                    <a href=dynamic(move || places.address(Page::Home))>{w!(s.home)}</a>
                </p>
            </div>
        </main>
    }
}
