//! The table: only the rows that are seen exist.

use leptos::prelude::*;
use longshore_api::web::shelf::{Item, Only, Shelf};
use wasm_bindgen::JsCast as _;
use web_sys::{Event, HtmlElement};

use super::{
    list::List,
    row::Row,
    view::{Column, View, page_of},
};
use crate::{
    parts::{Icon, Seen, Show, Space, dynamic, each, look, memo, row_height},
    speech::{speech, w},
};

/// Rows above and below the seen ones that exist already.
const BEYOND: u32 = 12;

/// The table.
#[component]
pub(super) fn Table(
    shelf: Shelf,
    list: List,
    view: Memo<View>,
    /// Takes over the changed view.
    change: Callback<View>,
    /// Told which lines are seen.
    seen: RwSignal<Seen>,
    /// Asks for a removal.
    remove: Callback<Item>,
) -> impl IntoView {
    let s = speech();
    let columns = Column::of(shelf);
    let scroller = NodeRef::<leptos::html::Div>::new();
    let height = RwSignal::new(32.0);
    let measure = move || {
        if let Some(scroller) = scroller.get_untracked() {
            let now = row_height(&scroller);
            if (now - height.get_untracked()).abs() > 0.1 {
                height.set(now);
            }
            look(&scroller, now, seen);
        }
    };
    Effect::new(move |_| {
        if scroller.get().is_some() {
            request_animation_frame(measure);
        }
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());
    // Another question begins at its beginning.
    Effect::new(move |before: Option<View>| {
        let now = view.get();
        if before.is_some_and(|before| before != now)
            && let Some(scroller) = scroller.get_untracked()
        {
            scroller.set_scroll_top(0);
            measure();
        }
        now
    });
    let total = memo(move || list.totals().found);
    let present = move || {
        let Seen { first, count } = seen.get();
        list.between(first.saturating_sub(BEYOND), first + count + BEYOND)
    };
    let above = move || f64::from(present().0) * height.get();
    let below = move || {
        let (from, lines) = present();
        f64::from(total.get().saturating_sub(from + lines.len() as u32)) * height.get()
    };
    let cells = Signal::stored(columns.len());
    let empty = memo(move || list.is_loaded() && list.totals().found == 0);
    view! {
        <div
            class="tblwrap"
            tabindex="0"
            role="region"
            aria-label=dynamic(move || page_of(shelf).word(s.words()))
            node_ref=scroller
            on:scroll=move |event: Event| {
                if let Some(scroller) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
                    look(&scroller, height.get_untracked(), seen);
                }
            }
        >
            <table class="tbl tbl--phone shelf" aria-rowcount=dynamic(move || total.get() + 1)>
                <colgroup>
                    {columns.iter().map(|column| view! { <col style:width=column.width() /> }).collect_view()}
                </colgroup>
                <thead>
                    <tr>
                        {columns.iter().map(|column| view! { <Head column=*column view change /> }).collect_view()}
                        <th class="only-phone"></th>
                    </tr>
                </thead>
                <tbody>
                    <Space height=Signal::derive(above) cells />
                    {each(
                        move || present().1,
                        |line| line.key.clone(),
                        move |line| view! { <Row shelf item=line.item remove /> }.into_any(),
                    )}
                    <Space height=Signal::derive(below) cells />
                </tbody>
            </table>
            <Show when=move || empty.get()>
                <Empty shelf view change />
            </Show>
        </div>
    }
}

/// Press a column to sort by it.
#[component]
fn Head(column: Column, view: Memo<View>, change: Callback<View>) -> impl IntoView {
    let s = speech();
    let Some(sort) = column.sort() else {
        return view! { <th scope="col">{dynamic(move || column.word(s.words()))}</th> }.into_any();
    };
    let sorted = memo(move || view.with(|view| (view.sort == sort).then_some(view.descending)));
    let press = move |_| {
        let before = view.get_untracked();
        let descending = if before.sort == sort { !before.descending } else { column.is_figure() };
        change.run(View { sort, descending, ..before });
    };
    view! {
        <th
            scope="col"
            class:num=column.is_figure()
            aria-sort=dynamic(move || sorted.get().map(|falls| if falls { "descending" } else { "ascending" }))
        >
            <button type="button" on:click=press>
                {dynamic(move || column.word(s.words()))}
                {dynamic(move || sorted.get().map(|falls| view! { <Icon name=if falls { "down" } else { "up" } /> }))}
            </button>
        </th>
    }
    .into_any()
}

/// The table without rows: why, and the next step.
#[component]
fn Empty(shelf: Shelf, view: Memo<View>, change: Callback<View>) -> impl IntoView {
    let s = speech();
    let clear = move |_| {
        change.run(View { text: String::new(), only: Only::All, ..view.get_untracked() });
    };
    let none = move || match shelf {
        Shelf::Images => s.words().no_images,
        Shelf::Networks => s.words().no_networks,
        Shelf::Volumes => s.words().no_volumes,
    };
    view! {
        <div class="empty">
            <Show
                when=move || view.with(View::is_narrowed)
                fallback=move || view! { <h2>{dynamic(none)}</h2> }
            >
                <h2>{w!(s.nothing_found)}</h2>
                <p>{w!(s.nothing_found_next)}</p>
                <div class="empty__ways">
                    <button class="btn" type="button" data-action="clear-filter" on:click=clear>
                        {w!(s.clear_filter)}
                    </button>
                </div>
            </Show>
        </div>
    }
}
