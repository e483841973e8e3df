//! What does not run, as a list that a person goes through before it goes: that list is removed and nothing else, one by
//! one, and what the engine does not let go says why.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use longshore_api::{
    format,
    web::{
        container::{Container, ContainerQuery, ContainerWindow, Grouping, State, Verb},
        disk::DiskKind,
        live::{Topic, WINDOW_MAX},
    },
    words::say,
};

use super::address::View;
use crate::{
    api::{self, Failure},
    clock::clock,
    live::Live,
    parts::{Close, Icon, Layer, Show, StateMark, dynamic, memo, submitted},
    places::{Page, places},
    session::session,
    shell::hosts,
    speech::{speech, w},
};

/// What does not run.
const STOPPED: [State; 4] = [State::Exited, State::Failed, State::Dead, State::Created];

/// A container that may go.
#[derive(Clone)]
struct Entry {
    row: Container,
    ticked: RwSignal<bool>,
    /// What became of it.
    outcome: RwSignal<Option<Result<(), Failure>>>,
}

impl Entry {
    fn new(row: Container) -> Self {
        // What has never been started may wait for that.
        let ticked = RwSignal::new(row.state != State::Created);
        Self { row, ticked, outcome: RwSignal::new(None) }
    }

    /// It is ticked and has not gone yet; tracked.
    fn is_left(&self) -> bool {
        self.ticked.get() && !matches!(self.outcome.get(), Some(Ok(())))
    }
}

/// Sizes by host and id, as far as they were measured.
type Sizes = RwSignal<BTreeMap<(String, String), u64>>;

/// The dialog: what is stopped of what the table lists, as it was when the dialog opened.
#[component]
pub(super) fn StoppedDialog(view: Memo<View>, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let (session, places) = (session(), places());
    let entries = RwSignal::new(None::<Vec<Entry>>);
    let found = RwSignal::new(0);
    let sizes = Sizes::default();
    let question = view.with_untracked(|view| ContainerQuery {
        states: STOPPED.to_vec(),
        group: Grouping::Flat,
        folded: Vec::new(),
        ..view.question(0, WINDOW_MAX)
    });
    expect_context::<Live>().once(Topic::Containers(question), move |whole| {
        let window: ContainerWindow = whole.read()?;
        let hosts: BTreeSet<String> = window.rows.iter().map(|row| row.host.clone()).collect();
        _ = found.try_set(window.totals.found);
        _ = entries.try_set(Some(window.rows.into_iter().map(Entry::new).collect()));
        hosts.into_iter().for_each(|host| leptos::task::spawn_local(measured(host, sizes)));
        Some(())
    });
    let all = move || entries.get().unwrap_or_default();
    let chosen = memo(move || {
        let left: Vec<Entry> = all().into_iter().filter(Entry::is_left).collect();
        let size = |entry: &Entry| sizes.with(|sizes| sizes.get(&key(&entry.row)).copied());
        (left.len(), left.iter().filter_map(size).fold(0, u64::saturating_add))
    });
    let busy = RwSignal::new(false);
    let ready = memo(move || chosen.get().0 > 0 && !busy.get());
    let go = move || {
        if !ready.get_untracked() {
            return;
        }
        busy.set(true);
        let doomed: Vec<Entry> = untrack(|| all().into_iter().filter(Entry::is_left).collect());
        leptos::task::spawn_local(async move {
            for entry in doomed {
                let outcome = api::act(&entry.row.host, &entry.row.id, Verb::Remove).await;
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
    let title = Signal::derive(move || s.words().remove_stopped.trim_end_matches('…').to_owned());
    let frees = move || {
        let (_, size) = chosen.get();
        (size > 0).then(|| s.say(&say::frees_about(size)))
    };
    let none = memo(move || entries.with(|entries| entries.as_ref().is_some_and(Vec::is_empty)));
    let cut = memo(move || found.get() > WINDOW_MAX);
    let lines = move || all().into_iter().map(|entry| line(entry, busy, sizes)).collect_view();
    let gone = memo(move || all().iter().any(|entry| matches!(entry.outcome.get(), Some(Ok(())))));
    view! {
        <Layer class="dialog dialog--wide" label=title close>
            <form class="dialog__form" on:submit=submitted(go)>
                <div class="dialog__head">
                    <h2 class="grow cut">{title}</h2>
                    <Close close first=true />
                </div>
                <div class="dialog__body">
                    <Show
                        when=move || !none.get()
                        fallback=move || view! { <p class="t3" data-nothing="">{w!(s.nothing_stopped)}</p> }
                    >
                        <p class="t2">{w!(s.stopped_means)}</p>
                    </Show>
                    <ul class="goes prune">{dynamic(lines)}</ul>
                    <Show when=move || cut.get()>
                        <p class="t3">{dynamic(move || s.say(&say::first_of(WINDOW_MAX, found.get())))}</p>
                    </Show>
                    <Show when=move || gone.get()>
                        <p>
                            <a data-action="removed" href=dynamic(move || places.address(Page::Removed))>
                                {w!(s.removed_containers)}
                            </a>
                        </p>
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
                        <span class="cut">{dynamic(move || s.say(&say::stopped_remove(chosen.get().0)))}</span>
                    </button>
                </div>
            </form>
        </Layer>
    }
}

fn key(row: &Container) -> (String, String) {
    (row.host.clone(), row.id.clone())
}

/// Takes in what was measured on a host. Where nobody has measured, or it cannot be had, the list does without.
async fn measured(host: String, sizes: Sizes) {
    let Ok(Some(known)) = api::disk(&host).await else { return };
    let of = known.parts.into_iter().filter(|part| part.kind == DiskKind::Container);
    let of: Vec<_> = of.map(|part| ((host.clone(), part.id), part.size)).collect();
    _ = sizes.try_update(|sizes| sizes.extend(of));
}

fn line(entry: Entry, busy: RwSignal<bool>, sizes: Sizes) -> AnyView {
    let s = speech();
    let (hosts, clock) = (hosts(), clock());
    let Entry { row, ticked, outcome } = entry;
    let key = key(&row);
    let (host, created) = (row.host.clone(), row.created);
    let gone = memo(move || matches!(outcome.get(), Some(Ok(()))));
    let why = move || match outcome.get() {
        Some(Err(failure)) => {
            Some(failure.engine().map_or_else(|| s.say(&failure.sentence()), str::to_owned))
        }
        _ => None,
    };
    let size = move || sizes.with(|sizes| sizes.get(&key).map(|size| format::disk(*size)));
    view! {
        <li data-goes=row.id class:is-gone=dynamic(move || gone.get())>
            <label class="opt grow">
                <input
                    class="box"
                    type="checkbox"
                    prop:checked=dynamic(move || ticked.get())
                    disabled=dynamic(move || busy.get() || gone.get())
                    on:change=move |_| ticked.update(|ticked| *ticked = !*ticked)
                />
                <StateMark state=row.state />
                <span class="cut">{row.name}</span>
                <span class="cut t3 mono xs">{row.image}</span>
            </label>
            {dynamic(move || why().map(|why| view! { <span class="prune__why" role="alert">{why}</span> }))}
            <Show when=move || gone.get()>
                <span role="status" aria-label=w!(s.removed)>
                    <Icon name="check" />
                </span>
            </Show>
            <span class="end nowrap">
                {dynamic(size)} " " <span class="t3">{dynamic(move || s.age(clock.since(created)))}</span> " "
                <span class="t3">{dynamic(move || hosts.name(&host))}</span>
            </span>
        </li>
    }
    .into_any()
}
