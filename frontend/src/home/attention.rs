//! What needs attention: what, its reason, since when, one verb.

use leptos::prelude::*;
use longshore_api::{
    format,
    web::{
        container::{Container, State, Verb},
        host::Link,
    },
    words::say,
};

use super::data::HomeData;
use crate::{
    clock::{clock, full_time},
    containers::{acting, verb_word},
    jobs::jobs,
    parts::{Show, StateMark, dynamic, each, exit_explained, memo, state_reason},
    places::{Page, places},
    shell::hosts,
    speech::{speech, w},
};

/// The list.
#[component]
pub(super) fn Attention(data: HomeData) -> impl IntoView {
    let s = speech();
    let places = places();
    let hosts = hosts();
    let ill = data.attention();
    let down = memo(move || {
        let chosen = places.host();
        let mut down = hosts.all();
        down.retain(|host| {
            matches!(host.link, Link::Down { seen: Some(_), .. })
                && chosen.as_ref().is_none_or(|slug| *slug == host.slug)
        });
        down.into_iter().map(|host| host.slug).collect::<Vec<_>>()
    });
    let jobs = jobs();
    let undone = memo(move || jobs.unseen_trouble().len() as u32);
    let count =
        move || ill.with(Vec::len) as u32 + down.with(Vec::len) as u32 + undone.get() + data.more_trouble();
    let all_trouble = move || {
        places.address_on(
            Page::Containers,
            places.host().as_deref(),
            &[("state", "unhealthy,dead,failed,restarting")],
        )
    };
    view! {
            <div class="panel__head">
                <h2>{w!(s.needs_attention)}</h2>
                <Show when=move || { count() > 0 }>
                    <span class="badge badge--bad">{dynamic(move || format::count(count().into()))}</span>
                </Show>
            </div>
            {each(
    move || ill.get(),
    |row| format!("{} {:?} {:?} {}", row.key.0, row.state, row.since, row.restarts),
    |row| view! { <Ill row /> }.into_any(),
    )}
            {each(
    move || down.get(),
    String::clone,
    |slug| view! { <SilentHost slug /> }.into_any(),
    )}
            <Show when=move || { undone.get() > 0 }>
                <div class="ill" data-ill-jobs="">
                    <StateMark state=State::Failed />
                    <div class="cut">
                        <a
                            class="ill__what tbl__name"
                            href=dynamic(move || places.address_on(Page::Jobs, places.host().as_deref(), &[("show", "failed")]))
                        >
                            {dynamic(move || s.say(&say::jobs_went_wrong(undone.get())))}
                        </a>
                    </div>
                    <span class="ill__age"></span>
                    <div class="ill__why cut">{w!(s.jobs_went_wrong_more)}</div>
                </div>
            </Show>
            <Show when=move || { count() == 0 }>
                <p class="panel__body t2">{w!(s.all_well)}</p>
            </Show>
            <Show when=move || { data.more_trouble() > 0 }>
                <div class="panel__foot">
                    <a href=dynamic(all_trouble)>{dynamic(move || s.say(&say::and_more(data.more_trouble())))}</a>
                </div>
            </Show>
        }
}

/// The verb that most often helps.
fn remedy(state: State) -> Option<Verb> {
    match state {
        State::Unhealthy => Some(Verb::Restart),
        State::Failed => Some(Verb::Start),
        State::Restarting => Some(Verb::Stop),
        State::Dead => Some(Verb::Remove),
        _ => None,
    }
}

#[component]
fn Ill(row: Container) -> impl IntoView {
    let s = speech();
    let clock = clock();
    let places = places();
    let acting = acting();
    let state = row.state;
    let since = row.since;
    let name = row.name.clone();
    let origin = row.stack.clone().unwrap_or_else(|| row.host.clone());
    let href = {
        let row = row.clone();
        move || places.container(&row.host, &row.name, None)
    };
    let why = {
        let row = row.clone();
        move || format!("{}{}{}", state_reason(&row, s, clock), s.words().comma(), row.image)
    };
    let explained = {
        let why = exit_explained(&row);
        dynamic(move || why.as_ref().and_then(|why| s.say_later(&why.what)))
    };
    let act = StoredValue::new(row);
    view! {
        <div class="ill" data-ill=name.clone()>
            <StateMark state />
            <div class="cut">
                <a class="ill__what tbl__name" href=dynamic(href)>{name.clone()}</a>
                " "
                <span class="tbl__sub">{origin}</span>
            </div>
            <span class="ill__age" title=since.map(full_time)>
                {dynamic(move || since.map(|since| s.age(clock.since(since))))}
            </span>
            <span class="ill__do">
                {remedy(state).filter(|verb| untrack(|| act.with_value(|row| acting.may(*verb, &row.host)))).map(|verb| view! {
                    <button
                        class="btn btn--sm"
                        type="button"
                        data-action=verb.code()
                        on:click=move |_| acting.ask(verb, act.with_value(|row| vec![row.into()]))
                    >
                        {dynamic(move || verb_word(verb, s.words()))}
                        {(verb == Verb::Remove).then_some("…")}
                    </button>
                })}
            </span>
            <div class="ill__why cut" title=explained>{dynamic(why)}</div>
        </div>
    }
}

/// A host whose list is old.
#[component]
fn SilentHost(slug: String) -> impl IntoView {
    let s = speech();
    let clock = clock();
    let hosts = hosts();
    let host = memo(move || hosts.one(&slug));
    let down = memo(move || match host.get()?.link {
        Link::Down { seen, why, .. } => Some((seen, why)),
        _ => None,
    });
    view! {
        <div class="ill">
            <StateMark state=State::Unknown />
            <div class="cut">
                <span class="ill__what tbl__name">{dynamic(move || host.get().map(|host| host.name))}</span>
                " "
                <span class="tbl__sub">{w!(s.a_host)}</span>
            </div>
            <span class="ill__age">
                {dynamic(move || down.get().and_then(|(seen, _)| seen).map(|seen| s.age(clock.since(seen))))}
            </span>
            <div class="ill__why cut">{dynamic(move || down.get().map(|(_, why)| s.say(&why)))}</div>
        </div>
    }
}
