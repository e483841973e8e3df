//! The hosts with their small quays.

use leptos::prelude::*;
use longshore_api::{
    web::{container::State, home::Berth, host::Link},
    words::say,
};

use super::data::HomeData;
use crate::{
    clock::clock,
    parts::{MiniQuay, StateMark, dynamic, each, memo, running_of},
    places::{Page, places},
    shell::{host_state, hosts},
    speech::{speech, w},
};

/// So many blocks fit the column.
const BLOCKS: usize = 48;

/// One row for each host.
#[component]
pub(super) fn HostList(data: HomeData) -> impl IntoView {
    let s = speech();
    let berths = data.berths();
    let slugs =
        memo(move || berths.with(|berths| berths.iter().map(|berth| berth.host.clone()).collect::<Vec<_>>()));
    view! {
            <div class="panel__head">
                <h2>{w!(s.hosts)}</h2>
            </div>
            <table class="tbl tbl--fit hostlist">
                <tbody>
                    {each(
    move || slugs.get(),
    String::clone,
    move |slug| view! { <HostRow berths slug /> }.into_any(),
    )}
                </tbody>
            </table>
        }
}

#[component]
fn HostRow(berths: ReadSignal<Vec<Berth>>, slug: String) -> impl IntoView {
    let s = speech();
    let clock = clock();
    let places = places();
    let href = {
        let slug = slug.clone();
        move || places.address_on(Page::Home, Some(&slug), &[])
    };
    let host = {
        let (hosts, slug) = (hosts(), slug.clone());
        memo(move || hosts.one(&slug))
    };
    let states = memo(move || {
        berths.with(|berths| {
            let piles = berths.iter().filter(|berth| berth.host == slug).flat_map(|berth| &berth.piles);
            piles.flat_map(|pile| &pile.blocks).map(|block| block.state).collect::<Vec<_>>()
        })
    });
    let mark = Signal::derive(move || host.with(|host| host.as_ref().map_or(State::Unknown, host_state)));
    let running = move || states.with(|states| running_of(states.iter().map(|state| (*state, 1)), s));
    let note = move || {
        let host = host.get()?;
        Some(match (host.link, host.engine) {
            (Link::Down { seen: Some(seen), .. }, _) => s.say(&say::seen_ago(s.age(clock.since(seen)))),
            (Link::Down { .. }, _) => s.words().no_engine().to_owned(),
            (_, Some(engine)) => format!("{} {}", engine.product, engine.version),
            (_, None) => s.words().live_connecting().to_owned(),
        })
    };
    view! {
        <tr class:is-stale=dynamic(move || mark.get() == State::Unknown)>
            <td>
                <span class="row">
                    <StateMark state=mark />
                    <a class="tbl__name cut" href=dynamic(href)>
                        {dynamic(move || host.with(|host| host.as_ref().map(|host| host.name.clone())))}
                    </a>
                </span>
            </td>
            <td class="hostlist__quay">
                <MiniQuay
                    blocks=Signal::derive(move || states.with(|states| states.iter().take(BLOCKS).copied().collect()))
                    label=Signal::derive(running)
                />
            </td>
            <td class="t2 no-phone">{dynamic(running)}</td>
            <td class="num t3">{dynamic(note)}</td>
        </tr>
    }
}
