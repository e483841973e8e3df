//! What is not in the first load. Each function below stands, with all that only it needs, in a file of its own: it is
//! fetched when it is first wanted, or earlier, when the browser has nothing else to do; and with the first of them the
//! words and the styles that the first load left out.

use std::{
    future::Future,
    pin::pin,
    sync::atomic::{AtomicU32, Ordering},
    task::{Context, Poll, Waker},
};

use leptos::{
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};
use longshore_api::web::{
    container::{Container, Verb},
    oidc::WaysIn,
    shelf::Shelf,
};

use crate::{
    account::AccountPage,
    audit::AuditPage,
    console::ConsolePage,
    container::ContainerPage,
    containers::{Confirm, ContainersPage, RemovedPage, Sheet, Target},
    create::CreatePage,
    disk::DiskPage,
    door::{InvitationPage, MustChangePage, ProviderTroublePage, SecondStepPage, SetUpPage, Ways},
    events::EventsPage,
    explain::{Explained, Puzzle},
    jobs::{JobList, JobsPage},
    logs::LogsPage,
    parts::{Layer, dynamic},
    people::PeoplePage,
    shell::{KeyList, NoEngine, NoRights, PageList, Palette},
    shelves::{ShelfPage, ThingPage},
    speech::{self, speech, w},
    styles,
    templates::{TemplatePage, TemplatesPage},
};

/// A view whose code may be missing.
type Split = Result<AnyView, SplitLoaderError>;

/// A file of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chunk {
    /// The table of containers.
    Containers,
    /// What lies over pages: palette, sheets, dialogs, lists.
    Over,
    /// Images, networks, volumes.
    Shelves,
    /// The events.
    Events,
    /// The jobs with their logs.
    Jobs,
    /// The account.
    Account,
    /// The audit log.
    Audit,
    /// Programs in containers, on terminals.
    Console,
    /// The doors that most go through once.
    Doors,
    /// One container.
    Container,
    /// A new one.
    Create,
    /// Logs.
    Logs,
    /// What engines mean.
    Explain,
    /// Accounts, teams, roles, host groups.
    People,
    /// App templates.
    Templates,
}

/// Those that have arrived, a bit each.
static HERE: AtomicU32 = AtomicU32::new(0);

impl Chunk {
    /// Those of the signed-in pages, the one that is wanted most first.
    const PAGES: [Self; 14] = [
        Self::Containers,
        Self::Over,
        Self::Container,
        Self::Logs,
        Self::Console,
        Self::Create,
        Self::Shelves,
        Self::Events,
        Self::Jobs,
        Self::Account,
        Self::Audit,
        Self::Explain,
        Self::People,
        Self::Templates,
    ];

    /// Whether it has arrived.
    pub(crate) fn is_here(self) -> bool {
        HERE.load(Ordering::Relaxed) & self.bit() != 0
    }

    /// Fetches it if it is not there, with all words and styles. False where they cannot be had: no network, or a server of another
    /// build.
    pub(crate) async fn load(self) -> bool {
        let (words, styles) = (speech::rest(), styles::rest());
        let loaded = match self {
            Self::Containers => load_containers().await,
            Self::Over => load_over().await,
            Self::Shelves => load_shelves().await,
            Self::Events => load_events().await,
            Self::Jobs => load_jobs().await,
            Self::Account => load_account().await,
            Self::Audit => load_audit().await,
            Self::Console => load_console().await,
            Self::Create => load_create().await,
            Self::Doors => load_doors().await,
            Self::Container => load_container().await,
            Self::Logs => load_logs().await,
            Self::Explain => load_explain().await,
            Self::People => load_people().await,
            Self::Templates => load_templates().await,
        };
        let here = loaded.is_ok() && words.await && styles.await;
        if here {
            HERE.fetch_or(self.bit(), Ordering::Relaxed);
        }
        here
    }

    /// The same, not waited for.
    pub(crate) fn fetch(self) {
        leptos::task::spawn_local(async move { _ = self.load().await });
    }

    fn bit(self) -> u32 {
        1 << self as u8
    }
}

/// Fetches everything, one after the other, so that what is clicked later is there.
pub(crate) fn fetch_all() {
    leptos::task::spawn_local(async {
        for chunk in Chunk::PAGES {
            if !chunk.load().await {
                // What is wanted later says what is wrong then.
                return;
            }
        }
    });
}

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
    page(Chunk::Containers, || ready(containers(false)))
}

/// Containers that were removed from here.
pub(crate) fn removed_page() -> AnyView {
    page(Chunk::Containers, || ready(containers(true)))
}

/// The images, the networks or the volumes.
pub(crate) fn shelf_page(shelf: Shelf) -> AnyView {
    page(Chunk::Shelves, move || ready(shelves(OfShelves::List(shelf))))
}

