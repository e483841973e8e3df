//! Whether what the page shows is what is.

use leptos::prelude::*;
use longshore_api::words::say;

use crate::{
    clock::clock,
    live::{Line, Live},
    parts::dynamic,
    speech::speech,
};

/// The mark in the top bar.
#[component]
pub(crate) fn LiveMark() -> impl IntoView {
    let s = speech();
    let clock = clock();
    let line = expect_context::<Live>().line();
    let code = move || match line.get() {
        Line::Connecting => "connecting",
        Line::Live => "live",
        Line::Lost { .. } | Line::Outdated => "lost",
    };
    let text = move || match line.get() {
        Line::Connecting => s.words().live_connecting().to_owned(),
        Line::Live => s.words().live_on().to_owned(),
        Line::Lost { retry_at } => s.say(&say::live_lost(s.age(clock.until(retry_at)))),
        Line::Outdated => s.words().live_outdated().to_owned(),
    };
    let reload = move || {
        (line.get() == Line::Outdated).then(|| {
            view! {
                <button class="btn btn--sm" type="button" data-action="reload" on:click=|_| _ = window().location().reload()>
                    {dynamic(move || s.words().reload())}
                </button>
            }
        })
    };
    view! {
        {dynamic(reload)}
        <span class="top__btn live" class:is-off=dynamic(move || line.get() != Line::Live) data-live=dynamic(code) role="status">
            <span class="live__dot"></span>
            <span class="live__txt">{dynamic(text)}</span>
        </span>
    }
}
