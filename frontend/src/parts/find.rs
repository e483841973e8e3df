//! The field that narrows a list by what is typed.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};

use crate::{
    browser,
    parts::{Icon, dynamic},
    speech::{speech, w},
};

/// Typing is taken over when it rests this long.
const REST: Duration = Duration::from_millis(120);

/// The field; the key `/` leads to it by [`focus_find`].
#[component]
pub(crate) fn Find(
    /// What the list is narrowed by now.
    text: Memo<String>,
    /// By what it can be narrowed.
    #[prop(into)]
    hint: Signal<&'static str>,
    /// Called with what is typed, once it rests.
    #[prop(into)]
    typed: Callback<String>,
) -> impl IntoView {
    let s = speech();
    let rest = StoredValue::new(None::<TimeoutHandle>);
    let input = move |text: String| {
        if let Some(waiting) = rest.get_value() {
            waiting.clear();
        }
        // The page may have been left when it rests.
        rest.set_value(set_timeout_with_handle(move || _ = typed.try_run(text), REST).ok());
    };
    view! {
        <label class="find">
            <Icon name="search" small=true />
            <input
                name="filter"
                type="search"
                aria-label=w!(s.filter)
                placeholder=dynamic(move || hint.get())
                prop:value=dynamic(move || text.get())
                on:input=move |event| input(event_target_value(&event))
            />
            <kbd class="no-phone">"/"</kbd>
        </label>
    }
}

/// Goes to the field of the page, if it has one.
pub(crate) fn focus_find() {
    browser::focus("input[name=filter]");
}
