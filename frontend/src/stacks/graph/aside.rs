//! What is known of the chosen thing of the graph, live, with the ways that lead there.

use std::collections::BTreeSet;

use leptos::prelude::*;
use longshore_api::{
    ops::Permission,
    web::{
        shelf::Shelf,
        stack::{StackContainer, StackService},
    },
    words::{Words, say},
};

use super::{
    boxes::{own_name, service_state},
    layout::Thing,
};
use crate::{
    clock::{clock, full_time},
    parts::{Icon, StateMark, dynamic, memo, state_word},
    places::places,
    session::session,
    shell::hosts,
    speech::{Speech, speech, w},
    stacks::draft::{Draft, draft},
};

/// The panel of the chosen thing.
#[component]
pub(super) fn Aside(thing: Thing, choose: Callback<Option<Thing>>) -> impl IntoView {
    let s = speech();
    let (kind, name) = thing.parts();
    let inner = match thing {
        Thing::Port(port) => view! { <Port port /> }.into_any(),
        Thing::Service(name) => view! { <Service name /> }.into_any(),
        Thing::Volume(name) => view! { <Shelved shelf=Shelf::Volumes name /> }.into_any(),
        Thing::Network(name) => view! { <Shelved shelf=Shelf::Networks name /> }.into_any(),
    };
    view! {
        <section class="graph__aside" data-aside=kind data-name=name.clone() aria-label=name>
            <button
                class="btn btn--quiet btn--icon btn--sm graph__close"
                type="button"
                data-action="close"
                aria-label=w!(s.graph_close)
                title=w!(s.graph_close)
                on:click=move |_| choose.run(None)
            >
                <Icon name="close" />
            </button>
            {inner}
        </section>
    }
}

/// A line of what is known; none where there is nothing to say.
fn fact(
    s: Speech,
    word: fn(&Words) -> &'static str,
    value: impl Fn() -> String + Send + Sync + 'static,
) -> AnyView {
    let value = memo(value);
    view! {
        <div class="graph__fact">
            <dt>{dynamic(move || word(s.words()))}</dt>
            <dd>{dynamic(move || match value.get() {
                none if none.is_empty() => s.words().graph_nothing().to_owned(),
                value => value,
            })}</dd>
        </div>
    }
    .into_any()
}

/// Each once, in their order.
fn listed(all: impl Iterator<Item = String>) -> String {
    all.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ")
}

#[component]
fn Service(name: String) -> impl IntoView {
    let s = speech();
    let (draft, places, session, hosts) = (draft(), places(), session(), hosts());
    let of = name.clone();
    let services = memo(move || {
        draft.stack.with(|stack| stack.iter().flat_map(|it| it.services.clone()).collect::<Vec<_>>())
    });
    let own = memo(move || {
        services
            .with(|all| all.iter().find(|service| service.name == of).cloned())
            .map(|service| service.containers)
            .unwrap_or_default()
    });
    let state = service_state(name.clone());
    let of_all =
        move |of: fn(&StackContainer) -> Vec<String>| own.with(|all| listed(all.iter().flat_map(of)));
    let by = name.clone();
    let needed_by = move || {
        let needs = |service: &StackService| service.containers.iter().any(|it| it.needs.contains(&by));
        services.with(|all| listed(all.iter().filter(|it| needs(it)).map(|it| it.name.clone())))
    };
    let stack = draft.name.get_value();
    let (of_networks, of_volumes) = (stack.clone(), stack);
    let short = |stack: &str, all: String| {
        all.split(", ").map(|name| own_name(stack, name)).collect::<Vec<_>>().join(", ")
    };
    let host = draft.host.get_value();
    let execs = session.may(&host, Permission::Exec);
    let logs = move || {
        let host = draft.host.get_value();
        own.with(|all| places.logs(all.iter().map(|it| (host.as_str(), it.name.as_str()))))
    };
    let consoles = move || {
        let host = draft.host.get_value();
        own.with(|all| {
            places.consoles(&all.iter().map(|it| (host.as_str(), it.name.as_str())).collect::<Vec<_>>())
        })
    };
    let ports = move || {
        let all: BTreeSet<u16> = own.with(|all| all.iter().flat_map(|it| it.ports.clone()).collect());
        let link = |port: u16| {
            let to = hosts.page_at(&draft.host.get_value(), port);
            view! { <a class="port" href=to target="_blank" rel="noreferrer">{port.to_string()}</a> " " }
        };
        match all.is_empty() {
            true => s.words().graph_nothing().into_any(),
            false => all.into_iter().map(link).collect_view().into_any(),
        }
    };
    view! {
        <h2 class="row">
            <StateMark state />
            <span>{name}</span>
        </h2>
        <p class="t2 sm">{dynamic(move || state_word(state.get(), s.words()))}</p>
        <div class="row graph__ways">
            <a class="btn btn--sm" data-to="logs" href=dynamic(logs)><Icon name="log" /> {w!(s.logs)}</a>
            {execs.then(|| view! {
                <a class="btn btn--sm" data-to="console" href=dynamic(consoles)><Icon name="console" /> {w!(s.console)}</a>
            })}
        </div>
        <dl class="graph__facts">
            {fact(s, Words::col_image, move || of_all(|it| vec![it.image.clone()]))}
            <div class="graph__fact"><dt>{w!(s.col_ports)}</dt> <dd>{dynamic(ports)}</dd></div>
            {fact(s, Words::graph_needs, move || of_all(|it| it.needs.clone()))}
            {fact(s, Words::graph_needed_by, needed_by)}
            {fact(s, Words::networks, move || short(&of_networks, of_all(|it| it.networks.clone())))}
            {fact(s, Words::volumes, move || short(&of_volumes, of_all(|it| it.volumes.clone())))}
        </dl>
        <h3>{w!(s.containers)}</h3>
        <ul class="graph__own">
            {dynamic(move || own.get().into_iter().map(|it| view! { <Container it /> }).collect_view())}
        </ul>
    }
}

