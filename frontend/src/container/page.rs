//! The page: which container, which part of it; what it says when there is none, or none any more.

use leptos::prelude::*;
use longshore_api::{
    ops::Permission,
    web::{Millis, job::JobState},
    words::{Words, say},
};

use super::{
    changes::FileChanges,
    follow::{One, one},
    head::Head,
    inspect::Inspect,
    overview::Overview,
    processes::Processes,
    stats::Stats,
};
use crate::{
    browser,
    clock::time_of_day,
    jobs::{jobs, not_done},
    parts::{EngineWords, Icon, Show, Trouble, dynamic, memo},
    places::{Page, places},
    session::session,
    shell::HostNotices,
    speech::{speech, w},
};

/// A part of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    /// What it is made of.
    Overview,
    /// What it uses.
    Stats,
    /// What runs in it.
    Processes,
    /// Files that are not its image's.
    Changes,
    /// What the engine says of it.
    Inspect,
}

impl Tab {
    const ALL: [Self; 5] = [Self::Overview, Self::Stats, Self::Processes, Self::Changes, Self::Inspect];

    /// Its word in the address; the first has none.
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Overview => None,
            Self::Stats => Some("stats"),
            Self::Processes => Some("processes"),
            Self::Changes => Some("changes"),
            Self::Inspect => Some("inspect"),
        }
    }

    fn word(self, words: &Words) -> &'static str {
        match self {
            Self::Overview => words.overview(),
            Self::Stats => words.stats(),
            Self::Processes => words.processes(),
            Self::Changes => words.changes(),
            Self::Inspect => words.inspect(),
        }
    }
}

/// One container, by the host and the name in the address.
#[component]
pub(crate) fn ContainerPage() -> impl IntoView {
    let places = places();
    let at = memo(move || places.parts());
    let anew = RwSignal::new(0_u32);
    dynamic(move || {
        anew.track();
        let mut parts = at.get().into_iter();
        let of = parts.next().zip(parts.next());
        of.map(|(host, name)| view! { <Whole host name anew /> })
    })
}

#[component]
fn Whole(host: String, name: String, anew: RwSignal<u32>) -> impl IntoView {
    let s = speech();
    let (places, session) = (places(), session());
    let one = One::follow(host, name.clone());
    provide_context(one);
    let tab = memo(move || {
        let code = places.query("tab");
        Tab::ALL.into_iter().find(|tab| tab.code() == code.as_deref()).unwrap_or(Tab::Overview)
    });
    // Who renames it elsewhere takes the page along.
    let renamed = memo(move || one.row().with(|row| row.as_ref().map(|row| row.name.clone())));
    Effect::new(move |before: Option<Option<String>>| {
        let now = renamed.get();
        if let (Some(Some(before)), Some(now)) = (before, &now)
            && before != *now
            && one.remade().with_untracked(Option::is_none)
        {
            places.settle(untrack(|| places.container(&one.host(), now, tab.get_untracked().code())));
        }
        now
    });
    let there = memo(move || one.detail().with(Option::is_some));
    let missing = memo(move || {
        one.failure().with(|failure| failure.as_ref().is_some_and(|failure| failure.is_not_found()))
    });
    let trouble = Signal::derive(move || one.failure().get().filter(|failure| !failure.is_not_found()));
    let name = StoredValue::new(name);
    view! {
        <main class="page" id="page" tabindex="-1">
            <HostNotices>
                <Trouble failure=trouble />
                <Show when=move || missing.get()>
                    <div class="empty" data-missing="container">
                        <h1>{dynamic(move || s.say(&say::container_missing(name.get_value())))}</h1>
                        <p>{w!(s.container_missing_more)}</p>
                        <p class="empty__ways">
                            <a href=dynamic(move || places.address(Page::Containers))>{w!(s.containers)}</a>
                        </p>
                    </div>
                </Show>
                <Show when=move || there.get()>
                    <Remade anew />
                    <Gone />
                    <Head />
                    <nav class="tabs" aria-label=w!(s.container_parts)>
                        {Tab::ALL.map(|each| view! {
                            <Show when=move || each != Tab::Changes || session.may(&one.host(), Permission::Files)>
                            <a
                                class="tab"
                                href=dynamic(move || {
                                    one.row().with(|row| {
                                        let shown = row.as_ref().map(|row| row.name.clone());
                                        let shown = shown.unwrap_or_else(|| name.get_value());
                                        places.container(&one.host(), &shown, each.code())
                                    })
                                })
                                aria-current=dynamic(move || (tab.get() == each).then_some("page"))
                            >
                                {dynamic(move || each.word(s.words()))}
                            </a>
                            </Show>
                        })}
                        <Show when=move || session.may(&one.host(), Permission::Exec)>
                        <a class="tab" data-action="console" href=dynamic(move || {
                            let shown = one.row().with(|row| row.as_ref().map(|row| row.name.clone()));
                            places.consoles(&[(&one.host(), &shown.unwrap_or_else(|| name.get_value()))])
                        })>
                            {w!(s.console)}
                        </a>
                        </Show>
                        <a
                            class="tab"
                            href=dynamic(move || {
                                one.row().with(|row| {
                                    let shown = row.as_ref().map(|row| row.name.clone());
                                    let shown = shown.unwrap_or_else(|| name.get_value());
                                    places.logs([(one.host().as_str(), shown.as_str())].into_iter())
                                })
                            })
                        >
                            {w!(s.logs)}
                        </a>
                    </nav>
                    {dynamic(move || match tab.get() {
                        Tab::Overview => view! { <Overview /> }.into_any(),
                        Tab::Stats => view! { <Stats /> }.into_any(),
                        Tab::Processes => view! { <Processes /> }.into_any(),
                        Tab::Changes => view! { <FileChanges /> }.into_any(),
                        Tab::Inspect => view! { <Inspect /> }.into_any(),
                    })}
                </Show>
            </HostNotices>
        </main>
    }
}

