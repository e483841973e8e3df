//! The head of the page: what it is called, how it is, what can be done to it.

use leptos::prelude::*;
use longshore_api::{
    format,
    ops::Permission,
    web::container::{State, Verb},
    words::say,
};

use super::{
    dialogs::{Dialog, Dialogs},
    follow::{One, one},
};
use crate::{
    clock::{clock, full_time},
    containers::{acting, deeds, verb_asks, verb_doing, verb_icon, verb_unfit, verb_word},
    parts::{Icon, Menu, Show, StateMark, dynamic, memo, state_reason},
    places::{Page, places},
    session::session,
    shell::hosts,
    speech::{speech, w},
};

/// What stands behind the button with the dots.
const MORE: [Verb; 2] = [Verb::Kill, Verb::Remove];

/// The head.
#[component]
pub(super) fn Head() -> impl IntoView {
    let s = speech();
    let clock = clock();
    let one = one();
    let deeds = deeds();
    let name = one.part(|detail| detail.name.clone());
    let state = state(one);
    let doing = memo(move || {
        let key = one.row().with(|row| row.as_ref().map(|row| row.key))?;
        deeds.under_way(key).map(|verb| verb_doing(verb, s.words()))
    });
    let reason = memo(move || match doing.get() {
        Some(doing) => format!("{doing}…"),
        None => one.row().with(|row| row.as_ref().map(|row| state_reason(row, s, clock))).unwrap_or_default(),
    });
    let started = one.part(|detail| detail.started);
    let restarts = one.part(|detail| detail.restarts);
    let is_over =
        move || matches!(state.get(), State::Exited | State::Failed | State::Dead | State::Restarting);
    let finished = one.part(|detail| detail.finished);
    let since = move || match (started.get(), finished.get()) {
        (Some(up), _) if state.get().is_up() => {
            Some(s.say(&say::up_for(s.age(clock.since(up)), restarts.get())))
        }
        (Some(up), Some(end)) if is_over() => {
            Some(s.say(&say::ended_after(s.age(clock.since(end)), format::took(end - up, s.locale()))))
        }
        _ => None,
    };
    // Where it does not run any more, its end is what one asks for.
    let full = move || {
        let ended = finished.get().filter(|_| is_over());
        ended.or_else(|| started.get()).map(full_time)
    };
    view! {
        <div class="page__head container__head">
            <StateMark state large=true />
            <h1>{name}</h1>
            <span class=dynamic(move || format!("st st--{}", state.get().code())) data-state=dynamic(move || state.get().code())>
                {reason}
            </span>
            <span class="t3 no-phone cut" data-since="" title=dynamic(full)>{dynamic(since)}</span>
            <div class="page__actions">
                <Actions />
            </div>
        </div>
    }
}

/// The state that is shown; nothing is known of what is gone.
pub(super) fn state(one: One) -> Signal<State> {
    Signal::derive(move || match one.is_gone() {
        true => State::Unknown,
        false => one.row().with(|row| row.as_ref().map_or(State::Unknown, |row| row.state)),
    })
}