/// A container of a service, with since when it is as it is.
#[component]
fn Container(it: StackContainer) -> impl IntoView {
    let s = speech();
    let (draft, places, clock) = (draft(), places(), clock());
    let StackContainer { name, state, exit_code, since, .. } = it;
    let to = places.container(&draft.host.get_value(), &name, None);
    let how = move || {
        let word = state_word(state, s.words()).to_owned();
        match (since, exit_code.filter(|_| !state.is_up())) {
            (_, Some(code)) => s.say(&say::exit_code_of(code)),
            (Some(since), None) => s.say(&say::state_for(s.age(clock.since(since)), word)),
            (None, None) => word,
        }
    };
    view! {
        <li>
            <StateMark state />
            <a class="grow" data-to="container" href=to>{name}</a>
            <span class="t3 sm" title=since.map(full_time)>{dynamic(how)}</span>
        </li>
    }
}

/// A port of the host: where it leads from here, and to which services.
#[component]
fn Port(port: u16) -> impl IntoView {
    let s = speech();
    let draft = draft();
    let to = hosts().page_at(&draft.host.get_value(), port);
    let services = move || users(draft, |it| it.ports.contains(&port));
    view! {
        <h2 class="row"><Icon name="globe" /> <span>":" {port.to_string()}</span></h2>
        <p class="t2 sm">{w!(s.published_port)}</p>
        <div class="row graph__ways">
            <a class="btn btn--sm" data-to="page" href=to target="_blank" rel="noreferrer"><Icon name="external" /> {w!(s.graph_open)}</a>
        </div>
        <dl class="graph__facts">{fact(s, Words::used_by, services)}</dl>
    }
}

/// The services of which a container is so.
fn users(draft: Draft, is: impl Fn(&StackContainer) -> bool) -> String {
    draft.stack.with(|stack| {
        let services = stack.iter().flat_map(|stack| &stack.services);
        listed(services.filter(|it| it.containers.iter().any(&is)).map(|it| it.name.clone()))
    })
}

/// A volume or a network: who uses it.
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
    let by = name.clone();
    let services = move || {
        users(draft, |it| match shelf {
            Shelf::Networks => it.networks.contains(&by),
            _ => it.volumes.contains(&by),
        })
    };
    let icon = if shelf == Shelf::Networks { "network" } else { "volume" };
    view! {
        <h2 class="row"><Icon name=icon /> <span>{name}</span></h2>
        <p class="t2 sm">{dynamic(move || match shelf {
            Shelf::Networks => s.say(&say::thing_network()),
            _ => s.say(&say::thing_volume()),
        })}</p>
        {dynamic(move || to.get().map(|to| view! {
            <div class="row graph__ways"><a class="btn btn--sm" data-to="thing" href=to>{w!(s.graph_open)}</a></div>
        }))}
        <dl class="graph__facts">{fact(s, Words::used_by, services)}</dl>
    }
}