/// It is being made anew; when that has ended the page shows what there is then, and why where it is the old one again.
#[component]
fn Remade(anew: RwSignal<u32>) -> impl IntoView {
    let s = speech();
    let places = places();
    let jobs = jobs();
    let one = one();
    let job = Memo::new(move |_| one.remade().get().and_then(|(id, _)| jobs.one(&id)));
    Effect::new(move |_| {
        if job.with(|job| job.as_ref().is_some_and(|job| job.state == JobState::Done)) {
            anew.update(|anew| *anew = anew.wrapping_add(1));
        }
    });
    let ended = memo(move || job.with(|job| job.as_ref().is_some_and(|job| job.state.has_ended())));
    let why = move || {
        let job = job.get()?;
        let (why, engine) = job.targets.first().and_then(|target| not_done(&target.outcome))?;
        Some(view! {
            <div class="trouble" role="alert" data-remade="undone">
                <Icon name="warning" />
                <div class="trouble__in">
                    <p>{dynamic(move || s.say(&why))}</p>
                    {engine.map(|words| view! { <EngineWords words /> })}
                </div>
            </div>
        })
    };
    let under_way = move || one.remade().with(Option::is_some) && !ended.get();
    let name =
        move || one.remade().with(|remade| remade.as_ref().map(|(_, name)| name.clone())).unwrap_or_default();
    view! {
        <Show when=under_way>
            <div class="banner" role="status" data-remade="under-way">
                <Icon name="restart" />
                <div class="grow"><b class="b">{w!(s.being_recreated)}</b></div>
                <a class="nowrap" href=dynamic(move || places.container(&one.host(), &name(), None))>{dynamic(name)}</a>
            </div>
        </Show>
        {dynamic(why)}
    }
}

/// It was there while one looked, and is no more.
#[component]
fn Gone() -> impl IntoView {
    let s = speech();
    let places = places();
    let one = one();
    let since = RwSignal::new(None::<Millis>);
    Effect::new(move |_| since.set(one.is_gone().then(browser::now)));
    let said = move || since.get().map(|since| s.say(&say::container_gone(time_of_day(since))));
    view! {
        <Show when=move || since.get().is_some() && one.remade().with(Option::is_none)>
            <div class="banner banner--stale" role="status" data-gone="">
                <Icon name="trash" />
                <div class="grow">
                    <b class="b">{dynamic(said)}</b>
                    " "
                    <span class="t2">{w!(s.container_gone_more)}</span>
                </div>
                <a class="nowrap" href=dynamic(move || places.address(Page::Containers))>{w!(s.containers)}</a>
            </div>
        </Show>
    }
}
