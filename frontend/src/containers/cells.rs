//! The cells of a container's row.

use leptos::prelude::*;
use longshore_api::{
    format,
    web::{
        access::{Sharing, Whose},
        container::{Container, Port},
    },
};

use super::image;
use crate::{
    access::shared_with,
    parts::{Icon, Spark, dynamic, memo},
    speech::speech,
};

/// Nothing to say.
const NOTHING: &str = "—";

/// The image: name and tag first, where it comes from after it and dim.
#[component]
pub(crate) fn ImageCell(
    /// As people write it.
    #[prop(into)]
    reference: Signal<String>,
) -> impl IntoView {
    view! {
        <span class="tag" title=dynamic(move || reference.get())>
            {dynamic(move || {
                let reference = reference.get();
                let parts = image::parts(&reference);
                view! {
                    <b>{parts.name.to_owned()}</b>
                    {parts.tag}
                    " "
                    <span class="t3 sm">{parts.origin.to_owned()}</span>
                }
            })}
        </span>
    }
}

/// CPU now, after its last minute.
#[component]
pub(super) fn CpuCell(row: ArcRwSignal<Container>) -> impl IntoView {
    let usage =
        memo(move || row.with(|row| row.usage.as_ref().map(|usage| (usage.cpu, usage.cpu_past.clone()))));
    let past = Signal::derive(move || usage.get().map(|(_, past)| past).unwrap_or_default());
    view! {
        <span class="sparkcell">
            <span class="no-phone">
                <Spark values=past floor=5.0 />
            </span>
            <span>{dynamic(move || usage.get().map_or(NOTHING.to_owned(), |(cpu, _)| format::percent(cpu.into())))}</span>
        </span>
    }
}

/// Memory now, after its last minute; against its limit where it has one.
#[component]
pub(super) fn MemoryCell(row: ArcRwSignal<Container>) -> impl IntoView {
    let s = speech();
    let usage = memo(move || {
        row.with(|row| {
            row.usage.as_ref().map(|usage| (usage.memory, usage.memory_limit, usage.memory_past.clone()))
        })
    });
    let past = Signal::derive(move || {
        usage
            .get()
            .map(|(_, _, past)| past.into_iter().map(|bytes| bytes as f32).collect())
            .unwrap_or_default()
    });
    let top = Signal::derive(move || match usage.get() {
        Some((now, limit, past)) => {
            let peak = past.into_iter().max().unwrap_or(now) as f32;
            limit.map_or(peak * 1.5, |limit| limit as f32)
        }
        None => 0.0,
    });
    let hot = Signal::derive(move || {
        usage.get().is_some_and(|(now, limit, _)| limit.is_some_and(|limit| now * 100 >= limit * 95))
    });
    let title = move || {
        usage.get().and_then(|(now, limit, _)| {
            limit.map(|limit| s.say(&longshore_api::words::say::memory_of_limit(limit, now)))
        })
    };
    view! {
        <span class="sparkcell sparkcell--memory" title=dynamic(title)>
            <span class="no-phone">
                <Spark values=past top second=true hot />
            </span>
            <span>{dynamic(move || usage.get().map_or(NOTHING.to_owned(), |(now, _, _)| format::memory(now)))}</span>
        </span>
    }
}

/// Where it is reached: published ports as links.
#[component]
pub(super) fn PortsCell(
    #[prop(into)] ports: Signal<Vec<Port>>,
    /// The address of the host's machine, as the browser reaches it.
    #[prop(into)]
    address: Signal<String>,
) -> impl IntoView {
    let published = memo(move || {
        let mut published: Vec<Port> = Vec::new();
        for port in ports.get() {
            let twin = |other: &Port| other.host == port.host && other.protocol == port.protocol;
            if port.host.is_some() && !published.iter().any(twin) {
                published.push(port);
            }
        }
        published
    });
    let all = move || {
        let said = |port: &Port| {
            let ip = port.ip.as_ref().map(|ip| format!("{ip}:")).unwrap_or_default();
            format!("{ip}{} → {}/{}", port.host.unwrap_or_default(), port.container, port.protocol)
        };
        published.with(|ports| ports.iter().map(said).collect::<Vec<_>>().join("\n"))
    };
    view! {
        <span class="ports" title=dynamic(all)>
            {dynamic(move || {
                let more = published.with(|ports| ports.len().saturating_sub(2));
                let shown: Vec<_> = published.get().into_iter().take(2).map(|port| one_port(port, address)).collect();
                view! { {shown} {(more > 0).then(|| view! { <span class="t3">{format!("+{more}")}</span> })} }
            })}
        </span>
    }
}

/// Whose it is, and a mark where it is for others too; the managers' where it is nobody's.
#[component]
pub(crate) fn OwnerCell(#[prop(into)] whose: Signal<Option<Whose>>) -> impl IntoView {
    let s = speech();
    let owner = memo(move || whose.with(|whose| whose.as_ref().and_then(|whose| whose.owner.clone())));
    let others = memo(move || {
        whose.with(|whose| {
            let shared = whose.as_ref().filter(|whose| whose.sharing != Sharing::Private)?;
            Some(shared_with(shared.sharing, shared.teams.iter().map(String::as_str), s.words()))
        })
    });
    let title = move || {
        let owner = owner.get().unwrap_or_else(|| s.words().the_managers().to_owned());
        let also =
            others.get().map(|others| format!("\n{}{}{others}", s.words().also_seen_by(), s.words().colon()));
        format!("{owner}{}", also.unwrap_or_default())
    };
    view! {
        <span class="owner" data-fact="owner" title=dynamic(title)>
            <span class="cut">{dynamic(move || owner.get().unwrap_or_else(|| NOTHING.to_owned()))}</span>
            {dynamic(move || others.get().map(|others| view! {
                <Icon name="team" small=true />
                <span class="sr">{others}</span>
            }))}
        </span>
    }
}

fn one_port(port: Port, address: Signal<String>) -> AnyView {
    let number = port.host.unwrap_or_default();
    let loopback = port.ip.as_deref().is_some_and(|ip| ip.starts_with("127.") || ip == "::1");
    let reachable = move || !loopback || matches!(address.get().as_str(), "localhost" | "127.0.0.1");
    if port.protocol == "tcp" && reachable() {
        let scheme = if matches!(port.container, 443 | 8443) { "https" } else { "http" };
        let host = port.ip.filter(|ip| !matches!(ip.as_str(), "0.0.0.0" | "::") && !loopback);
        let href = move || format!("{scheme}://{}:{number}/", host.clone().unwrap_or_else(|| address.get()));
        view! {
            <a class="port" href=dynamic(href) target="_blank" rel="noreferrer">
                {number}
                <Icon name="external" />
            </a>
        }
        .into_any()
    } else {
        view! { <span class="port t2">{number}</span> }.into_any()
    }
}
