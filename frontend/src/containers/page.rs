//! The page: reads the address, asks for a window, composes.

use std::rc::Rc;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use longshore_api::{format, web::live::Topic, words::say};

use super::{
    address::View,
    deeds::{Deeds, Mishap},
    filter_bar::FilterBar,
    rows::Rows,
    table::{Seen, Table},
};
use crate::{
    browser,
    live::Live,
    parts::Trouble,
    places::{Page, places},
    speech::{speech, w},
};

/// Lines asked for beyond the seen ones, above and below; the next window is asked for when half of it is used up.
const MARGIN: u32 = 60;

/// The containers of all hosts, or of one.
#[component]
pub(crate) fn ContainersPage() -> impl IntoView {
    let s = speech();
    let places = places();
    provide_context(Deeds::start());
    let query = use_query_map();
    let view = Memo::new(move |_| query.with(View::read));
    let address = |view: &View| browser::below_base(Page::Containers.path()) + &view.write();
    let change = Callback::new(move |view: View| places.go(address(&view)));
    let settle = Callback::new(move |view: View| places.settle(address(&view)));

    let rows = Rows::new();
    let seen = RwSignal::new(Seen { first: 0, count: 40 });
    let window = Memo::new(move |before: Option<&(u32, u32)>| {
        let Seen { first, count } = seen.get();
        let covered = before.is_some_and(|(offset, limit)| {
            (*offset == 0 || first >= offset + MARGIN / 2) && first + count + MARGIN / 2 <= offset + limit
        });
        match before {
            Some(before) if covered => *before,
            _ => (first.saturating_sub(MARGIN), count + 2 * MARGIN),
        }
    });
    let question = move || {
        let (offset, limit) = window.get();
        Topic::Containers(view.with(|view| view.question(offset, limit)))
    };
    let subscription = expect_context::<Live>().subscribe(untrack(question), Rc::new(rows));
    Effect::new(move |_| subscription.ask(question()));

    view! {
        <main class="page page--fill" id="page" tabindex="-1">
            <div class="page__head">
                <h1>{w!(s.containers)}</h1>
                <span class="t3">{move || count(s, rows, view)}</span>
            </div>
            <FilterBar view change settle />
            <Mishaps />
            <Trouble failure=rows.refused() />
            <Table rows view change seen />
        </main>
    }
}

fn count(s: crate::speech::Speech, rows: Rows, view: Memo<View>) -> String {
    rows.totals().with(|totals| {
        if view.with(View::is_narrowed) {
            s.say(&say::found_of(totals.all, totals.found))
        } else {
            format::count(totals.found.into())
        }
    })
}

/// What was asked and not done, each with its reason.
#[component]
fn Mishaps() -> impl IntoView {
    let mishaps = super::deeds::deeds().mishaps();
    view! {
        <For each=move || mishaps.get() key=|mishap| (mishap.target.key, mishap.verb) let:mishap>
            <MishapLine mishap />
        </For>
    }
}

#[component]
fn MishapLine(mishap: Mishap) -> impl IntoView {
    view! { <Trouble failure=Signal::stored(Some(mishap.failure)) /> }
}
