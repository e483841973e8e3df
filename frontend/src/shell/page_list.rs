//! The pages that the bottom bar of phones has no room for.

use leptos::prelude::*;

use crate::{
    parts::{Icon, Layer, LayerHead, dynamic},
    places::{Page, places},
    session::session,
    speech::{speech, w},
};

/// The list, from below.
#[component]
pub(crate) fn PageList(close: Callback<()>) -> impl IntoView {
    let s = speech();
    let places = places();
    let session = session();
    let rest = Page::RAIL
        .into_iter()
        .filter(move |page| !Page::TABS.contains(page) && untrack(|| page.is_offered(session)));
    let links = rest.map(move |page| {
        view! {
            <a class="menu__item" href=dynamic(move || places.address(page)) on:click=move |_| close.run(())>
                <Icon name=page.icon() />
                {dynamic(move || page.word(s.words()))}
            </a>
        }
    });
    view! {
        <Layer class="sheet" label=Signal::derive(move || s.words().more().to_owned()) close light=true>
            <LayerHead title=Signal::derive(move || s.words().more().to_owned()) close />
            <nav class="sheet__pages" aria-label=w!(s.more)>
                {links.collect_view()}
            </nav>
        </Layer>
    }
}
