//! The app: what every page finds in its context, and which page is shown.

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};
use longshore_api::web::account::Standing;

use crate::{
    account::AccountPage,
    browser,
    clock::Clock,
    containers::ContainersPage,
    door::{SetUpPage, SetUpSecret, SignInPage, Unreachable},
    events::EventsPage,
    home::HomePage,
    parts::dynamic,
    places::{Page, Places},
    session::{Known, Session},
    shell::{NotFound, Shell},
    speech::Speech,
    theme::ThemeSwitch,
};

/// Everything.
#[component]
pub(crate) fn App() -> impl IntoView {
    // First of all, so that the secret stands in the address bar for as short as can be.
    provide_context(SetUpSecret(secret_of_set_up_link()));
    provide_context(Speech::start());
    provide_context(ThemeSwitch::start());
    provide_context(Clock::start());
    let session = Session::start();
    provide_context(session);
    let known = session.known();
    // Which door or pages; a new name of the same person, say, must not rebuild them.
    let kind = Memo::new(move |_| {
        known.with(|known| match known {
            Known::Nothing => 0,
            Known::Failed(_) => 1,
            Known::Standing(Standing::SetUp) => 2,
            Known::Standing(Standing::SignedOut) => 3,
            Known::Standing(Standing::SignedIn { .. }) => 4,
        })
    });
    view! {
        <Router base=browser::base().trim_end_matches('/').to_owned()>
            {dynamic(move || {
                let _ = kind.get();
                match known.get_untracked() {
                    Known::Nothing => ().into_any(),
                    Known::Failed(failure) => view! { <Unreachable failure /> }.into_any(),
                    Known::Standing(Standing::SetUp) => view! { <SetUpPage /> }.into_any(),
                    Known::Standing(Standing::SignedOut) => view! { <SignInPage /> }.into_any(),
                    Known::Standing(Standing::SignedIn { .. }) => view! { <SignedIn /> }.into_any(),
                }
            })}
        </Router>
    }
}

#[component]
fn SignedIn() -> impl IntoView {
    let places = Places::start();
    provide_context(places);
    view! {
        <Shell>
            <Routes fallback=|| view! { <NotFound /> }>
                <Route path=path!("") view=HomePage />
                <Route path=path!("containers") view=ContainersPage />
                <Route path=path!("events") view=EventsPage />
                <Route path=path!("account") view=AccountPage />
                <Route path=path!("set-up") view=GoHome />
                <Route path=path!("sign-in") view=GoHome />
            </Routes>
        </Shell>
    }
}

/// The doors lead home once one is inside.
#[component]
fn GoHome() -> impl IntoView {
    let places = crate::places::places();
    places.settle(places.address_on(Page::Home, None, &[]));
}

fn secret_of_set_up_link() -> Option<String> {
    let path = window().location().pathname().ok()?;
    path.ends_with("/set-up").then(browser::take_fragment).flatten()
}
