//! The table: only the rows that are seen exist, all of one height; one signal says which is the first.

use leptos::prelude::*;
use longshore_api::web::container::Column;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, EventTarget, HtmlElement};

use super::{
    address::{COLUMNS, View},
    empty::Empty,
    group_row::GroupRow,
    head::{HeadCells, PickAll},
    keys::Cursor,
    row::{ContainerRow, row_of},
    rows::{Line, Rows},
};
use crate::parts::{Seen, Space, dynamic, look, memo, row_height as row_height_of};
use crate::speech::{speech, w};

/// Rows above and below the seen ones that exist already, so that scrolling finds them there.
const BEYOND: u32 = 12;

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
    let scroller = NodeRef::<leptos::html::Div>::new();
    let row_height = RwSignal::new(32.0);
    let measure = move || {
        if let Some(scroller) = scroller.get_untracked() {
            let height = row_height_of(&scroller);
            if (height - row_height.get_untracked()).abs() > 0.1 {
                row_height.set(height);
            }
            look(&scroller, height, seen);
        }
    };
    Effect::new(move |_| {
        if scroller.get().is_some() {
            request_animation_frame(measure);
        }
    });
    Effect::new(move |_| {
        if let (Some(line), Some(scroller)) = (wanted.get(), scroller.get_untracked()) {
            scroll_to(&scroller, line, row_height.get_untracked());
        }
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());
    // Another question begins at its beginning.
    let question = memo(move || view.with(|view| view.question(0, 0)));
    Effect::new(move |before: Option<()>| {
        let _ = question.get();
        if before.is_some()
            && let Some(scroller) = scroller.get_untracked()
        {
            scroller.set_scroll_top(0);
            measure();
        }
    });

    let place = rows.place();
    let total = memo(move || rows.totals().with(|totals| totals.lines));
    // The part of the window that exists in the page: its offset in the list, and its keys.
    let present = memo(move || {
        let Seen { first, count } = seen.get();
        place.with(|place| {
            let end = place.offset + place.lines.len() as u32;
            let from = first.saturating_sub(BEYOND).clamp(place.offset, end);
            let to = (first + count + BEYOND).clamp(from, end);
            let keys = place.lines[(from - place.offset) as usize..(to - place.offset) as usize].to_vec();
            (from, keys)
        })
    });
    let above = move || present.with(|(from, _)| f64::from(*from) * row_height.get());
    let below = move || {
        let after = present.with(|(from, keys)| from + keys.len() as u32);
        f64::from(total.get().saturating_sub(after)) * row_height.get()
    };
    let shown = Callback::new(move |column: Column| view.with(|view| !view.hidden.contains(&column)));
    // Columns in sight with the ticks before them; the last is only ever emptied. The phones' button lies in no column.
    let cells = memo(move || {
        view.with(|view| {
            1 + COLUMNS.iter().filter(|c| **c == Column::Created || !view.hidden.contains(c)).count()
        })
    });
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
            node_ref=scroller
            on:scroll=move |event: Event| {
                if let Some(scroller) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
                    look(&scroller, row_height.get_untracked(), seen);
                }
            }
            on:pointerover=move |event| hold(event.target())
            on:pointerleave=move |_| hold(focused())
            on:focusin=move |event| hold(event.target())
            on:focusout=move |event| hold(event.related_target())
        >
            <table class="tbl tbl--phone ct" aria-rowcount=dynamic(move || total.get() + 1)>
                <colgroup>
                    <col style:width="36px" />
                    <Columns view />
                </colgroup>
                <thead>
                    <tr>
                        <PickAll rows view />
                        <HeadCells view change />
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

/// Widths of the columns; the image takes what is left.
#[component]
fn Columns(view: Memo<View>) -> impl IntoView {
    COLUMNS.map(|column| {
        let width = match column {
            Column::Name => "228px",
            Column::State => "152px",
            Column::Image => "auto",
            Column::Cpu => "118px",
            Column::Memory => "140px",
            Column::Ports => "98px",
            Column::Ip => "118px",
            Column::Created => "84px",
        };
        // The last column holds the actions, so it is only ever emptied.
        let gone = move || column != Column::Created && view.with(|view| view.hidden.contains(&column));
        view! { <col style:width=width class:is-hidden=dynamic(gone) /> }
    })
}

/// Scrolls just so far that a line is seen whole, under the head.
fn scroll_to(scroller: &HtmlElement, line: u32, row_height: f64) {
    let top = f64::from(line) * row_height;
    let seen_from = f64::from(scroller.scroll_top());
    let seen_to = seen_from + f64::from(scroller.client_height()) - 2.0 * row_height;
    if top < seen_from {
        scroller.set_scroll_top(top as i32);
    } else if top > seen_to {
        scroller.set_scroll_top((top - (seen_to - seen_from)) as i32);
    }
}

fn focused() -> Option<EventTarget> {
    document().active_element().map(Into::into)
}
