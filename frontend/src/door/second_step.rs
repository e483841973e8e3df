//! The second step of a sign-in: a code of an authenticator app, or a recovery code.

use leptos::prelude::*;
use longshore_api::web::totp::SecondStep;

use super::Door;
use crate::{
    api,
    parts::{Attempt, Field, FormTrouble, submitted},
    session::session,
    speech::{speech, w},
};

/// The question for the code, and the way back.
#[component]
pub(crate) fn SecondStepPage() -> impl IntoView {
    let s = speech();
    let session = session();
    let code = RwSignal::new(String::new());
    let attempt = Attempt::new();
    let Attempt { failure, busy } = attempt;
    let help = Signal::derive(move || s.words().two_factor_or_recovery().to_owned());
    let show = attempt.once(move || {
        let given = SecondStep { code: code.get_untracked() };
        async move {
            api::second_step(&given).await.inspect_err(|_| _ = code.try_set(String::new()))?;
            session.looked().await;
            Ok(())
        }
    });
    let back = move |_| {
        leptos::task::spawn_local(async move {
            match api::sign_out().await {
                Ok(()) => session.ended(),
                Err(why) => _ = failure.try_set(Some(why)),
            }
        });
    };
    view! {
        <Door>
            <h1 data-door="second-step">{w!(s.second_step_title)}</h1>
            <p class="door__lead">{w!(s.second_step_lead)}</p>
            <form on:submit=submitted(show)>
                <Field
                    name="code"
                    label=w!(s.two_factor_code)
                    value=code
                    autocomplete="one-time-code"
                    help
                    failure
                    large=true
                    first=true
                />
                <FormTrouble failure />
                <div class="door__do">
                    <button class="btn btn--primary btn--lg btn--block" type="submit" disabled=busy>
                        {w!(s.sign_in)}
                    </button>
                </div>
            </form>
            <button class="btn btn--quiet btn--block" type="button" data-action="leave-step" on:click=back>
                {w!(s.second_step_back)}
            </button>
        </Door>
    }
}
