//! The page: reads the address, asks for a window, composes.

use std::rc::Rc;

use leptos::prelude::*;
use longshore_api::{
    format,
    web::live::{Topic, WINDOW_MAX},
    words::say,
};

use super::{
    address::View,
    bulk::BulkBar,
    filter_bar::FilterBar,
    keys::{self, Cursor},
    rows::Rows,
    selection::Selection,
    table::{Seen, Table},
};
use crate::{
    browser,
    live::Live,
    parts::{Trouble, dynamic, memo},
    places::{Page, places},
    shell::HostNotices,
    speech::{Speech, speech, w},
};

/// Lines asked for beyond the seen ones, above and below; the next window is asked for when half of it is used up.
const MARGIN: u32 = 60;

/// The containers of all hosts, or of one.
#[component]
pub(crate) fn ContainersPage() -> impl IntoView {
    let s = speech();
    let places = places();
    let view = memo(move || View::read(|name| places.query(name)));
    let address = |view: &View| browser::below_base(Page::Containers.path()) + &view.write();
    let change = Callback::new(move |view: View| places.go(address(&view)));
    let settle = Callback::new(move |view: View| places.settle(address(&view)));

    let rows = Rows::new();
    provide_context(Selection::new(rows));
    let seen = RwSignal::new(Seen { first: 0, count: 40 });
    let window = Memo::new(move |before: Option<&(u32, u32)>| window_for(seen.get(), before.copied()));
    let question = move || {
        let (offset, limit) = window.get();
        Topic::Containers(view.with(|view| view.question(offset, limit)))
    };
    let subscription = expect_context::<Live>().subscribe(untrack(question), Rc::new(rows));
    Effect::new(move |_| subscription.ask(question()));

    let cursor = Cursor(RwSignal::new(None));
    let wanted = RwSignal::new(None::<u32>);
    keys::listen(rows, cursor, Callback::new(move |line| wanted.set(Some(line))));

    view! {
        <main class="page page--fill" id="page" tabindex="-1">
            <div class="page__head">
                <h1>{w!(s.containers)}</h1>
                <span class="t3">{dynamic(move || count(s, rows, view))}</span>
            </div>
            <HostNotices>
                <FilterBar view totals=rows.totals() change settle />
                <Trouble failure=rows.refused() />
                <Table rows view change seen cursor wanted />
                <BulkBar />
            </HostNotices>
        </main>
    }
}

/// The window for what is seen: the one there is, while it reaches far enough.
fn window_for(seen: Seen, before: Option<(u32, u32)>) -> (u32, u32) {
    let Seen { first, count } = seen;
    let near = MARGIN / 2;
    match before {
        Some((offset, limit))
            if (offset == 0 || first >= offset + near) && first + count + near <= offset + limit =>
        {
            (offset, limit)
        }
        _ => (first.saturating_sub(MARGIN), (count + 2 * MARGIN).min(WINDOW_MAX)),
    }
}

fn count(s: Speech, rows: Rows, view: Memo<View>) -> String {
    rows.totals().with(|totals| {
        if view.with(View::is_narrowed) {
            s.say(&say::found_of(totals.all, totals.found))
        } else {
            format::count(totals.found.into())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_kept_until_half_its_margin_is_used_up() {
        let first = window_for(Seen { first: 0, count: 30 }, None);
        assert_eq!(first, (0, 150));
        assert_eq!(window_for(Seen { first: 80, count: 30 }, Some(first)), first);
        let next = window_for(Seen { first: 100, count: 30 }, Some(first));
        assert_eq!(next, (40, 150));
        assert_eq!(window_for(Seen { first: 71, count: 30 }, Some(next)), next);
        assert_eq!(window_for(Seen { first: 9_000, count: 30 }, Some(next)), (8_940, 150));
    }
}
