//! Before anything else, a new password: an administrator asks for it.

use leptos::prelude::*;
use longshore_api::{web::account::ChangePassword, words::say};

use super::Door;
use crate::{
    api::{self, Failure},
    parts::{Field, FormTrouble, dynamic, memo, password_help, submitted},
    session::session,
    speech::{speech, w},
};

/// The choice of a new password, and the way out.
#[component]
pub(crate) fn MustChangePage() -> impl IntoView {
    let s = speech();
    let session = session();
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let length = memo(move || new.with(|new| new.chars().count()));
    let help = Signal::derive(move || s.say(&password_help(length.get())));
    let name = memo(move || session.user().map(|user| user.name).unwrap_or_default());
    let change = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let given = ChangePassword { current: current.get_untracked(), new: new.get_untracked() };
        leptos::task::spawn_local(async move {
            match api::change_password(&given).await {
                Ok(()) => session.looked().await,
                Err(refused) => {
                    session.noticed(&refused);
                    failure.try_set(Some(refused));
                }
            }
            busy.try_set(false);
        });
    };
    let sign_out = move |_| {
        leptos::task::spawn_local(async move {
            match api::sign_out().await {
                Ok(()) => session.ended(),
                Err(why) => session.noticed(&why),
            }
        });
    };
    view! {
        <Door>
            <h1 data-door="must-change">{w!(s.must_change_title)}</h1>
            <p class="door__lead">{dynamic(move || s.say(&say::must_change_lead(name.get())))}</p>
            <form on:submit=submitted(change)>
                <Field
                    name="current"
                    kind="password"
                    label=w!(s.password_now)
                    value=current
                    autocomplete="current-password"
                    failure
                    large=true
                    first=true
                />
                <Field
                    name="new"
                    kind="password"
                    label=w!(s.password_new)
                    value=new
                    autocomplete="new-password"
                    help
                    failure
                    large=true
                />
                <FormTrouble failure />
                <div class="door__do">
                    <button class="btn btn--primary btn--lg btn--block" type="submit" disabled=busy>
                        {w!(s.change_password)}
                    </button>
                </div>
            </form>
            <button class="btn btn--quiet btn--block" type="button" data-action="sign-out" on:click=sign_out>
                {w!(s.sign_out)}
            </button>
        </Door>
    }
}
