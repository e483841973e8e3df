//! A box of the graph.

use leptos::prelude::*;
use longshore_api::{
    web::{
        container::State,
        shelf::Shelf,
        stack::{StackContainer, StackService},
    },
    words::say,
};

use super::layout::{HIGH, Placed, Thing, WIDE};
use crate::{
    parts::{Icon, Px, StateMark, dynamic, memo, state_word},
    places::{Places, places},
    shell::hosts,
    speech::speech,
    stacks::draft::{Draft, draft},
};

/// Something of a stack in its place.
#[component]
pub(super) fn Box(placed: Placed) -> impl IntoView {
    let Placed { thing, x, y } = placed;
    let (code, name) = match &thing {
        Thing::Port(port) => ("port", port.to_string()),
        Thing::Service(name) => ("service", name.clone()),
        Thing::Volume(name) => ("volume", name.clone()),
        Thing::Network(name) => ("network", name.clone()),
    };
    let inner = match thing {
        Thing::Port(port) => view! { <Port port /> }.into_any(),
        Thing::Service(name) => view! { <Service name /> }.into_any(),
        Thing::Volume(name) => view! { <Shelved shelf=Shelf::Volumes name /> }.into_any(),
        Thing::Network(name) => view! { <Shelved shelf=Shelf::Networks name /> }.into_any(),
    };
    view! {
        <li
            class="graph__at"
            data-box=code
            data-name=name
            style:left=format!("{}px", Px(x))
            style:top=format!("{}px", Px(y))
            style:width=format!("{}px", Px(WIDE))
            style:height=format!("{}px", Px(HIGH))
        >
            {inner}
        </li>
    }
}

/// A port of the host: the way in from outside.
#[component]
fn Port(port: u16) -> impl IntoView {
    let s = speech();
    let to = hosts().page_at(&draft().host.get_value(), port);
    view! {
        <a class="graph__box" href=to target="_blank" rel="noreferrer">
            <Icon name="globe" small=true />
            <span class="grow">
                <span class="graph__name">":" {port.to_string()}</span>
                <span class="graph__sub">{dynamic(move || s.words().published_port())}</span>
            </span>
        </a>
    }
}

/// A service: its worst container stands for it.
#[component]
fn Service(name: String) -> impl IntoView {
    let s = speech();
    let (draft, places) = (draft(), places());
    let of = name.clone();
    let service = memo(move || {
        draft.stack.with(|stack| {
            let mut services = stack.iter().flat_map(|stack| &stack.services);
            let mut service = services.find(|service| service.name == of).cloned()?;
            // What is for a single command says nothing of how it is.
            service.containers.retain(|it| !it.once);
            Some(service)
        })
    });
    let all = move || service.get().map(|service| service.containers).unwrap_or_default();
    let state = memo(move || worst(&all()));
    let title = move || match all().len() {
        0 | 1 => name.clone(),
        n => format!("{name} ×{n}"),
    };
    let below = move || {
        let all = all();
        let image = all.first().map(|it| it.image.clone()).unwrap_or_default();
        match all.iter().find(|it| it.state == state.get()).and_then(|it| it.exit_code) {
            Some(code) if !state.get().is_up() => s.say(&say::exit_code_of(code)),
            _ => image,
        }
    };
    let to = move || service.with(|service| address(service.as_ref(), draft, places));
    view! {
        <a class="graph__box" class=("graph__box--bad", move || state.get().is_trouble()) data-state=dynamic(move || state.get().code()) href=dynamic(to)>
            <StateMark state label=Signal::derive(move || state_word(state.get(), s.words()).to_owned()) />
            <span class="grow">
                <span class="graph__name">{dynamic(title)}</span>
                <span class="graph__sub">{dynamic(below)}</span>
            </span>
        </a>
    }
}

/// The state that is told of several: trouble before all else, then what does not run.
fn worst(all: &[StackContainer]) -> State {
    let rank = |state: State| match (state.is_trouble(), state.is_up()) {
        (true, _) => 0,
        (false, false) => 1,
        (false, true) => 2,
    };
    all.iter().map(|it| it.state).min_by_key(|state| rank(*state)).unwrap_or(State::Unknown)
}

/// Its container, or the list of them.
fn address(service: Option<&StackService>, draft: Draft, places: Places) -> String {
    let (host, stack) = (draft.host.get_value(), draft.name.get_value());
    match service.map(|service| service.containers.as_slice()) {
        Some([one]) => places.container(&host, &one.name, None),
        _ => places.stack(&host, &stack, None),
    }
}

/// A volume or a network.
#[component]
fn Shelved(shelf: Shelf, name: String) -> impl IntoView {
    let s = speech();
    let (draft, places) = (draft(), places());
    let of = name.clone();
    // A network is known by its id, as far as it may be seen; a volume by its name.
    let to = memo(move || {
        let id = match shelf {
            Shelf::Networks => {
                draft.stack.with(|stack| stack.as_ref().and_then(|stack| stack.networks.get(&of).cloned()))
            }
            _ => Some(of.clone()),
        };
        id.map(|id| places.thing(shelf, &draft.host.get_value(), &id))
    });
    // Within its own stack the stack's name says nothing.
    let own = draft
        .name
        .with_value(|stack| name.strip_prefix(stack.as_str())?.strip_prefix('_').map(str::to_owned));
    let short = own.unwrap_or_else(|| name.clone());
    let icon = if shelf == Shelf::Networks { "network" } else { "volume" };
    view! {
        <a class="graph__box" href=dynamic(move || to.get())>
            <Icon name=icon small=true />
            <span class="grow">
                <span class="graph__name" title=name>{short}</span>
                <span class="graph__sub">{dynamic(move || match shelf {
                    Shelf::Networks => s.say(&say::thing_network()),
                    _ => s.say(&say::thing_volume()),
                })}</span>
            </span>
        </a>
    }
}
