//! Beside an engine's own words: what they mean, what to do next, and the way there.

use leptos::prelude::*;
use longshore_api::{
    explain::{self, Explanation, See},
    ops::Permission,
    web::create::{CheckContainer, WantedPort},
    words::say,
};

use crate::{
    api,
    parts::{Icon, dynamic},
    places::{Page, places},
    session::session,
    shell::hosts,
    speech::{speech, w},
};

/// What is to be explained.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Puzzle {
    /// What an engine said.
    Words(String),
    /// What is known without asking.
    Solved(Explanation),
}

impl Puzzle {
    fn solved(self) -> Option<Explanation> {
        match self {
            Self::Words(words) => explain::words(&words),
            Self::Solved(explanation) => Some(explanation),
        }
    }
}

/// The explanation; nothing where there is none.
#[component]
pub(crate) fn Explained(
    /// Of what.
    puzzle: Puzzle,
    /// The host whose engine spoke; where that is not known, the one that the page is about.
    host: Option<String>,
) -> impl IntoView {
    let s = speech();
    let Explanation { what, next, see } = puzzle.solved()?;
    let code = what.code.clone();
    Some(view! {
        <div class="explained" data-explained=code.into_owned()>
            <Icon name="info" small=true />
            <div class="explained__in">
                <p>{dynamic(move || s.say(&what))}</p>
                <p class="t2">{dynamic(move || s.say(&next))}</p>
                {see.map(|see| way(see, host))}
            </div>
        </div>
    })
}

/// The host of an explanation that names none.
fn host_here() -> Option<String> {
    let places = places();
    match untrack(|| places.page()) {
        Some(Page::Container | Page::Thing(_)) => untrack(|| places.parts()).into_iter().next(),
        _ => untrack(|| hosts().chosen(places.host())).map(|host| host.slug),
    }
}

fn way(see: See, host: Option<String>) -> Option<AnyView> {
    let s = speech();
    let places = places();
    let host = host.or_else(host_here)?;
    Some(match see {
        See::Container(name) => {
            let to = untrack(|| places.container(&host, &name, None));
            let word = move || s.say(&say::ex_open(&name));
            view! { <p><a href=to data-see="container">{dynamic(word)}</a></p> }.into_any()
        }
        See::Port { port, protocol } => view! { <Holder host port protocol /> }.into_any(),
        // What takes the room is for managers to see.
        See::Room if !untrack(|| session().may(&host, Permission::Manage)) => return None,
        See::Room => {
            let to = untrack(|| places.address_on(Page::Disk, Some(&host), &[]));
            view! { <p><a href=to data-see="room">{w!(s.free_room)}</a></p> }.into_any()
        }
    })
}

/// Who has a port now.
#[component]
fn Holder(host: String, port: u16, protocol: &'static str) -> impl IntoView {
    let s = speech();
    let places = places();
    let held = RwSignal::new(None::<Option<String>>);
    let asked = host.clone();
    leptos::task::spawn_local(async move {
        let wanted = WantedPort { ip: String::new(), port, protocol: protocol.to_owned() };
        let wish = CheckContainer { ports: vec![wanted], ..CheckContainer::default() };
        // Where it may not be asked, the engine's words stand without it.
        if let Ok(known) = api::check_container(&asked, &wish).await {
            let by = known.ports.into_iter().next().map(|held| held.by);
            _ = held.try_set(Some(by));
        }
    });
    dynamic(move || {
        held.get().map(|by| match by {
            Some(name) => {
                let to = untrack(|| places.container(&host, &name, None));
                view! { <p><a href=to data-see="port">{dynamic(move || s.say(&say::ex_held_by(&name)))}</a></p> }
                    .into_any()
            }
            None => view! { <p class="t2" data-see="port">{w!(s.held_elsewhere)}</p> }.into_any(),
        })
    })
}
