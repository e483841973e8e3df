//! The page: a tab for each console, the terminal of the chosen one, and what is known of it below.

use leptos::prelude::*;
use longshore_api::{web::console::Run, words::say};

use super::{
    kept::{self, Kept},
    session::{Session, State},
    terminal,
};
use crate::{
    parts::{Icon, Show, dynamic, each},
    places::places,
    shell::hosts,
    speech::{Speech, speech, w},
};

/// So many tabs are opened by an address.
const TABS_MAX: usize = 16;

/// A console with its place on the page.
#[derive(Clone)]
struct Tab {
    number: u32,
    host: String,
    name: String,
    session: Session,
}

/// The tabs. In the context of the page.
#[derive(Clone, Copy)]
struct Tabs {
    all: RwSignal<Vec<Tab>>,
    chosen: RwSignal<u32>,
    next: StoredValue<u32>,
}

impl Tabs {
    fn add(self, host: &str, name: &str, run: Run, id: Option<String>) -> u32 {
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        let key = Callback::new(move |_: String| ());
        let kept = Callback::new(move |()| self.keep());
        let session = Session::new(host, name, run, id, key, kept);
        self.all
            .update(|all| all.push(Tab { number, host: host.to_owned(), name: name.to_owned(), session }));
        number
    }

    /// Leaves their ids for a page that is loaded anew.
    fn keep(self) {
        let Some(all) = self.all.try_get_untracked() else { return };
        let kept: Vec<Kept> = all
            .iter()
            .filter_map(|tab| Some(Kept { of: format!("{}/{}", tab.host, tab.name), id: tab.session.id()? }))
            .collect();
        kept::write(&kept);
    }

    fn choose(self, number: u32) {
        self.chosen.set(number);
        if let Some(tab) = self.all.get_untracked().iter().find(|tab| tab.number == number) {
            let session = tab.session;
            request_animation_frame(move || session.focus());
        }
    }

    /// Ends a console; the tab beside it is chosen.
    fn close(self, number: u32) {
        let mut all = self.all.get_untracked();
        let Some(at) = all.iter().position(|tab| tab.number == number) else { return };
        let tab = all.remove(at);
        tab.session.end();
        let next = all.get(at.min(all.len().saturating_sub(1))).map(|tab| tab.number);
        let was_chosen = self.chosen.get_untracked() == number;
        self.all.set(all);
        if let (true, Some(next)) = (was_chosen, next) {
            self.choose(next);
        }
        self.keep();
        self.address();
    }

    /// Writes the places of all into the address, so that it can be given on.
    fn address(self) {
        let all = self.all.get_untracked();
        let of: Vec<(&str, &str)> = all.iter().map(|tab| (tab.host.as_str(), tab.name.as_str())).collect();
        let places = places();
        places.settle(places.consoles(&of));
    }

    fn shown(self) -> Option<Tab> {
        let chosen = self.chosen.get();
        self.all.with(|all| all.iter().find(|tab| tab.number == chosen).cloned())
    }
}

/// Consoles.
#[component]
pub(crate) fn ConsolePage() -> impl IntoView {
    let s = speech();
    let places = places();
    let tabs = Tabs { all: RwSignal::default(), chosen: RwSignal::new(0), next: StoredValue::new(0) };
    let of: Vec<String> = untrack(|| places.query("of"))
        .unwrap_or_default()
        .split(',')
        .filter(|of| of.contains('/'))
        .take(TABS_MAX)
        .map(str::to_owned)
        .collect();
    let ids = kept::ids(&of, kept::read());
    for (of, id) in of.iter().zip(ids) {
        if let Some((host, name)) = of.split_once('/') {
            tabs.add(host, name, Run::default(), id);
        }
    }
    let arrived = RwSignal::new(None::<bool>);
    leptos::task::spawn_local(async move {
        let here = terminal::fetch().await;
        _ = arrived.try_set(Some(here));
    });
    view! {
        <main class="page page--fill" id="page" tabindex="-1">
            <div class="page__head">
                <h1>{w!(s.console)}</h1>
            </div>
            {dynamic(move || match arrived.get() {
                None => ().into_any(),
                Some(true) => view! { <Term tabs /> }.into_any(),
                Some(false) => view! {
                    <div class="empty" role="alert" data-missing="">
                        <h2>{w!(s.part_missing)}</h2>
                        <p>{w!(s.part_missing_more)}</p>
                    </div>
                }
                .into_any(),
            })}
        </main>
    }
}

#[component]
fn Term(tabs: Tabs) -> impl IntoView {
    let s = speech();
    view! {
        <section class="term" aria-label=w!(s.console)>
            <div class="term__tabs">
                <div class="term__list" role="group" aria-label=w!(s.consoles)>
                    {each(
                        move || tabs.all.get(),
                        |tab| tab.number.to_string(),
                        move |tab| view! { <TabHead tabs tab /> }.into_any(),
                    )}
                </div>
            </div>
            <div class="term__screens">
                {each(
                    move || tabs.all.get(),
                    |tab| tab.number.to_string(),
                    move |tab| view! { <Screen tabs tab /> }.into_any(),
                )}
                <Show when=move || tabs.all.with(Vec::is_empty)>
                    <div class="empty">
                        <h2>{w!(s.no_consoles)}</h2>
                        <p>{w!(s.no_consoles_next)}</p>
                    </div>
                </Show>
            </div>
            <div class="term__foot" role="status">
                {dynamic(move || tabs.shown().map(|tab| view! { <Foot tab /> }))}
            </div>
        </section>
    }
}

