//! The bottom bar of phones.

use leptos::prelude::*;

use crate::{
    chunks::Above,
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
    let over = expect_context::<RwSignal<Option<Above>>>();
    view! {
        <nav class="tabbar" aria-label=w!(s.main_navigation)>
            {Page::TABS.map(|page| view! {
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
            <button type="button" data-action="more-pages" on:click=move |_| over.set(Some(Above::Pages))>
                <Icon name="menu" />
                {w!(s.more)}
            </button>
        </nav>
    }
}
