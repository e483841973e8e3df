//! A new password; every other session ends with the old one.

use leptos::prelude::*;
use longshore_api::web::totp::Totp;

use crate::{
    parts::{FormTrouble, PasswordChange, PasswordFields, Show, dynamic, memo, submitted},
    speech::{speech, w},
};

/// The form, for whoever has a password.
#[component]
pub(super) fn Password(
    /// Whether they have one, once that is known.
    known: RwSignal<Option<Totp>>,
) -> impl IntoView {
    let s = speech();
    let has_one = memo(move || known.with(|known| known.as_ref().map(|known| known.has_password)));
    view! {
        <section class="panel" data-panel="password">
            <div class="panel__head">
                <h2>{w!(s.password)}</h2>
            </div>
            <Show when=move || has_one.get() == Some(false)>
                <p class="panel__body t2">{w!(s.no_password_here)}</p>
            </Show>
            <Show when=move || has_one.get() == Some(true)>
                <Form />
            </Show>
        </section>
    }
}

#[component]
fn Form() -> impl IntoView {
    let s = speech();
    let change = PasswordChange::new();
    let done = RwSignal::new(false);
    let go = change.submit(move || async move {
        change.attempt.failure.set(None);
        change.current.set(String::new());
        change.new.set(String::new());
        done.set(true);
    });
    let go = move || {
        done.set(false);
        go();
    };
    view! {
        <form class="panel__body" on:submit=submitted(go)>
            <PasswordFields change />
            <FormTrouble failure=change.attempt.failure />
            <div class="row account__do">
                <button class="btn" type="submit" disabled=change.attempt.busy data-action="change-password">
                    {w!(s.change_password)}
                </button>
                <span class="t2 sm" role="status">
                    {dynamic(move || done.get().then(|| s.words().password_changed()))}
                </span>
            </div>
        </form>
    }
}
