//! The top bar: where one is, the live mark, who one is.

use leptos::prelude::*;

use super::{account_menu::AccountMenu, hosts::hosts, live_mark::LiveMark};
use crate::{
    parts::Icon,
    places::{Page, places},
    speech::{speech, w},
};

/// The top bar.
#[component]
pub(super) fn Top() -> impl IntoView {
    view! {
        <header class="top">
            <Crumbs />
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
    let host = move || match places.host() {
        Some(slug) => hosts.one(&slug).map_or(slug, |host| host.name),
        None => s.words().all_hosts.to_owned(),
    };
    view! {
        <nav class="crumbs" aria-label=w!(s.you_are_here)>
            <Show when=move || !matches!(places.page(), None | Some(Page::Home))>
                <a href=move || places.address(Page::Home)>{host}</a>
                <Icon name="chev-right" />
            </Show>
            <b aria-current="page">
                {move || places.page().map_or(s.words().not_found, |page| page.word(s.words()))}
            </b>
        </nav>
    }
}
