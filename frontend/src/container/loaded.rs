//! What a part of the page asks of the engine when it is opened, and again when there is reason to.

use std::{future::Future, rc::Rc, time::Duration};

use leptos::prelude::*;

use super::follow::One;
use crate::api::{Answer, Failure};

/// An answer, or why there is none.
pub(super) struct Loaded<T: Send + Sync + 'static> {
    /// The last one.
    pub(super) value: RwSignal<Option<T>>,
    /// Why there is no newer one.
    pub(super) failure: RwSignal<Option<Failure>>,
}

impl<T: Send + Sync + 'static> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Loaded<T> {}

impl<T: PartialEq + Send + Sync + 'static> Loaded<T> {
    /// Asks with the container's host and id; again whenever its engine has told something of it.
    pub(super) fn of<F>(one: One, fetch: impl Fn(String, String) -> F + 'static) -> Self
    where
        F: Future<Output = Answer<T>> + 'static,
    {
        let loaded = Self { value: RwSignal::new(None), failure: RwSignal::new(None) };
        let fetch = Rc::new(fetch);
        Effect::new(move |_| {
            one.track();
            let asked = fetch(one.host(), one.id());
            leptos::task::spawn_local(async move { loaded.take(one, asked.await) });
        });
        loaded
    }

    fn take(self, one: One, answer: Answer<T>) {
        match answer {
            Ok(value) => {
                if self.value.try_with_untracked(|before| before.as_ref() != Some(&value)) == Some(true) {
                    self.value.set(Some(value));
                }
                self.failure.try_set(None);
            }
            // It has gone in between, which the page says already.
            Err(why) if why.is_not_found() => {}
            Err(why) => {
                one.noticed(&why);
                self.failure.try_set(Some(why));
            }
        }
    }
}

/// Calls it again and again for as long as the owner lives.
pub(super) fn every(wait: Duration, call: impl Fn() + 'static) {
    if let Ok(timer) = set_interval_with_handle(call, wait) {
        on_cleanup(move || timer.clear());
    }
}
