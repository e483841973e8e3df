//! The door for those who were invited, or were sent a new link: they choose a password and are in.

use leptos::prelude::*;
use longshore_api::{
    web::account::{AcceptInvitation, Invited},
    words::say,
};

use super::Door;
use crate::{
    api::{self, Failure},
    parts::{Attempt, Field, FormTrouble, Trouble, dynamic, memo, password_help, submitted},
    places::{Page, places},
    session::session,
    speech::{speech, w},
};

/// The secret of an invitation link, taken out of the address before anything else happened; none once it was used. In
/// the context.
#[derive(Clone, Copy)]
pub(crate) struct InvitationSecret(pub(crate) RwSignal<Option<String>>);

/// The page of a link. Without what follows the `#`, or with what holds no longer, it says so.
#[component]
pub(crate) fn InvitationPage() -> impl IntoView {
    let s = speech();
    let secret = expect_context::<InvitationSecret>().0;
    let whom = RwSignal::new(None::<Invited>);
    let failure = RwSignal::new(None::<Failure>);
    if let Some(secret) = secret.get_untracked() {
        leptos::task::spawn_local(async move {
            match api::invited(&secret).await {
                Ok(found) => whom.set(Some(found)),
                Err(refused) => failure.set(Some(refused)),
            }
        });
    }
    let cut_off = secret.with_untracked(Option::is_none);
    view! {
        <Door>
            <h1>{w!(s.invitation_title)}</h1>
            {cut_off.then(|| view! { <p class="door__lead">{w!(s.invitation_cut_off)}</p> })}
            <Trouble failure />
            {dynamic(move || match (whom.get(), secret.get_untracked()) {
                (Some(whom), Some(secret)) => view! { <Choice whom secret /> }.into_any(),
                _ => ().into_any(),
            })}
            {dynamic(move || (cut_off || failure.get().is_some()).then(|| view! { <ToSignIn /> }))}
        </Door>
    }
}

/// The way on for whoever has a password already.
#[component]
fn ToSignIn() -> impl IntoView {
    let s = speech();
    let places = places();
    let secret = expect_context::<InvitationSecret>().0;
    let go = move |_| {
        secret.set(None);
        places.settle(untrack(|| places.address_on(Page::Home, None, &[])));
    };
    view! {
        <button class="btn btn--lg btn--block" type="button" data-action="to-sign-in" on:click=go>
            {w!(s.sign_in)}
        </button>
    }
}

#[component]
fn Choice(whom: Invited, secret: String) -> impl IntoView {
    let s = speech();
    let session = session();
    let given = expect_context::<InvitationSecret>().0;
    let password = RwSignal::new(String::new());
    let attempt = Attempt::new();
    let Attempt { failure, busy } = attempt;
    let length = memo(move || password.with(|password| password.chars().count()));
    let help = Signal::derive(move || s.say(&password_help(length.get())));
    let Invited { name, display_name } = whom;
    let lead = {
        let name = name.clone();
        move || s.say(&say::invitation_for(display_name.clone(), name.clone()))
    };
    let accept = attempt.once(move || {
        let form = AcceptInvitation { secret: secret.clone(), password: password.get_untracked() };
        async move {
            api::accept(&form).await?;
            session.looked().await;
            given.set(None);
            Ok(())
        }
    });
    view! {
        <p class="door__lead" data-invited=name.clone()>{dynamic(lead)}</p>
        <form on:submit=submitted(accept)>
            // Password managers keep the name with the password.
            <input class="sr" name="username" autocomplete="username" tabindex="-1" aria-hidden="true" readonly value=name />
            <Field
                name="password"
                kind="password"
                label=w!(s.password_new)
                value=password
                autocomplete="new-password"
                help
                failure
                large=true
                first=true
            />
            <FormTrouble failure />
            <div class="door__do">
                <button class="btn btn--primary btn--lg btn--block" type="submit" disabled=busy>
                    {w!(s.invitation_accept)}
                </button>
            </div>
        </form>
    }
}
