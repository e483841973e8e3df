//! What runs in the container.

use std::time::Duration;

use leptos::prelude::*;
use longshore_api::{format, web::detail::Process};

use super::{
    follow::one,
    loaded::{Loaded, every},
};
use crate::{
    api,
    parts::{Show, Trouble, dynamic},
    speech::{speech, w},
};

/// They come and go without a word of the engine.
const AGAIN: Duration = Duration::from_secs(3);

/// The processes, asked for again and again while they are looked at.
#[component]
pub(super) fn Processes() -> impl IntoView {
    let s = speech();
    let one = one();
    let beat = RwSignal::new(0_u32);
    every(AGAIN, move || beat.update(|beat| *beat = beat.wrapping_add(1)));
    let found = Loaded::of(one, move |host, id| {
        beat.track();
        let up = one.is_up() && !one.is_gone();
        async move { if up { api::container_processes(&host, &id).await } else { Ok(Vec::new()) } }
    });
    let none = move || found.value.with(|found| found.as_ref().is_some_and(Vec::is_empty));
    let some = move || found.value.with(|found| found.as_ref().is_some_and(|found| !found.is_empty()));
    let lines = move || found.value.get().unwrap_or_default().into_iter().map(line).collect_view();
    view! {
        <Trouble failure=Signal::derive(move || found.failure.get()) />
        <Show when=none>
            <p class="t2">{w!(s.no_processes)}</p>
        </Show>
        <Show when=some>
            <section class="panel" data-panel="processes">
                <div class="scrollx" tabindex="0" role="region" aria-label=w!(s.processes)>
                    <table class="tbl container__processes">
                        <thead>
                            <tr>
                                <th scope="col">{w!(s.col_pid)}</th>
                                <th scope="col">{w!(s.runs_as)}</th>
                                <th scope="col">{w!(s.col_command)}</th>
                                <th scope="col" class="num">{w!(s.cpu)}</th>
                                <th scope="col" class="num">{w!(s.memory)}</th>
                                <th scope="col" class="num">{w!(s.col_cpu_time)}</th>
                            </tr>
                        </thead>
                        <tbody>{dynamic(lines)}</tbody>
                    </table>
                </div>
            </section>
        </Show>
    }
}

fn line(process: Process) -> impl IntoView {
    let Process { pid, user, cpu, memory, time, command } = process;
    let none = || "—".to_owned();
    let command = command.unwrap_or_else(none);
    view! {
        <tr data-process=pid.clone()>
            <td class="mono">{pid.clone()}</td>
            <td>{user}</td>
            <td class="mono cut" title=command.clone()>{command.clone()}</td>
            <td class="num">{cpu.map_or_else(none, |cpu| format!("{cpu}%"))}</td>
            <td class="num">{memory.map_or_else(none, format::memory)}</td>
            <td class="num">{time}</td>
        </tr>
    }
}
