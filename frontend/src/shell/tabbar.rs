//! The bottom bar of phones.

use leptos::prelude::*;

use crate::{
    containers::Totals,
    parts::{Icon, Show, dynamic},
    places::{Page, places},
    speech::{speech, w},
};

/// The rail's pages for thumbs.
#[component]
pub(super) fn TabBar(totals: Totals) -> impl IntoView {
    let s = speech();
    let places = places();
    view! {
        <nav class="tabbar" aria-label=w!(s.main_navigation)>
            {Page::RAIL.map(|page| view! {
                <a
                    href=dynamic(move || places.address(page))
                    aria-current=dynamic(move || (places.page().map(Page::on_rail) == Some(page)).then_some("page"))
                >
                    <Icon name=page.icon() />
                    {dynamic(move || page.word(s.words()))}
                    <Show when=move || page == Page::Containers && { totals.trouble() > 0 }>
                        <span class="tabbar__dot"></span>
                    </Show>
                </a>
            })}
        </nav>
    }
}
