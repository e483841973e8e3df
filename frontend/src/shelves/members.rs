//! What is attached to a network now, with its addresses there; more can be attached, and each taken off.

use std::{rc::Rc, sync::Arc};

use leptos::prelude::*;
use longshore_api::{
    web::{
        container::{ContainerQuery, ContainerWindow, Grouping},
        live::{Topic, WINDOW_MAX},
        problem::Problem,
        shelf::{Member, NetworkMember},
    },
    words::say,
};

use super::thing::Thing;
use crate::{
    api::{self, Failure},
    live::{Body, Listener, Live},
    parts::{DeedDialog, Field, Icon, Show, dynamic},
    places::places,
    speech::{speech, w},
};

/// The table.
#[component]
pub(super) fn Members(thing: Thing) -> impl IntoView {
    let s = speech();
    let members = thing.part(|detail| detail.members.clone());
    let leave = Callback::new(move |container: String| {
        let (host, id) = (thing.host.get_value(), thing.id.get_value());
        let member = NetworkMember { container, ..NetworkMember::default() };
        thing.act(async move { api::disconnect(&host, &id, &member).await });
    });
    let lines = move || members.get().into_iter().map(|member| line(thing, member, leave)).collect_view();
    view! {
        <section class="panel" data-panel="members">
            <div class="panel__head">
                <h2>{w!(s.attached_now)}</h2>
            </div>
            <Show
                when=move || !members.with(Vec::is_empty)
                fallback=move || view! { <p class="panel__body t3">{w!(s.attached_none)}</p> }
            >
                <div class="scrollx" tabindex="0" role="region" aria-label=w!(s.attached_now)>
                    <table class="tbl tbl--fit thing__members">
                        <thead>
                            <tr>
                                <th scope="col">{w!(s.container)}</th>
                                <th scope="col">"IPv4"</th>
                                <th scope="col">"IPv6"</th>
                                <th scope="col">"MAC"</th>
                                <th scope="col" class="thing__leave"></th>
                            </tr>
                        </thead>
                        <tbody>{dynamic(lines)}</tbody>
                    </table>
                </div>
            </Show>
        </section>
    }
}

fn line(thing: Thing, member: Member, leave: Callback<String>) -> impl IntoView {
    let s = speech();
    let places = places();
    let Member { id, name, ipv4, ipv6, mac } = member;
    let or_nothing = |text: String| if text.is_empty() { "—".to_owned() } else { text };
    let id = StoredValue::new(id);
    let (shown, linked, marked) = (name.clone(), name.clone(), name.clone());
    let to = move || thing.host.with_value(|host| places.container(host, &linked, None));
    let label = move || s.say(&say::disconnect_name(&name));
    view! {
        <tr data-member=marked>
            <td><a class="tbl__name" href=dynamic(to)>{shown}</a></td>
            <td class="mono xs">{or_nothing(ipv4)}</td>
            <td class="mono xs">{or_nothing(ipv6)}</td>
            <td class="mono xs">{or_nothing(mac)}</td>
            <td class="num">
                <Show when=move || thing.may_change()>
                <button
                    class="btn btn--quiet btn--sm btn--icon"
                    type="button"
                    data-action="disconnect"
                    aria-label=dynamic(label.clone())
                    title=w!(s.disconnect)
                    on:click=move |_| leave.run(id.get_value())
                >
                    <Icon name="close" />
                </button>
                </Show>
            </td>
        </tr>
    }
}

/// The names of a host's containers.
#[derive(Clone, Copy)]
struct Names(RwSignal<Vec<String>>);

impl Listener for Names {
    fn snapshot(&self, whole: Body<'_>) -> Option<()> {
        let window: ContainerWindow = whole.read()?;
        self.0.set(window.rows.into_iter().map(|row| row.name).collect());
        Some(())
    }

    fn delta(&self, _: Body<'_>) -> Option<()> {
        Some(())
    }

    fn refused(&self, _: Problem) {}
}

/// One more container for the network.
#[component]
pub(super) fn ConnectDialog(thing: Thing, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let failure = RwSignal::new(None::<Failure>);
    let [container, aliases, address] = std::array::from_fn(|_| RwSignal::new(String::new()));
    let names = Names(RwSignal::default());
    let query = ContainerQuery {
        host: Some(thing.host.get_value()),
        group: Grouping::Flat,
        limit: WINDOW_MAX,
        ..ContainerQuery::default()
    };
    expect_context::<Live>().subscribe(Topic::Containers(query), Rc::new(names));
    let deed = Arc::new(move || {
        let (host, id) = (thing.host.get_value(), thing.id.get_value());
        let member = NetworkMember {
            container: container.get_untracked(),
            aliases: aliases.get_untracked(),
            address: address.get_untracked(),
        };
        Box::pin(async move { api::connect(&host, &id, &member).await }) as _
    });
    let title = Signal::derive(move || s.words().connect_container().to_owned());
    let ready = Signal::derive(move || container.with(|name| !name.trim().is_empty()));
    let optional = Signal::derive(move || s.words().optional());
    let help = Signal::derive(move || s.words().aliases_help().to_owned());
    let options =
        move || names.0.get().into_iter().map(|name| view! { <option value=name></option> }).collect_view();
    view! {
        <DeedDialog title close deed failure ready>
            <Field name="container" label=w!(s.container) value=container autocomplete="off" list="names" failure first=true />
            <datalist id="names">{dynamic(options)}</datalist>
            <Field name="aliases" label=w!(s.aliases) value=aliases autocomplete="off" note=optional help failure />
            <Field name="address" label=w!(s.ip_address) value=address autocomplete="off" note=optional failure />
        </DeedDialog>
    }
}
