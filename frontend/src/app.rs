//! The app: what every page finds in its context, and which page is shown.

use leptos::prelude::*;
use longshore_api::web::{account::Standing, shelf::Shelf};

use crate::{
    browser, chunks,
    clock::Clock,
    door::{SetUpSecret, SignInPage, Unreachable},
    home::HomePage,
    parts::{dynamic, memo},
    places::{Page, Places, places},
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
    provide_context(Places::start());
    let session = Session::start();
    provide_context(session);
    let known = session.known();
    // Which door or pages; a new name of the same person, say, must not rebuild them.
    let kind = memo(move || {
        known.with(|known| match known {
            Known::Nothing => 0,
            Known::Failed(_) => 1,
            Known::Standing(Standing::SetUp) => 2,
            Known::Standing(Standing::SignedOut) => 3,
            Known::Standing(Standing::SignedIn { .. }) => 4,
        })
    });
    view! {
        {dynamic(move || {
            let _ = kind.get();
            match known.get_untracked() {
                Known::Nothing => ().into_any(),
                Known::Failed(failure) => view! { <Unreachable failure /> }.into_any(),
                Known::Standing(Standing::SetUp) => chunks::set_up_page(),
                Known::Standing(Standing::SignedOut) => view! { <SignInPage /> }.into_any(),
                Known::Standing(Standing::SignedIn { .. }) => view! { <SignedIn /> }.into_any(),
            }
        })}
    }
}

#[component]
fn SignedIn() -> impl IntoView {
    let places = places();
    let at_door = memo(move || places.at_door());
    Effect::new(move |_| {
        if at_door.get() {
            places.settle(places.address_on(Page::Home, None, &[]));
        }
    });
    view! {
        <Shell>
            {dynamic(move || match places.page() {
                Some(Page::Home) => view! { <HomePage /> }.into_any(),
                Some(Page::Containers) => chunks::containers_page(),
                Some(Page::Images) => chunks::shelf_page(Shelf::Images),
                Some(Page::Volumes) => chunks::shelf_page(Shelf::Volumes),
                Some(Page::Networks) => chunks::shelf_page(Shelf::Networks),
                Some(Page::Thing(shelf)) => chunks::thing_page(shelf),
                Some(Page::Events) => chunks::events_page(),
                Some(Page::Jobs) => chunks::jobs_page(),
                Some(Page::Audit) => chunks::audit_page(),
                Some(Page::Account) => chunks::account_page(),
                Some(Page::Console) => chunks::console_page(),
                Some(Page::NewContainer) => chunks::create_page(),
                Some(Page::Container) => chunks::container_page(),
                Some(Page::Logs) => chunks::logs_page(),
                Some(Page::Removed) => chunks::removed_page(),
                Some(Page::Disk) => chunks::disk_page(),
                None if at_door.get() => ().into_any(),
                None => view! { <NotFound /> }.into_any(),
            })}
        </Shell>
    }
}

fn secret_of_set_up_link() -> Option<String> {
    let path = window().location().pathname().ok()?;
    path.ends_with("/set-up").then(browser::take_fragment).flatten()
}
