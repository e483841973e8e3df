//! What is asked for before something that lets in for good is given or taken away: the password, and a code.

use leptos::prelude::*;
use longshore_api::{web::totp::TotpProof, words::Words};

use crate::{
    api::Failure,
    parts::{Field, Show},
    session::session,
    speech::{speech, w},
};

/// What is typed.
#[derive(Clone, Copy)]
pub(super) struct Proof {
    password: RwSignal<String>,
    code: RwSignal<String>,
    /// Whether a code is asked for.
    with_code: Signal<bool>,
}

impl Proof {
    /// Nothing yet.
    pub(super) fn new(with_code: impl Into<Signal<bool>>) -> Self {
        let [password, code] = std::array::from_fn(|_| RwSignal::new(String::new()));
        Self { password, code, with_code: with_code.into() }
    }

    /// What is sent.
    pub(super) fn given(self) -> TotpProof {
        TotpProof { password: self.password.get_untracked(), code: self.code.get_untracked() }
    }

    /// Whether all is there that is asked for.
    pub(super) fn is_whole(self) -> bool {
        let has_code = !self.with_code.get() || self.code.with(|code| !code.trim().is_empty());
        has_code && self.password.with(|password| !password.is_empty())
    }
}

/// The fields.
#[component]
pub(super) fn ProofFields(
    proof: Proof,
    failure: RwSignal<Option<Failure>>,
    /// What helps to find the code.
    code_help: fn(&Words) -> &'static str,
) -> impl IntoView {
    let s = speech();
    let name = session().user().map(|user| user.name);
    let help = Signal::derive(move || code_help(s.words()).to_owned());
    view! {
        // Password managers keep the name with the password.
        <input
            class="sr"
            name="username"
            autocomplete="username"
            tabindex="-1"
            aria-hidden="true"
            readonly
            value=name
        />
        <Field
            name="password"
            kind="password"
            label=w!(s.password_now)
            value=proof.password
            autocomplete="current-password"
            failure
            first=true
        />
        <Show when=move || proof.with_code.get()>
            <Field
                name="code"
                label=w!(s.two_factor_code)
                value=proof.code
                autocomplete="one-time-code"
                help
                failure
            />
        </Show>
    }
}
