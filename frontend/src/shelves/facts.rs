//! What an inspection tells, and pairs of keys and values.

use leptos::prelude::*;
use longshore_api::{
    web::shelf::{Fact, FactKind, Pair},
    words::Words,
};

use super::thing::Thing;
use crate::{
    clock::full_time,
    parts::{Show, dynamic},
    shell::hosts,
    speech::{speech, w},
};

fn word(kind: FactKind, words: &Words) -> &'static str {
    match kind {
        FactKind::Id => "ID",
        FactKind::Digest => words.digest(),
        FactKind::Platform => words.platform(),
        FactKind::Author => words.author(),
        FactKind::Entrypoint => words.entrypoint(),
        FactKind::Command => words.command(),
        FactKind::Folder => words.folder(),
        FactKind::User => words.user(),
        FactKind::Ports => words.col_ports(),
        FactKind::Gateway => words.gateway(),
        FactKind::Scope => words.scope(),
        FactKind::Path => words.path_on_host(),
    }
}

/// What an inspection tells.
#[component]
pub(super) fn Facts(thing: Thing) -> impl IntoView {
    let s = speech();
    let hosts = hosts();
    let facts = thing.part(|detail| detail.facts.clone());
    let created = thing.part(|detail| detail.item.created);
    let stack = thing.part(|detail| detail.item.stack.clone());
    let subnets = thing.part(|detail| detail.item.subnets.join(", "));
    let lines = move || {
        let line = |fact: Fact| {
            let kind = fact.kind;
            view! {
                <dt>{dynamic(move || word(kind, s.words()))}</dt>
                <dd class="mono xs">{fact.value}</dd>
            }
        };
        facts.get().into_iter().map(line).collect_view()
    };
    view! {
        <section class="panel" data-panel="facts">
            <div class="panel__head">
                <h2>{w!(s.facts)}</h2>
            </div>
            <div class="panel__body">
                <dl class="facts thing__facts">
                    <dt>{w!(s.host)}</dt>
                    <dd>{dynamic(move || thing.host.with_value(|host| hosts.name(host)))}</dd>
                    <Show when=move || created.get() != 0>
                        <dt>{w!(s.col_created)}</dt>
                        <dd>{dynamic(move || full_time(created.get()))}</dd>
                    </Show>
                    {dynamic(move || stack.get().map(|stack| view! { <dt>{w!(s.stack)}</dt><dd>{stack}</dd> }))}
                    <Show when=move || !subnets.with(String::is_empty)>
                        <dt>{w!(s.subnet)}</dt>
                        <dd class="mono xs">{dynamic(move || subnets.get())}</dd>
                    </Show>
                    {dynamic(lines)}
                </dl>
            </div>
        </section>
    }
}

/// Keys with their values.
#[component]
pub(super) fn Pairs(#[prop(into)] title: Signal<&'static str>, pairs: Memo<Vec<Pair>>) -> impl IntoView {
    let lines = move || {
        let line = |pair: Pair| {
            view! {
                <li>
                    <span class="mono xs thing__pair"><b>{pair.key}</b>" "{pair.value}</span>
                </li>
            }
        };
        pairs.get().into_iter().map(line).collect_view()
    };
    view! {
        <section class="panel">
            <div class="panel__head">
                <h2>{dynamic(move || title.get())}</h2>
            </div>
            <ul class="list list--tight">{dynamic(lines)}</ul>
        </section>
    }
}
