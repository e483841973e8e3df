//! The table: only the rows that are seen exist.

use leptos::prelude::*;
use longshore_api::web::shelf::{Item, Only, Shelf};

use super::{
    keys::Cursor,
    list::List,
    row::Row,
    view::{Column, View, page_of},
};
use crate::{
    parts::{Icon, Scroller, Seen, Show, Space, dynamic, each, memo},
    speech::{speech, w},
};

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
    /// The line that keys act on.
    cursor: Cursor,
    /// Asks for a removal.
    remove: Callback<Item>,
) -> impl IntoView {
    let s = speech();
    let columns = Column::of(shelf);
    let scroller = Scroller::start(seen);
    Effect::new(move |_| {
        if let Some(line) = cursor.wanted.get() {
            scroller.show(line);
        }
    });
    // Another question begins at its beginning.
    Effect::new(move |before: Option<View>| {
        let now = view.get();
        if before.is_some_and(|before| before != now) {
            scroller.to_top();
        }
        now
    });
    let total = memo(move || list.totals().found);
    let present = memo(move || list.present(seen.get()));
    let above = move || scroller.height_of(present.with(|(from, _)| *from));
    let below = move || {
        let after = present.with(|(from, lines)| from + lines.len() as u32);
        scroller.height_of(total.get().saturating_sub(after))
    };
    let cells = Signal::stored(columns.len());
    let empty = memo(move || list.is_loaded() && list.totals().found == 0);
    view! {
        <div
            class="tblwrap"
            tabindex="0"
            role="region"
            aria-label=dynamic(move || page_of(shelf).word(s.words()))
            node_ref=scroller.node()
            on:scroll=move |_| scroller.scrolled()
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
                        move || present.get().1,
                        |line| line.key.clone(),
                        move |line| view! { <Row shelf key=line.key item=line.item cursor remove /> }.into_any(),
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
        Shelf::Images => s.words().no_images(),
        Shelf::Networks => s.words().no_networks(),
        Shelf::Volumes => s.words().no_volumes(),
    };
    view! {
        <div class="empty">
            <Show
                when=move || view.with(View::is_narrowed)
                fallback=move || view! { <h2>{dynamic(none)}</h2> }
            >
                <h2>{w!(s.nothing_found)}</h2>
                <p>{w!(s.nothing_fits)}</p>
                <div class="empty__ways">
                    <button class="btn" type="button" data-action="clear-filter" on:click=clear>
                        {w!(s.clear_filter)}
                    </button>
                </div>
            </Show>
        </div>
    }
}
