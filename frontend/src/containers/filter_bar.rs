//! The bar above the table: find, group.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use longshore_api::{web::container::Grouping, words::Words};

use super::address::View;
use crate::{
    parts::Icon,
    speech::{speech, w},
};

/// Typing is taken over when it rests this long.
const REST: Duration = Duration::from_millis(120);

/// The bar.
#[component]
pub(super) fn FilterBar(
    view: Memo<View>,
    /// Takes over the changed view as a new entry of the history.
    #[prop(into)]
    change: Callback<View>,
    /// The same in place of the current entry.
    #[prop(into)]
    settle: Callback<View>,
) -> impl IntoView {
    let s = speech();
    let rest = StoredValue::new(None::<TimeoutHandle>);
    let typed = move |text: String| {
        if let Some(waiting) = rest.get_value() {
            waiting.clear();
        }
        let take_over = move || {
            let mut view = view.get_untracked();
            view.text = text;
            settle.run(view);
        };
        rest.set_value(set_timeout_with_handle(take_over, REST).ok());
    };
    view! {
        <div class="bar">
            <label class="find">
                <Icon name="search" small=true />
                <input
                    name="filter"
                    type="search"
                    aria-label=w!(s.filter)
                    placeholder=w!(s.filter_containers)
                    prop:value=move || view.with(|view| view.text.clone())
                    on:input=move |event| typed(event_target_value(&event))
                />
                <kbd class="no-phone">"/"</kbd>
            </label>
            <span class="grow no-phone"></span>
            <span class="seg" role="group" aria-label=w!(s.grouping)>
                {group_button(view, change, Grouping::Stack, |words| words.by_stack)}
                {group_button(view, change, Grouping::Host, |words| words.by_host)}
                {group_button(view, change, Grouping::Flat, |words| words.flat)}
            </span>
        </div>
    }
}

fn group_button(
    view: Memo<View>,
    change: Callback<View>,
    group: Grouping,
    word: fn(&Words) -> &'static str,
) -> impl IntoView {
    let s = speech();
    let press = move |_| {
        let mut view = view.get_untracked();
        view.group = group;
        view.folded.clear();
        change.run(view);
    };
    view! {
        <button type="button" aria-pressed=move || (view.with(|view| view.group) == group).to_string() on:click=press>
            {move || word(s.words())}
        </button>
    }
}
