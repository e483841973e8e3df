//! The top bar: where one is, the palette, the live mark, who one is.

use leptos::prelude::*;

use super::{account_menu::AccountMenu, host_switch::HostSwitch, hosts::hosts, live_mark::LiveMark};
use crate::{
    chunks::Above,
    jobs::JobsMark,
    parts::{Icon, Show, dynamic},
    places::{Page, places},
    speech::{speech, w},
};

/// The top bar.
#[component]
pub(super) fn Top() -> impl IntoView {
    let s = speech();
    let over = expect_context::<RwSignal<Option<Above>>>();
    view! {
        <header class="top">
            <HostSwitch phone=true />
            <Crumbs />
            <button
                class="top__search"
                type="button"
                data-action="palette"
                title=w!(s.search_everything)
                on:click=move |_| over.set(Some(Above::Palette))
            >
                <Icon name="search" />
                <span>{w!(s.search_or_run)}</span>
                <kbd>"Ctrl K"</kbd>
            </button>
            <JobsMark open=move |()| over.set(Some(Above::Jobs)) />
            <LiveMark />
            <AccountMenu />
        </header>
    }
}

/// Host, then page.
#[component]
fn Crumbs() -> impl IntoView {
    let s = speech();
    let places = places();
    let hosts = hosts();
    let rail = move || places.page().map(Page::on_rail);
    let host = move || {
        hosts.chosen(places.shown_host()).map_or_else(|| s.words().all_hosts().to_owned(), |host| host.name)
    };
    view! {
        <nav class="crumbs" aria-label=w!(s.you_are_here)>
            <Show when=move || matches!(places.page().map(Page::on_rail), Some(Page::Containers | Page::Events | Page::Jobs | Page::Images | Page::Volumes | Page::Networks))>
                <a href=dynamic(move || places.address(Page::Home))>{dynamic(host)}</a>
                <Icon name="chev-right" />
            </Show>
            <Show when=move || places.page().is_some_and(|page| page.drawn_as() != page.on_rail())>
                <a href=dynamic(move || places.address(rail().unwrap_or(Page::Home)))>
                    {dynamic(move || rail().map(|page| page.word(s.words())))}
                </a>
                <Icon name="chev-right" />
            </Show>
            <b aria-current="page">
                {dynamic(move || places.title(s.words()))}
            </b>
        </nav>
    }
}
