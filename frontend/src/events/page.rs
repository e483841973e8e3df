//! The page: newest first, as they happen; held still while paused.

use std::rc::Rc;

use leptos::prelude::*;
use longshore_api::{
    web::{
        event::{Event, EventQuery},
        live::Topic,
    },
    words::{Words, say},
};

use super::{
    feed::Feed,
    words::{EventMark, happened, mark},
};
use crate::{
    browser,
    clock::{full_time, time_of_day},
    live::Live,
    parts::{Find, Icon, Menu, MenuCheck, Show, dynamic, each, memo},
    places::{Page, places, query_string},
    shell::{HostNotices, hosts},
    speech::{speech, w},
};

/// The engine's words for kinds of objects, as people filter by them.
const KINDS: [&str; 6] = ["container", "image", "volume", "network", "daemon", "host"];
/// So many are shown, the newest; a filter finds the older ones.
pub(super) const SHOWN: u32 = 250;

/// What happened.
#[component]
pub(crate) fn EventsPage() -> impl IntoView {
    let s = speech();
    let places = places();
    let text = memo(move || places.query("q").unwrap_or_default());
    let kinds = memo(move || {
        let chosen = places.query("kind").unwrap_or_default();
        KINDS.into_iter().filter(|kind| chosen.split(',').any(|word| word == *kind)).collect::<Vec<_>>()
    });
    let to = move |text: &str, kinds: &[&str]| {
        let (host, kinds) = (untrack(|| places.host()).unwrap_or_default(), kinds.join(","));
        let pairs = [("host", host.as_str()), ("q", text), ("kind", kinds.as_str())];
        places.settle(
            browser::below_base(Page::Events.path())
                + &query_string(pairs.into_iter().filter(|(_, value)| !value.is_empty())),
        );
    };
    let feed = Feed::new();
    let question = move || {
        Topic::Events(EventQuery {
            text: text.get().trim().chars().take(200).collect(),
            host: places.host(),
            kinds: kinds.get().into_iter().map(str::to_owned).collect(),
            limit: SHOWN,
        })
    };
    let subscription = expect_context::<Live>().subscribe(untrack(question), Rc::new(feed));
    Effect::new(move |_| subscription.ask(question()));
    let flip = move |kind: &'static str| {
        let mut chosen = kinds.get_untracked();
        match chosen.iter().position(|other| *other == kind) {
            Some(at) => drop(chosen.remove(at)),
            None => chosen.push(kind),
        }
        to(&text.get_untracked(), &chosen);
    };
    super::keys::listen(feed);
    view! {
        <main class="page page--fill" id="page" tabindex="-1">
            <div class="page__head">
                <h1>{w!(s.events)}</h1>
                <span class="t3">{dynamic(move || s.say(&say::newest_first(feed.found())))}</span>
                <div class="page__actions">
                    <PauseButton feed />
                </div>
            </div>
            <HostNotices>
                <div class="bar">
                    <Find
                        text
                        hint=w!(s.filter_events)
                        typed=move |typed: String| to(&typed, &kinds.get_untracked())
                    />
                    <Menu
                        class="fchip fchip--add"
                        label=Signal::derive(move || s.words().filter_by_kind().to_owned())
                        button=move || view! { <Icon name="plus" /> {w!(s.kind)} }
                        rightwards=true
                        stays=true
                    >
                        {KINDS.map(|kind| view! {
                            <MenuCheck on=Signal::derive(move || kinds.with(|kinds| kinds.contains(&kind))) flip=move |()| flip(kind)>
                                <span class="mono">{kind}</span>
                            </MenuCheck>
                        })}
                    </Menu>
                    <Show when=move || !kinds.with(Vec::is_empty)>
                        <span class="fchip">
                            <span>{w!(s.kind)}</span>
                            {dynamic(move || kinds.get().join(s.words().list_comma()))}
                            <button
                                type="button"
                                aria-label=w!(s.remove_filter)
                                title=w!(s.remove_filter)
                                on:click=move |_| to(&text.get_untracked(), &[])
                            >
                                <Icon name="close" />
                            </button>
                        </span>
                    </Show>
                </div>
                <EventTable feed />
            </HostNotices>
        </main>
    }
}

