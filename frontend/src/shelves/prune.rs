//! What nobody uses, as a list that a person goes through before it goes: that list is removed and nothing else, one by
//! one, and what the engine does not let go says why. Volumes hold data, so none is ticked before somebody ticks it.

use std::rc::Rc;

use leptos::prelude::*;
use longshore_api::{
    format,
    web::{
        live::{Topic, WINDOW_MAX},
        problem::Problem,
        shelf::{Item, Only, Shelf, ShelfQuery, ShelfWindow},
    },
    words::say,
};

use super::row::short_name;
use crate::{
    api::{self, Failure},
    live::{Body, Listener, Live},
    parts::{Close, Field, Icon, Layer, Show, Trouble, dynamic, memo, submitted},
    places::places,
    session::session,
    shell::hosts,
    speech::{speech, w},
};

/// A thing that may go.
#[derive(Clone)]
struct Entry {
    item: Item,
    ticked: RwSignal<bool>,
    /// What became of it.
    outcome: RwSignal<Option<Result<(), Failure>>>,
}

/// What is unused, as it was when the dialog opened: what becomes unused later is not in it.
#[derive(Clone, Copy)]
struct Unused {
    shelf: Shelf,
    entries: RwSignal<Option<Vec<Entry>>>,
    found: RwSignal<u32>,
    failure: RwSignal<Option<Failure>>,
}

impl Listener for Unused {
    fn snapshot(&self, whole: Body<'_>) -> Option<()> {
        let window: ShelfWindow = whole.read()?;
        let entry = |item: Item| Entry {
            ticked: RwSignal::new(match self.shelf {
                // What has a name was wanted once.
                Shelf::Images => item.tags.is_empty(),
                Shelf::Networks => true,
                Shelf::Volumes => false,
            }),
            item,
            outcome: RwSignal::new(None),
        };
        self.found.set(window.totals.found);
        if self.entries.with_untracked(Option::is_none) {
            let removable = window.items.into_iter().filter(|item| !item.stale);
            self.entries.set(Some(removable.map(entry).collect()));
        }
        Some(())
    }

    fn delta(&self, _: Body<'_>) -> Option<()> {
        Some(())
    }

    fn refused(&self, problem: Problem) {
        self.failure.set(Some(Failure::Refused(Box::new(problem))));
    }
}

/// The dialog.
#[component]
pub(super) fn PruneDialog(shelf: Shelf, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let session = session();
    let failure = RwSignal::new(None::<Failure>);
    let unused = Unused { shelf, entries: RwSignal::new(None), found: RwSignal::new(0), failure };
    let query = ShelfQuery {
        shelf,
        host: untrack(|| places().host()),
        only: Only::Unused,
        limit: WINDOW_MAX,
        ..ShelfQuery::default()
    };
    expect_context::<Live>().subscribe(Topic::Shelf(query), Rc::new(unused));
    let entries = move || unused.entries.get().unwrap_or_default();
    // What is ticked and has not gone yet.
    let chosen = memo(move || {
        let left = |entry: &Entry| entry.ticked.get() && !matches!(entry.outcome.get(), Some(Ok(())));
        let left: Vec<Entry> = entries().into_iter().filter(left).collect();
        (left.len(), left.iter().filter_map(|entry| entry.item.size).fold(0, u64::saturating_add))
    });
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let lost = shelf == Shelf::Volumes;
    let ready = memo(move || {
        let (count, _) = chosen.get();
        count > 0 && !busy.get() && (!lost || typed.with(|typed| typed.trim() == count.to_string()))
    });
    let go = move || {
        if !ready.get_untracked() {
            return;
        }
        busy.set(true);
        let doomed: Vec<Entry> = unused
            .entries
            .get_untracked()
            .unwrap_or_default()
            .into_iter()
            .filter(|e| e.ticked.get_untracked())
            .collect();
        leptos::task::spawn_local(async move {
            for entry in doomed {
                if matches!(entry.outcome.try_get_untracked(), Some(Some(Ok(()))) | None) {
                    continue;
                }
                let outcome = api::remove_thing(shelf, &entry.item.host, &entry.item.id).await;
                if let Err(why) = &outcome {
                    session.noticed(why);
                }
                // Whoever closes the dialog stops here: what has not been asked for yet stays.
                if entry.outcome.try_set(Some(outcome)).is_some() {
                    return;
                }
            }
            _ = busy.try_set(false);
        });
    };
    let title = move || s.say(&say::remove_unused(shelf_word(shelf, s.words())));
    let deed = move || {
        let (count, _) = chosen.get();
        s.say(&match shelf {
            Shelf::Images => say::remove_images(count),
            Shelf::Networks => say::remove_networks(count),
            Shelf::Volumes => say::remove_volumes(count),
        })
    };
    let frees = move || {
        let (_, size) = chosen.get();
        (size > 0).then(|| s.say(&say::frees_at_most(size)))
    };
    let lines = move || entries().into_iter().map(|entry| line(shelf, entry, busy)).collect_view();
    let none = memo(move || unused.entries.with(|entries| entries.as_ref().is_some_and(Vec::is_empty)));
    let cut = memo(move || unused.found.get() > WINDOW_MAX);
    let label = move || say::type_count(chosen.get().0);
    view! {
        <Layer class="dialog dialog--wide" label=Signal::derive(title) close>
            <form class="dialog__form" on:submit=submitted(go)>
                <div class="dialog__head">
                    <h2 class="grow cut">{dynamic(title)}</h2>
                    <Close close first=true />
                </div>
                <div class="dialog__body">
                    <Trouble failure />
                    <p class="t2">{dynamic(move || prune_means(shelf, s.words()))}</p>
                    <Show when=move || none.get()>
                        <p class="t3" data-nothing="">{w!(s.nothing_unused)}</p>
                    </Show>
                    <ul class="goes prune">{dynamic(lines)}</ul>
                    <Show when=move || cut.get()>
                        <p class="t3">{dynamic(move || s.say(&say::first_of(WINDOW_MAX, unused.found.get())))}</p>
                    </Show>
                    <Show when=move || lost && chosen.get().0 != 0>
                        <p class="shelf__type">{dynamic(move || s.say(&label()))}</p>
                        <Field name="typed" label=w!(s.count) value=typed autocomplete="off" failure=Signal::stored(None) />
                    </Show>
                </div>
                <div class="dialog__foot">
                    <span class="t2">{dynamic(frees)}</span>
                    <button class="btn end" type="button" on:click=move |_| close.run(())>
                        {w!(s.close)}
                    </button>
                    <button
                        class="btn btn--danger"
                        type="submit"
                        data-action="confirm"
                        disabled=dynamic(move || !ready.get())
                    >
                        <span class="cut">{dynamic(deed)}</span>
                    </button>
                </div>
            </form>
        </Layer>
    }
}

