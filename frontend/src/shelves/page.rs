//! The page: reads the address, asks for a window, composes.

use std::rc::Rc;

use leptos::prelude::*;
use longshore_api::{
    format,
    ops::Permission,
    web::{
        live::Topic,
        shelf::{Item, Only, Shelf},
    },
    words::{Words, say},
};

use super::{
    create::{NewNetworkDialog, NewVolumeDialog, PullDialog},
    keys::{self, Cursor},
    list::List,
    load::LoadDialog,
    prune::PruneDialog,
    remove::RemoveDialog,
    table::Table,
    view::{View, page_of},
};
use crate::{
    browser,
    clock::clock,
    disk::{Measure, MeasureTrouble, Measuring},
    live::Live,
    parts::{Find, Icon, Seen, Show, Trouble, dynamic, memo, window_for},
    places::{Page, places},
    session::session,
    shell::{HostNotices, hosts},
    speech::{speech, w},
};

/// What lies over the page.
#[derive(Clone)]
pub(super) enum Over {
    /// The form for one more.
    Create,
    /// Images out of a file.
    Load,
    /// What nobody uses, to be gone through.
    Prune,
    /// What a removal takes with it.
    Remove(Box<Item>),
}

/// The images, the networks or the volumes of all hosts, or of one.
#[component]
pub(crate) fn ShelfPage(
    /// Which of them.
    shelf: Shelf,
) -> impl IntoView {
    let s = speech();
    let (places, session) = (places(), session());
    let view = memo(move || View::read(|name| places.query(name)));
    let address = move |view: &View| browser::below_base(page_of(shelf).path()) + &view.write();
    let change = Callback::new(move |view: View| places.go(address(&view)));
    let typed = move |text: String| places.settle(address(&View { text, ..view.get_untracked() }));
    let list = List::new();
    let seen = RwSignal::new(Seen { first: 0, count: 40 });
    let window = Memo::new(move |before: Option<&(u32, u32)>| window_for(seen.get(), before.copied()));
    let question = move || {
        let (offset, limit) = window.get();
        Topic::Shelf(view.with(|view| view.question(shelf, offset, limit)))
    };
    let subscription = expect_context::<Live>().subscribe(untrack(question), Rc::new(list));
    Effect::new(move |_| subscription.ask(question()));
    let over = RwSignal::new(None::<Over>);
    let close = Callback::new(move |()| over.set(None));
    let remove = Callback::new(move |item| over.set(Some(Over::Remove(Box::new(item)))));
    let cursor = Cursor::new();
    keys::listen(list, seen, cursor, remove);
    let text = memo(move || view.with(|view| view.text.clone()));
    let hint = move || match shelf {
        Shelf::Images => s.words().filter_images(),
        Shelf::Networks => s.words().filter_networks(),
        Shelf::Volumes => s.words().filter_volumes(),
    };
    let counted = move || {
        let totals = list.totals();
        match view.with(View::is_narrowed) {
            true => s.say(&say::found_of(totals.all, totals.found)),
            false => format::count(totals.found.into()),
        }
    };
    let clock = clock();
    let measured = move || list.totals().measured.map(|at| s.say(&say::measured_ago(s.age(clock.since(at)))));
    let hosts = hosts();
    let measuring = Measuring::of(Signal::derive(move || match hosts.chosen(places.host()) {
        Some(host) => vec![host.slug],
        None => {
            let all = hosts.all().into_iter().map(|host| host.slug);
            all.filter(|slug| hosts.answers(slug) && session.may(slug, Permission::Manage)).collect()
        }
    }));
    let measures = memo(move || match hosts.chosen(places.host()) {
        Some(host) => session.may(&host.slug, Permission::Manage),
        None => session.may_somewhere(Permission::Manage),
    });
    let since = Signal::derive(move || list.totals().measured.unwrap_or_default());
    let dialog = move || {
        over.get().map(|over| match (over, shelf) {
            (Over::Remove(item), _) => view! { <RemoveDialog shelf item=*item close /> }.into_any(),
            (Over::Prune, _) => view! { <PruneDialog shelf close /> }.into_any(),
            (Over::Load, _) => view! { <LoadDialog close /> }.into_any(),
            (Over::Create, Shelf::Volumes) => view! { <NewVolumeDialog close /> }.into_any(),
            (Over::Create, Shelf::Images) => view! { <PullDialog close /> }.into_any(),
            (Over::Create, Shelf::Networks) => view! { <NewNetworkDialog close /> }.into_any(),
        })
    };
    view! {
        <main class="page page--fill" id="page" tabindex="-1">
            <div class="page__head">
                <h1>{dynamic(move || page_of(shelf).word(s.words()))}</h1>
                <span class="t3">{dynamic(counted)}</span>
                <Show when=move || list.totals().size != 0>
                    <span class="t3">{dynamic(move || format::disk(list.totals().size))}</span>
                </Show>
                <Show when=move || list.totals().measured.is_some()>
                    <span class="t3" data-measured="">{dynamic(measured)}</span>
                </Show>
                <div class="page__actions">
                    <Show when=move || measures.get() && shelf == Shelf::Volumes>
                        <Measure measuring word=w!(s.measure_sizes) />
                    </Show>
                    <Show when=move || measures.get() && shelf != Shelf::Networks>
                        <a class="btn" data-action="disk" href=dynamic(move || places.address(Page::Disk))>
                            <Icon name="stats" />
                            {w!(s.disk_use)}
                        </a>
                    </Show>
                    {(shelf == Shelf::Images)
                        .then(|| {
                            view! {
                                <Show when=move || session.may_somewhere(Permission::Manage)>
                                <button
                                    class="btn"
                                    type="button"
                                    data-action="load"
                                    on:click=move |_| over.set(Some(Over::Load))
                                >
                                    <Icon name="upload" />
                                    {w!(s.load_file)}
                                </button>
                                </Show>
                            }
                        })}
                    <Show when=move || session.may_somewhere(Permission::Deploy)>
                    <button
                        class="btn"
                        type="button"
                        data-action="prune"
                        disabled=dynamic(move || list.totals().unused == 0)
                        on:click=move |_| over.set(Some(Over::Prune))
                    >
                        <Icon name="trash" />
                        {w!(s.prune)}
                    </button>
                    <button
                        class="btn btn--primary"
                        type="button"
                        data-action="create"
                        on:click=move |_| over.set(Some(Over::Create))
                    >
                        <Icon name=if shelf == Shelf::Images { "download" } else { "plus" } />
                        {dynamic(move || create_word(shelf, s.words()))}
                    </button>
                    </Show>
                </div>
            </div>
            <HostNotices>
                <div class="bar">
                    <Find text hint=Signal::derive(hint) typed />
                    <span class="seg" role="group" aria-label=w!(s.filter)>
                        {only_button(view, change, Only::All, |words| words.all())}
                        {only_button(view, change, Only::Used, |words| words.in_use())}
                        {only_button(view, change, Only::Unused, |words| words.unused())}
                        {(shelf == Shelf::Images)
                            .then(|| only_button(view, change, Only::Dangling, |words| words.dangling()))}
                    </span>
                </div>
                <Trouble failure=list.refusal() />
                {(shelf == Shelf::Volumes).then(|| view! { <MeasureTrouble measuring since /> })}
                <Table shelf list view change seen cursor remove />
            </HostNotices>
            {dynamic(dialog)}
        </main>
    }
}

/// What the button for one more says.
pub(super) fn create_word(shelf: Shelf, words: &Words) -> &'static str {
    match shelf {
        Shelf::Images => words.pull_image(),
        Shelf::Networks => words.create_network(),
        Shelf::Volumes => words.create_volume(),
    }
}

fn only_button(
    view: Memo<View>,
    change: Callback<View>,
    only: Only,
    word: fn(&Words) -> &'static str,
) -> impl IntoView {
    let s = speech();
    let pressed = memo(move || view.with(|view| view.only == only));
    view! {
        <button
            type="button"
            data-only=format!("{only:?}").to_lowercase()
            aria-pressed=dynamic(move || pressed.get().to_string())
            on:click=move |_| change.run(View { only, ..view.get_untracked() })
        >
            {dynamic(move || word(s.words()))}
        </button>
    }
}