/// Holds the list still, or lets it run.
#[component]
fn PauseButton(feed: Feed) -> impl IntoView {
    let s = speech();
    let word = move || if feed.is_paused() { s.words().go_on() } else { s.words().verb_pause() };
    view! {
        <button
            class="btn"
            type="button"
            data-action="pause-events"
            aria-pressed=dynamic(move || feed.is_paused().to_string())
            on:click=move |_| feed.pause(!feed.is_paused())
        >
            <Icon name=Signal::derive(move || if feed.is_paused() { "play" } else { "pause" }) />
            {dynamic(word)}
            <Show when=move || { feed.waiting() > 0 }>
                <span class="badge badge--accent">{dynamic(move || feed.waiting())}</span>
            </Show>
            <kbd>"Space"</kbd>
        </button>
    }
}

#[component]
fn EventTable(feed: Feed) -> impl IntoView {
    let s = speech();
    view! {
            <div class="tblwrap" tabindex="0" role="region" aria-label=w!(s.events)>
                <table class="tbl tbl--phone events">
                    <colgroup>
                        <col class="events__time" />
                        <col class="events__what" />
                        <col />
                        <col class="events__host" />
                        <col class="events__stack" />
                        <col />
                    </colgroup>
                    <thead>
                        <tr>
                            <th scope="col">{w!(s.col_time)}</th>
                            <th scope="col">{w!(s.col_what)}</th>
                            <th scope="col">{w!(s.col_object)}</th>
                            <th scope="col">{w!(s.host)}</th>
                            <th scope="col">{w!(s.stack)}</th>
                            <th scope="col">{w!(s.col_detail)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {each(
    move || feed.shown(),
    |event| event.key.0.to_string(),
    |event| view! { <EventRow event /> }.into_any(),
    )}
                    </tbody>
                </table>
                <Show when=move || feed.is_empty()>
                    <div class="empty">
                        <h2>{w!(s.no_events)}</h2>
                        <p>{w!(s.no_events_next)}</p>
                    </div>
                </Show>
            </div>
        }
}

#[component]
fn EventRow(event: Event) -> impl IntoView {
    let s = speech();
    let hosts = hosts();
    let host = event.host.clone();
    let host_name = move || hosts.name(&host);
    let what = {
        let event = event.clone();
        move || happened(&event, s)
    };
    let container = event.container.clone();
    let action = event.action.split(':').next().unwrap_or_default().to_owned();
    view! {
        <tr data-event=event.action.clone() data-object=event.name.clone()>
            <td class="t3 p-2b" title=full_time(event.at)>
                {time_of_day(event.at)}
            </td>
            <td class="p-mark">
                <span class=format!("st st--{}", mark(&event))>
                    <EventMark event=event.clone() />
                    <span class="no-phone">{action}</span>
                </span>
            </td>
            <td class="p-name">
                <span class="tbl__name">{event.name.clone()}</span>
            </td>
            <td class="t2">{dynamic(host_name)}</td>
            <td class="t2">{event.stack.unwrap_or_else(|| "—".to_owned())}</td>
            <td class="t2 p-2a">
                <span class="t3">{dynamic(move || kind_word(&event.kind, s.words()).to_owned())}</span>
                " "
                {dynamic(what)}
                {container.map(|name| view! { " " <span data-peer="">{name}</span> })}
            </td>
        </tr>
    }
}

/// The word for a kind of object; the engine's own where we have none.
fn kind_word<'a>(kind: &'a str, words: &Words) -> &'a str {
    match kind {
        "container" => words.container(),
        "image" => words.col_image(),
        "volume" => words.one_volume(),
        "network" => words.nc_group_network(),
        "host" => words.host(),
        other => other,
    }
}
