//! What stands around every page: rail, top bar, bottom bar on phones, and the live line behind them.

mod account_menu;
mod hosts;
mod live_mark;
mod not_found;
mod rail;
mod switches;
mod tabbar;
mod top;

use std::rc::Rc;

pub(crate) use hosts::{Hosts, hosts};
use leptos::prelude::*;
use longshore_api::web::{container::ContainerQuery, live::Topic};
pub(crate) use not_found::NotFound;

use crate::{
    containers::{Totals, totals_listener},
    live::Live,
    places::places,
    session::session,
    speech::{speech, w},
};

/// The frame of the signed-in pages.
#[component]
pub(crate) fn Shell(children: Children) -> impl IntoView {
    let s = speech();
    let session = session();
    let places = places();
    let live = Live::start(Callback::new(move |()| session.look()));
    provide_context(live);
    provide_context(Hosts::start(live));
    let totals = Totals::default();
    let question = move || {
        Topic::Containers(ContainerQuery { host: places.host(), limit: 0, ..ContainerQuery::default() })
    };
    let counts = live.subscribe(untrack(question), Rc::new(totals_listener(totals)));
    Effect::new(move |_| counts.ask(question()));
    view! {
        <a class="skip" href="#page" rel="external">{w!(s.skip_to_content)}</a>
        <div class="shell">
            <rail::Rail totals />
            <div class="main">
                <top::Top />
                {children()}
            </div>
            <tabbar::TabBar totals />
        </div>
    }
}
