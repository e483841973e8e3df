//! The files in which the container differs from its image.

use leptos::prelude::*;
use longshore_api::{
    web::detail::{Change, ChangeKind},
    words::{Words, say},
};

use super::{follow::one, loaded::Loaded};
use crate::{
    api,
    parts::{Find, Show, Trouble, dynamic, memo},
    speech::{speech, w},
};

/// So many lines are shown; who looks for more narrows them.
const SHOWN: usize = 500;

/// The changes.
#[component]
pub(super) fn FileChanges() -> impl IntoView {
    let s = speech();
    let one = one();
    let found = Loaded::of(one, |host, id| async move { api::container_changes(&host, &id).await });
    let wanted = RwSignal::new(String::new());
    let text = memo(move || wanted.get());
    let fitting = memo(move || {
        let wanted = wanted.get().to_lowercase();
        found.value.with(|found| {
            let all = found.iter().flat_map(|found| &found.changes);
            all.filter(|change| change.path.to_lowercase().contains(&wanted)).cloned().collect::<Vec<_>>()
        })
    });
    let all = move || found.value.with(|found| found.as_ref().map_or(0, |found| found.all));
    let shown = move || fitting.with(|fitting| fitting.len().min(SHOWN));
    let none = move || found.value.with(|found| found.as_ref().is_some_and(|found| found.all == 0));
    let some = move || all() > 0;
    let lines = move || fitting.with(|fitting| fitting.iter().take(SHOWN).map(line).collect_view());
    view! {
        <Trouble failure=Signal::derive(move || found.failure.get()) />
        <Show when=none>
            <p class="t2">{w!(s.no_changes)}</p>
        </Show>
        <Show when=some>
            <div class="bar">
                <Find text hint=w!(s.filter_changes) typed=move |typed| wanted.set(typed) />
                <span class="t3 nowrap">{dynamic(move || s.say(&say::changes_first(all(), shown())))}</span>
            </div>
            <section class="panel" data-panel="changes">
                <ul class="list list--tight">{dynamic(lines)}</ul>
            </section>
        </Show>
    }
}

fn line(change: &Change) -> impl IntoView + use<> {
    let s = speech();
    let Change { kind, path } = change.clone();
    let class = match kind {
        ChangeKind::Added => "badge badge--running",
        ChangeKind::Changed => "badge badge--warn",
        ChangeKind::Removed => "badge badge--bad",
    };
    view! {
        <li data-change=path.clone()>
            <span class=class>{dynamic(move || word(kind, s.words()))}</span>
            <span class="mono container__path">{path.clone()}</span>
        </li>
    }
}

fn word(kind: ChangeKind, words: &Words) -> &'static str {
    match kind {
        ChangeKind::Added => words.change_added(),
        ChangeKind::Changed => words.change_changed(),
        ChangeKind::Removed => words.change_removed(),
    }
}
