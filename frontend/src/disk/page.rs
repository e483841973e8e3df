//! The page: what was measured last on a host, as a map and as a list.

use leptos::prelude::*;
use longshore_api::{
    format,
    ops::Permission,
    web::disk::{DiskKind, DiskUse},
    words::{Words, say},
};

use super::{
    map::Map,
    measure::{Measure, MeasureTrouble, Measuring},
    parts::Parts,
};
use crate::{
    api::{self, Failure},
    clock::{clock, full_time},
    parts::{Show, Trouble, dynamic, memo},
    places::{Page, places},
    session::session,
    shell::{HostNotices, HostSelect, Refused, hosts},
    speech::{speech, w},
};

/// What is shown together, in one colour.
pub(super) const GROUPS: [(&str, &[DiskKind]); 5] = [
    ("images", &[DiskKind::Image, DiskKind::Layers]),
    ("volumes", &[DiskKind::Volume]),
    ("containers", &[DiskKind::Container]),
    ("cache", &[DiskKind::Cache]),
    ("others", &[DiskKind::Others]),
];

/// What a group is called.
pub(super) fn group_word(group: &str, words: &Words) -> &'static str {
    match group {
        "images" => words.images(),
        "volumes" => words.volumes(),
        "containers" => words.written_in_containers(),
        "cache" => words.build_cache(),
        _ => words.others(),
    }
}

/// The page, for whoever manages the host.
#[component]
pub(crate) fn DiskPage() -> impl IntoView {
    let s = speech();
    let (places, session) = (places(), session());
    let may = memo(move || match places.host() {
        Some(host) => session.may(&host, Permission::Manage),
        None => session.may_somewhere(Permission::Manage),
    });
    dynamic(move || match may.get() {
        true => view! { <Measured /> }.into_any(),
        false => view! { <Refused title=w!(s.disk_refused) permission=Permission::Manage /> }.into_any(),
    })
}

#[component]
fn Measured() -> impl IntoView {
    let s = speech();
    let (places, hosts, session, clock) = (places(), hosts(), session(), clock());
    let host = RwSignal::new(String::new());
    Effect::new(move |_| {
        let is_theirs = |slug: &String| session.may(slug, Permission::Manage);
        let first = Some(hosts.first(places.host())).filter(is_theirs);
        let first = first.or_else(|| hosts.all().into_iter().map(|host| host.slug).find(is_theirs));
        let (first, limited) = (first.unwrap_or_default(), places.host().is_some());
        let before = host.get_untracked();
        if before != first && (limited || before.is_empty()) {
            host.set(first);
        }
    });
    let measuring = Measuring::of(Signal::derive(move || {
        vec![host.get()].into_iter().filter(|host| !host.is_empty()).collect()
    }));
    let known = RwSignal::new(None::<DiskUse>);
    let asked = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let ended = memo(move || measuring.ended());
    Effect::new(move |before: Option<String>| {
        // Read, not only tracked: a memo that nobody reads looks at nothing.
        ended.with(|_| ());
        let slug = host.get();
        if before.is_some_and(|before| before != slug) {
            known.set(None);
            asked.set(false);
        }
        let of = slug.clone();
        if !of.is_empty() {
            leptos::task::spawn_local(async move {
                let answer = api::disk(&of).await;
                // Another host may have been chosen meanwhile.
                if host.try_get_untracked() != Some(of) {
                    return;
                }
                asked.set(true);
                match answer {
                    Ok(answer) => {
                        failure.set(None);
                        known.set(answer);
                    }
                    Err(why) => {
                        session.noticed(&why);
                        failure.set(Some(why));
                    }
                }
            });
        }
        slug
    });
    let at = memo(move || known.with(|known| known.as_ref().map_or(0, |known| known.at)));
    let many = memo(move || places.host().is_none() && hosts.all().len() > 1);
    let nothing = memo(move || asked.get() && failure.with(Option::is_none) && at.get() == 0);
    let total = move || known.with(|known| known.as_ref().map(|known| format::disk(known.size_of(|_| true))));
    view! {
        <main class="page" id="page" tabindex="-1">
            <div class="page__head">
                <h1>{dynamic(move || Page::Disk.word(s.words()))}</h1>
                <span class="t3" data-disk-total="">{dynamic(total)}</span>
                <Show when=move || at.get() != 0>
                    <span class="t3" data-measured="" title=dynamic(move || full_time(at.get()))>
                        {dynamic(move || s.say(&say::measured_ago(s.age(clock.since(at.get())))))}
                    </span>
                </Show>
                <div class="page__actions">
                    <Show when=move || many.get()>
                        <HostSelect host needs=Permission::Manage />
                    </Show>
                    <Show when=move || at.get() != 0>
                        <Measure measuring word=w!(s.measure_again) />
                    </Show>
                </div>
            </div>
            <HostNotices>
                <Trouble failure />
                <MeasureTrouble measuring since=at />
                <Show when=move || nothing.get()>
                    <div class="empty" data-empty="disk">
                        <h2>{w!(s.not_measured)}</h2>
                        <p>{w!(s.not_measured_more)}</p>
                        <div class="empty__ways disk__ways">
                            <Measure measuring word=w!(s.measure) primary=Signal::stored(true) />
                        </div>
                    </div>
                </Show>
                <Show when=move || at.get() != 0>
                    <Groups known />
                    <Map known host />
                    <Parts known host />
                </Show>
            </HostNotices>
        </main>
    }
}

/// How much of each kind there is, and how much of that nothing uses.
#[component]
fn Groups(known: RwSignal<Option<DiskUse>>) -> impl IntoView {
    let s = speech();
    let lines = move || {
        let known = known.get().unwrap_or_default();
        let line = |(group, kinds): (&'static str, &'static [DiskKind])| {
            let size = known.size_of(|part| kinds.contains(&part.kind));
            let unused = known
                .size_of(|part| kinds.contains(&part.kind) && !part.used && part.kind != DiskKind::Container);
            (size > 0).then(|| {
                view! {
                    <li data-group=group>
                        <i class=format!("disk__hue disk--{group}")></i>
                        {dynamic(move || group_word(group, s.words()))}
                        <b class="b">{format::disk(size)}</b>
                        {(unused > 0)
                            .then(|| view! { <span class="t3">{dynamic(move || s.say(&say::unused_size(unused)))}</span> })}
                    </li>
                }
            })
        };
        let lines: Vec<_> = GROUPS.into_iter().filter_map(line).collect();
        match lines.is_empty() {
            true => view! { <p class="t2">{w!(s.nothing_takes_room)}</p> }.into_any(),
            false => view! { <ul class="disk__groups">{lines}</ul> }.into_any(),
        }
    };
    dynamic(lines)
}
