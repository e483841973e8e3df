//! The list of keys: only those that do something.

use leptos::prelude::*;
use longshore_api::words::Words;

use super::keys_are_on;
use crate::{
    browser,
    parts::{Layer, LayerHead, dynamic},
    places::Page,
    session::session,
    speech::{speech, w},
};

type Row = (&'static [&'static str], fn(&Words) -> &'static str);

const EVERYWHERE: &[Row] = &[
    (&["Ctrl", "K"], |words| words.key_palette()),
    (&["/"], |words| words.filter()),
    (&["?"], |words| words.key_list()),
    (&["Esc"], |words| words.key_escape()),
];

const IN_TABLES: &[Row] = &[
    (&["j"], |words| words.key_next_row()),
    (&["k"], |words| words.key_previous_row()),
    (&["x"], |words| words.select()),
    (&["Enter"], |words| words.actions()),
    (&["l"], |words| words.logs()),
    (&["c"], |words| words.console()),
    (&["r"], |words| words.verb_restart()),
    (&["s"], |words| words.verb_stop()),
    (&["Del"], |words| words.key_remove()),
];

const IN_LOGS: &[Row] = &[
    (&["Space"], |words| words.verb_pause()),
    (&["w"], |words| words.key_wrap()),
    (&["n"], |words| words.key_next_hit()),
    (&["N"], |words| words.key_previous_hit()),
    (&["End"], |words| words.logs_newest()),
];

/// The list.
#[component]
pub(crate) fn KeyList(close: Callback<()>) -> impl IntoView {
    let s = speech();
    let on = RwSignal::new(keys_are_on());
    let flip = move |_| {
        on.update(|on| *on = !*on);
        browser::remember("keys", (!on.get_untracked()).then_some("off"));
    };
    let session = session();
    let offered = Page::RAIL.into_iter().filter(move |page| untrack(|| page.is_offered(session)));
    let pages = offered.map(|page| {
        view! {
            <dt><kbd>"g"</kbd> " " <kbd>{page.key()}</kbd></dt>
            <dd>{dynamic(move || page.word(s.words()))}</dd>
        }
    });
    let pages = pages.collect_view();
    view! {
        <Layer class="dialog" label=Signal::derive(move || s.words().keys().to_owned()) close light=true>
            <LayerHead title=Signal::derive(move || s.words().keys().to_owned()) close />
            <div class="dialog__body keylist" tabindex="0" role="region" aria-label=w!(s.keys)>
                <section>
                    <h3>{w!(s.keys_everywhere)}</h3>
                    <dl class="keylist__rows">{EVERYWHERE.iter().map(key_row).collect_view()} {pages}</dl>
                </section>
                <section>
                    <h3>{w!(s.keys_in_tables)}</h3>
                    <dl class="keylist__rows">{IN_TABLES.iter().map(key_row).collect_view()}</dl>
                </section>
                <section>
                    <h3>{w!(s.logs)}</h3>
                    <dl class="keylist__rows">{IN_LOGS.iter().map(key_row).collect_view()}</dl>
                </section>
            </div>
            <div class="dialog__foot">
                <label class="switch">
                    <input type="checkbox" role="switch" prop:checked=dynamic(move || on.get()) on:change=flip />
                    {w!(s.keys_letters)}
                </label>
            </div>
        </Layer>
    }
}

fn key_row((keys, word): &Row) -> impl IntoView + use<> {
    let s = speech();
    let word = *word;
    let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> " " }).collect_view();
    view! {
        <dt>{keys}</dt>
        <dd>{dynamic(move || word(s.words()))}</dd>
    }
}