/// One of them.
pub(crate) fn thing_page(shelf: Shelf) -> AnyView {
    page(Chunk::Shelves, move || ready(shelves(OfShelves::One(shelf))))
}

/// What takes the room on a host.
pub(crate) fn disk_page() -> AnyView {
    page(Chunk::Shelves, || ready(shelves(OfShelves::Disk)))
}

/// What happened on the engines.
pub(crate) fn events_page() -> AnyView {
    page(Chunk::Events, || ready(events()))
}

/// The jobs with their logs.
pub(crate) fn jobs_page() -> AnyView {
    page(Chunk::Jobs, || ready(all_jobs()))
}

/// One's own account.
pub(crate) fn account_page() -> AnyView {
    page(Chunk::Account, || ready(account()))
}

/// The audit log.
pub(crate) fn audit_page() -> AnyView {
    page(Chunk::Audit, || ready(audit()))
}

/// A new container.
pub(crate) fn create_page() -> AnyView {
    page(Chunk::Create, || ready(create()))
}

/// Programs in containers, on terminals.
pub(crate) fn console_page() -> AnyView {
    page(Chunk::Console, || ready(console()))
}

/// One container.
pub(crate) fn container_page() -> AnyView {
    page(Chunk::Container, || ready(container()))
}

/// Logs.
pub(crate) fn logs_page() -> AnyView {
    page(Chunk::Logs, || ready(logs()))
}

/// Accounts, teams, roles, host groups.
pub(crate) fn people_page() -> AnyView {
    page(Chunk::People, || ready(people()))
}

/// What can be deployed with a few answers, or one of it.
pub(crate) fn templates_page(one: bool) -> AnyView {
    page(Chunk::Templates, move || ready(templates(one)))
}

/// A door that most go through once.
pub(crate) fn door_page(door: Door) -> AnyView {
    page(Chunk::Doors, move || ready(doors(Doors::Page(door))))
}

/// The ways in besides a password, on the sign-in page; without their code there is none.
pub(crate) fn ways_in(ways: WaysIn, by_password: RwSignal<bool>) -> AnyView {
    let view = move || ready(doors(Doors::Ways(ways.clone(), by_password)));
    later(Chunk::Doors, Box::new(view), Box::new(|| view! { <Missing /> }.into_any()))
}

/// The doors of [`Chunk::Doors`].
#[derive(Clone, Copy)]
pub(crate) enum Door {
    /// The first account of all.
    SetUp,
    /// A link to choose a password by.
    Invitation,
    /// A new password, before anything else.
    MustChange,
    /// A code, after the password.
    SecondStep,
    /// Nothing came of a sign-in through a provider.
    ProviderTrouble,
}

/// What [`Chunk::Doors`] draws.
enum Doors {
    Page(Door),
    Ways(WaysIn, RwSignal<bool>),
}

/// In the place of a page, where its only host has never answered.
pub(crate) fn no_engine(slug: String) -> AnyView {
    let nothing = Callback::new(|()| ());
    let view = move || ready(layer(Above::NoEngine { slug: slug.clone() }, nothing));
    later(Chunk::Over, Box::new(view), Box::new(|| view! { <Missing /> }.into_any()))
}

/// In the place of every page, for somebody who was given nothing.
pub(crate) fn no_rights() -> AnyView {
    let nothing = Callback::new(|()| ());
    page(Chunk::Over, move || ready(layer(Above::NoRights, nothing)))
}

/// The pages of [`Chunk::Shelves`].
#[derive(Clone, Copy)]
enum OfShelves {
    /// A table.
    List(Shelf),
    /// One thing.
    One(Shelf),
    /// What takes the room.
    Disk,
}

/// What an engine's words mean, or the code with which a container ended; nothing where that is not known.
pub(crate) fn explained(puzzle: Puzzle, host: Option<String>) -> AnyView {
    let view = move || ready(explain(puzzle.clone(), host.clone()));
    later(Chunk::Explain, Box::new(view), Box::new(|| ().into_any()))
}

