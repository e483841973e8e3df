//! The page: newest first, as it is written; what it is narrowed by stands in the address.

use std::rc::Rc;

use leptos::prelude::*;
use longshore_api::{
    web::{
        audit::{AuditEntry, AuditQuery, ExportFormat},
        live::Topic,
    },
    words::Words,
};

use super::{
    chain::ChainState,
    entry::{EntryDetail, EntryRow},
    feed::Feed,
    words::{DOORS, OUTCOMES, door_word, outcome_word},
};
use crate::{
    api, browser,
    live::Live,
    parts::{Find, Icon, Menu, MenuCheck, Show, Trouble, dynamic, each, focus_find, memo},
    places::{Page, places},
    shell::{on_control, page_keys},
    speech::{speech, w},
};

/// What stands in the address, besides the host.
const NARROWED_BY: [&str; 6] = ["q", "who", "operation", "outcome", "door", "since"];
const DAY_MS: i64 = 24 * 3_600 * 1_000;

/// How far back it goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Since {
    Today,
    Week,
    Month,
    All,
}

impl Since {
    const EACH: [Self; 4] = [Self::Today, Self::Week, Self::Month, Self::All];

    /// As it stands in the address.
    fn code(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Week => "7d",
            Self::Month => "30d",
            Self::All => "",
        }
    }

    fn word(self, words: &Words) -> &'static str {
        match self {
            Self::Today => words.audit_today(),
            Self::Week => words.audit_week(),
            Self::Month => words.audit_month(),
            Self::All => words.audit_all(),
        }
    }

    /// From when on, asked now.
    fn from(self) -> Option<i64> {
        match self {
            Self::Today => {
                let day = js_sys::Date::new_0();
                day.set_hours(0);
                day.set_minutes(0);
                day.set_seconds(0);
                day.set_milliseconds(0);
                // Whole milliseconds, far below where an f64 has gaps.
                Some(day.get_time() as i64)
            }
            Self::Week => Some(browser::now() - 7 * DAY_MS),
            Self::Month => Some(browser::now() - 30 * DAY_MS),
            Self::All => None,
        }
    }
}

/// Who did what.
#[component]
pub(crate) fn AuditPage() -> impl IntoView {
    let s = speech();
    let places = places();
    let value = move |name: &str| places.query(name).filter(|value| !value.is_empty());
    let text = memo(move || value("q").unwrap_or_default());
    let since = memo(move || {
        let asked = value("since").unwrap_or_default();
        Since::EACH.into_iter().find(|since| since.code() == asked).unwrap_or(Since::All)
    });
    // The address with one thing changed.
    let to = Callback::new(move |(name, changed): (&'static str, String)| {
        let address = untrack(|| {
            let values: Vec<(&str, String)> = NARROWED_BY
                .into_iter()
                .map(|other| {
                    (other, if other == name { changed.clone() } else { value(other).unwrap_or_default() })
                })
                .filter(|(_, value)| !value.is_empty())
                .collect();
            let pairs: Vec<(&str, &str)> =
                values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            places.address_on(Page::Audit, places.host().as_deref(), &pairs)
        });
        places.settle(address);
    });
    let question = memo(move || AuditQuery {
        text: text.get().trim().chars().take(200).collect(),
        who: value("who"),
        host: places.host(),
        operation: value("operation"),
        outcome: value("outcome"),
        door: value("door"),
        from: since.get().from(),
        ..AuditQuery::default()
    });
    let feed = Feed::new();
    Effect::new(move |_| feed.ask(question.get()));
    let _subscription = expect_context::<Live>().subscribe(Topic::Audit, Rc::new(feed));
    let chosen = RwSignal::new(None::<i64>);
    let close = Callback::new(move |()| chosen.set(None));
    let only = Callback::new(move |(name, value): (&'static str, String)| {
        chosen.set(None);
        to.run((name, value));
    });
    listen(feed);
    view! {
        <main class="page page--fill" id="page" tabindex="-1">
            <div class="page__head">
                <h1>{w!(s.audit)}</h1>
                <ChainState />
                <div class="page__actions">
                    <PauseButton feed />
                    <ExportLink question format=ExportFormat::Csv />
                    <ExportLink question format=ExportFormat::Json />
                </div>
            </div>
            <div class="bar">
                <Find text hint=w!(s.audit_filter) typed=move |typed: String| to.run(("q", typed)) />
                <Choice name="outcome" label=Signal::derive(w!(s.audit_outcome)) all=&OUTCOMES word=outcome_word to />
                <Choice name="door" label=Signal::derive(w!(s.audit_door)) all=&DOORS word=door_word to />
                <Chip name="who" label=Signal::derive(w!(s.audit_who)) word=as_it_is to />
                <Chip name="operation" label=Signal::derive(w!(s.col_what)) word=as_it_is to />
                <Chip name="outcome" label=Signal::derive(w!(s.audit_outcome)) word=outcome_word to />
                <Chip name="door" label=Signal::derive(w!(s.audit_door)) word=door_word to />
                <span class="grow"></span>
                <span class="seg" role="group" aria-label=w!(s.col_time)>
                    {Since::EACH.map(|each| view! {
                        <button
                            type="button"
                            data-since=each.code()
                            aria-pressed=dynamic(move || (since.get() == each).to_string())
                            on:click=move |_| to.run(("since", each.code().to_owned()))
                        >
                            {dynamic(move || each.word(s.words()))}
                        </button>
                    })}
                </span>
            </div>
            <Trouble failure=feed.failure />
            <EntryTable feed open=Callback::new(move |seq| chosen.set(Some(seq))) />
            {dynamic(move || chosen.get().map(|seq| view! { <EntryDetail feed seq close only /> }))}
        </main>
    }
}

