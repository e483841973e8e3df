//! The palette: every host, container, page and action by a few letters.

mod items;
mod line;
mod run;

use leptos::prelude::*;
use line::{Head, Line};
use run::Runner;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, KeyboardEvent};

use super::hosts::{Hosts, hosts};
use crate::{
    api,
    containers::{Search, verb_first},
    parts::{Icon, Layer, Show, dynamic, memo},
    places::Page,
    session::session,
    speech::{Speech, speech, w},
};

/// The palette, while it is open.
#[component]
pub(crate) fn Palette(close: Callback<()>) -> impl IntoView {
    let s = speech();
    let hosts = hosts();
    let text = RwSignal::new(String::new());
    let name = memo(move || {
        let text = text.get();
        verb_first(&text, s.words()).map_or(text.as_str(), |(_, name)| name).to_owned()
    });
    let search = Search::start(name.into(), &[]);
    let session = session();
    let others = others(text, hosts, s);
    let items = memo(move || {
        let pages: Vec<Page> = Page::RAIL.into_iter().filter(|page| page.is_offered(session)).collect();
        let may = |host: &str, permission| session.may(host, permission);
        others.with(|others| {
            items::all(&text.get(), &search.found(), &hosts.all(), &pages, others, &may, s.words())
        })
    });
    let chosen = RwSignal::new(0_usize);
    Effect::new(move |_| {
        let _ = text.get();
        chosen.set(0);
    });
    let runner = Runner::new(close);
    let run = Callback::new(move |at: usize| {
        if let Some(item) = items.with_untracked(|items| items.get(at).cloned()) {
            runner.run(item.deed);
        }
    });
    let move_by = move |by: isize| {
        let count = items.with_untracked(Vec::len) as isize;
        if count > 0 {
            chosen.update(|chosen| *chosen = (*chosen as isize + by).rem_euclid(count).unsigned_abs());
            request_animation_frame(show_chosen);
        }
    };
    let key = move |event: KeyboardEvent| {
        match event.key().as_str() {
            "ArrowDown" => move_by(1),
            "ArrowUp" => move_by(-1),
            "Enter" if !event.is_composing() => run.run(chosen.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    let rows = move || {
        let mut out = Vec::new();
        let items = items.get();
        for (at, item) in items.iter().enumerate() {
            if at == 0 || items[at - 1].kind != item.kind {
                out.push(view! { <Head kind=item.kind.clone() /> }.into_any());
            }
            out.push(view! { <Line item=item.clone() at chosen run text /> }.into_any());
        }
        out
    };
    view! {
        <Layer class="palette" label=Signal::derive(move || s.words().search_or_run().to_owned()) close light=true>
            <div class="palette__in">
                <Icon name="search" />
                <input
                    data-first=""
                    name="palette"
                    role="combobox"
                    aria-expanded="true"
                    aria-controls="palette-list"
                    aria-label=w!(s.search_or_run)
                    aria-activedescendant=dynamic(move || format!("palette-{}", chosen.get()))
                    placeholder=w!(s.search_or_run)
                    autocomplete="off"
                    spellcheck="false"
                    on:input=move |event| text.set(event_target_value(&event))
                    on:keydown=key
                />
                <kbd>"Esc"</kbd>
            </div>
            <div class="palette__list" id="palette-list" role="listbox" tabindex="-1" aria-label=w!(s.results)>
                {dynamic(rows)}
                <Show when=move || items.with(Vec::is_empty)>
                    <p class="palette__group">{w!(s.nothing_found)}</p>
                </Show>
            </div>
            <div class="palette__foot">
                <span>
                    <kbd>"↑"</kbd>
                    " "
                    <kbd>"↓"</kbd>
                    " "
                    {w!(s.palette_choose)}
                </span>
                <span>
                    <kbd>"Enter"</kbd>
                    " "
                    {w!(s.palette_open)}
                </span>
            </div>
        </Layer>
    }
}

/// Stacks and templates, asked for once somebody types.
fn others(text: RwSignal<String>, hosts: Hosts, s: Speech) -> RwSignal<Vec<items::Item>> {
    let others = RwSignal::new(Vec::new());
    let types = memo(move || text.with(|text| !text.trim().is_empty()));
    Effect::new(move |asked: Option<bool>| {
        if asked == Some(true) || !types.get() {
            return asked == Some(true);
        }
        let locale = untrack(|| s.locale());
        // What cannot be asked is not offered; its own page says why.
        leptos::task::spawn_local(async move {
            if let Ok(all) = api::templates().await {
                let all = all.templates.into_iter();
                let all = all.map(|row| items::template(row.id, row.title.of(locale).clone()));
                _ = others.try_update(|others| others.extend(all));
            }
        });
        for host in untrack(|| hosts.all()) {
            leptos::task::spawn_local(async move {
                if let Ok(all) = api::stacks(&host.slug).await {
                    let all = all.stacks.into_iter().map(|row| items::stack(&host.slug, row.name));
                    _ = others.try_update(|others| others.extend(all));
                }
            });
        }
        true
    });
    others
}

fn show_chosen() {
    let chosen = document().query_selector(".palette__item.is-on").ok().flatten();
    if let Some(chosen) = chosen.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        chosen.scroll_into_view_with_scroll_into_view_options(&options);
    }
}
