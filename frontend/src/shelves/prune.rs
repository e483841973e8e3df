//! What nobody uses, as a list that a person goes through before it goes: that list is removed and nothing else, one by
//! one, and what the engine does not let go says why. Volumes hold data, so none is ticked before somebody ticks it.

use leptos::prelude::*;
use longshore_api::{
    format,
    web::{
        live::{Topic, WINDOW_MAX},
        shelf::{Item, Only, Shelf, ShelfQuery, ShelfWindow},
    },
    words::{Words, say},
};

use super::row::short_name;
use crate::{
    api::{self, Failure},
    live::{Body, Live},
    parts::{Field, Going, GoingDialog, Show, Unmeasured, dynamic, going_line, let_go, memo},
    places::places,
    session::session,
    shell::hosts,
    speech::{speech, w},
};

/// The dialog.
#[component]
pub(super) fn PruneDialog(shelf: Shelf, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let session = session();
    // What is unused as the dialog opens: what becomes unused later is not in it.
    let entries = RwSignal::new(None::<Vec<Going<Item>>>);
    let found = RwSignal::new(0);
    let failure = RwSignal::new(None::<Failure>);
    let query = ShelfQuery {
        shelf,
        host: untrack(|| places().host()),
        only: Only::Unused,
        limit: WINDOW_MAX,
        ..ShelfQuery::default()
    };
    let answer = move |whole: Body<'_>| {
        let window: ShelfWindow = whole.read()?;
        let going = |item: Item| {
            let ticked = match shelf {
                // What has a name was wanted once.
                Shelf::Images => item.tags.is_empty(),
                Shelf::Networks => true,
                Shelf::Volumes => false,
            };
            Going::new(item, ticked)
        };
        let removable = window.items.into_iter().filter(|item| !item.stale && !item.others);
        _ = found.try_set(window.totals.found);
        _ = entries.try_set(Some(removable.map(going).collect()));
        Some(())
    };
    let refused = move |why| _ = failure.try_set(Some(why));
    expect_context::<Live>().once_or(Topic::Shelf(query), answer, refused);
    let all = move || entries.get().unwrap_or_default();
    let left = move || all().into_iter().filter(Going::is_left).collect::<Vec<_>>();
    let chosen = memo(move || {
        let left = left();
        (left.len(), left.iter().filter_map(|going| going.thing.size).fold(0, u64::saturating_add))
    });
    let unmeasured = memo(move || match shelf {
        // A network takes no room.
        Shelf::Networks => 0,
        Shelf::Images | Shelf::Volumes => left().iter().filter(|going| going.thing.size.is_none()).count(),
    });
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let lost = shelf == Shelf::Volumes;
    let ready = memo(move || {
        let (count, _) = chosen.get();
        count > 0 && !busy.get() && (!lost || typed.with(|typed| typed.trim() == count.to_string()))
    });
    let go = move |()| {
        let remove = async move |item: &Item| api::remove_thing(shelf, item).await.map(|()| None);
        let_go(untrack(left), busy, session, remove);
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
    let lines = move || all().iter().map(|going| line(shelf, going, busy)).collect_view();
    let none = memo(move || entries.with(|entries| entries.as_ref().is_some_and(Vec::is_empty)));
    let cut = memo(move || found.get() > WINDOW_MAX);
    let count = move || (chosen.get().0, all().iter().filter(|going| going.has_gone()).count());
    let label = move || say::type_count(chosen.get().0);
    view! {
        <GoingDialog
            title=Signal::derive(title)
            close
            failure
            frees=Signal::derive(frees)
            deed=Signal::derive(deed)
            ready
            count=Signal::derive(count)
            go
        >
            <p class="t2">{dynamic(move || prune_means(shelf, s.words()))}</p>
            <Show when=move || none.get()>
                <p class="t3" data-nothing="">{w!(s.nothing_unused)}</p>
            </Show>
            <ul class="goes prune">{dynamic(lines)}</ul>
            <Show when=move || cut.get()>
                <p class="t3">{dynamic(move || s.say(&say::first_of(found.get(), WINDOW_MAX)))}</p>
            </Show>
            <Unmeasured count=unmeasured />
            <Show when=move || lost && chosen.get().0 != 0>
                <p class="shelf__type">{dynamic(move || s.say(&label()))}</p>
                <Field name="typed" label=w!(s.count) value=typed autocomplete="off" failure=Signal::stored(None) />
            </Show>
        </GoingDialog>
    }
}

fn shelf_word(shelf: Shelf, words: &Words) -> &'static str {
    match shelf {
        Shelf::Images => words.images_within(),
        Shelf::Networks => words.networks_within(),
        Shelf::Volumes => words.volumes_within(),
    }
}

fn prune_means(shelf: Shelf, words: &Words) -> &'static str {
    match shelf {
        Shelf::Images => words.prune_images_means(),
        Shelf::Networks => words.prune_networks_means(),
        Shelf::Volumes => words.prune_volumes_means(),
    }
}

fn line(shelf: Shelf, going: &Going<Item>, busy: RwSignal<bool>) -> AnyView {
    let s = speech();
    let hosts = hosts();
    let item = going.thing.clone();
    // An image goes with all its names.
    let name = if item.tags.len() > 1 { item.tags.join(", ") } else { short_name(&item) };
    let dangling = shelf == Shelf::Images && item.tags.is_empty();
    let what = view! {
        <span class="cut mono" title=item.name>{name}</span>
        {dangling.then(|| view! { <span class="badge">{w!(s.dangling)}</span> })}
    };
    let end = view! {
        {item.size.map(format::disk)} " " <span class="t3">{dynamic(move || hosts.name(&item.host))}</span>
    };
    going_line(going, item.id, busy, what.into_any(), end.into_any())
}
