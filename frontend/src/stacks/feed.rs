//! The stacks of a host, or one of them, live.

use std::rc::Rc;

use leptos::prelude::*;
use longshore_api::web::{
    live::Topic,
    problem::Problem,
    stack::{Stack, StackRow, Stacks},
};
use serde::de::DeserializeOwned;

use crate::live::{Body, Listener, Live};

/// What the line says, always whole; none before the first answer.
struct Whole<T: Send + Sync + 'static>(RwSignal<Option<T>>);

impl<T: DeserializeOwned + Send + Sync + 'static> Listener for Whole<T> {
    fn snapshot(&self, whole: Body<'_>) -> Option<()> {
        self.0.set(Some(whole.read::<T>()?));
        Some(())
    }

    fn delta(&self, change: Body<'_>) -> Option<()> {
        self.snapshot(change)
    }

    fn refused(&self, _: Problem) {}
}

/// The stacks of a host, by name; followed as long as the owner lives.
pub(super) fn stacks(host: String) -> Signal<Option<Vec<StackRow>>> {
    let whole = RwSignal::new(None::<Stacks>);
    expect_context::<Live>().subscribe(Topic::Stacks { host }, Rc::new(Whole(whole)));
    Signal::derive(move || whole.with(|whole| whole.as_ref().map(|it| it.stacks.clone())))
}

/// One stack; followed as long as the owner lives.
pub(crate) fn stack(host: String, name: String) -> RwSignal<Option<Stack>> {
    let whole = RwSignal::new(None::<Stack>);
    expect_context::<Live>().subscribe(Topic::Stack { host, name }, Rc::new(Whole(whole)));
    whole
}
