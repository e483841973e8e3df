//! A box of the graph.

use leptos::prelude::*;
use longshore_api::{
    web::{container::State, shelf::Shelf, stack::StackContainer},
    words::say,
};

use super::layout::{HIGH, Placed, Thing, WIDE};
use crate::{
    parts::{Icon, Px, StateMark, dynamic, memo, state_word},
    speech::speech,
    stacks::draft::draft,
};

/// Something of a stack in its place. Chosen it is told of beside the drawing; chosen again it is not.
#[component]
pub(super) fn Box(
    placed: Placed,
    /// What is told of.
    chosen: Memo<Option<Thing>>,
    choose: Callback<Option<Thing>>,
) -> impl IntoView {
    let Placed { thing, x, y } = placed;
    let (code, name) = thing.parts();
    let of = thing.clone();
    let is_chosen = memo(move || chosen.with(|chosen| chosen.as_ref() == Some(&of)));
    let state = match &thing {
        Thing::Service(name) => Some(service_state(name.clone())),
        _ => None,
    };
    let bad = move || state.is_some_and(|state| state.get().is_trouble());
    let (pressed, inner) = (thing.clone(), thing);
    let inner = match inner {
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
            <button
                class="graph__box"
                type="button"
                class=("graph__box--bad", bad)
                aria-pressed=dynamic(move || is_chosen.get().to_string())
                data-state=dynamic(move || state.map(|state| state.get().code()))
                on:click=move |_| choose.run((!is_chosen.get_untracked()).then(|| pressed.clone()))
            >
                {inner}
            </button>
        </li>
    }
}

/// A port of the host: the way in from outside.
#[component]
fn Port(port: u16) -> impl IntoView {
    let s = speech();
    view! {
        <Icon name="globe" small=true />
        <span class="grow">
            <span class="graph__name">":" {port.to_string()}</span>
            <span class="graph__sub">{dynamic(move || s.words().published_port())}</span>
        </span>
    }
}

/// How a service is: its worst container stands for it.
pub(super) fn service_state(name: String) -> Memo<State> {
    let draft = draft();
    memo(move || {
        draft.stack.with(|stack| {
            let services = stack.iter().flat_map(|stack| &stack.services);
            let of = services.filter(|service| service.name == name);
            worst(of.flat_map(|service| &service.containers).filter(|it| !it.once))
        })
    })
}

/// A service.
#[component]
fn Service(name: String) -> impl IntoView {
    let s = speech();
    let draft = draft();
    let of = name.clone();
    let all = memo(move || {
        draft.stack.with(|stack| {
            let mut services = stack.iter().flat_map(|stack| &stack.services);
            let all =
                services.find(|service| service.name == of).map(|service| service.containers.as_slice());
            // What is for a single command says nothing of how it is.
            all.unwrap_or_default().iter().filter(|it| !it.once).cloned().collect::<Vec<_>>()
        })
    });
    let state = service_state(name.clone());
    let title = move || match all.with(Vec::len) {
        0 | 1 => name.clone(),
        n => format!("{name} ×{n}"),
    };
    let below = move || {
        let all = all.get();
        let image = all.first().map(|it| it.image.clone()).unwrap_or_default();
        match all.iter().find(|it| it.state == state.get()).and_then(|it| it.exit_code) {
            Some(code) if !state.get().is_up() => s.say(&say::exit_code_of(code)),
            _ => image,
        }
    };
    view! {
        <StateMark state label=Signal::derive(move || state_word(state.get(), s.words()).to_owned()) />
        <span class="grow">
            <span class="graph__name">{dynamic(title)}</span>
            <span class="graph__sub">{dynamic(below)}</span>
        </span>
    }
}

/// The state that is told of several: trouble before all else, then what does not run.
fn worst<'a>(all: impl Iterator<Item = &'a StackContainer>) -> State {
    let rank = |state: State| match (state.is_trouble(), state.is_up()) {
        (true, _) => 0,
        (false, false) => 1,
        (false, true) => 2,
    };
    all.map(|it| it.state).min_by_key(|state| rank(*state)).unwrap_or(State::Unknown)
}

/// What a volume or a network is called within its own stack, whose name says nothing there.
pub(super) fn own_name(stack: &str, name: &str) -> String {
    let own = name.strip_prefix(stack).and_then(|rest| rest.strip_prefix('_'));
    own.unwrap_or(name).to_owned()
}

/// A volume or a network.
#[component]
fn Shelved(shelf: Shelf, name: String) -> impl IntoView {
    let s = speech();
    let short = draft().name.with_value(|stack| own_name(stack, &name));
    let icon = if shelf == Shelf::Networks { "network" } else { "volume" };
    view! {
        <Icon name=icon small=true />
        <span class="grow">
            <span class="graph__name" title=name>{short}</span>
            <span class="graph__sub">{dynamic(move || match shelf {
                Shelf::Networks => s.say(&say::thing_network()),
                _ => s.say(&say::thing_volume()),
            })}</span>
        </span>
    }
}
