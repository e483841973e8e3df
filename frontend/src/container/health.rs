//! The health check: what it runs, how often, and what it found.

use leptos::prelude::*;
use longshore_api::{
    web::detail::{Health, Probe},
    words::say,
};

use super::follow::one;
use crate::{
    clock::{full_time, time_of_day},
    parts::dynamic,
    speech::{Speech, speech, w},
};

/// The health check; nothing where there is none.
#[component]
pub(super) fn HealthPanel() -> impl IntoView {
    let one = one();
    let health = one.part(|detail| detail.health.clone());
    dynamic(move || health.get().map(|health| panel(&health)))
}

fn panel(health: &Health) -> impl IntoView + use<> {
    let s = speech();
    let test = match health.test.split_first() {
        Some((kind, rest)) if kind.starts_with("CMD") => rest.join(" "),
        _ => health.test.join(" "),
    };
    let (interval, timeout, retries, failing) =
        (health.interval, health.timeout, health.retries, health.failing);
    let every = move || s.say(&say::health_every(s.age(interval), retries, s.age(timeout)));
    let bars = health.log.iter().map(bar).collect_view();
    let log: Vec<_> = health.log.iter().rev().cloned().collect();
    view! {
        <section class="panel" data-panel="health">
            <div class="panel__head">
                <h2>{w!(s.health_check)}</h2>
                {(failing > 0).then(|| view! {
                    <span class="badge badge--bad">{dynamic(move || s.say(&say::health_failing(failing)))}</span>
                })}
            </div>
            <div class="panel__body">
                <div class="container__bars" aria-hidden="true">{bars}</div>
                <dl class="facts container__facts">
                    <dt>{w!(s.health_test)}</dt>
                    <dd class="mono">{test}</dd>
                    <dt>{w!(s.health_rhythm)}</dt>
                    <dd>{dynamic(every)}</dd>
                </dl>
            </div>
            <ul class="list list--tight container__probes">{log.into_iter().map(|run| probe(run, s)).collect_view()}</ul>
        </section>
    }
}

fn bar(run: &Probe) -> impl IntoView + use<> {
    let bad = run.exit_code != 0;
    view! { <span class="container__bar" class=("is-bad", bad)></span> }
}

fn probe(run: Probe, s: Speech) -> impl IntoView {
    let Probe { at, took, exit_code, output } = run;
    let output = output.trim_end().to_owned();
    let said = move || s.say(&say::health_probe(exit_code, took));
    view! {
        <li data-probe=exit_code.to_string() title=full_time(at)>
            <span class="t3 nowrap">{time_of_day(at)}</span>
            <span class="nowrap" class=("c-failed", exit_code != 0)>{dynamic(said)}</span>
            <span class="mono xs t2 container__output">{output}</span>
        </li>
    }
}