#[component]
fn Actions() -> impl IntoView {
    let s = speech();
    let places = places();
    let one = one();
    let acting = acting();
    let hosts = hosts();
    let state = state(one);
    let live = memo(move || !one.is_gone() && hosts.answers(&one.host()));
    let ask = move |verb: Verb| {
        if let Some(target) = one.row().with_untracked(|row| row.as_ref().map(Into::into)) {
            acting.ask(verb, vec![target]);
        }
    };
    let button = move |verb: Verb, icon_only: bool| {
        let word = move || verb_word(verb, s.words());
        move || {
            (live.get() && acting.may(verb, &one.host()) && verb.fits(state.get())).then(|| {
                view! {
                    <button
                        class="btn"
                        class=("btn--icon", icon_only)
                        type="button"
                        data-action=verb.code()
                        aria-label=dynamic(word)
                        title=dynamic(word)
                        on:click=move |_| ask(verb)
                    >
                        <Icon name=verb_icon(verb) />
                        {(!icon_only).then(|| dynamic(word))}
                    </button>
                }
            })
        }
    };
    let item = move |verb: Verb| {
        let fits = memo(move || live.get() && verb.fits(state.get()));
        let off = move || match (live.get(), fits.get()) {
            (_, true) => None,
            (true, false) => Some(s.say(&verb_unfit(verb, 1))),
            (false, false) => Some(s.words().unfit_host().to_owned()).filter(|_| !one.is_gone()),
        };
        view! {
            <button
                class="menu__item"
                class=("menu__item--danger", verb == Verb::Remove)
                type="button"
                role="menuitem"
                data-action=verb.code()
                disabled=dynamic(move || !fits.get())
                title=dynamic(off)
                on:click=move |_| ask(verb)
            >
                <Icon name=verb_icon(verb) />
                {dynamic(move || verb_word(verb, s.words()))}
                {verb_asks(verb).then_some("…")}
            </button>
        }
    };
    let session = session();
    let allows = move |permission: Permission| session.may(&one.host(), permission);
    let dialog = RwSignal::new(None::<Dialog>);
    let asks = move |which: Dialog, icon: &'static str, code: &'static str| {
        let fits = memo(move || live.get() && (which != Dialog::Signal || state.get().is_up()));
        let word = move || match which {
            Dialog::Rename => s.words().rename(),
            Dialog::Signal => s.words().send_signal(),
            Dialog::Recreate => s.words().recreate(),
        };
        view! {
            <button
                class="menu__item"
                type="button"
                role="menuitem"
                data-action=code
                disabled=dynamic(move || !fits.get())
                title=dynamic(move || (live.get() && !fits.get()).then(|| s.say(&say::unfit_running(1))))
                on:click=move |_| dialog.set(Some(which))
            >
                <Icon name=icon />
                {dynamic(word)}
                "…"
            </button>
        }
    };
    view! {
        <span class="btns">
            {button(Verb::Start, false)} {button(Verb::Restart, false)} {button(Verb::Stop, false)}
            {button(Verb::Pause, true)} {button(Verb::Unpause, false)}
        </span>
        <Show when=move || allows(Permission::Operate)>
        <Menu
            class="btn btn--icon"
            label=w!(s.more_actions)
            button=move || view! { <Icon name="more" /> }
        >
            <Show when=move || allows(Permission::Deploy)>
                {asks(Dialog::Rename, "edit", "rename")}
            </Show>
            {asks(Dialog::Signal, "kill", "signal")}
            <Show when=move || allows(Permission::Deploy)>
            <a
                class="menu__item"
                role="menuitem"
                data-action="duplicate"
                href=dynamic(move || {
                    let name = one.row().with(|row| row.as_ref().map(|row| row.name.clone()));
                    let from = format!("{}/{}", one.host(), name.unwrap_or_default());
                    places.address_on(Page::NewContainer, places.host().as_deref(), &[("from", &from)])
                })
            >
                <Icon name="copy" />
                {w!(s.nc_duplicate)}
            </a>
            {asks(Dialog::Recreate, "restart", "recreate")}
            </Show>
            <Show when=move || allows(Permission::Deploy) && allows(Permission::Exec)>
                <a
                    class="menu__item"
                    role="menuitem"
                    data-action="save"
                    href=dynamic(move || {
                        let name = one.row().with(|row| row.as_ref().map(|row| row.name.clone()));
                        places.save_containers(&one.host(), name.as_deref().into_iter())
                    })
                >
                    <Icon name="stack" />
                    {w!(s.save_containers)}
                    "…"
                </a>
            </Show>
            {MORE.map(|verb| view! {
                <Show when=move || acting.may(verb, &one.host())>{item(verb)}</Show>
            })}
        </Menu>
        </Show>
        <Dialogs open=dialog />
    }
}
