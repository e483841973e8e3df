//! A new password; every other session ends with the old one.

use leptos::prelude::*;
use longshore_api::web::account::ChangePassword;

use crate::{
    api::{self, Failure},
    parts::{Field, FormTrouble, dynamic, memo, password_help, submitted},
    session::session,
    speech::{speech, w},
};

/// The form.
#[component]
pub(super) fn Password() -> impl IntoView {
    let s = speech();
    let session = session();
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let done = RwSignal::new(false);
    let length = memo(move || new.with(|new| new.chars().count()));
    let help = Signal::derive(move || s.say(&password_help(length.get())));
    let change = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        done.set(false);
        let given = ChangePassword { current: current.get_untracked(), new: new.get_untracked() };
        leptos::task::spawn_local(async move {
            match api::change_password(&given).await {
                Ok(()) => {
                    failure.set(None);
                    current.set(String::new());
                    new.set(String::new());
                    done.set(true);
                }
                Err(refused) => {
                    session.noticed(&refused);
                    failure.set(Some(refused));
                }
            }
            busy.set(false);
        });
    };
    view! {
        <section class="panel">
            <div class="panel__head">
                <h2>{w!(s.password)}</h2>
            </div>
            <form class="panel__body" on:submit=submitted(change)>
                <Field
                    name="current"
                    kind="password"
                    label=w!(s.password_now)
                    value=current
                    autocomplete="current-password"
                    failure
                />
                <Field
                    name="new"
                    kind="password"
                    label=w!(s.password_new)
                    value=new
                    autocomplete="new-password"
                    help
                    failure
                />
                <FormTrouble failure />
                <div class="row account__do">
                    <button class="btn" type="submit" disabled=busy data-action="change-password">
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
