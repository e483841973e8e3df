//! The host switcher: what every list is limited to.

use leptos::prelude::*;
use longshore_api::{
    web::{
        container::State,
        host::{Host, Link},
    },
    words::say,
};

use super::hosts::hosts;
use crate::{
    parts::{Icon, Menu, MenuLink, StateMark, dynamic, each, memo},
    places::{Page, places},
    speech::{Speech, speech, w},
};

/// The mark of a host: whether its engine answers.
pub(crate) fn host_state(host: &Host) -> State {
    match host.link {
        Link::Up { .. } => State::Running,
        Link::Connecting => State::Starting,
        Link::Down { .. } => State::Unknown,
    }
}

/// The switcher; in the rail, and on phones in the top bar.
#[component]
pub(super) fn HostSwitch(
    /// As it stands in the top bar of phones.
    #[prop(optional)]
    phone: bool,
) -> impl IntoView {
    let s = speech();
    let hosts = hosts();
    let places = places();
    let chosen = memo(move || hosts.chosen(places.host()));
    let name = move || chosen.get().map_or_else(|| s.words().all_hosts().to_owned(), |host| host.name);
    let below = move || match chosen.get() {
        Some(host) => engine_line(&host, s),
        None => {
            let count = hosts.all().len();
            match hosts.unreachable() {
                0 => s.say(&say::n_hosts(count)),
                down => s.say(&say::n_hosts_unreachable(down, count)),
            }
        }
    };
    let mark = move || match chosen.get() {
        Some(host) => view! { <StateMark state=host_state(&host) /> }.into_any(),
        None => view! { <Icon name="host" /> }.into_any(),
    };
    let button = move || match phone {
        true => view! {
            {dynamic(mark)}
            <span class="cut">{dynamic(name)}</span>
            <Icon name="chev-down" small=true />
        }
        .into_any(),
        false => view! {
            {dynamic(mark)}
            <span class="grow">
                <span class="hostsw__name cut hostsw__line">{dynamic(name)}</span>
                " "
                <span class="hostsw__sub cut hostsw__line">{dynamic(below)}</span>
            </span>
            <Icon name="chev-updown" small=true />
        }
        .into_any(),
    };
    // What is read aloud has all that is seen.
    let label = move || match phone {
        true => s.say(&say::host_switch(name())),
        false => format!("{} {}", s.say(&say::host_switch(name())), below()),
    };
    let to = move |slug: Option<String>| {
        let page = places.page().unwrap_or(Page::Home);
        places.address_on(page, slug.as_deref(), &[])
    };
    view! {
            <div class=if phone { "hosthold only-phone" } else { "hosthold" }>
                <Menu
                    class=if phone { "top__host" } else { "hostsw" }
                    label=Signal::derive(label)
                    button
                    rightwards=true
                >
                    <MenuLink href=move || to(None) icon="host">{w!(s.all_hosts)}</MenuLink>
                    {each(
    move || hosts.all(),
    |host| format!("{} {}", host.slug, host_state(host).code()),
    move |host| { let slug = host.slug.clone();
                            let (mark, name) = (host_state(&host), host.name.clone());
                            view! {
                                <a class="menu__item" role="menuitem" data-host=slug.clone() href=dynamic(move || to(Some(slug.clone())))>
                                    <StateMark state=mark />
                                    {name}
                                    <span class="end">{dynamic(move || engine_line(&host, s))}</span>
                                </a>
                            }.into_any() },
    )}
                </Menu>
            </div>
        }
}

/// What the engine is, or that it does not answer.
fn engine_line(host: &Host, s: Speech) -> String {
    match (&host.link, &host.engine) {
        (Link::Up { .. }, Some(engine)) => format!("{} {}", engine.product, engine.version),
        (Link::Up { .. } | Link::Connecting, _) => s.words().live_connecting().to_owned(),
        (Link::Down { seen: None, .. }, _) => s.words().no_engine().to_owned(),
        (Link::Down { .. }, _) => s.words().unreachable().to_owned(),
    }
}
