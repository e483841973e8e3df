//! One's own new password as it is typed: before anything else, or on the account's page.

use std::future::Future;

use leptos::prelude::*;
use longshore_api::web::account::ChangePassword;

use super::{Attempt, Field, memo, password_help};
use crate::{
    api,
    session::session,
    speech::{speech, w},
};

/// What is typed, and what became of it.
#[derive(Clone, Copy)]
pub(crate) struct PasswordChange {
    /// The password that holds now.
    pub(crate) current: RwSignal<String>,
    /// The one to come.
    pub(crate) new: RwSignal<String>,
    /// What becomes of it.
    pub(crate) attempt: Attempt,
}

impl PasswordChange {
    /// Nothing typed yet.
    pub(crate) fn new() -> Self {
        Self { current: RwSignal::default(), new: RwSignal::default(), attempt: Attempt::new() }
    }

    /// What asks the server, once at a time; `done` follows when it has changed.
    pub(crate) fn submit<F>(self, done: impl Fn() -> F + Copy + 'static) -> impl Fn() + 'static
    where
        F: Future<Output = ()> + 'static,
    {
        let session = session();
        self.attempt.once(move || {
            let given =
                ChangePassword { current: self.current.get_untracked(), new: self.new.get_untracked() };
            async move {
                api::change_password(&given).await.inspect_err(|refused| session.noticed(refused))?;
                done().await;
                Ok(())
            }
        })
    }
}

/// Both fields.
#[component]
pub(crate) fn PasswordFields(
    /// What is typed into them.
    change: PasswordChange,
    /// Large and focused, as before sign-in.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let s = speech();
    let PasswordChange { current, new, attempt: Attempt { failure, .. } } = change;
    let length = memo(move || new.with(|new| new.chars().count()));
    let help = Signal::derive(move || s.say(&password_help(length.get())));
    view! {
        <Field
            name="current"
            kind="password"
            label=w!(s.password_now)
            value=current
            autocomplete="current-password"
            failure
            large
            first=large
        />
        <Field
            name="new"
            kind="password"
            label=w!(s.password_new)
            value=new
            autocomplete="new-password"
            help
            failure
            large
        />
    }
}
