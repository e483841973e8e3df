//! Counts by state: the legend of the quay, and pressed what it shows.

use leptos::prelude::*;
use longshore_api::{
    format,
    web::container::State,
    words::{Words, say},
};

use super::data::HomeData;
use crate::{
    clock::clock,
    parts::{StateMark, dynamic, each, memo},
    speech::{speech, w},
};

/// How a word is found in the catalogue.
type Word = fn(&Words) -> &'static str;

/// A count stands for these states; with and without a health check are one.
const LEGEND: [(&[State], Word); 10] = [
    (&[State::Running, State::Healthy], |words| words.count_running()),
    (&[State::Unhealthy], |words| words.count_unhealthy()),
    (&[State::Restarting], |words| words.count_restarting()),
    (&[State::Starting], |words| words.count_starting()),
    (&[State::Failed], |words| words.count_failed()),
    (&[State::Dead], |words| words.count_dead()),
    (&[State::Paused], |words| words.count_paused()),
    (&[State::Exited], |words| words.count_exited()),
    (&[State::Created], |words| words.count_created()),
    (&[State::Unknown], |words| words.count_unknown()),
];

/// The counts that are not zero.
#[component]
pub(super) fn Counts(data: HomeData, lit: RwSignal<Vec<State>>) -> impl IntoView {
    let s = speech();
    let states = data.states();
    let count = move |of: &[State]| {
        states
            .with(|states| states.iter().filter(|(state, _)| of.contains(state)).map(|(_, n)| n).sum::<u32>())
    };
    let clock = clock();
    let last = memo(move || data.events().with(|events| events.first().map(|event| event.at)));
    let shown = memo(move || {
        LEGEND.iter().enumerate().filter(|(_, (of, _))| count(of) > 0).map(|(at, _)| at).collect::<Vec<_>>()
    });
    view! {
            <div class="row row--wrap home__counts">
            <div class="counts" role="group" aria-label=w!(s.filter_by_state)>
                {each(
    move || shown.get(),
    usize::to_string,
    move |at| { let (of, word) = LEGEND[at];
                        let pressed = move || lit.with(|lit| lit.as_slice() == of);
                        let press = move |_| {
                            let next = if lit.with_untracked(|lit| lit.as_slice() == of) { Vec::new() } else { of.to_vec() };
                            lit.set(next);
                        };
                        view! {
                            <button
                                class="count"
                                type="button"
                                data-count=of[0].code()
                                aria-pressed=dynamic(move || pressed().to_string())
                                on:click=press
                            >
                                <StateMark state=of[0] />
                                <b>{dynamic(move || format::count(count(of).into()))}</b>
                                " "
                                {dynamic(move || word(s.words()))}
                            </button>
                        }.into_any() },
    )}
            </div>
            <span class="end t3 sm no-phone">
                {dynamic(move || last.get().map(|at| s.say(&say::last_change(s.age(clock.since(at))))))}
            </span>
            </div>
        }
}
