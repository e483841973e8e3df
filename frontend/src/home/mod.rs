//! Home.
use leptos::prelude::*;
/// Home.
#[component]
pub(crate) fn HomePage() -> impl IntoView {
    let places = crate::places::places();
    places.settle(places.address(crate::places::Page::Containers));
}
