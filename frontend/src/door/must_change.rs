//! Before anything else, a new password: an administrator asks for it.

use leptos::prelude::*;
use longshore_api::words::say;

use super::Door;
use crate::{
    api,
    parts::{FormTrouble, PasswordChange, PasswordFields, dynamic, memo, submitted},
    session::session,
    speech::{speech, w},
};

/// The choice of a new password, and the way out.
#[component]
pub(crate) fn MustChangePage() -> impl IntoView {
    let s = speech();
    let session = session();
    let change = PasswordChange::new();
    let name = memo(move || session.user().map(|user| user.name).unwrap_or_default());
    let go = change.submit(move || session.looked());
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
            <form on:submit=submitted(go)>
                <PasswordFields change large=true />
                <FormTrouble failure=change.attempt.failure />
                <div class="door__do">
                    <button class="btn btn--primary btn--lg btn--block" type="submit" disabled=change.attempt.busy>
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
