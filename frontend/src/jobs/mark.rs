//! The mark in the top bar: how many jobs are under way, and how far.

use leptos::prelude::*;
use longshore_api::words::say;

use super::jobs;
use crate::{
    parts::{Icon, Show, dynamic, memo},
    speech::speech,
};

/// The button that opens the list.
#[component]
pub(crate) fn JobsMark(
    /// Called to open the list.
    #[prop(into)]
    open: Callback<()>,
) -> impl IntoView {
    let s = speech();
    let jobs = jobs();
    let count = memo(move || jobs.under_way());
    let label = move || s.say(&say::jobs_under_way(count.get()));
    view! {
        <button
            class="top__btn"
            type="button"
            data-action="jobs"
            data-jobs=count
            data-jobs-trouble=dynamic(move || jobs.unseen_trouble().len())
            aria-label=dynamic(label)
            title=dynamic(label)
            on:click=move |_| open.run(())
        >
            <Show when=move || { count.get() > 0 } fallback=|| view! { <JobIcon /> }>
                <span class="ring" style:--p=dynamic(move || format!("{}%", jobs.progress()))></span>
                <span class="jobs__txt">{dynamic(move || s.say(&say::n_jobs(count.get())))}</span>
            </Show>
        </button>
    }
}

/// The icon; with a dot where something went wrong that nobody has looked at.
#[component]
fn JobIcon() -> impl IntoView {
    let jobs = jobs();
    view! {
        <span class="jobs__icon" class:is-bad=dynamic(move || !jobs.unseen_trouble().is_empty())>
            <Icon name="job" />
        </span>
    }
}
