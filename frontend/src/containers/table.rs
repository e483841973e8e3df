//! The table: only the rows that are seen exist, all of one height; one signal says which is the first.

use leptos::prelude::*;
use longshore_api::web::container::Column;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, EventTarget};

use super::{
    address::{COLUMNS, View},
    empty::Empty,
    group_row::GroupRow,
    head::{HeadCells, PickAll},
    keys::Cursor,
    row::{ContainerRow, row_of},
    rows::{Line, Rows},
};
use crate::parts::{Scroller, Seen, Space, dynamic, memo};
use crate::speech::{speech, w};

/// The table.
#[component]
pub(super) fn Table(
    rows: Rows,
    view: Memo<View>,
    /// Takes over the changed view.
    #[prop(into)]
    change: Callback<View>,
    /// Told which lines are seen.
    seen: RwSignal<Seen>,
    /// The row that keys act on.
    cursor: Cursor,
    /// A line that keys moved to, to be scrolled to.
    wanted: RwSignal<Option<u32>>,
) -> impl IntoView {
    let s = speech();
    let scroller = Scroller::start(seen);
    Effect::new(move |_| {
        if let Some(line) = wanted.get() {
            scroller.show(line);
        }
    });
    // Another question begins at its beginning.
    let question = memo(move || view.with(|view| view.question(0, 0)));
    Effect::new(move |before: Option<()>| {
        let _ = question.get();
        if before.is_some() {
            scroller.to_top();
        }
    });

    let place = rows.place();
    let total = memo(move || rows.totals().with(|totals| totals.lines));
    // The part of the window that exists in the page: its offset in the list, and its keys.
    let present = memo(move || {
        let seen = seen.get();
        place.with(|place| {
            let (from, to) = seen.present(place.offset, place.offset + place.lines.len() as u32);
            let keys = place.lines[(from - place.offset) as usize..(to - place.offset) as usize].to_vec();
            (from, keys)
        })
    });
    let above = move || scroller.height_of(present.with(|(from, _)| *from));
    let below = move || {
        let after = present.with(|(from, keys)| from + keys.len() as u32);
        scroller.height_of(total.get().saturating_sub(after))
    };
    // Where nothing is anybody's there is nothing to say of owners.
    let owned = memo(move || rows.totals().with(|totals| totals.owned));
    let wanted = move |column: Column| {
        (column != Column::Owner || owned.get()) && view.with(|view| !view.hidden.contains(&column))
    };
    let sum = move |narrow: bool| {
        let columns = COLUMNS.into_iter().filter(|c| *c == Column::Created || wanted(*c));
        PICK + columns.map(|column| pixels(column, narrow)).sum::<i32>()
    };
    // Where not all of them fit, the address that is on a page of its own gives way, and figures stand closer.
    let tight = memo(move || (1..sum(false) + IMAGE).contains(&scroller.width()));
    let shown = Callback::new(move |column: Column| wanted(column) && !(column == Column::Ip && tight.get()));
    let least = move || {
        let without = if tight.get() && wanted(Column::Ip) { pixels(Column::Ip, true) } else { 0 };
        format!("{}px", sum(tight.get()) - without + IMAGE_LEAST)
    };
    // Columns in sight with the ticks before them; the last is only ever emptied. The phones' button lies in no column.
    let cells = memo(move || 1 + COLUMNS.iter().filter(|c| **c == Column::Created || shown.run(**c)).count());
    let fold = Callback::new(move |id: String| {
        let mut view = view.get_untracked();
        match view.folded.iter().position(|folded| *folded == id) {
            Some(at) => drop(view.folded.remove(at)),
            None => view.folded.push(id),
        }
        change.run(view);
    });
    let hold = move |target: Option<EventTarget>| {
        rows.hold(target.and_then(|target| row_of(&target.dyn_into::<Element>().ok()?)));
    };
    view! {
        <div
            class="tblwrap"
            tabindex="0"
            role="region"
            aria-label=w!(s.containers)
            node_ref=scroller.node()
            on:scroll=move |_| scroller.scrolled()
            on:pointerover=move |event| hold(event.target())
            on:pointerleave=move |_| hold(focused())
            on:focusin=move |event| hold(event.target())
            on:focusout=move |event| hold(event.related_target())
        >
            <table class="tbl tbl--phone ct" style:--least=dynamic(least) aria-rowcount=dynamic(move || total.get() + 1)>
                <colgroup>
                    <col style:width=format!("{PICK}px") />
                    <Columns shown tight />
                </colgroup>
                <thead>
                    <tr>
                        <PickAll rows view />
                        <HeadCells view shown change />
                        <th class="only-phone"></th>
                    </tr>
                </thead>
                <tbody>
                    <Space height=Signal::derive(above) cells />
                    <For each=move || present.get().1 key=|key| *key let:key>
                        {match rows.line(key) {
                            Some(Line::Row(row)) => view! { <ContainerRow row shown gone=Signal::derive(move || rows.is_gone(key)) cursor /> }.into_any(),
                            Some(Line::Group(group)) => view! { <GroupRow group fold cells /> }.into_any(),
                            None => ().into_any(),
                        }}
                    </For>
                    <Space height=Signal::derive(below) cells />
                </tbody>
            </table>
            <Empty rows view change />
        </div>
    }
}

/// The width of the ticks.
const PICK: i32 = 36;
/// What the image should have, and the least that it gets.
const IMAGE: i32 = 132;
const IMAGE_LEAST: i32 = 96;

/// The width of a column; the image takes what is left.
fn pixels(column: Column, narrow: bool) -> i32 {
    match column {
        Column::Cpu if narrow => 104,
        Column::Memory if narrow => 126,
        Column::Owner if narrow => 88,
        Column::Name => 212,
        Column::State => 148,
        Column::Image => 0,
        Column::Cpu => 118,
        Column::Memory => 140,
        Column::Ports => 98,
        Column::Ip => 112,
        Column::Owner => 96,
        Column::Created => 84,
    }
}

/// The columns with their widths.
#[component]
fn Columns(shown: Callback<Column, bool>, tight: Memo<bool>) -> impl IntoView {
    COLUMNS.map(|column| {
        let width = move || match pixels(column, tight.get()) {
            0 => "auto".to_owned(),
            pixels => format!("{pixels}px"),
        };
        // The last column holds the actions, so it is only ever emptied.
        let gone = move || column != Column::Created && !shown.run(column);
        view! { <col style:width=dynamic(width) class:is-hidden=dynamic(gone) /> }
    })
}

fn focused() -> Option<EventTarget> {
    document().active_element().map(Into::into)
}
