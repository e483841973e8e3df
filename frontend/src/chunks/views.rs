//! What the rest of the app shows of chunks: nothing until the code has arrived, a sentence where it cannot be had.

use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use leptos::prelude::*;
use longshore_api::web::{oidc::WaysIn, shelf::Shelf};

use super::{
    Above, Chunk, Door,
    code::{self, Doors, OfShelves, Split},
};
use crate::{
    explain::Puzzle,
    parts::{Layer, dynamic},
    speech::{speech, w},
};

/// The page of a chunk: nothing until it has arrived, a sentence if it cannot be had.
fn page(chunk: Chunk, page: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    let missing = || {
        view! {
            <main class="page" id="page" tabindex="-1">
                <Missing />
            </main>
        }
        .into_any()
    };
    later(chunk, Box::new(page), Box::new(missing))
}

/// The table of containers.
pub(crate) fn containers_page() -> AnyView {
    page(Chunk::Containers, || ready(code::containers(false)))
}

/// Containers that were removed from here.
pub(crate) fn removed_page() -> AnyView {
    page(Chunk::Containers, || ready(code::containers(true)))
}

/// The images, the networks or the volumes.
pub(crate) fn shelf_page(shelf: Shelf) -> AnyView {
    page(Chunk::Shelves, move || ready(code::shelves(OfShelves::List(shelf))))
}

/// One of them.
pub(crate) fn thing_page(shelf: Shelf) -> AnyView {
    page(Chunk::Shelves, move || ready(code::shelves(OfShelves::One(shelf))))
}

/// What takes the room on a host.
pub(crate) fn disk_page() -> AnyView {
    page(Chunk::Shelves, || ready(code::shelves(OfShelves::Disk)))
}

/// What happened on the engines.
pub(crate) fn events_page() -> AnyView {
    page(Chunk::Events, || ready(code::events()))
}

/// The jobs with their logs.
pub(crate) fn jobs_page() -> AnyView {
    page(Chunk::Jobs, || ready(code::all_jobs()))
}

/// One's own account.
pub(crate) fn account_page() -> AnyView {
    page(Chunk::Account, || ready(code::account()))
}

/// The audit log.
pub(crate) fn audit_page() -> AnyView {
    page(Chunk::Audit, || ready(code::audit()))
}

/// A new container.
pub(crate) fn create_page() -> AnyView {
    page(Chunk::Create, || ready(code::create()))
}

/// Programs in containers, on terminals.
pub(crate) fn console_page() -> AnyView {
    page(Chunk::Console, || ready(code::console()))
}

/// One container.
pub(crate) fn container_page() -> AnyView {
    page(Chunk::Container, || ready(code::container()))
}

/// Logs.
pub(crate) fn logs_page() -> AnyView {
    page(Chunk::Logs, || ready(code::logs()))
}

/// Accounts, teams, roles, host groups.
pub(crate) fn people_page() -> AnyView {
    page(Chunk::People, || ready(code::people()))
}

/// What can be deployed with a few answers, or one of it.
pub(crate) fn templates_page(one: bool) -> AnyView {
    page(Chunk::Templates, move || ready(code::templates(one)))
}

/// The stacks.
pub(crate) fn stacks_page() -> AnyView {
    page(Chunk::Stacks, || ready(code::stacks(false)))
}

/// One of them.
pub(crate) fn stack_page() -> AnyView {
    page(Chunk::Stacks, || ready(code::stacks(true)))
}

/// A door that most go through once.
pub(crate) fn door_page(door: Door) -> AnyView {
    page(Chunk::Doors, move || ready(code::doors(Doors::Page(door))))
}

/// The ways in besides a password, on the sign-in page; without their code there is none.
pub(crate) fn ways_in(ways: WaysIn, by_password: RwSignal<bool>) -> AnyView {
    let view = move || ready(code::doors(Doors::Ways(ways.clone(), by_password)));
    later(Chunk::Doors, Box::new(view), Box::new(|| view! { <Missing /> }.into_any()))
}

/// In the place of a page, where its only host has never answered.
pub(crate) fn no_engine(slug: String) -> AnyView {
    let nothing = Callback::new(|()| ());
    let view = move || ready(code::layer(Above::NoEngine { slug: slug.clone() }, nothing));
    later(Chunk::Over, Box::new(view), Box::new(|| view! { <Missing /> }.into_any()))
}

/// In the place of every page, for somebody who was given nothing.
pub(crate) fn no_rights() -> AnyView {
    let nothing = Callback::new(|()| ());
    page(Chunk::Over, move || ready(code::layer(Above::NoRights, nothing)))
}

/// What an engine's words mean, or the code with which a container ended; nothing where that is not known.
pub(crate) fn explained(puzzle: Puzzle, host: Option<String>) -> AnyView {
    let view = move || ready(code::explain(puzzle.clone(), host.clone()));
    later(Chunk::Explain, Box::new(view), Box::new(|| ().into_any()))
}

/// Shows it, or a sentence if its code cannot be had. `close` is called when the person wants out.
pub(crate) fn over(above: Above, close: Callback<()>) -> AnyView {
    let s = speech();
    let missing = move || {
        view! {
            <Layer class="dialog" label=Signal::derive(w!(s.part_missing)) close light=true>
                <Missing />
            </Layer>
        }
        .into_any()
    };
    later(Chunk::Over, Box::new(move || ready(code::layer(above.clone(), close))), Box::new(missing))
}

type View = Box<dyn Fn() -> AnyView + Send + Sync>;

fn later(chunk: Chunk, view: View, missing: View) -> AnyView {
    let arrived = RwSignal::new(chunk.is_here().then_some(true));
    if arrived.get_untracked().is_none() {
        leptos::task::spawn_local(async move {
            let here = chunk.load().await;
            // Whoever wanted it may have gone.
            _ = arrived.try_set(Some(here));
        });
    }
    dynamic(move || match arrived.get() {
        None => ().into_any(),
        Some(true) => view(),
        Some(false) => missing(),
    })
    .into_any()
}

/// The view of a function below whose chunk is there, which is ready at once.
fn ready(view: impl Future<Output = Split>) -> AnyView {
    match pin!(view).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(view)) => view,
        Poll::Ready(Err(_)) | Poll::Pending => view! { <Missing /> }.into_any(),
    }
}

/// The code of this part could not be had.
#[component]
fn Missing() -> impl IntoView {
    let s = speech();
    view! {
        <div class="empty" role="alert" data-missing="">
            <h1>{w!(s.part_missing)}</h1>
            <p>{w!(s.part_missing_more)}</p>
            <p class="empty__ways">
                <button
                    class="btn btn--primary"
                    type="button"
                    data-first=""
                    data-action="reload"
                    on:click=|_| _ = window().location().reload()
                >
                    {w!(s.reload)}
                </button>
            </p>
        </div>
    }
}
