//! The page: reads the address, asks for a window, composes.

use std::rc::Rc;

use leptos::prelude::*;
use longshore_api::{format, ops::Permission, web::live::Topic, words::say};

use super::{
    address::View,
    bulk::BulkBar,
    filter_bar::FilterBar,
    keys::{self, Cursor},
    rows::Rows,
    selection::Selection,
    stopped::StoppedDialog,
    table::Table,
};
use crate::{
    browser,
    live::Live,
    parts::{Icon, Seen, Show, Trouble, dynamic, memo, window_for},
    places::{Page, places},
    session::session,
    sharing::ShareStack,
    shell::HostNotices,
    speech::{Speech, speech, w},
};

/// The stack that is about to be shared, with its host. In the context of the page.
#[derive(Clone, Copy)]
pub(super) struct SharedStack(pub(super) RwSignal<Option<(String, String)>>);

/// The containers of all hosts, or of one.
#[component]
pub(crate) fn ContainersPage() -> impl IntoView {
    let s = speech();
    let session = session();
    let deploys = memo(move || session.may_somewhere(Permission::Deploy));
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

    let stopped = RwSignal::new(false);
    let shared = SharedStack(RwSignal::new(None));
    provide_context(shared);
    view! {
        <main class="page page--fill" id="page" tabindex="-1">
            <div class="page__head">
                <h1>{w!(s.containers)}</h1>
                <span class="t3">{dynamic(move || count(s, rows, view))}</span>
                <div class="page__actions">
                    <a class="btn btn--quiet no-phone" data-action="removed" href=dynamic(move || places.address(Page::Removed))>
                        {w!(s.removed_containers)}
                    </a>
                    <Show when=move || deploys.get()>
                    <button class="btn" type="button" data-action="remove-stopped" on:click=move |_| stopped.set(true)>
                        <Icon name="trash" />
                        {w!(s.remove_stopped)}
                    </button>
                    <a class="btn" data-action="new-container" href=dynamic(move || places.address(Page::NewContainer))>
                        <Icon name="plus" />
                        {w!(s.nc_title)}
                    </a>
                    </Show>
                </div>
            </div>
            <HostNotices>
                <FilterBar view totals=rows.totals() change settle />
                <Trouble failure=rows.refused() />
                <Table rows view change seen cursor wanted />
                <BulkBar />
            </HostNotices>
            <Show when=move || stopped.get()>
                <StoppedDialog view close=Callback::new(move |()| stopped.set(false)) />
            </Show>
            {dynamic(move || shared.0.get().map(|(host, stack)| {
                view! { <ShareStack host stack close=Callback::new(move |()| shared.0.set(None)) /> }
            }))}
        </main>
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
