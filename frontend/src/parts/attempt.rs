//! A form's way to the server.

use std::future::Future;

use leptos::prelude::*;

use crate::api::{Answer, Failure};

/// A form that asks the server once at a time.
#[derive(Clone, Copy)]
pub(crate) struct Attempt {
    /// What was refused last.
    pub(crate) failure: RwSignal<Option<Failure>>,
    /// The server is asked.
    pub(crate) busy: RwSignal<bool>,
}

impl Attempt {
    /// Nothing was asked yet.
    pub(crate) fn new() -> Self {
        Self { failure: RwSignal::new(None), busy: RwSignal::new(false) }
    }

    /// Does what the form is for, unless that is under way. The page may be left meanwhile.
    pub(crate) fn once<F>(self, act: impl Fn() -> F + Clone + 'static) -> impl Fn() + Clone + 'static
    where
        F: Future<Output = Answer<()>> + 'static,
    {
        move || {
            if self.busy.get_untracked() {
                return;
            }
            self.busy.set(true);
            let done = act();
            leptos::task::spawn_local(async move {
                if let Err(refused) = done.await {
                    self.failure.try_set(Some(refused));
                }
                self.busy.try_set(false);
            });
        }
    }
}
