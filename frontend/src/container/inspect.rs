//! What the engine says of the container, whole: as a tree or as it came, searched and copied.

use std::time::Duration;

use leptos::prelude::*;
use longshore_api::words::say;
use wasm_bindgen::JsValue;

use super::{
    follow::one,
    loaded::Loaded,
    tree::{Node, pieces},
};
use crate::{
    api, browser,
    parts::{Find, Icon, Show, Trouble, dynamic, memo},
    speech::{speech, w},
};

/// The document.
#[component]
pub(super) fn Inspect() -> impl IntoView {
    let s = speech();
    let one = one();
    let found = Loaded::of(one, |host, id| async move {
        api::container_document(&host, &id).await.map(|text| indented(&text))
    });
    let wanted = RwSignal::new(String::new());
    let searched = memo(move || wanted.get());
    let raw = RwSignal::new(false);
    let copied = RwSignal::new(false);
    let document = RwSignal::new_local(None::<Node>);
    Effect::new(move |_| {
        document.set(found.value.with(|text| text.as_ref().and_then(|text| Node::read(text))));
    });
    let text = move || found.value.get().unwrap_or_default();
    let hits = memo(move || {
        let wanted = searched.get();
        if wanted.is_empty() {
            return None;
        }
        found.value.with(|text| {
            let text = text.as_deref().unwrap_or_default();
            Some(pieces(text, &wanted).iter().filter(|(_, hit)| *hit).count())
        })
    });
    let copy = move |_| {
        let text = untrack(text);
        leptos::task::spawn_local(async move {
            if browser::copy(&text).await {
                copied.try_set(true);
                set_timeout(move || _ = copied.try_set(false), Duration::from_secs(2));
            }
        });
    };
    let tree = move || {
        let wanted = searched.get();
        document.with(|document| {
            let document = document.as_ref()?;
            match wanted.is_empty() {
                true => Some(document.view(&wanted)),
                false => document.narrowed(&wanted).map(|document| document.view(&wanted)),
            }
        })
    };
    let marked = move || {
        let marks = pieces(&text(), &searched.get());
        marks
            .into_iter()
            .map(
                |(piece, hit)| if hit { view! { <mark>{piece}</mark> }.into_any() } else { piece.into_any() },
            )
            .collect_view()
    };
    view! {
        <Trouble failure=Signal::derive(move || found.failure.get()) />
        <div class="bar">
            <span class="seg">
                <button
                    type="button"
                    data-action="as-tree"
                    aria-pressed=dynamic(move || (!raw.get()).to_string())
                    on:click=move |_| raw.set(false)
                >
                    {w!(s.as_tree)}
                </button>
                <button
                    type="button"
                    data-action="as-text"
                    aria-pressed=dynamic(move || raw.get().to_string())
                    on:click=move |_| raw.set(true)
                >
                    {w!(s.as_text)}
                </button>
            </span>
            <Find text=searched hint=w!(s.search_in_it) typed=move |typed| wanted.set(typed) />
            <span class="t3 nowrap" role="status" data-hits=dynamic(move || hits.get().map(|hits| hits.to_string()))>
                {dynamic(move || hits.get().map(|hits| s.say(&say::found_lines(hits))))}
            </span>
            <button class="btn end" type="button" data-action="copy-document" on:click=copy>
                <Icon name=Signal::derive(move || if copied.get() { "check" } else { "copy" }) />
                {dynamic(move || if copied.get() { s.words().copied() } else { s.words().copy() })}
            </button>
        </div>
        <Show
            when=move || raw.get()
            fallback=move || view! {
                <div class="panel container__tree mono" data-panel="tree">
                    {move || tree()}
                </div>
            }
        >
            <div class="code">
                <pre tabindex="0" data-panel="raw">{dynamic(marked)}</pre>
            </div>
        </Show>
    }
}

/// The document with a line for each value.
fn indented(text: &str) -> String {
    let parsed = js_sys::JSON::parse(text).ok();
    let laid_out = parsed.and_then(|value| {
        js_sys::JSON::stringify_with_replacer_and_space(&value, &JsValue::NULL, &JsValue::from_f64(2.0)).ok()
    });
    laid_out.map_or_else(|| text.to_owned(), String::from)
}
