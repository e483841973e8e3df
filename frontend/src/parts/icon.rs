//! Icons and state marks: shapes from one file, coloured by the text around them.

use leptos::prelude::*;
use longshore_api::web::container::State;

use crate::browser;
use crate::parts::dynamic;

/// An icon of 16 px beside a word that says the same; readers pass over it.
#[component]
pub(crate) fn Icon(
    /// The name after `i-` in icons.svg.
    #[prop(into)]
    name: Signal<&'static str>,
    /// 14 px instead of 16.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    view! {
        <svg class="i" class=("i--sm", small) aria-hidden="true">
            <use href=dynamic(move || browser::icon(&format!("i-{}", name.get()))) />
        </svg>
    }
}

/// The mark of a state: shape first, then colour. The word stands beside it or in `label`.
#[component]
pub(crate) fn StateMark(
    /// The state.
    #[prop(into)]
    state: Signal<State>,
    /// 16 px instead of 12, in page heads.
    #[prop(optional)]
    large: bool,
    /// The accessible name, where no word stands beside it.
    #[prop(optional, into)]
    label: MaybeProp<String>,
) -> impl IntoView {
    view! {
        <svg
            class=dynamic(move || format!("mark c-{}{}", state.get().code(), if large { " mark--lg" } else { "" }))
            role=dynamic(move || label.get().map(|_| "img"))
            aria-label=dynamic(move || label.get())
            aria-hidden=dynamic(move || label.get().is_none().then_some("true"))
        >
            <use href=dynamic(move || browser::icon(&format!("m-{}", state.get().code()))) />
        </svg>
    }
}

/// The sign of the house.
#[component]
pub(crate) fn Logo() -> impl IntoView {
    view! {
        <svg width="22" height="22" aria-hidden="true">
            <use href=browser::icon("logo") />
        </svg>
    }
}