fn as_it_is<'a>(value: &'a str, _: &Words) -> &'a str {
    value
}

/// The keys of the page: j and k go from line to line, Space holds the list, `/` goes to the filter.
fn listen(feed: Feed) {
    let step = move |by: isize| {
        let all: Vec<i64> = untrack(|| feed.shown().iter().map(|entry| entry.seq).collect());
        let focused =
            document().active_element().and_then(|element| element.closest("[data-entry]").ok().flatten());
        let here = focused.and_then(|row| row.get_attribute("data-entry")?.parse::<i64>().ok());
        let here = here.and_then(|seq| all.iter().position(|other| *other == seq));
        let next = here.map_or(0, |here| here.saturating_add_signed(by)).min(all.len().saturating_sub(1));
        if let Some(seq) = all.get(next) {
            browser::focus(&format!("[data-entry=\"{seq}\"] button"));
        }
    };
    page_keys(move |key, event| {
        match key {
            "j" => step(1),
            "k" => step(-1),
            " " if !on_control(event) => feed.pause(!untrack(|| feed.is_paused())),
            "/" => focus_find(),
            _ => return false,
        }
        true
    });
}

/// One of a few, to narrow the list by.
#[component]
fn Choice(
    name: &'static str,
    label: Signal<&'static str>,
    all: &'static [&'static str],
    word: for<'a> fn(&'a str, &Words) -> &'a str,
    to: Callback<(&'static str, String)>,
) -> impl IntoView {
    let (s, places) = (speech(), places());
    let is = move |one: &str| places.query(name).as_deref() == Some(one);
    view! {
        <Menu
            class="fchip fchip--add"
            label=Signal::derive(move || label.get().to_owned())
            button=move || view! { <Icon name="plus" /> {dynamic(move || label.get())} }
            rightwards=true
        >
            {all.iter().map(|one| view! {
                <MenuCheck
                    on=Signal::derive(move || is(one))
                    flip=move |()| to.run((name, if untrack(|| is(one)) { String::new() } else { (*one).to_owned() }))
                >
                    <span data-choice=*one>{dynamic(move || word(one, s.words()))}</span>
                </MenuCheck>
            }).collect_view()}
        </Menu>
    }
}

