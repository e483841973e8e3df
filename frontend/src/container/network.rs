//! Where it is reached, and what is mounted into it.

use leptos::prelude::*;
use longshore_api::{
    web::detail::{Attached, Mount, PortMap},
    words::say,
};

use super::follow::one;
use crate::{
    parts::{Icon, Show, dynamic, memo},
    shell::hosts,
    speech::{speech, w},
};

/// Its ports, those that are published as links.
#[component]
pub(super) fn Ports() -> impl IntoView {
    let s = speech();
    let one = one();
    let hosts = hosts();
    let ports = one.part(|detail| detail.ports.clone());
    let address = memo(move || hosts.address(&one.host()));
    view! {
        <section class="panel" data-panel="ports">
            <div class="panel__head">
                <h2>{w!(s.col_ports)}</h2>
            </div>
            <Show when=move || !ports.with(Vec::is_empty) fallback=move || view! { <p class="panel__body t3">{w!(s.no_ports)}</p> }>
                <ul class="list list--tight">
                    {dynamic(move || {
                        let address = address.get();
                        ports.get().into_iter().map(|map| port(map, &address)).collect_view()
                    })}
                </ul>
            </Show>
        </section>
    }
}

fn port(map: PortMap, address: &str) -> impl IntoView + use<> {
    let s = speech();
    let PortMap { port, published } = map;
    let (inside, marked) = (port.clone(), port.clone());
    let places: Vec<AnyView> =
        published.into_iter().map(|place| published_at(place, &port, address)).collect();
    let none = places.is_empty();
    view! {
        <li data-port=marked>
            <span class="container__places">{places}</span>
            {if none { view! { <span class="t3">{w!(s.not_published)}</span> }.into_any() } else { view! { <span class="t3">"→"</span> }.into_any() }}
            <span class="mono">{inside}</span>
        </li>
    }
}

fn published_at(place: String, port: &str, address: &str) -> AnyView {
    let Some((ip, number)) = place.rsplit_once(':') else { return place.into_any() };
    let everywhere = matches!(ip, "0.0.0.0" | "[::]");
    let here = ip.starts_with("127.") || ip == "[::1]";
    let reachable = !here || matches!(address, "localhost" | "127.0.0.1");
    if !port.ends_with("/tcp") || !reachable {
        return view! { <span class="mono">{place.clone()}</span> }.into_any();
    }
    let scheme = if matches!(port, "443/tcp" | "8443/tcp") { "https" } else { "http" };
    let machine = if everywhere || here { address } else { ip };
    let href = format!("{scheme}://{machine}:{number}/");
    view! {
        <a class="port" href=href target="_blank" rel="noreferrer">
            {place.clone()}
            <Icon name="external" />
        </a>
    }
    .into_any()
}

/// The networks that it is on, with its addresses there.
#[component]
pub(super) fn Networks() -> impl IntoView {
    let s = speech();
    let one = one();
    let networks = one.part(|detail| detail.networks.clone());
    let mode = one.part(|detail| detail.network_mode.clone());
    view! {
        <section class="panel" data-panel="networks">
            <div class="panel__head">
                <h2>{w!(s.networks)}</h2>
            </div>
            <Show
                when=move || !networks.with(Vec::is_empty)
                fallback=move || view! { <p class="panel__body t3 mono">{mode}</p> }
            >
                <ul class="list list--tight">
                    {dynamic(move || networks.get().into_iter().map(network).collect_view())}
                </ul>
            </Show>
        </section>
    }
}

fn network(attached: Attached) -> impl IntoView {
    let s = speech();
    let Attached { network, ip, ip6, mac, aliases } = attached;
    let marked = network.clone();
    let aliases = (!aliases.is_empty()).then(|| aliases.join(", "));
    view! {
        <li class="container__network" data-network=marked>
            <span class="row">
                <Icon name="network" small=true />
                <b class="b">{network}</b>
                <span class="mono t2">{ip}</span>
                <span class="mono t2">{ip6}</span>
            </span>
            <span class="t3 sm">
                <span class="mono">{mac}</span>
                {aliases.map(|aliases| view! { " " {dynamic(move || s.say(&say::also_called(aliases.clone())))} })}
            </span>
        </li>
    }
}

/// What is mounted into it.
#[component]
pub(super) fn Mounts() -> impl IntoView {
    let s = speech();
    let one = one();
    let mounts = one.part(|detail| detail.mounts.clone());
    view! {
        <section class="panel" data-panel="mounts">
            <div class="panel__head">
                <h2>{w!(s.mounts)}</h2>
                <span class="t3">{dynamic(move || mounts.with(Vec::len))}</span>
            </div>
            <Show when=move || !mounts.with(Vec::is_empty) fallback=move || view! { <p class="panel__body t3">{w!(s.no_mounts)}</p> }>
                <div class="scrollx" tabindex="0" role="region" aria-label=w!(s.mounts)>
                    <table class="tbl container__mounts">
                        <thead>
                            <tr>
                                <th scope="col">{w!(s.kind)}</th>
                                <th scope="col">{w!(s.mount_from)}</th>
                                <th scope="col">{w!(s.mount_to)}</th>
                                <th scope="col">{w!(s.mount_mode)}</th>
                            </tr>
                        </thead>
                        <tbody>{dynamic(move || mounts.get().into_iter().map(mount).collect_view())}</tbody>
                    </table>
                </div>
            </Show>
        </section>
    }
}

fn mount(mount: Mount) -> impl IntoView {
    let s = speech();
    let Mount { kind, from, to, writable } = mount;
    view! {
        <tr data-mount=to.clone()>
            <td class="t2">{kind}</td>
            <td class="mono cut" title=from.clone()>{from.clone()}</td>
            <td class="mono cut" title=to.clone()>{to.clone()}</td>
            <td>
                {match writable {
                    true => view! { <span class="t2">{w!(s.read_write)}</span> }.into_any(),
                    false => view! { <span class="badge badge--line">{w!(s.read_only)}</span> }.into_any(),
                }}
            </td>
        </tr>
    }
}
