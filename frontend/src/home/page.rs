//! The page: counts, the quay, what needs attention, consumers, hosts, events.

use std::rc::Rc;

use leptos::prelude::*;
use longshore_api::web::{container::State, home::HomeQuery, live::Topic};

use super::{
    attention::Attention, consumers::Consumers, counts::Counts, data::HomeData, host_list::HostList,
    recent::RecentEvents,
};
use crate::{
    live::Live,
    parts::{Show, memo},
    places::places,
    quay::Quay,
    shell::HostNotices,
    speech::{speech, w},
};

/// Home.
#[component]
pub(crate) fn HomePage() -> impl IntoView {
    let s = speech();
    let places = places();
    let data = HomeData::default();
    let question = move || Topic::Home(HomeQuery { host: places.host() });
    let subscription = expect_context::<Live>().subscribe(untrack(question), Rc::new(data));
    Effect::new(move |_| subscription.ask(question()));
    // The states that the pressed counts stand for; none pressed shows all.
    let lit = RwSignal::new(Vec::<State>::new());
    let berths = data.berths();
    let one_host = memo(move || berths.with(Vec::len) == 1);
    view! {
        <main class="page" id="page" tabindex="-1">
            <h1 class="sr">{w!(s.home)}</h1>
            <HostNotices>
                <Show when=move || data.loaded()>
                    <Counts data lit />
                    <Quay berths lit />
                    <Show
                        when=move || one_host.get()
                        fallback=move || view! {
                            <div class="grid g-wide stretch home__grid">
                                <section class="panel"><Attention data /></section>
                                <section class="panel"><Consumers data /></section>
                                <section class="panel"><HostList data /></section>
                                <section class="panel"><RecentEvents data /></section>
                            </div>
                        }
                    >
                        <div class="grid g-wide stretch home__grid">
                            <section class="panel">
                                <Attention data />
                                <Consumers data below=true />
                            </section>
                            <section class="panel"><RecentEvents data /></section>
                        </div>
                    </Show>
                </Show>
            </HostNotices>
        </main>
    }
}
