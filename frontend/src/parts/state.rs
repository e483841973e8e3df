//! The state of a container in words, with its reason where there is one.

use leptos::prelude::*;
use longshore_api::{
    explain::{self, Explanation},
    web::container::{Container, State},
    words::{Words, say},
};

use crate::{
    clock::{Clock, clock, full_time},
    parts::{StateMark, dynamic, memo},
    speech::{Speech, speech},
};

/// The word of a state.
pub(crate) fn state_word(state: State, words: &Words) -> &'static str {
    match state {
        State::Unhealthy => words.state_unhealthy(),
        State::Dead => words.state_dead(),
        State::Failed => words.state_failed(),
        State::Restarting => words.state_restarting(),
        State::Paused => words.state_paused(),
        State::Starting => words.state_starting(),
        State::Healthy => words.state_healthy(),
        State::Running => words.state_running(),
        State::Created => words.state_created(),
        State::Exited => words.state_exited(),
        State::Unknown => words.state_unknown(),
    }
}

/// How many run of those in these states: `2 of 3 running, 1 paused`. Paused ones exist and do nothing.
pub(crate) fn running_of(states: impl Iterator<Item = (State, u32)>, s: Speech) -> String {
    let (mut all, mut running, mut paused) = (0, 0, 0);
    for (state, count) in states {
        all += count;
        running += if state.is_running() { count } else { 0 };
        paused += if state == State::Paused { count } else { 0 };
    }
    s.say(&match paused {
        0 => say::running_of(all, running),
        _ => say::running_and_paused_of(all, paused, running),
    })
}

/// The state with its reason: `Exited 137`, `Restarting, 14×`, `Unhealthy 6 min`.
pub(crate) fn state_reason(row: &Container, s: Speech, clock: Clock) -> String {
    let word = state_word(row.state, s.words()).to_owned();
    match (row.state, row.exit_code, row.since) {
        (State::Failed, Some(code), _) if row.oom => s.say(&say::exited_out_of_memory(code)),
        (State::Exited, Some(code), _) if code != 0 => s.say(&say::stopped_with(code)),
        (State::Failed | State::Exited, Some(code), _) => s.say(&say::exited_with(code)),
        (State::Restarting, ..) if row.restarts > 0 => s.say(&say::restarting_times(row.restarts)),
        (State::Unhealthy | State::Starting | State::Paused, _, Some(since)) => {
            s.say(&say::state_for(s.age(clock.since(since)), word))
        }
        _ => word,
    }
}

/// Why the last run of a container that does not run ended as it did, where its code tells.
pub(crate) fn exit_explained(row: &Container) -> Option<Explanation> {
    let ended = matches!(row.state, State::Failed | State::Exited | State::Restarting);
    explain::exit(row.exit_code.filter(|_| ended)?, row.oom, row.state == State::Exited)
}

/// Mark and words of a row's state.
#[component]
pub(crate) fn StateCell(
    row: ArcRwSignal<Container>,
    /// What is being done to it now, said instead of the state.
    doing: Memo<Option<&'static str>>,
) -> impl IntoView {
    let s = speech();
    let clock = clock();
    let state = Memo::new({
        let row = row.clone();
        move |_| row.with(|row| row.state)
    });
    let since = {
        let row = row.clone();
        move || {
            row.with(|row| {
                let reason = state_reason(row, s, clock);
                let since = row.since.map(full_time);
                let why = exit_explained(row).map(|why| s.say(&why.what));
                [Some(reason), since, why].into_iter().flatten().collect::<Vec<_>>().join("\n")
            })
        }
    };
    let reason = memo(move || {
        doing.get().map_or_else(|| row.with(|row| state_reason(row, s, clock)), |doing| format!("{doing}…"))
    });
    view! {
        <span class=dynamic(move || format!("st st--{}", state.get().code())) title=since>
            <StateMark state />
            <span class="no-phone">{reason}</span>
            <span class="sr only-phone">{reason}</span>
        </span>
    }
}
