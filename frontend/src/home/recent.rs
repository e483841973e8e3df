//! What happened last.

use leptos::prelude::*;
use longshore_api::web::event::Event;

use super::data::HomeData;
use crate::{
    clock::{full_time, time_of_day},
    events::{EventMark, happened},
    parts::{Show, dynamic, each},
    places::{Page, places},
    speech::{speech, w},
};

/// The newest events.
#[component]
pub(super) fn RecentEvents(data: HomeData) -> impl IntoView {
    let s = speech();
    let places = places();
    let events = data.events();
    view! {
            <div class="panel__head">
                <h2>{w!(s.recent_events)}</h2>
                <a class="sm end" href=dynamic(move || places.address(Page::Events))>
                    {w!(s.all_events)}
                </a>
            </div>
            <Show
                when=move || !events.with(Vec::is_empty)
                fallback=move || view! { <p class="panel__body t2">{w!(s.no_events)}</p> }
            >
                <ul class="list">
                    {each(
    move || events.get(),
    |event| event.key.0.to_string(),
    |event| view! { <Line event /> }.into_any(),
    )}
                </ul>
            </Show>
        }
}

#[component]
fn Line(event: Event) -> impl IntoView {
    let s = speech();
    let places = places();
    let name = event.name.clone();
    // What is gone says so on its page.
    let address = (event.kind == "container" && !event.name.is_empty()).then(|| {
        let (host, name) = (event.host.clone(), event.name.clone());
        move || places.container(&host, &name, None)
    });
    let what = {
        let event = event.clone();
        move || happened(&event, s)
    };
    view! {
        <li>
            <span class="t3 sm" title=full_time(event.at)>
                {time_of_day(event.at)}
            </span>
            <EventMark event />
            <span class="cut grow">
                {match address {
                    Some(address) => view! { <a class="tbl__name" href=dynamic(address)>{name}</a> }.into_any(),
                    None => view! { <span class="tbl__name">{name}</span> }.into_any(),
                }}
                " "
                <span class="t2">{dynamic(what)}</span>
            </span>
        </li>
    }
}
