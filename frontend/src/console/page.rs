//! The page: a tab for each console, the terminal of the chosen one, and what is known of it below.

use leptos::prelude::*;
use longshore_api::{
    ops::Permission,
    web::console::Run,
    words::{Words, say},
};

use super::{
    find::FindInTerminal,
    form::NewConsole,
    session::{Session, State},
    tabs::{Tab, Tabs},
    terminal,
};
use crate::{
    browser,
    chunks::explained,
    explain::Puzzle,
    parts::{Icon, Show, dynamic, each, memo},
    places::places,
    session::session,
    shell::{Refused, hosts},
    speech::{Speech, speech, w},
};

/// So many tabs are opened by an address.
const TABS_MAX: usize = 16;

/// Consoles.
#[component]
pub(crate) fn ConsolePage() -> impl IntoView {
    let s = speech();
    let session = session();
    let may = memo(move || session.may_somewhere(Permission::Exec));
    dynamic(move || match may.get() {
        true => view! { <Consoles /> }.into_any(),
        false => view! { <Refused title=w!(s.console_refused) permission=Permission::Exec /> }.into_any(),
    })
}

/// The page of whoever may have consoles somewhere.
#[component]
fn Consoles() -> impl IntoView {
    let s = speech();
    let places = places();
    let finding = RwSignal::new(false);
    let key = Callback::new(move |name: String| match name.as_str() {
        "find" => finding.set(true),
        "full" => browser::toggle_full_screen(".term"),
        _ => {}
    });
    let tabs = Tabs::new(key);
    let of: Vec<String> = untrack(|| places.query("of"))
        .unwrap_or_default()
        .split(',')
        .filter(|of| of.contains('/'))
        .take(TABS_MAX)
        .map(str::to_owned)
        .collect();
    tabs.begin(&of);
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
                Some(true) => view! { <Term tabs finding /> }.into_any(),
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
fn Term(tabs: Tabs, finding: RwSignal<bool>) -> impl IntoView {
    let s = speech();
    let asking = RwSignal::new(false);
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
                <button
                    class="btn btn--quiet btn--sm btn--icon"
                    type="button"
                    data-action="new-console"
                    aria-label=w!(s.console_new)
                    title=w!(s.console_new)
                    on:click=move |_| asking.set(true)
                >
                    <Icon name="plus" />
                </button>
                <Tools tabs finding />
            </div>
            <div class="term__screens">
                {each(
                    move || tabs.all.get(),
                    |tab| tab.number.to_string(),
                    move |tab| view! { <Screen tabs tab /> }.into_any(),
                )}
                {dynamic(move || {
                    let tab = tabs.shown().filter(|_| finding.get())?;
                    Some(view! { <FindInTerminal session=tab.session close=move |()| finding.set(false) /> })
                })}
                <Show when=move || tabs.all.with(Vec::is_empty)>
                    <div class="empty">
                        <h2>{w!(s.no_consoles)}</h2>
                        <p>{w!(s.no_consoles_next)}</p>
                    </div>
                </Show>
            </div>
            {dynamic(move || {
                let State::Failed { engine: Some(words), .. } = tabs.shown()?.session.state() else { return None };
                let host = tabs.shown()?.host;
                Some(view! { <div class="term__why">{explained(Puzzle::Words(words), Some(host))}</div> })
            })}
            <div class="term__foot" role="status">
                {dynamic(move || tabs.shown().map(|tab| view! { <Foot tab /> }))}
            </div>
        </section>
        {dynamic(move || {
            let place = asking.get().then(|| tabs.current().map(|Tab { host, name, .. }| (host, name)))?;
            let open = move |(host, name, run): (String, String, Run)| tabs.open(&host, &name, run);
            Some(view! { <NewConsole place close=move |()| asking.set(false) open /> })
        })}
    }
}

/// What can be done with what was shown.
#[component]
fn Tools(tabs: Tabs, finding: RwSignal<bool>) -> impl IntoView {
    let s = speech();
    let tool = move |action: &'static str, icon: &'static str, word: fn(&Words) -> &'static str| {
        view! {
            <button
                class="btn btn--quiet btn--sm btn--icon"
                type="button"
                data-action=action
                aria-label=s.word(word)
                title=s.word(word)
                on:click=move |_| {
                    let Some(tab) = tabs.current() else { return };
                    match action {
                        "find" => finding.update(|finding| *finding = !*finding),
                        "copy" => tab.session.copy(),
                        "save" => browser::save(&format!("{}.txt", tab.name), &tab.session.text()),
                        _ => browser::toggle_full_screen(".term"),
                    }
                }
            >
                <Icon name=icon />
            </button>
        }
    };
    view! {
        <div class="term__tools">
            {tool("find", "search", |words| words.find_in_terminal())}
            {tool("copy", "copy", |words| words.copy_selection())}
            {tool("save", "download", |words| words.save_terminal())}
            {tool("full", "expand", |words| words.full_screen())}
        </div>
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
        State::Open if session.away().is_none() => "term__dot",
        State::Open | State::Connecting | State::Lost => "term__dot term__dot--wait",
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
    let label = s.say(&say::console_in(&name));
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
        State::Open if session.away().is_some() => "away",
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
                format!("{}{}", s.words().comma(), s.words().console_found())
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
        <Show when=move || session.about().is_some_and(|about| !about.reads)>
            <span class="term__wait">{w!(s.console_deaf)}</span>
        </Show>
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
                let about = session.about()?;
                if about.attached {
                    return Some(s.words().console_attached().to_owned());
                }
                Some(s.say(&if about.ends { say::console_kept(grace) } else { say::console_kept_elsewhere(grace) }))
            })}
        </span>
    }
}

/// What became of it, in words.
fn standing(session: Session, s: Speech) -> AnyView {
    let words = s.words();
    match session.state() {
        State::Connecting => view! { <span class="term__wait">{words.live_connecting()}</span> }.into_any(),
        State::Open => match session.away() {
            Some(why) => view! { <span class="term__wait" data-away="">{s.say(&why)}</span> }.into_any(),
            None => view! { <span class="term__on">{words.console_on()}</span> }.into_any(),
        },
        State::Lost => view! { <span class="term__wait">{words.console_lost()}</span> }.into_any(),
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
