//! What must be known before a list of a host is read: that the host does not answer and the list is old, or that there
//! is no engine at all.

use leptos::prelude::*;
use longshore_api::{
    web::{
        Millis,
        host::{Host, Link},
    },
    words::say,
};

use super::hosts::hosts;
use crate::{
    chunks,
    clock::{clock, full_time},
    parts::{Show, StateMark, dynamic, each, memo},
    places::places,
    speech::speech,
};

/// The notices, then the page; where the only host has never answered, what to do about it instead of the page.
#[component]
pub(crate) fn HostNotices(children: ChildrenFn) -> impl IntoView {
    let hosts = hosts();
    let places = places();
    let concerned = memo(move || {
        let chosen = places.shown_host();
        hosts
            .all()
            .into_iter()
            .filter(|host| chosen.as_ref().is_none_or(|slug| *slug == host.slug))
            .collect::<Vec<_>>()
    });
    let never = memo(move || {
        concerned.with(|hosts| match hosts.as_slice() {
            [Host { slug, link: Link::Down { seen: None, .. }, .. }] => Some(slug.clone()),
            _ => None,
        })
    });
    let down = move || {
        let mut down = concerned.get();
        down.retain(|host| matches!(host.link, Link::Down { .. }));
        down
    };
    let children = StoredValue::new(children);
    view! {
            <Show
                when=move || never.with(Option::is_none)
                fallback=move || never.get().map(chunks::no_engine)
            >
                {each(
    down,
    |host| host.slug.clone(),
    |host: Host| view! { <Stale slug=host.slug /> }.into_any(),
    )}
                {children.with_value(|children| children())}
            </Show>
        }
}

/// A host that does not answer: since when, why, when it is tried again.
#[component]
fn Stale(slug: String) -> impl IntoView {
    let s = speech();
    let clock = clock();
    let hosts = hosts();
    let host = memo(move || hosts.one(&slug));
    let down = memo(move || match host.get()?.link {
        Link::Down { seen, why, retry_at } => Some((seen, why, retry_at)),
        _ => None,
    });
    let seen = move || -> Option<Millis> { down.get()?.0 };
    let name = move || host.get().map(|host| host.name).unwrap_or_default();
    let head = move || match seen() {
        Some(seen) => s.say(&say::host_silent_for(s.age(clock.since(seen)), name())),
        None => s.say(&say::host_never_answered(name())),
    };
    let why = move || down.get().map(|(_, why, _)| s.say(&why));
    let retry = move || down.get().map(|(.., at)| s.say(&say::next_try_in(s.age(clock.until(at)))));
    view! {
        <div class="banner banner--stale" role="status" title=dynamic(move || seen().map(full_time))>
            <StateMark state=longshore_api::web::container::State::Unknown />
            <div class="grow">
                <b class="b">{dynamic(head)}</b>
                " "
                <span class="t2">{dynamic(why)}</span>
            </div>
            <span class="t3 sm nowrap">{dynamic(retry)}</span>
        </div>
    }
}
