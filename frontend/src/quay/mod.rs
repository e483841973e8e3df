//! The quay: a berth per host, a pile per stack, a block per container. A block never moves because its state changed,
//! so people learn the map.

mod berth;
mod layout;
mod named;
mod open;
mod shape;
mod strip;

use leptos::prelude::*;
use longshore_api::{
    ops::Permission,
    web::{container::State, home::Berth},
};
pub(crate) use shape::{Grain, path};

use crate::{
    parts::{Show, dynamic, memo},
    places::{Page, places},
    session::session,
    speech::{speech, w},
};

/// Up to so many containers of a single host carry their names.
const NAMED_MAX: usize = 40;

/// The quay of the chosen hosts.
#[component]
pub(crate) fn Quay(
    berths: ReadSignal<Vec<Berth>>,
    /// The states that stand out; none means all do.
    lit: RwSignal<Vec<State>>,
) -> impl IntoView {
    let s = speech();
    let (places, session) = (places(), session());
    let named = memo(move || {
        berths.with(|berths| match berths.as_slice() {
            [only] => only.piles.iter().map(|pile| pile.blocks.len()).sum::<usize>() <= NAMED_MAX,
            _ => false,
        })
    });
    let empty = move || berths.with(|berths| berths.iter().all(|berth| berth.piles.is_empty()));
    view! {
        <section class="panel quaypanel" aria-label=w!(s.quay)>
            <Show when=move || !empty() fallback=move || view! {
                <p class="panel__body t2">
                    {w!(s.quay_empty)}
                    <Show when=move || session.may_somewhere(Permission::Deploy)>
                        " " <a href=dynamic(move || places.address(Page::Templates))>{w!(s.templates)}</a>
                    </Show>
                </p>
            }>
                <Show when=move || named.get() fallback=move || view! { <strip::Strip berths lit /> }>
                    <named::NamedPiles berths lit />
                </Show>
            </Show>
        </section>
    }
}
