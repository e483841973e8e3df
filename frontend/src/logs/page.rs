//! The page: reads the address, composes.

use leptos::prelude::*;
use longshore_api::words::say;
use wasm_bindgen::JsCast as _;

use super::{
    address::{self, Asked, Named},
    bar::{Change, Download, Search, Which},
    feed::Feed,
    foot::Foot,
    keys,
    source::Standing,
};
use crate::{
    browser,
    parts::{Icon, Show, dynamic, memo},
    places::{Page, Places, places},
    shell::HostNotices,
    speech::{speech, w},
};

/// Where it is remembered whether lines wrap.
const WRAP: &str = "logs.wrap";

/// The logs of the containers that the address names.
#[component]
pub(crate) fn LogsPage() -> impl IntoView {
    let s = speech();
    let places = places();
    let read = memo(move || address::read(&places.query("of").unwrap_or_default()));
    let named = memo(move || read.with(|(named, _)| named.clone()));
    let left_out = memo(move || read.with(|(_, left_out)| *left_out));
    let stack = memo(move || of_stack(places));
    let asked = memo(move || Asked::read(|name| places.query(name)));
    let ask = move |asked: Asked| {
        let of = untrack(|| places.query("of")).unwrap_or_default();
        let written = asked.write();
        let more = written.iter().map(|(name, value)| (*name, value.as_str()));
        let stack = untrack(|| places.query("stack"));
        let stack = stack.iter().map(|stack| ("stack", stack.as_str()));
        let more: Vec<(&str, &str)> = std::iter::once(("of", of.as_str())).chain(stack).chain(more).collect();
        places.settle(places.address_on(Page::Logs, untrack(|| places.host()).as_deref(), &more));
    };
    let change = Change { asked, ask: Callback::new(ask) };
    let feed = Feed::new();
    let wraps = RwSignal::new(browser::remembered(WRAP).is_some());
    let wrap = Callback::new(move |()| {
        wraps.update(|wraps| *wraps = !*wraps);
        browser::remember(WRAP, wraps.get_untracked().then_some("on"));
        request_animation_frame(move || feed.reshaped());
    });
    let body = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        let (Some(body), named) = (body.get(), named.get()) else { return };
        feed.stand_in(body.into());
        let query = asked.with(|asked| asked.query(named.len()));
        feed.read(named, query);
    });
    Effect::new(move |before: Option<()>| {
        _ = s.locale();
        if before.is_some() {
            feed.say_again();
        }
    });
    keys::listen(feed, wrap);
    let none = memo(move || named.with(Vec::is_empty));
    let many = memo(move || named.with(|named| named.len() > 1));
    let nothing = move || {
        let quiet = feed.kept() == 0 && feed.standings().iter().all(|one| *one != Standing::Reading);
        let words = s.words();
        let searches = asked.with(|asked| !asked.text.is_empty());
        quiet.then_some(if searches { words.logs_nothing_found() } else { words.logs_empty() })
    };
    view! {
        <main class="page page--fill" id="page" tabindex="-1">
            <div class="page__head logs__head">
                <h1>{w!(s.logs)}</h1>
                {dynamic(move || stack.get().map(|(host, name)| {
                    let shown = name.clone();
                    view! {
                        <a class="row row--1" data-to="stack" href=dynamic(move || places.stack(&host, &name, None))>
                            <Icon name="stack" small=true />
                            {shown}
                        </a>
                    }
                }))}
                {dynamic(move || {
                    let all = named.get();
                    let others = all.clone();
                    all.into_iter().enumerate().map(|(which, named)| of(which, named, &others)).collect_view()
                })}
            </div>
            <HostNotices>
                <Show when=move || left_out.get() != 0>
                    <p class="t2 sm logs__others" role="status" data-left-out="">
                        {dynamic(move || s.say(&say::logs_left_out(address::MERGED_MAX, left_out.get())))}
                    </p>
                </Show>
                <Show when=move || none.get()>
                    <div class="empty">
                        <h2>{w!(s.logs_none)}</h2>
                        <p>{w!(s.logs_none_next)}</p>
                        <p class="empty__ways">
                            <a href=dynamic(move || places.address(Page::Containers))>{w!(s.containers)}</a>
                        </p>
                    </div>
                </Show>
                <div class="bar" class:is-hidden=none>
                    <Search change feed />
                    <Which change />
                    <span class="grow"></span>
                    <span class="btns">
                        <button
                            class="btn btn--icon"
                            type="button"
                            data-action="wrap"
                            aria-label=w!(s.logs_wrap)
                            title=w!(s.logs_wrap)
                            aria-pressed=dynamic(move || wraps.get().to_string())
                            on:click=move |_| wrap.run(())
                        >
                            <Icon name="wrap" />
                        </button>
                        <CopyButton feed body />
                        <Download named />
                    </span>
                </div>
                <section class="logv" aria-label=w!(s.log) class:is-hidden=none>
                    <p class="logv__none t3" role="status">{dynamic(nothing)}</p>
                    <div
                        class="logv__body"
                        class:is-wrap=wraps
                        class=("logv--many", many)
                        tabindex="0"
                        role="log"
                        aria-live="off"
                        aria-label=w!(s.log)
                        node_ref=body
                        on:scroll=move |_| feed.scrolled()
                        on:click=move |event| {
                            if let Some(on) = event.target().and_then(|on| on.dyn_into::<web_sys::Element>().ok()) {
                                feed.clicked(&on);
                            }
                        }
                    ></div>
                    <Foot feed />
                </section>
            </HostNotices>
        </main>
    }
}

