//! The app: what every page finds in its context, and which page is shown.

use leptos::prelude::*;
use longshore_api::web::{account::Standing, oidc::ProviderTrouble, shelf::Shelf};

use crate::{
    browser,
    chunks::{self, Door},
    clock::Clock,
    door::{InvitationSecret, ProviderSaid, SetUpSecret, SignInPage, Unreachable},
    home::HomePage,
    parts::{dynamic, memo},
    places::{Page, Places, places},
    session::{Known, Session, session},
    shell::{NotFound, Shell},
    speech::Speech,
    theme::ThemeSwitch,
};

/// Everything.
#[component]
pub(crate) fn App() -> impl IntoView {
    // First of all, so that the secret stands in the address bar for as short as can be.
    provide_context(SetUpSecret(secret_of_link("/set-up")));
    let invitation = RwSignal::new(secret_of_link("/invitation"));
    provide_context(InvitationSecret(invitation));
    let said = secret_of_link("/sign-in").as_deref().and_then(ProviderTrouble::of);
    let trouble = RwSignal::new(said);
    provide_context(ProviderSaid(trouble));
    provide_context(Speech::start());
    provide_context(ThemeSwitch::start());
    provide_context(Clock::start());
    let places = Places::start();
    provide_context(places);
    let session = Session::start();
    provide_context(session);
    let known = session.known();
    // Which door or pages; a new name of the same person, say, must not rebuild them.
    let kind = memo(move || {
        // Whoever follows a link means the account that it is for, whoever is signed in.
        let invited = invitation.with(Option::is_some);
        let said_no = trouble.with(Option::is_some);
        known.with(|known| match known {
            Known::Nothing => Kind::Nothing,
            Known::Failed(_) => Kind::Failed,
            Known::Standing(Standing::SetUp) => Kind::SetUp,
            Known::Standing(_) if invited => Kind::Invitation,
            Known::Standing(_) if said_no => Kind::ProviderTrouble,
            Known::Standing(Standing::SecondStep) => Kind::SecondStep,
            Known::Standing(Standing::SignedOut) if places.at_invitation() => Kind::Invitation,
            Known::Standing(Standing::SignedOut) => Kind::SignedOut,
            Known::Standing(Standing::SignedIn { user }) if user.must_change => Kind::MustChange,
            Known::Standing(Standing::SignedIn { user }) => Kind::SignedIn(user.id.clone()),
        })
    });
    view! {
        {dynamic(move || match (kind.get(), known.get_untracked()) {
            (Kind::Nothing, _) => ().into_any(),
            (Kind::Failed, Known::Failed(failure)) => view! { <Unreachable failure /> }.into_any(),
            (Kind::Failed, _) => ().into_any(),
            (Kind::SetUp, _) => chunks::door_page(Door::SetUp),
            (Kind::Invitation, _) => chunks::door_page(Door::Invitation),
            (Kind::ProviderTrouble, _) => chunks::door_page(Door::ProviderTrouble),
            (Kind::SecondStep, _) => chunks::door_page(Door::SecondStep),
            (Kind::MustChange, _) => chunks::door_page(Door::MustChange),
            (Kind::SignedOut, _) => view! { <SignInPage /> }.into_any(),
            (Kind::SignedIn(_), _) => view! { <SignedIn /> }.into_any(),
        })}
    }
}

/// Which door, or the pages, and whose.
#[derive(Clone, PartialEq)]
enum Kind {
    Nothing,
    Failed,
    SetUp,
    Invitation,
    SignedOut,
    MustChange,
    SecondStep,
    ProviderTrouble,
    SignedIn(String),
}

#[component]
fn SignedIn() -> impl IntoView {
    let places = places();
    let at_door = memo(move || places.at_door());
    let page = memo(move || places.page().map(Page::drawn_as));
    let session = session();
    let nothing_given = memo(move || {
        session.user().is_some_and(|user| user.roles == longshore_api::web::account::Roles::default())
    });
    Effect::new(move |_| {
        if at_door.get() {
            places.settle(places.address_on(Page::Home, None, &[]));
        }
    });
    view! {
        <Shell>
            {dynamic(move || match page.get() {
                Some(page) if nothing_given.get() && !page.is_own() => chunks::no_rights(),
                Some(Page::Home) => view! { <HomePage /> }.into_any(),
                Some(Page::Containers) => chunks::containers_page(),
                Some(Page::Stacks) => chunks::stacks_page(),
                Some(Page::Stack) => chunks::stack_page(),
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
                Some(Page::Templates) => chunks::templates_page(false),
                Some(Page::Template) => chunks::templates_page(true),
                Some(Page::Disk) => chunks::disk_page(),
                Some(Page::People | Page::Person) => chunks::people_page(),
                None if at_door.get() => ().into_any(),
                None => view! { <NotFound /> }.into_any(),
            })}
        </Shell>
    }
}

fn secret_of_link(end: &str) -> Option<String> {
    let path = window().location().pathname().ok()?;
    path.ends_with(end).then(browser::take_fragment).flatten()
}
