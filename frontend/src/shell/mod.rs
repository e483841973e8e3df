//! What stands around every page: rail, top bar, bottom bar on phones, and the live line behind them.

mod account_menu;
mod host_select;
mod host_switch;
mod hosts;
mod key_list;
mod keys;
mod live_mark;
mod no_engine;
mod not_found;
mod notices;
mod page_list;
mod palette;
mod rail;
mod refused;
mod switches;
mod tabbar;
mod top;

use std::{rc::Rc, time::Duration};

pub(crate) use host_select::HostSelect;
pub(crate) use host_switch::host_state;
pub(crate) use hosts::{Hosts, hosts};
pub(crate) use key_list::KeyList;
pub(crate) use keys::{keys_are_on, on_control, page_keys};
use leptos::prelude::*;
use longshore_api::web::{container::ContainerQuery, live::Topic};
pub(crate) use no_engine::NoEngine;
pub(crate) use not_found::NotFound;
pub(crate) use notices::HostNotices;
pub(crate) use page_list::PageList;
pub(crate) use palette::Palette;
pub(crate) use refused::{NoRights, Refused};
pub(crate) use switches::LanguageButtons;

use crate::{
    browser,
    chunks::{self, Above},
    containers::{Acting, ActingLayers, Mishaps, Totals, totals_listener},
    jobs::Jobs,
    live::{Line, Live},
    parts::dynamic,
    places::places,
    session::session,
    speech::{speech, w},
};

/// The first page has this long to itself before others are fetched.
const REST: Duration = Duration::from_millis(800);

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
    Effect::new(move |_| {
        let page = places.title(s.words());
        document().set_title(&format!("{page} · Longshore"));
    });
    // What is clicked next is fetched once the page is there, and its line.
    Effect::new(move |fetched: Option<bool>| {
        let fetched = fetched.unwrap_or_default();
        let live = live.line().get() == Line::Live;
        if live && !fetched {
            set_timeout(chunks::fetch_all, REST);
        }
        fetched || live
    });
    let jobs = Jobs::start(live);
    provide_context(jobs);
    Acting::start(jobs);
    let over = RwSignal::new(None::<Above>);
    provide_context(over);
    keys::listen(over);
    let close = Callback::new(move |()| over.set(None));
    // Below the page's `<base>` the fragment alone would be the address of home.
    let to_content = |event: web_sys::MouseEvent| {
        event.prevent_default();
        browser::focus("#page");
    };
    view! {
        <a class="skip" href="#page" on:click=to_content>
            {w!(s.skip_to_content)}
        </a>
        <div class="shell">
            <rail::Rail totals />
            <div class="main">
                <top::Top />
                {children()}
            </div>
            <tabbar::TabBar totals />
        </div>
        <Mishaps />
        <ActingLayers />
        {dynamic(move || over.get().map(|above| chunks::over(above, close)))}
    }
}
