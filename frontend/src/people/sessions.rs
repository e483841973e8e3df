//! Where somebody is signed in, and the way to end it.

use leptos::prelude::*;
use longshore_api::{
    web::{account::Session, people::Account},
    words::say,
};

use super::page::{Over, desk};
use crate::{
    account::browser_name,
    api::{self, Failure},
    clock::{clock, full_time},
    parts::{DeedDialog, Show, Trouble, dynamic, each},
    session::session,
    speech::{speech, w},
};

/// The sessions of an account.
#[component]
pub(super) fn Sessions(account: Memo<Option<Account>>, id: StoredValue<String>) -> impl IntoView {
    let s = speech();
    let (desk, session, clock) = (desk(), session(), clock());
    let all = RwSignal::new(Vec::<Session>::new());
    let failure = RwSignal::new(None::<Failure>);
    Effect::new(move |_| {
        _ = desk.roster.answers();
        let id = id.get_value();
        leptos::task::spawn_local(async move {
            match api::people::sessions(&id).await {
                Ok(found) => _ = all.try_set(found),
                Err(why) => {
                    session.noticed(&why);
                    failure.try_set(Some(why));
                }
            }
        });
    });
    let end = move |one: String| {
        let id = id.get_value();
        leptos::task::spawn_local(async move {
            match api::people::end_sessions(&id, Some(&one)).await {
                Ok(()) => desk.roster.load(),
                Err(why) => {
                    session.noticed(&why);
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let line = move |one: Session| {
        let Session { id, created_at, seen_at, address, agent, .. } = one;
        let marked = id.clone();
        let browser = browser_name(&agent);
        let label = {
            let browser = browser.clone();
            move || s.say(&say::end_session(&browser))
        };
        view! {
            <li data-session=marked>
                <span class="grow cut">
                    <span class="b">{browser}</span>
                    " "
                    <span class="mono t2">{address}</span>
                </span>
                <span class="t3 sm nowrap" title=format!("{} – {}", full_time(created_at), full_time(seen_at))>
                    {dynamic(move || s.age(clock.since(seen_at)))}
                </span>
                <button
                    class="btn btn--quiet btn--sm"
                    type="button"
                    data-action="end-session"
                    aria-label=dynamic(label)
                    on:click=move |_| end(id.clone())
                >
                    {w!(s.sign_out)}
                </button>
            </li>
        }
        .into_any()
    };
    view! {
        <div class="panel__head people__part">
            <h2 class="grow">{w!(s.sessions)}</h2>
            <Show when=move || !all.with(Vec::is_empty)>
                <button
                    class="btn btn--sm"
                    type="button"
                    data-action="end-sessions"
                    on:click=move |_| if let Some(account) = account.get_untracked() { desk.open(Over::EndSessions(account)) }
                >
                    {w!(s.end_sessions)}
                </button>
            </Show>
        </div>
        <Trouble failure />
        <ul class="list list--tight">{each(move || all.get(), |one| format!("{} {}", one.id, one.seen_at), line)}</ul>
        <Show when=move || all.with(Vec::is_empty)>
            <p class="people__none t2">{w!(s.no_sessions)}</p>
        </Show>
    }
}

/// Every session at once.
#[component]
pub(super) fn EndSessionsDialog(account: Account, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let failure = RwSignal::new(None::<Failure>);
    let Account { id, display_name, .. } = account;
    let deed = desk.deed(move || {
        let id = id.clone();
        async move { api::people::end_sessions(&id, None).await }
    });
    let title = Signal::derive(move || s.say(&say::end_sessions_of(&display_name)));
    view! {
        <DeedDialog title close deed failure ready=Signal::stored(true) danger=true>
            <p class="t2">{w!(s.end_sessions_means)}</p>
        </DeedDialog>
    }
}
