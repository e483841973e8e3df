//! Sign-in.

use leptos::prelude::*;
use longshore_api::web::{account::SignIn, oidc::WaysIn};

use super::Door;
use crate::{
    api::{self, Failure},
    chunks,
    parts::{Field, FormTrouble, Show, dynamic, submitted},
    session::session,
    speech::{speech, w},
};

/// The sign-in page. Its address stays that of the page that was asked for, which follows.
#[component]
pub(crate) fn SignInPage() -> impl IntoView {
    let s = speech();
    let session = session();
    let name = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let ways = RwSignal::new(None::<WaysIn>);
    let by_password = RwSignal::new(true);
    leptos::task::spawn_local(async move {
        // Where it is not known, passwords are tried: the server says what it takes.
        if let Ok(found) = api::ways_in().await
            && !found.providers.is_empty()
        {
            by_password.try_set(found.passwords);
            ways.try_set(Some(found));
        }
    });
    let sign_in = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let given = SignIn { name: name.get_untracked(), password: password.get_untracked() };
        leptos::task::spawn_local(async move {
            match api::sign_in(&given).await {
                Ok(()) => session.look(),
                Err(refused) => failure.set(Some(refused)),
            }
            busy.set(false);
        });
    };
    view! {
        <Door>
            <h1>{w!(s.sign_in)}</h1>
            <p class="door__lead">{window().location().host().unwrap_or_default()}</p>
            <Show when=move || by_password.get()>
                <form on:submit=submitted(sign_in)>
                    <Field name="name" label=w!(s.user_name) value=name autocomplete="username" failure large=true first=true />
                    <Field
                        name="password"
                        kind="password"
                        label=w!(s.password)
                        value=password
                        autocomplete="current-password"
                        failure
                        large=true
                    />
                    <FormTrouble failure />
                    <div class="door__do">
                        <button class="btn btn--primary btn--lg btn--block" type="submit" disabled=busy>
                            {w!(s.sign_in)}
                        </button>
                    </div>
                </form>
            </Show>
            {dynamic(move || ways.get().map(|ways| chunks::ways_in(ways, by_password)))}
        </Door>
    }
}
