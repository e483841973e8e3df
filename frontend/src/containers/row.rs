//! A container's row.

use leptos::prelude::*;
use longshore_api::web::container::{Column, Container, Verb};

use super::{
    cells::{CpuCell, ImageCell, MemoryCell, PortsCell},
    deeds::{Target, deeds},
};
use crate::{
    clock::{clock, full_time},
    parts::{Icon, StateCell},
    shell::hosts,
    speech::speech,
};

/// A row. What changes in it repaints its own cells only.
#[component]
pub(super) fn ContainerRow(
    row: ArcRwSignal<Container>,
    /// Whether a column is shown.
    #[prop(into)]
    shown: Callback<Column, bool>,
) -> impl IntoView {
    let s = speech();
    let clock = clock();
    let deeds = deeds();
    let part = {
        let row = row.clone();
        move || row.clone()
    };
    let key = row.with_untracked(|row| row.key);
    let name = Memo::new(with(part(), |row| row.name.clone()));
    let state = Memo::new(with(part(), |row| row.state));
    let image = Memo::new(with(part(), |row| row.image.clone()));
    let ports = Memo::new(with(part(), |row| row.ports.clone()));
    let ip = Memo::new(with(part(), |row| row.ips.first().cloned()));
    let host = Memo::new(with(part(), |row| row.host.clone()));
    let created = Memo::new(with(part(), |row| row.created));
    let hosts = hosts();
    let address = Memo::new(move |_| hosts.address(&host.get()));
    let act = {
        let row = part();
        Callback::new(move |verb| deeds.act(verb, vec![row.with_untracked(|row| Target::from(row))]))
    };
    let hidden = move |column: Column| !shown.run(column);
    view! {
        <tr
            data-container=move || name.get()
            data-state=move || state.get().code()
            data-row=key.0
            aria-busy=move || deeds.under_way(key).map(|_| "true")
        >
            <td class="p-name">
                <span class="tbl__name">{name}</span>
            </td>
            <td class="p-mark" class:is-hidden=move || hidden(Column::State)>
                <StateCell row=part() />
            </td>
            <td class="p-2a" class:is-hidden=move || hidden(Column::Image)>
                <ImageCell reference=image />
            </td>
            <td class="p-1b" class:is-hidden=move || hidden(Column::Cpu)>
                <CpuCell row=part() />
            </td>
            <td class="p-2b" class:is-hidden=move || hidden(Column::Memory)>
                <MemoryCell row=part() />
            </td>
            <td class:is-hidden=move || hidden(Column::Ports)>
                <PortsCell ports address />
            </td>
            <td class="mono t2" class:is-hidden=move || hidden(Column::Ip)>
                {move || ip.get().unwrap_or_else(|| "—".to_owned())}
            </td>
            <td class="num t2 tbl__act" title=move || full_time(created.get())>
                <span class:is-hidden=move || hidden(Column::Created)>{move || s.age(clock.since(created.get()))}</span>
                <Acts state act />
            </td>
        </tr>
    }
}

fn with<T>(row: ArcRwSignal<Container>, part: fn(&Container) -> T) -> impl Fn(Option<&T>) -> T {
    move |_| row.with(part)
}

/// The quick actions at the end of a row.
#[component]
fn Acts(
    state: Memo<longshore_api::web::container::State>,
    act: Callback<Verb>,
) -> impl IntoView {
    let s = speech();
    let button = move |verb: Verb, icon: &'static str, word: fn(&longshore_api::words::Words) -> &'static str| {
        let label = move || word(s.words());
        move || {
            verb.fits(state.get()).then(|| {
                view! {
                    <button
                        class="btn btn--quiet btn--icon"
                        type="button"
                        data-action=verb.code()
                        aria-label=label
                        title=label
                        on:click=move |_| act.run(verb)
                    >
                        <Icon name=icon />
                    </button>
                }
            })
        }
    };
    view! {
        <span class="acts">
            {button(Verb::Start, "play", |words| words.verb_start)}
            {button(Verb::Restart, "restart", |words| words.verb_restart)}
            {button(Verb::Stop, "stop", |words| words.verb_stop)}
        </span>
    }
}
