//! The ways in besides a password, below the form; and what is said when one of them came to nothing.

use leptos::prelude::*;
use longshore_api::{
    web::oidc::{ProviderTrouble, WayIn, WaysIn},
    words::say,
};

use super::Door;
use crate::{
    api::{self, Failure},
    parts::{FormTrouble, Icon, Show, dynamic},
    places::{Page, places},
    session::{Session, session},
    speech::{speech, w},
};

/// Why a sign-in through a provider came to nothing, taken out of the address. In the context.
#[derive(Clone, Copy)]
pub(crate) struct ProviderSaid(pub(crate) RwSignal<Option<ProviderTrouble>>);

/// Goes to a provider, to come back to the page that is open.
fn go(id: &str, failure: RwSignal<Option<Failure>>) {
    let location = window().location();
    let open = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    let id = id.to_owned();
    leptos::task::spawn_local(async move {
        match api::begin_sign_in(&id, &open).await {
            // A browser that does not go stays here, where the buttons are.
            Ok(elsewhere) => _ = location.assign(&elsewhere.url),
            Err(why) => _ = failure.try_set(Some(why)),
        }
    });
}

/// The providers, and the way to the form where passwords are closed to most.
#[component]
pub(crate) fn Ways(ways: WaysIn, by_password: RwSignal<bool>) -> impl IntoView {
    let s = speech();
    let failure = RwSignal::new(None);
    let may_be_led = Session::stays();
    let wants_password = window().location().search().is_ok_and(|query| query.contains("password"));
    if let Some(way) = ways.providers.iter().find(|way| way.redirects)
        && may_be_led
        && !wants_password
    {
        go(&way.id, failure);
    }
    let closed = !ways.passwords;
    let button = move |WayIn { id, name, .. }: WayIn| {
        let marked = name.clone();
        view! {
            <button class="btn btn--lg btn--block" type="button" data-provider=marked on:click=move |_| go(&id, failure)>
                <Icon name="external" />
                <span class="cut">{dynamic(move || s.say(&say::sign_in_through(&name)))}</span>
            </button>
        }
    };
    view! {
        <div class="door__ways" data-ways="">
            <Show when=move || by_password.get() && !closed>
                <p class="door__or">{w!(s.sign_in_or)}</p>
            </Show>
            {ways.providers.into_iter().map(button).collect_view()}
            <FormTrouble failure />
            <Show when=move || !by_password.get()>
                <button
                    class="btn btn--quiet btn--block"
                    type="button"
                    data-action="by-password"
                    on:click=move |_| by_password.set(true)
                >
                    {w!(s.sign_in_by_password)}
                </button>
            </Show>
            <Show when=move || by_password.get() && closed>
                <p class="t2 sm">{w!(s.passwords_closed_here)}</p>
            </Show>
        </div>
    }
}

/// The page that providers lead back to when nothing came of it.
#[component]
pub(crate) fn ProviderTroublePage() -> impl IntoView {
    let (s, places) = (speech(), places());
    let session = session();
    let said = expect_context::<ProviderSaid>().0;
    Session::stays();
    let back = move |_| {
        places.settle(untrack(|| places.address_on(Page::Home, None, &[])));
        session.look();
        said.set(None);
    };
    view! {
        <Door>
            <h1>{w!(s.provider_trouble)}</h1>
            <div class="trouble" role="alert" data-trouble=dynamic(move || said.get().map(ProviderTrouble::code))>
                <Icon name="warning" />
                <div class="trouble__in">
                    <p>{dynamic(move || said.get().map(|said| s.say(&said.sentence())))}</p>
                </div>
            </div>
            <div class="door__do">
                <button class="btn btn--primary btn--lg btn--block" type="button" data-first="" data-action="to-sign-in" on:click=back>
                    {w!(s.back)}
                </button>
            </div>
        </Door>
    }
}
