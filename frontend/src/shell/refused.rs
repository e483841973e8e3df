//! In the place of a page that is not for the person, and of all pages for somebody who was given nothing yet.

use leptos::prelude::*;
use longshore_api::{
    ops::{Permission, Role},
    words::say,
};

use crate::{
    parts::{Icon, Show, dynamic, memo},
    places::{Page, places},
    session::session,
    speech::{speech, w},
};

/// What it needs, what the person has, who can change that, and the way on.
#[component]
pub(crate) fn Refused(
    /// What is refused.
    #[prop(into)]
    title: Signal<&'static str>,
    /// What it needs.
    permission: Permission,
) -> impl IntoView {
    let s = speech();
    let (places, session) = (places(), session());
    let needs = move || {
        let role = Role::ALL.iter().find(|role| role.allows(permission)).copied();
        let role = role.map(|role| role.word(s.words())).unwrap_or_default();
        s.say(&say::refused_needs(permission.word(s.words()), role))
    };
    let has = move || {
        let words = Permission::ALL.iter().filter(|permission| session.may_somewhere(**permission));
        let words: Vec<&str> = words.map(|permission| permission.word(s.words())).collect();
        match words.is_empty() {
            true => s.words().nothing_yet().to_owned(),
            false => words.join(s.words().list_comma()),
        }
    };
    view! {
        <main class="page" id="page" tabindex="-1">
            <div class="empty refused" data-refused=permission.code()>
                <div class="row t3">
                    <Icon name="lock" />
                    <span class="mono sm">"403"</span>
                </div>
                <h1>{dynamic(move || title.get())}</h1>
                <p>{dynamic(needs)}</p>
                <div class="panel">
                    <ul class="list">
                        <li>
                            <Icon name="check" small=true />
                            <span class="grow">{w!(s.what_you_may)}</span>
                            <span class="t2">{dynamic(has)}</span>
                        </li>
                        <Givers />
                    </ul>
                </div>
                <a class="btn btn--primary btn--lg" href=dynamic(move || places.address(Page::Home))>{w!(s.home)}</a>
            </div>
        </main>
    }
}

/// In the place of every page for somebody who was given nothing.
#[component]
pub(crate) fn NoRights() -> impl IntoView {
    let s = speech();
    let places = places();
    view! {
        <main class="page" id="page" tabindex="-1">
            <div class="empty refused" data-refused="all">
                <h1>{w!(s.nothing_given)}</h1>
                <p>{w!(s.nothing_given_more)}</p>
                <div class="panel">
                    <ul class="list">
                        <Givers />
                    </ul>
                </div>
                <a class="btn btn--lg" href=dynamic(move || places.address(Page::Account))>{w!(s.account)}</a>
            </div>
        </main>
    }
}

#[component]
fn Givers() -> impl IntoView {
    let s = speech();
    let session = session();
    let ask = memo(move || session.user().map(|user| user.ask).unwrap_or_default());
    view! {
        <Show when=move || !ask.with(String::is_empty)>
            <li>
                <Icon name="user" small=true />
                <span class="grow">{w!(s.who_can_change)}</span>
                <span class="t2" data-givers="">{dynamic(move || ask.get())}</span>
            </li>
        </Show>
    }
}
