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
    live::{Body, Live},
    parts::{Going, GoingDialog, Show, StateMark, Unmeasured, dynamic, going_line, let_go, memo},
    places::{Page, places},
    session::session,
    shell::hosts,
    speech::{speech, w},
};

/// What does not run.
const STOPPED: [State; 4] = [State::Exited, State::Failed, State::Dead, State::Created];

/// Sizes by host and id, as far as they were measured.
type Sizes = RwSignal<BTreeMap<(String, String), u64>>;

/// The dialog: what is stopped of what the table lists, as it was when the dialog opened.
#[component]
pub(super) fn StoppedDialog(view: Memo<View>, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let (session, places) = (session(), places());
    let entries = RwSignal::new(None::<Vec<Going<Container>>>);
    let found = RwSignal::new(0);
    let sizes = Sizes::default();
    let question = view.with_untracked(|view| ContainerQuery {
        states: STOPPED.to_vec(),
        group: Grouping::Flat,
        folded: Vec::new(),
        ..view.question(0, WINDOW_MAX)
    });
    let failure = RwSignal::new(None::<Failure>);
    let answer = move |whole: Body<'_>| {
        let window: ContainerWindow = whole.read()?;
        let hosts: BTreeSet<String> = window.rows.iter().map(|row| row.host.clone()).collect();
        _ = found.try_set(window.totals.found);
        // What has never been started may wait for that.
        let going = |row: Container| {
            let ticked = row.state != State::Created;
            Going::new(row, ticked)
        };
        _ = entries.try_set(Some(window.rows.into_iter().map(going).collect()));
        hosts.into_iter().for_each(|host| leptos::task::spawn_local(measured(host, sizes)));
        Some(())
    };
    let refused = move |why| _ = failure.try_set(Some(why));
    expect_context::<Live>().once_or(Topic::Containers(question), answer, refused);
    let all = move || entries.get().unwrap_or_default();
    let left = move || all().into_iter().filter(Going::is_left).collect::<Vec<_>>();
    let chosen = memo(move || {
        let left = left();
        let size = |going: &Going<Container>| sizes.with(|sizes| sizes.get(&key(&going.thing)).copied());
        (left.len(), left.iter().filter_map(size).fold(0, u64::saturating_add))
    });
    let unmeasured = memo(move || {
        let known = |going: &Going<Container>| sizes.with(|sizes| sizes.contains_key(&key(&going.thing)));
        left().iter().filter(|going| !known(going)).count()
    });
    let busy = RwSignal::new(false);
    let ready = memo(move || chosen.get().0 > 0 && !busy.get());
    let go = move |()| {
        let remove = async |row: &Container| api::act(&row.host, &row.id, Verb::Remove).await;
        let_go(untrack(left), busy, session, remove);
    };
    let title = Signal::derive(move || s.words().remove_stopped().trim_end_matches('…').to_owned());
    let frees = move || {
        let (_, size) = chosen.get();
        (size > 0).then(|| s.say(&say::frees_about(size)))
    };
    let deed = move || s.say(&say::stopped_remove(chosen.get().0));
    let none = memo(move || entries.with(|entries| entries.as_ref().is_some_and(Vec::is_empty)));
    let cut = memo(move || found.get() > WINDOW_MAX);
    let lines = move || all().iter().map(|going| line(going, busy, sizes)).collect_view();
    let count = move || (chosen.get().0, all().iter().filter(|going| going.has_gone()).count());
    let gone = memo(move || all().iter().any(Going::has_gone));
    view! {
        <GoingDialog title close failure frees=Signal::derive(frees) deed=Signal::derive(deed) ready count=Signal::derive(count) go>
            <Show
                when=move || !none.get()
                fallback=move || view! { <p class="t3" data-nothing="">{w!(s.nothing_stopped)}</p> }
            >
                <p class="t2">{w!(s.stopped_means)}</p>
            </Show>
            <ul class="goes prune">{dynamic(lines)}</ul>
            <Show when=move || cut.get()>
                <p class="t3">{dynamic(move || s.say(&say::first_of(found.get(), WINDOW_MAX)))}</p>
            </Show>
            <Unmeasured count=unmeasured />
            <Show when=move || gone.get()>
                <p>
                    <a data-action="removed" href=dynamic(move || places.address(Page::Removed))>
                        {w!(s.removed_containers)}
                    </a>
                </p>
            </Show>
        </GoingDialog>
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

fn line(going: &Going<Container>, busy: RwSignal<bool>, sizes: Sizes) -> AnyView {
    let s = speech();
    let (hosts, clock) = (hosts(), clock());
    let row = going.thing.clone();
    let key = key(&row);
    let (host, created) = (row.host.clone(), row.created);
    let size = move || sizes.with(|sizes| sizes.get(&key).map(|size| format::disk(*size)));
    let what = view! {
        <StateMark state=row.state />
        <span class="cut">{row.name}</span>
        <span class="cut t3 mono xs">{row.image}</span>
    };
    let end = view! {
        {dynamic(size)} " " <span class="t3">{dynamic(move || s.age(clock.since(created)))}</span> " "
        <span class="t3">{dynamic(move || hosts.name(&host))}</span>
    };
    going_line(going, row.id, busy, what.into_any(), end.into_any())
}
