//! One's own new password as it is typed: before anything else, or on the account's page.

use std::future::Future;

use leptos::prelude::*;
use longshore_api::web::account::ChangePassword;

use super::{Field, memo, password_help};
use crate::{
    api::{self, Failure},
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
    /// What was refused last.
    pub(crate) failure: RwSignal<Option<Failure>>,
    /// The server is asked.
    pub(crate) busy: RwSignal<bool>,
}

impl PasswordChange {
    /// Nothing typed yet.
    pub(crate) fn new() -> Self {
        Self {
            current: RwSignal::default(),
            new: RwSignal::default(),
            failure: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// What asks the server, once at a time; `done` follows when it has changed.
    pub(crate) fn submit<F>(self, done: impl Fn() -> F + Copy + 'static) -> impl Fn() + Copy
    where
        F: Future<Output = ()> + 'static,
    {
        let session = session();
        move || {
            if self.busy.get_untracked() {
                return;
            }
            self.busy.set(true);
            let given =
                ChangePassword { current: self.current.get_untracked(), new: self.new.get_untracked() };
            leptos::task::spawn_local(async move {
                match api::change_password(&given).await {
                    Ok(()) => done().await,
                    Err(refused) => {
                        session.noticed(&refused);
                        self.failure.try_set(Some(refused));
                    }
                }
                self.busy.try_set(false);
            });
        }
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
    let PasswordChange { current, new, failure, .. } = change;
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
