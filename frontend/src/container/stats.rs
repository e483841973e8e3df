//! What the container uses: the last hour as the server remembers it, and from there on live.

use std::time::Duration;

use leptos::prelude::*;
use longshore_api::{
    format,
    web::{Millis, detail::PastUsage},
};

use super::{
    chart::{Chart, Series},
    follow::one,
    loaded::{Loaded, every},
    processes::Processes,
};
use crate::{
    api, browser,
    parts::{Show, Trouble, dynamic, memo},
    speech::{speech, w},
};

/// What goes in and out has a new figure so often.
const AGAIN: Duration = Duration::from_secs(15);
const FIVE_MINUTES: Millis = 5 * 60 * 1000;
const HOUR: Millis = 60 * 60 * 1000;

/// A figure that has come since the server was asked: when, CPU, memory.
type Fresh = (Millis, f32, u64);

/// The charts, and the processes under them.
#[component]
pub(super) fn Stats() -> impl IntoView {
    let s = speech();
    let one = one();
    let beat = RwSignal::new(0_u32);
    every(AGAIN, move || beat.update(|beat| *beat = beat.wrapping_add(1)));
    let past = Loaded::of(one, move |host, id| {
        beat.track();
        async move { api::container_usage(&host, &id).await }
    });
    let fresh = RwSignal::new(Vec::<Fresh>::new());
    // Times are the server's; this browser's clock may be another.
    let ahead = RwSignal::new(0);
    Effect::new(move |_| {
        past.value.with(|past| {
            if let Some(past) = past {
                ahead.set(past.now - browser::now());
                fresh.set(Vec::new());
            }
        });
    });
    let used = memo(move || {
        let row = one.row();
        row.with(|row| {
            row.as_ref()?.usage.as_ref().map(|usage| (usage.cpu, usage.memory, usage.cpu_past.clone()))
        })
    });
    Effect::new(move |before: Option<bool>| {
        // The first is in the past already.
        if let (Some(true), Some((cpu, memory, _))) = (before, used.get()) {
            fresh.update(|fresh| fresh.push((browser::now() + ahead.get_untracked(), cpu, memory)));
        }
        used.with(Option::is_some)
    });
    let hour = RwSignal::new(false);
    let now = memo(move || {
        let told = past.value.with(|past| past.as_ref().map_or(0, |past| past.now));
        fresh.with(|fresh| fresh.last().map_or(told, |(at, ..)| told.max(*at)))
    });
    let span = Signal::derive(move || {
        let to = now.get();
        (to - if hour.get() { HOUR } else { FIVE_MINUTES }, to)
    });
    let figures = move |of: fn(f32, u64) -> f32| {
        Signal::derive(move || {
            let told = past.value.with(|past| {
                let figures = past.iter().flat_map(|past| &past.figures);
                figures.map(|figure| (figure.at, of(figure.cpu, figure.memory))).collect::<Vec<_>>()
            });
            fresh.with(|fresh| {
                told.into_iter()
                    .chain(fresh.iter().map(|(at, cpu, memory)| (*at, of(*cpu, *memory))))
                    .collect()
            })
        })
    };
    let traffic = move |of: fn(&longshore_api::web::detail::Traffic) -> Option<f32>| {
        Signal::derive(move || {
            past.value.with(|past| {
                let traffic = past.iter().flat_map(|past| &past.traffic);
                traffic.filter_map(|point| Some((point.at, of(point)?))).collect::<Vec<_>>()
            })
        })
    };
    let limit = Signal::derive(move || {
        past.value
            .with(|past| past.as_ref().and_then(|past: &PastUsage| past.memory_limit))
            .map(|limit| limit as f32)
    });
    let none = move || past.value.with(|past| past.as_ref().is_some_and(|past| past.figures.is_empty()));
    let range = move |of_hour: bool, code: &'static str| {
        view! {
            <button
                type="button"
                data-range=code
                aria-pressed=dynamic(move || (hour.get() == of_hour).to_string())
                on:click=move |_| hour.set(of_hour)
            >
                {dynamic(move || if of_hour { s.words().one_hour() } else { s.words().five_minutes() })}
            </button>
        }
    };
    let word = |of: fn(&longshore_api::words::Words) -> &'static str| Signal::derive(s.word(of));
    view! {
        <Trouble failure=Signal::derive(move || past.failure.get()) />
        <div class="bar">
            <span class="seg">{range(false, "minutes")} {range(true, "hour")}</span>
            <span class="t3 sm no-phone">{w!(s.past_since)}</span>
        </div>
        <Show when=move || none() && fresh.with(Vec::is_empty)>
            <p class="t2">{w!(s.no_past)}</p>
        </Show>
        <div class="container__stats">
            <div class="grid g-2 container__grid">
                <Chart
                    name="cpu"
                    title=w!(s.cpu)
                    lines=vec![Series { word: word(|words| words.used_now()), colour: 1, points: figures(|cpu, _| cpu) }]
                    write=|value| format::percent(value.into())
                    floor=5.0
                    span
                />
                <Chart
                    name="memory"
                    title=w!(s.memory)
                    lines=vec![Series { word: word(|words| words.used_now()), colour: 2, points: figures(|_, memory| memory as f32) }]
                    write=|value| format::memory(value as u64)
                    floor=1_048_576.0
                    doubling=true
                    limit
                    span
                />
                <Chart
                    name="network"
                    title=w!(s.network_traffic)
                    lines=vec![
                        Series { word: word(|words| words.traffic_in()), colour: 3, points: traffic(|point| point.net_in) },
                        Series { word: word(|words| words.traffic_out()), colour: 4, points: traffic(|point| point.net_out) },
                    ]
                    write=by_second
                    floor=1_000.0
                    span
                />
                <Chart
                    name="block"
                    title=w!(s.block_traffic)
                    lines=vec![
                        Series { word: word(|words| words.traffic_read()), colour: 3, points: traffic(|point| point.block_in) },
                        Series { word: word(|words| words.traffic_write()), colour: 4, points: traffic(|point| point.block_out) },
                    ]
                    write=by_second
                    floor=1_000.0
                    span
                />
            </div>
            <Processes />
        </div>
    }
}

fn by_second(value: f32) -> String {
    format!("{}/s", format::disk(value as u64))
}