/// By what the list is narrowed, with the way out.
#[component]
fn Chip(
    name: &'static str,
    label: Signal<&'static str>,
    word: for<'a> fn(&'a str, &Words) -> &'a str,
    to: Callback<(&'static str, String)>,
) -> impl IntoView {
    let (s, places) = (speech(), places());
    let chosen = memo(move || places.query(name).unwrap_or_default());
    view! {
        <Show when=move || chosen.with(|chosen| !chosen.is_empty())>
            <span class="fchip" data-narrowed=name>
                <span>{dynamic(move || label.get())}</span>
                {dynamic(move || chosen.with(|chosen| word(chosen, s.words()).to_owned()))}
                <button
                    type="button"
                    aria-label=w!(s.remove_filter)
                    title=w!(s.remove_filter)
                    on:click=move |_| to.run((name, String::new()))
                >
                    <Icon name="close" />
                </button>
            </span>
        </Show>
    }
}

/// Holds the list still, or lets it run.
#[component]
fn PauseButton(feed: Feed) -> impl IntoView {
    let s = speech();
    view! {
        <button
            class="btn"
            type="button"
            data-action="pause-audit"
            aria-pressed=dynamic(move || feed.is_paused().to_string())
            on:click=move |_| feed.pause(!feed.is_paused())
        >
            <Icon name=Signal::derive(move || if feed.is_paused() { "play" } else { "pause" }) />
            {dynamic(move || if feed.is_paused() { s.words().go_on() } else { s.words().verb_pause() })}
            <Show when=move || { feed.waiting() > 0 }>
                <span class="badge badge--accent">{dynamic(move || feed.waiting())}</span>
            </Show>
            <kbd class="no-phone">"Space"</kbd>
        </button>
    }
}

/// Everything that fits, as a file.
#[component]
fn ExportLink(question: Memo<AuditQuery>, format: ExportFormat) -> impl IntoView {
    let s = speech();
    let (name, word) = match format {
        ExportFormat::Csv => ("csv", Signal::derive(w!(s.audit_csv))),
        ExportFormat::Json => ("json", Signal::derive(w!(s.audit_json))),
    };
    view! {
        <a class="btn" data-export=name download="" href=dynamic(move || question.with(|question| api::audit_file(question, format)))>
            <Icon name="download" />
            {dynamic(move || word.get())}
        </a>
    }
}

#[component]
fn EntryTable(feed: Feed, open: Callback<i64>) -> impl IntoView {
    let s = speech();
    view! {
        <div class="tblwrap" tabindex="0" role="region" aria-label=w!(s.audit)>
            <table class="tbl tbl--phone audit">
                <colgroup>
                    <col class="audit__time" />
                    <col class="audit__who" />
                    <col class="audit__door" />
                    <col class="audit__what" />
                    <col class="audit__on" />
                    <col class="audit__outcome" />
                    <col />
                    <col class="audit__from" />
                </colgroup>
                <thead>
                    <tr>
                        <th scope="col">{w!(s.col_time)}</th>
                        <th scope="col">{w!(s.audit_who)}</th>
                        <th scope="col">{w!(s.audit_door)}</th>
                        <th scope="col">{w!(s.col_what)}</th>
                        <th scope="col">{w!(s.audit_on)}</th>
                        <th scope="col">{w!(s.audit_outcome)}</th>
                        <th scope="col">{w!(s.col_detail)}</th>
                        <th scope="col">{w!(s.audit_from)}</th>
                    </tr>
                </thead>
                <tbody>
                    {each(
    move || feed.shown(),
    // What has its outcome now is another line.
    |entry: &AuditEntry| format!("{} {}", entry.seq, entry.outcome),
    move |entry| view! { <EntryRow entry open /> }.into_any(),
    )}
                </tbody>
            </table>
            <Show when=move || feed.is_empty()>
                <div class="empty">
                    <h2>{w!(s.audit_none)}</h2>
                    <p>{w!(s.audit_none_next)}</p>
                </div>
            </Show>
            <Show when=move || feed.has_more()>
                <p class="audit__more">
                    <button class="btn" type="button" data-action="older-entries" disabled=feed.is_asking() on:click=move |_| feed.older()>
                        {w!(s.audit_older)}
                    </button>
                </p>
            </Show>
        </div>
    }
}
