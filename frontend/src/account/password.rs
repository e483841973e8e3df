//! A new password; every other session ends with the old one.

use leptos::prelude::*;

use crate::{
    parts::{FormTrouble, PasswordChange, PasswordFields, dynamic, submitted},
    speech::{speech, w},
};

/// The form.
#[component]
pub(super) fn Password() -> impl IntoView {
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
        <section class="panel">
            <div class="panel__head">
                <h2>{w!(s.password)}</h2>
            </div>
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
        </section>
    }
}