fn shelf_word(shelf: Shelf, words: &longshore_api::words::Words) -> &'static str {
    match shelf {
        Shelf::Images => words.images_within,
        Shelf::Networks => words.networks_within,
        Shelf::Volumes => words.volumes_within,
    }
}

fn prune_means(shelf: Shelf, words: &longshore_api::words::Words) -> &'static str {
    match shelf {
        Shelf::Images => words.prune_images_means,
        Shelf::Networks => words.prune_networks_means,
        Shelf::Volumes => words.prune_volumes_means,
    }
}

fn line(shelf: Shelf, entry: Entry, busy: RwSignal<bool>) -> impl IntoView {
    let s = speech();
    let hosts = hosts();
    let Entry { item, ticked, outcome } = entry;
    // An image goes with all its names.
    let name = if item.tags.len() > 1 { item.tags.join(", ") } else { short_name(&item) };
    let (host, marked, full, size) = (item.host.clone(), item.id.clone(), item.name.clone(), item.size);
    let gone = memo(move || matches!(outcome.get(), Some(Ok(()))));
    let why = move || match outcome.get() {
        Some(Err(failure)) => {
            Some(failure.engine().map_or_else(|| s.say(&failure.sentence()), str::to_owned))
        }
        _ => None,
    };
    let dangling = shelf == Shelf::Images && item.tags.is_empty();
    view! {
        <li data-goes=marked class:is-gone=dynamic(move || gone.get())>
            <label class="opt grow">
                <input
                    class="box"
                    type="checkbox"
                    prop:checked=dynamic(move || ticked.get())
                    disabled=dynamic(move || busy.get() || gone.get())
                    on:change=move |_| ticked.update(|ticked| *ticked = !*ticked)
                />
                <span class="cut mono" title=full>{name}</span>
                {dangling.then(|| view! { <span class="badge">{w!(s.dangling)}</span> })}
            </label>
            {dynamic(move || why().map(|why| view! { <span class="prune__why" role="alert">{why}</span> }))}
            <Show when=move || gone.get()>
                <span role="status" aria-label=w!(s.removed)>
                    <Icon name="check" />
                </span>
            </Show>
            <span class="end nowrap">
                {size.map(format::disk)} " " <span class="t3">{dynamic(move || hosts.name(&host))}</span>
            </span>
        </li>
    }
}