/// Copies what is shown; where the browser gives no clipboard, it is selected instead.
#[component]
fn CopyButton(feed: Feed, body: NodeRef<leptos::html::Div>) -> impl IntoView {
    let s = speech();
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let texts = feed.texts();
        leptos::task::spawn_local(async move {
            if browser::copy(&texts).await {
                _ = copied.try_set(true);
                set_timeout(move || _ = copied.try_set(false), std::time::Duration::from_secs(2));
            } else if let Some(body) = body.get_untracked() {
                browser::select(&body);
            }
        });
    };
    view! {
        <button
            class="btn btn--icon"
            type="button"
            data-action="copy-log"
            aria-label=w!(s.logs_copy)
            title=w!(s.logs_copy)
            on:click=copy
        >
            <Icon name=Signal::derive(move || if copied.get() { "check" } else { "copy" }) />
        </button>
    }
}

/// The stack whose logs they are: its host and its name.
fn of_stack(places: Places) -> Option<(String, String)> {
    let stack = places.query("stack")?;
    let (host, name) = stack.split_once('/')?;
    Some((host.to_owned(), name.to_owned()))
}

/// One of the containers, as a link to its page; where there are several, with a way to leave it out.
fn of(which: usize, named: Named, all: &[Named]) -> impl IntoView + use<> {
    let s = speech();
    let places = places();
    let others: Vec<Named> = all.iter().filter(|one| **one != named).cloned().collect();
    let Named { host, name } = named;
    let (shown, marked) = (name.clone(), name.clone());
    let several = !others.is_empty();
    let without = move || match of_stack(places) {
        Some((host, stack)) => {
            places.logs_of_stack((&host, &stack), others.iter().map(|one| one.name.as_str()))
        }
        None => places.logs(others.iter().map(|one| (one.host.as_str(), one.name.as_str()))),
    };
    let title = {
        let name = name.clone();
        move || s.say(&say::log_leave_out(&name))
    };
    let label = title.clone();
    view! {
        <span class="fchip logs__of" data-log-of=marked>
            <a class=format!("src-{which}") href=dynamic(move || places.container(&host, &name, None))>
                {shown}
            </a>
            {several.then(|| view! {
                <a class="logs__out" href=dynamic(without) title=dynamic(title) aria-label=dynamic(label)>
                    <Icon name="close" />
                </a>
            })}
        </span>
    }
}
