//! The rail: which host, which page.

use leptos::prelude::*;
use longshore_api::{format, web::container::State, words::say};

use super::{
    host_switch::HostSwitch,
    switches::{LanguageButtons, ThemeButton},
};
use crate::{
    containers::Totals,
    jobs::jobs,
    parts::{Icon, Logo, Show, StateMark, dynamic, memo},
    places::{Page, places},
    session::session,
    speech::{speech, w},
};

/// The rail at the left edge; phones have the bottom bar instead.
#[component]
pub(super) fn Rail(totals: Totals) -> impl IntoView {
    let s = speech();
    let places = places();
    let session = session();
    view! {
        <nav class="rail" aria-label=w!(s.main_navigation)>
            <a class="rail__brand" href=dynamic(move || places.address(Page::Home))>
                <Logo />
                "Longshore"
            </a>
            <div class="rail__scroll">
                <HostSwitch />
                {Page::RAIL.map(|page| view! {
                    <Show when=move || page.is_offered(session)>
                    {(page == Page::People).then(|| view! { <div class="rail__label">{w!(s.rail_manage)}</div> })}
                    <a
                        class="rail__item"
                        href=dynamic(move || places.address(page))
                        aria-current=dynamic(move || (places.page().map(Page::on_rail) == Some(page)).then_some("page"))
                    >
                        <Icon name=page.icon() />
                        {dynamic(move || page.word(s.words()))}
                        {(page == Page::Jobs).then(|| view! { <JobCounts /> })}
                        {(page == Page::Containers).then(|| view! { <ContainerCounts totals /> })}
                    </a>
                    </Show>
                })}
            </div>
            <div class="rail__foot">
                <ThemeButton />
                <LanguageButtons />
                <span class="end rail__version">{env!("CARGO_PKG_VERSION")}</span>
            </div>
        </nav>
    }
}

#[component]
fn ContainerCounts(totals: Totals) -> impl IntoView {
    let s = speech();
    let title = move || s.say(&say::need_attention(totals.trouble()));
    view! {
        <Show when=move || { totals.trouble() > 0 }>
            <span class="rail__alert" title=dynamic(title)>
                <StateMark state=State::Unhealthy />
                {dynamic(move || format::count(totals.trouble().into()))}
            </span>
        </Show>
        <span class="rail__n">{dynamic(move || format::count(totals.all().into()))}</span>
    }
}

/// How many are under way, and how many went wrong that nobody has looked at.
#[component]
fn JobCounts() -> impl IntoView {
    let s = speech();
    let jobs = jobs();
    let bad = memo(move || jobs.unseen_trouble().len());
    let open = memo(move || jobs.under_way());
    view! {
        <Show when=move || { bad.get() > 0 }>
            <span class="rail__alert" title=dynamic(move || s.say(&say::jobs_went_wrong(bad.get())))>
                <StateMark state=State::Unhealthy />
                {dynamic(move || bad.get())}
            </span>
        </Show>
        <Show when=move || { open.get() > 0 }>
            <span class="rail__n">{dynamic(move || open.get())}</span>
        </Show>
    }
}