/// What can lie over the pages, or in their place.
#[derive(Clone)]
pub(crate) enum Above {
    /// Every host, container, page and action by a few letters.
    Palette,
    /// The list of jobs.
    Jobs,
    /// The list of keys.
    Keys,
    /// The pages that the bottom bar of phones has no room for.
    Pages,
    /// Everything that can be done to one container; where on the page it was asked for.
    Sheet { row: ArcRwSignal<Container>, at: (i32, i32), tick: Option<Callback<Target>> },
    /// What a deed takes with it.
    Confirm { verb: Verb, targets: Vec<Target> },
    /// What to do about an engine that has never answered.
    NoEngine { slug: String },
    /// Whom to ask for rights.
    NoRights,
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
    later(Chunk::Over, Box::new(move || ready(layer(above.clone(), close))), Box::new(missing))
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

#[wasm_split(containers, wasm_split_path = leptos::wasm_split, fallible, preload(load_containers))]
fn containers(removed: bool) -> Split {
    Ok(match removed {
        true => view! { <RemovedPage /> }.into_any(),
        false => view! { <ContainersPage /> }.into_any(),
    })
}

#[wasm_split(shelves, wasm_split_path = leptos::wasm_split, fallible, preload(load_shelves))]
fn shelves(what: OfShelves) -> Split {
    Ok(match what {
        OfShelves::One(shelf) => view! { <ThingPage shelf /> }.into_any(),
        OfShelves::List(shelf) => view! { <ShelfPage shelf /> }.into_any(),
        OfShelves::Disk => view! { <DiskPage /> }.into_any(),
    })
}

#[wasm_split(events, wasm_split_path = leptos::wasm_split, fallible, preload(load_events))]
fn events() -> Split {
    Ok(view! { <EventsPage /> }.into_any())
}

#[wasm_split(jobs, wasm_split_path = leptos::wasm_split, fallible, preload(load_jobs))]
fn all_jobs() -> Split {
    Ok(view! { <JobsPage /> }.into_any())
}

#[wasm_split(account, wasm_split_path = leptos::wasm_split, fallible, preload(load_account))]
fn account() -> Split {
    Ok(view! { <AccountPage /> }.into_any())
}

#[wasm_split(audit, wasm_split_path = leptos::wasm_split, fallible, preload(load_audit))]
fn audit() -> Split {
    Ok(view! { <AuditPage /> }.into_any())
}

#[wasm_split(create, wasm_split_path = leptos::wasm_split, fallible, preload(load_create))]
fn create() -> Split {
    Ok(view! { <CreatePage /> }.into_any())
}

#[wasm_split(console, wasm_split_path = leptos::wasm_split, fallible, preload(load_console))]
fn console() -> Split {
    Ok(view! { <ConsolePage /> }.into_any())
}

#[wasm_split(container, wasm_split_path = leptos::wasm_split, fallible, preload(load_container))]
fn container() -> Split {
    Ok(view! { <ContainerPage /> }.into_any())
}

#[wasm_split(logs, wasm_split_path = leptos::wasm_split, fallible, preload(load_logs))]
fn logs() -> Split {
    Ok(view! { <LogsPage /> }.into_any())
}

#[wasm_split(explain, wasm_split_path = leptos::wasm_split, fallible, preload(load_explain))]
fn explain(puzzle: Puzzle, host: Option<String>) -> Split {
    Ok(view! { <Explained puzzle host /> }.into_any())
}

#[wasm_split(people, wasm_split_path = leptos::wasm_split, fallible, preload(load_people))]
fn people() -> Split {
    Ok(view! { <PeoplePage /> }.into_any())
}

#[wasm_split(templates, wasm_split_path = leptos::wasm_split, fallible, preload(load_templates))]
fn templates(one: bool) -> Split {
    Ok(match one {
        true => view! { <TemplatePage /> }.into_any(),
        false => view! { <TemplatesPage /> }.into_any(),
    })
}

#[wasm_split(doors, wasm_split_path = leptos::wasm_split, fallible, preload(load_doors))]
fn doors(what: Doors) -> Split {
    let door = match what {
        Doors::Page(door) => door,
        Doors::Ways(ways, by_password) => return Ok(view! { <Ways ways by_password /> }.into_any()),
    };
    Ok(match door {
        Door::SetUp => view! { <SetUpPage /> }.into_any(),
        Door::Invitation => view! { <InvitationPage /> }.into_any(),
        Door::MustChange => view! { <MustChangePage /> }.into_any(),
        Door::ProviderTrouble => view! { <ProviderTroublePage /> }.into_any(),
        Door::SecondStep => view! { <SecondStepPage /> }.into_any(),
    })
}

#[wasm_split(over, wasm_split_path = leptos::wasm_split, fallible, preload(load_over))]
fn layer(above: Above, close: Callback<()>) -> Split {
    Ok(match above {
        Above::Palette => view! { <Palette close /> }.into_any(),
        Above::Jobs => view! { <JobList close /> }.into_any(),
        Above::Pages => view! { <PageList close /> }.into_any(),
        Above::Keys => view! { <KeyList close /> }.into_any(),
        Above::Sheet { row, at, tick } => view! { <Sheet row at tick /> }.into_any(),
        Above::Confirm { verb, targets } => view! { <Confirm verb targets /> }.into_any(),
        Above::NoEngine { slug } => view! { <NoEngine slug /> }.into_any(),
        Above::NoRights => view! { <NoRights /> }.into_any(),
    })
}
