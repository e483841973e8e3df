//! The field that finds a text in what the terminal has shown.

use leptos::prelude::*;
use longshore_api::words::say;
use web_sys::KeyboardEvent;

use super::{session::Session, terminal::Way};
use crate::{
    parts::{Icon, dynamic},
    speech::{speech, w},
};

/// The field, over the terminal of a console.
#[component]
pub(super) fn FindInTerminal(
    /// The console.
    session: Session,
    /// Called when the person has found it.
    #[prop(into)]
    close: Callback<()>,
) -> impl IntoView {
    let s = speech();
    let text = RwSignal::new(String::new());
    let input = NodeRef::<leptos::html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            let _ = input.focus();
        }
    });
    let find = move |way: Way| text.with_untracked(|text| session.find(text, way));
    let leave = move || {
        session.unfind();
        close.run(());
        session.focus();
    };
    on_cleanup(move || session.unfind());
    let key = move |event: KeyboardEvent| {
        // Keys in here are not the page's.
        event.stop_propagation();
        match event.key().as_str() {
            "Enter" if event.shift_key() => find(Way::Previous),
            "Enter" => find(Way::Next),
            "Escape" => leave(),
            _ => return,
        }
        event.prevent_default();
    };
    let count = move || {
        let (at, count) = session.found();
        (!text.with(String::is_empty)).then(|| s.say(&say::found_of(count, at)))
    };
    view! {
        <div class="term__find" role="search" on:keydown=key>
            <input
                node_ref=input
                type="text"
                name="find"
                spellcheck="false"
                autocomplete="off"
                aria-label=w!(s.find_in_terminal)
                prop:value=dynamic(move || text.get())
                on:input=move |event| {
                    text.set(event_target_value(&event));
                    find(Way::Here);
                }
            />
            <span role="status" data-found="">{dynamic(count)}</span>
            <button class="btn btn--quiet btn--sm btn--icon" type="button" aria-label=w!(s.previous_match) title=w!(s.previous_match) on:click=move |_| find(Way::Previous)>
                <Icon name="chev-up" />
            </button>
            <button class="btn btn--quiet btn--sm btn--icon" type="button" aria-label=w!(s.next_match) title=w!(s.next_match) on:click=move |_| find(Way::Next)>
                <Icon name="chev-down" />
            </button>
            <button class="btn btn--quiet btn--sm btn--icon" type="button" aria-label=w!(s.close) title=w!(s.close) on:click=move |_| leave()>
                <Icon name="close" />
            </button>
        </div>
    }
}