#[component]
fn TabHead(tabs: Tabs, tab: Tab) -> impl IntoView {
    let s = speech();
    let Tab { number, host, name, session } = tab;
    let hosts = hosts();
    let place = {
        let (host, name) = (host, name.clone());
        move || match hosts.all().len() {
            0 | 1 => name.clone(),
            _ => format!("{} / {name}", hosts.name(&host)),
        }
    };
    let what = move || match session.state() {
        State::Ended { exit: Some(code), .. } => s.say(&say::console_exit(code)),
        _ => session.about().map(|about| last_part(&about.command)).unwrap_or_default(),
    };
    let dot = move || match session.state() {
        State::Open => "term__dot",
        State::Connecting | State::Lost => "term__dot term__dot--wait",
        State::Ended { .. } | State::Failed { .. } => "term__dot term__dot--over",
    };
    view! {
        <div class="term__tab" class:is-on=dynamic(move || tabs.chosen.get() == number) data-tab=number>
            <button
                class="term__pick"
                type="button"
                aria-pressed=dynamic(move || (tabs.chosen.get() == number).to_string())
                on:click=move |_| tabs.choose(number)
            >
                <span class=dynamic(dot)></span>
                <span class="cut">{dynamic(place)} " " <span class="term__what">{dynamic(what)}</span></span>
            </button>
            <button
                class="term__close"
                type="button"
                data-action="close-console"
                aria-label=dynamic(move || s.say(&say::console_close(&name)))
                title=w!(s.close)
                on:click=move |_| tabs.close(number)
            >
                <Icon name="close" />
            </button>
        </div>
    }
}

/// The program without its folder and its arguments.
fn last_part(command: &str) -> String {
    let program = command.split_whitespace().next().unwrap_or_default();
    program.rsplit('/').next().unwrap_or_default().to_owned()
}

#[component]
fn Screen(tabs: Tabs, tab: Tab) -> impl IntoView {
    let s = speech();
    let Tab { number, name, session, .. } = tab;
    let place = NodeRef::<leptos::html::Div>::new();
    let label = s.say(&say::console_of(&name));
    Effect::new(move |begun: Option<bool>| {
        let begun = begun.unwrap_or_default();
        match place.get() {
            Some(place) if !begun => {
                let label = label.clone();
                request_animation_frame(move || {
                    if session.show_in(&place, &label) && tabs.chosen.get_untracked() == number {
                        session.focus();
                    }
                });
                true
            }
            _ => begun,
        }
    });
    let state = move || match session.state() {
        State::Connecting => "connecting",
        State::Open => "open",
        State::Lost => "lost",
        State::Ended { .. } => "ended",
        State::Failed { .. } => "failed",
    };
    view! {
        <div
            class="term__screen"
            node_ref=place
            data-screen=number
            data-console=dynamic(state)
            hidden=dynamic(move || tabs.chosen.get() != number)
        ></div>
    }
}

#[component]
fn Foot(tab: Tab) -> impl IntoView {
    let s = speech();
    let session = tab.session;
    let over = move || matches!(session.state(), State::Ended { .. } | State::Failed { .. });
    let about = move |s: Speech| {
        session.about().map(|about| {
            let found = if about.found {
                format!("{}{}", s.words().comma, s.words().console_found)
            } else {
                String::new()
            };
            format!("{}{found}", about.command)
        })
    };
    view! {
        {dynamic(move || standing(session, s))}
        {dynamic(move || session.about().map(|about| about.user).filter(|user| !user.is_empty()))}
        <span class="no-phone mono" data-command="">{dynamic(move || about(s))}</span>
        <span data-size="">{dynamic(move || session.size().map(|size| format!("{} × {}", size.cols, size.rows)))}</span>
        <Show when=over>
            <button class="btn btn--quiet btn--sm" type="button" data-action="again" on:click=move |_| session.again()>
                <Icon name="restart" />
                {w!(s.console_again)}
            </button>
        </Show>
        <span class="end no-phone">
            {dynamic(move || {
                let grace = session.about().filter(|_| !over())?.grace / 1_000;
                let ends = session.about().is_some_and(|about| about.ends);
                Some(s.say(&if ends { say::console_kept(grace) } else { say::console_kept_elsewhere(grace) }))
            })}
        </span>
    }
}

/// What became of it, in words.
fn standing(session: Session, s: Speech) -> AnyView {
    let words = s.words();
    match session.state() {
        State::Connecting => view! { <span class="term__wait">{words.live_connecting}</span> }.into_any(),
        State::Open => view! { <span class="term__on">{words.console_on}</span> }.into_any(),
        State::Lost => view! { <span class="term__wait">{words.console_lost}</span> }.into_any(),
        State::Ended { exit, why } => {
            let exit = exit.map(|code| s.say(&say::console_exit(code)));
            let open_ended = exit.is_none() && session.about().is_some_and(|about| !about.ends);
            let may_run = open_ended.then(|| s.say(&say::console_may_run()));
            let why = why.map(|why| s.say(&why));
            view! { <span data-ended="">{exit} " " {why} " " {may_run}</span> }.into_any()
        }
        State::Failed { why, engine } => view! {
            <span class="term__bad" data-failed="">
                {s.say(&why)} " " {engine.map(|words| view! { <q class="mono">{words}</q> })}
            </span>
        }
        .into_any(),
    }
}
