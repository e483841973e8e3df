//! What a container that failed wrote last: where its reason most often stands.

use leptos::prelude::*;
use longshore_api::{
    explain,
    web::{container::State, log::LastWords},
};

use super::{follow::one, loaded::Loaded};
use crate::{
    api,
    chunks::explained,
    explain::Puzzle,
    parts::{dynamic, memo},
    places::places,
    speech::{speech, w},
};

/// The last lines of its log, where it failed and wrote any.
#[component]
pub(super) fn LastLines() -> impl IntoView {
    let s = speech();
    let places = places();
    let one = one();
    let failed =
        memo(move || one.row().with(|row| row.as_ref().is_some_and(|row| row.state == State::Failed)));
    let found = Loaded::of(one, move |host, id| {
        let wanted = failed.get() && !one.is_gone();
        async move { if wanted { api::last_words(&host, &id).await } else { Ok(LastWords::default()) } }
    });
    let log = move || {
        let name = one.row().with(|row| row.as_ref().map(|row| row.name.clone())).unwrap_or_default();
        places.logs([(one.host().as_str(), name.as_str())].into_iter())
    };
    // Who may not read logs is shown none, which is no trouble.
    dynamic(move || {
        let lines = found.value.get().map(|words| words.lines).unwrap_or_default();
        (failed.get() && !lines.is_empty()).then(|| {
            let text = lines.join("\n");
            let why = explain::last_words(&text);
            view! {
                <div class="lastwords" data-last-words="">
                    <p><a href=dynamic(log)>{w!(s.last_words)}</a></p>
                    <blockquote class="trouble__engine mono">{text}</blockquote>
                    {why.map(|why| explained(Puzzle::Solved(why), None))}
                </div>
            }
        })
    })
}
