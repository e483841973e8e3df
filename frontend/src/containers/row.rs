//! A container's row.

use leptos::prelude::*;
use longshore_api::web::{
    RowKey,
    container::{Column, Container, State, Verb},
};
use web_sys::MouseEvent;

use super::{
    acting::{Target, acting, deeds, verb_doing, verb_icon, verb_word},
    cells::{CpuCell, ImageCell, MemoryCell, OwnerCell, PortsCell},
    keys::Cursor,
    selection::selection,
};
use crate::{
    clock::{clock, full_time},
    parts::{Icon, StateCell, dynamic, memo},
    places::places,
    shell::hosts,
    speech::{speech, w},
};

/// A row. What changes in it repaints its own cells only.
#[component]
pub(super) fn ContainerRow(
    row: ArcRwSignal<Container>,
    /// Whether a column is shown.
    #[prop(into)]
    shown: Callback<Column, bool>,
    /// Whether the container is no more, and its row only held where it is.
    gone: Signal<bool>,
    /// The row that keys act on.
    cursor: Cursor,
) -> impl IntoView {
    let s = speech();
    let clock = clock();
    let deeds = deeds();
    let hosts = hosts();
    let acting = acting();
    let selection = selection();
    let kept = StoredValue::new(row.clone());
    let row = move || kept.get_value();
    let key = row().with_untracked(|row| row.key);
    let name = part(row(), |row| row.name.clone());
    let state = part(row(), |row| row.state);
    let image = part(row(), |row| row.image.clone());
    let ports = part(row(), |row| row.ports.clone());
    let ip = part(row(), |row| row.ips.first().cloned());
    let host = part(row(), |row| row.host.clone());
    let whose = part(row(), |row| row.whose.clone());
    let created = part(row(), |row| row.created);
    let address = memo(move || hosts.address(&host.get()));
    let live = memo(move || hosts.answers(&host.get()) && !gone.get());
    let doing = memo(move || deeds.under_way(key).map(|verb| verb_doing(verb, s.words())));
    let target = move || row().with_untracked(|row| Target::from(row));
    let act = Callback::new(move |verb| acting.ask(verb, vec![target()]));
    let open = Callback::new(move |event: MouseEvent| {
        cursor.0.set(Some(key));
        let at = (event.client_x(), event.client_y());
        acting.open(row(), at, Some(Callback::new(move |target| selection.flip(target))));
    });
    let places = places();
    let page = move || places.container(&host.get(), &name.get(), None);
    let hidden = move |column: Column| !shown.run(column);
    view! {
        <tr
            data-container=dynamic(move || name.get())
            data-state=dynamic(move || state.get().code())
            data-row=key.0
            class:is-selected=dynamic(move || selection.has(key))
            class:is-focus=dynamic(move || cursor.0.get() == Some(key))
            class:is-stale=dynamic(move || !live.get())
            aria-busy=dynamic(move || doing.get().map(|_| "true"))
            on:focusin=move |_| cursor.0.set(Some(key))
            on:contextmenu=move |event| {
                event.prevent_default();
                open.run(event);
            }
        >
            <td class="tbl__pick">
                <input
                    class="box"
                    type="checkbox"
                    aria-label=dynamic(move || s.say(&longshore_api::words::say::select_name(name.get())))
                    prop:checked=dynamic(move || selection.has(key))
                    on:change=move |_| selection.flip(target())
                />
            </td>
            <td class="p-name">
                <a class="tbl__name tbl__open cut" href=dynamic(page)>
                    {name}
                </a>
            </td>
            <td class="p-mark" class:is-hidden=dynamic(move || hidden(Column::State))>
                <StateCell row=row() doing />
            </td>
            <td class="p-2a" class:is-hidden=dynamic(move || hidden(Column::Image))>
                <ImageCell reference=image />
                <span class="only-phone t3 ct__owner">
                    {dynamic(move || whose.get().and_then(|whose| whose.owner).map(|owner| format!(" · {owner}")))}
                </span>
            </td>
            <td class="t2" class:is-hidden=dynamic(move || hidden(Column::Owner))>
                <OwnerCell whose />
            </td>
            <td class="p-1b" class:is-hidden=dynamic(move || hidden(Column::Cpu))>
                <CpuCell row=row() />
            </td>
            <td class="p-2b" class:is-hidden=dynamic(move || hidden(Column::Memory))>
                <MemoryCell row=row() />
            </td>
            <td class:is-hidden=dynamic(move || hidden(Column::Ports))>
                <PortsCell ports address />
            </td>
            <td class="mono t2" class:is-hidden=dynamic(move || hidden(Column::Ip))>
                {dynamic(move || ip.get().unwrap_or_else(|| "—".to_owned()))}
            </td>
            <td class="num t2 tbl__act" title=dynamic(move || full_time(created.get()))>
                <span class:is-hidden=dynamic(move || hidden(Column::Created))>{dynamic(move || s.age(clock.since(created.get())))}</span>
                <Acts host state live act open />
            </td>
            <td class="p-more only-phone">
                <button
                    class="btn btn--quiet btn--icon"
                    type="button"
                    data-action="sheet"
                    aria-label=w!(s.actions)
                    title=w!(s.actions)
                    on:click=move |event| open.run(event)
                >
                    <Icon name="more" />
                </button>
            </td>
        </tr>
    }
}

/// A part of a row as a signal of its own: a usage figure does not repaint the name.
fn part<T: PartialEq + Send + Sync + 'static>(
    row: ArcRwSignal<Container>,
    part: fn(&Container) -> T,
) -> Memo<T> {
    memo(move || row.with(part))
}

/// The quick actions at the end of a row: those that fit its state, then all.
#[component]
fn Acts(
    host: Memo<String>,
    state: Memo<State>,
    live: Memo<bool>,
    act: Callback<Verb>,
    open: Callback<MouseEvent>,
) -> impl IntoView {
    let s = speech();
    let acting = acting();
    let quick = move |verb: Verb| {
        let word = move || verb_word(verb, s.words());
        move || {
            let may = host.with(|host| acting.may(verb, host));
            (live.get() && may && verb.fits(state.get())).then(|| {
                view! {
                    <button
                        class="btn btn--quiet btn--icon"
                        type="button"
                        data-action=verb.code()
                        aria-label=dynamic(word)
                        title=dynamic(word)
                        on:click=move |_| act.run(verb)
                    >
                        <Icon name=verb_icon(verb) />
                    </button>
                }
            })
        }
    };
    view! {
        <span class="acts">
            {quick(Verb::Start)} {quick(Verb::Restart)} {quick(Verb::Stop)}
            <button
                class="btn btn--quiet btn--icon"
                type="button"
                data-action="more"
                aria-label=w!(s.more_actions)
                title=w!(s.more_actions)
                on:click=move |event| open.run(event)
            >
                <Icon name="more" />
            </button>
        </span>
    }
}

/// The row that an element belongs to.
pub(super) fn row_of(element: &web_sys::Element) -> Option<RowKey> {
    let row = element.closest("tr[data-row]").ok()??;
    row.get_attribute("data-row")?.parse().ok().map(RowKey)
}
