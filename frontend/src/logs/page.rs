//! The page: reads the address, composes.

use leptos::prelude::*;

use super::{
    address::{self, Named},
    feed::Feed,
    foot::Foot,
    keys,
};
use crate::{
    browser,
    parts::{Icon, Show, dynamic, memo},
    places::{Page, places},
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
    let named = memo(move || address::read(&places.query("of").unwrap_or_default()));
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
        feed.read(named);
    });
    Effect::new(move |before: Option<()>| {
        _ = s.locale();
        if before.is_some() {
            feed.say_again();
        }
    });
    keys::listen(feed, wrap);
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let texts = feed.texts();
        leptos::task::spawn_local(async move {
            if browser::copy(&texts).await {
                copied.set(true);
                set_timeout(move || _ = copied.try_set(false), std::time::Duration::from_secs(2));
            } else if let Some(body) = body.get_untracked() {
                browser::select(&body);
            }
        });
    };
    let none = memo(move || named.with(Vec::is_empty));
    let many = memo(move || named.with(|named| named.len() > 1));
    let empty = move || {
        feed.kept() == 0 && feed.standings().iter().all(|one| *one != super::source::Standing::Reading)
    };
    view! {
        <main class="page page--fill" id="page" tabindex="-1">
            <div class="page__head logs__head">
                <h1>{w!(s.logs)}</h1>
                {dynamic(move || named.get().into_iter().enumerate().map(of).collect_view())}
            </div>
            <HostNotices>
                <Show when=move || none.get()>
                    <div class="empty">
                        <h2>{w!(s.logs_none)}</h2>
                        <p>{w!(s.logs_none_next)}</p>
                        <p class="empty__ways">
                            <a href=dynamic(move || places.address(Page::Containers))>{w!(s.containers)}</a>
                        </p>
                    </div>
                </Show>
                <div class="bar" class:is-hidden=dynamic(move || none.get())>
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
                    </span>
                </div>
                <section class="logv" aria-label=w!(s.log) class:is-hidden=dynamic(move || none.get())>
                    <Show when=empty>
                        <p class="logv__none t3">{w!(s.logs_empty)}</p>
                    </Show>
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
                    ></div>
                    <Foot feed />
                </section>
            </HostNotices>
        </main>
    }
}

/// One of the containers, as a link to its page.
fn of((which, named): (usize, Named)) -> impl IntoView {
    let places = places();
    let Named { host, name } = named;
    let (shown, marked) = (name.clone(), name.clone());
    view! {
        <a class=format!("fchip logs__of src-{which}") data-log-of=marked href=dynamic(move || places.container(&host, &name, None))>
            {shown}
        </a>
    }
}
