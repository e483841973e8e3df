//! The report of what was asked and not done: each row with its own reason.

use leptos::prelude::*;
use longshore_api::words::say;

use super::{
    deeds::{Mishap, deeds},
    verb_word,
};
use crate::{
    parts::{EngineWords, Icon, Show, dynamic},
    speech::{speech, w},
};

/// The report, where there is one.
#[component]
pub(crate) fn Mishaps() -> impl IntoView {
    let s = speech();
    let mishaps = deeds().mishaps();
    let title = move || match mishaps.with(|all| all.iter().filter(|one| !one.done).count()) {
        0 => s.words().done_with_remark().to_owned(),
        failed => s.say(&say::not_done(failed)),
    };
    view! {
        <Show when=move || !mishaps.with(Vec::is_empty)>
            <section class="mishaps" role="alert">
                <div class="mishaps__head">
                    <Icon name="warning" />
                    <b class="grow">{dynamic(title)}</b>
                    <button
                        class="btn btn--quiet btn--sm btn--icon"
                        type="button"
                        aria-label=w!(s.close)
                        title=w!(s.close)
                        on:click=move |_| mishaps.set(Vec::new())
                    >
                        <Icon name="close" />
                    </button>
                </div>
                <ul class="mishaps__list">{dynamic(move || mishaps.get().into_iter().map(line).collect_view())}</ul>
            </section>
        </Show>
    }
}

fn line(mishap: Mishap) -> impl IntoView {
    let s = speech();
    let Mishap { verb, host, name, why, engine, request_id, .. } = mishap;
    let marked = name.clone();
    view! {
        <li data-mishap=marked>
            <b class="b">{dynamic(move || verb_word(verb, s.words()))} " " {name}</b>
            " "
            <span class="t2">{dynamic(move || s.say(&why))}</span>
            {engine.map(|words| view! { <EngineWords words host /> })}
            {request_id
                .map(|id| view! { " " <span class="t3 xs">{w!(s.request)} " " <span class="mono">{id}</span></span> })}
        </li>
    }
}
