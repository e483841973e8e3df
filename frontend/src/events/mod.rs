//! Events.
use leptos::prelude::*;
/// Events.
#[component]
pub(crate) fn EventsPage() -> impl IntoView {}
