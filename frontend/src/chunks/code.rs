//! The functions at which the module is cut (`xtask/src/frontend/split.rs`), one a chunk, since each has its own loader; and
//! what they are told to draw.

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
    people::PeoplePage,
    shell::{KeyList, NoEngine, NoRights, PageList, Palette},
    shelves::{ShelfPage, ThingPage},
    stacks::{StackPage, StacksPage},
    templates::{TemplatePage, TemplatesPage},
};

/// A view whose code may be missing.
pub(super) type Split = Result<AnyView, SplitLoaderError>;

/// The doors that most go through once.
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

/// What their chunk draws.
pub(super) enum Doors {
    /// A page.
    Page(Door),
    /// The ways in besides a password.
    Ways(WaysIn, RwSignal<bool>),
}

/// The pages of images, networks and volumes.
#[derive(Clone, Copy)]
pub(super) enum OfShelves {
    /// A table.
    List(Shelf),
    /// One thing.
    One(Shelf),
    /// What takes the room.
    Disk,
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

#[wasm_split(containers, wasm_split_path = leptos::wasm_split, fallible, preload(load_containers))]
pub(super) fn containers(removed: bool) -> Split {
    Ok(match removed {
        true => view! { <RemovedPage /> }.into_any(),
        false => view! { <ContainersPage /> }.into_any(),
    })
}

#[wasm_split(shelves, wasm_split_path = leptos::wasm_split, fallible, preload(load_shelves))]
pub(super) fn shelves(what: OfShelves) -> Split {
    Ok(match what {
        OfShelves::One(shelf) => view! { <ThingPage shelf /> }.into_any(),
        OfShelves::List(shelf) => view! { <ShelfPage shelf /> }.into_any(),
        OfShelves::Disk => view! { <DiskPage /> }.into_any(),
    })
}

#[wasm_split(events, wasm_split_path = leptos::wasm_split, fallible, preload(load_events))]
pub(super) fn events() -> Split {
    Ok(view! { <EventsPage /> }.into_any())
}

#[wasm_split(jobs, wasm_split_path = leptos::wasm_split, fallible, preload(load_jobs))]
pub(super) fn all_jobs() -> Split {
    Ok(view! { <JobsPage /> }.into_any())
}

#[wasm_split(account, wasm_split_path = leptos::wasm_split, fallible, preload(load_account))]
pub(super) fn account() -> Split {
    Ok(view! { <AccountPage /> }.into_any())
}

#[wasm_split(audit, wasm_split_path = leptos::wasm_split, fallible, preload(load_audit))]
pub(super) fn audit() -> Split {
    Ok(view! { <AuditPage /> }.into_any())
}

#[wasm_split(create, wasm_split_path = leptos::wasm_split, fallible, preload(load_create))]
pub(super) fn create() -> Split {
    Ok(view! { <CreatePage /> }.into_any())
}

#[wasm_split(console, wasm_split_path = leptos::wasm_split, fallible, preload(load_console))]
pub(super) fn console() -> Split {
    Ok(view! { <ConsolePage /> }.into_any())
}

#[wasm_split(container, wasm_split_path = leptos::wasm_split, fallible, preload(load_container))]
pub(super) fn container() -> Split {
    Ok(view! { <ContainerPage /> }.into_any())
}

#[wasm_split(logs, wasm_split_path = leptos::wasm_split, fallible, preload(load_logs))]
pub(super) fn logs() -> Split {
    Ok(view! { <LogsPage /> }.into_any())
}

#[wasm_split(explain, wasm_split_path = leptos::wasm_split, fallible, preload(load_explain))]
pub(super) fn explain(puzzle: Puzzle, host: Option<String>) -> Split {
    Ok(view! { <Explained puzzle host /> }.into_any())
}

#[wasm_split(stacks, wasm_split_path = leptos::wasm_split, fallible, preload(load_stacks))]
pub(super) fn stacks(one: bool) -> Split {
    Ok(match one {
        true => view! { <StackPage /> }.into_any(),
        false => view! { <StacksPage /> }.into_any(),
    })
}

#[wasm_split(templates, wasm_split_path = leptos::wasm_split, fallible, preload(load_templates))]
pub(super) fn templates(one: bool) -> Split {
    Ok(match one {
        true => view! { <TemplatePage /> }.into_any(),
        false => view! { <TemplatesPage /> }.into_any(),
    })
}

#[wasm_split(people, wasm_split_path = leptos::wasm_split, fallible, preload(load_people))]
pub(super) fn people() -> Split {
    Ok(view! { <PeoplePage /> }.into_any())
}

#[wasm_split(doors, wasm_split_path = leptos::wasm_split, fallible, preload(load_doors))]
pub(super) fn doors(what: Doors) -> Split {
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
pub(super) fn layer(above: Above, close: Callback<()>) -> Split {
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
