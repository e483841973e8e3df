//! Who eats the machine.

use leptos::prelude::*;
use longshore_api::{
    format,
    web::{container::Container, host::Host},
    words::say,
};

use super::data::HomeData;
use crate::{
    parts::{Show, Spark, dynamic, each, memo},
    places::places,
    shell::hosts,
    speech::{speech, w},
};

/// The containers that use most, by CPU or by memory.
#[component]
pub(super) fn Consumers(
    data: HomeData,
    /// Stands below something else in the same panel.
    #[prop(optional)]
    below: bool,
) -> impl IntoView {
    let s = speech();
    let by_memory = RwSignal::new(false);
    let shown = memo(move || data.consumers(by_memory.get()));
    view! {
            <div class="panel__head" class=("panel__head--below", below)>
                <h2>{w!(s.top_consumers)}</h2>
                <span class="seg seg--sm end" role="group" aria-label=w!(s.top_consumers)>
                    <button type="button" aria-pressed=dynamic(move || (!by_memory.get()).to_string()) on:click=move |_| by_memory.set(false)>
                        {w!(s.cpu)}
                    </button>
                    <button type="button" data-by="memory" aria-pressed=dynamic(move || by_memory.get().to_string()) on:click=move |_| by_memory.set(true)>
                        {w!(s.memory)}
                    </button>
                </span>
            </div>
            <Show
                when=move || !shown.with(Vec::is_empty)
                fallback=move || view! { <p class="panel__body t2">{w!(s.no_usage)}</p> }
            >
                <table class="tbl tbl--fit consumers">
                    <colgroup>
                        <col />
                        <col class="consumers__spark" />
                        <col class="consumers__memory" />
                    </colgroup>
                    <tbody>
                        {each(
    move || shown.get(),
    |row| row.key.0.to_string(),
    move |row| view! { <Consumer shown row by_memory /> }.into_any(),
    )}
                    </tbody>
                </table>
            </Show>
            <FiguresOfEngine />
        }
}

/// Of which hosts the figures cost their engines something, and what to do about it.
#[component]
fn FiguresOfEngine() -> impl IntoView {
    let s = speech();
    let (hosts, places) = (hosts(), places());
    let names = memo(move || {
        let chosen = places.host();
        let is_chosen = |host: &Host| chosen.as_ref().is_none_or(|slug| *slug == host.slug);
        let fell_back = hosts.all().into_iter().filter(|host| host.figures_fell_back() && is_chosen(host));
        fell_back.map(|host| host.name).collect::<Vec<_>>()
    });
    let text = move || s.say(&say::figures_of_engine(names.get().join(s.words().list_comma())));
    view! {
        <Show when=move || !names.with(Vec::is_empty)>
            <p class="panel__foot" data-figures="engine">{dynamic(text)}</p>
        </Show>
    }
}

/// One of them; its figures follow without a new row.
#[component]
fn Consumer(shown: Memo<Vec<Container>>, row: Container, by_memory: RwSignal<bool>) -> impl IntoView {
    let places = places();
    let key = row.key;
    let usage = memo(move || {
        shown.with(|rows| rows.iter().find(|row| row.key == key).and_then(|row| row.usage.clone()))
    });
    let values = Signal::derive(move || {
        let usage = usage.get().unwrap_or_default();
        match by_memory.get() {
            true => usage.memory_past.into_iter().map(|bytes| bytes as f32).collect(),
            false => usage.cpu_past,
        }
    });
    let figure = move |of: fn(&longshore_api::web::container::Usage) -> String| {
        move || usage.with(|usage| usage.as_ref().map(of))
    };
    let origin = row.stack.clone().unwrap_or_else(|| row.host.clone());
    let (host, name, marked) = (row.host, row.name.clone(), row.name.clone());
    view! {
        <tr data-consumer=marked>
            <td>
                <a
                    class="tbl__name"
                    href=dynamic(move || places.container(&host, &name, None))
                >
                    {row.name}
                </a>
                " "
                <span class="tbl__sub">{origin}</span>
            </td>
            <td>
                <span class="sparkcell">
                    <Spark values floor=5.0 width=84.0 />
                    <span>{figure(|usage| format::percent(usage.cpu.into()))}</span>
                </span>
            </td>
            <td class="num">{figure(|usage| format::memory(usage.memory))}</td>
        </tr>
    }
}
