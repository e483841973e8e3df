//! What happens when the container ends, and how much it may take: changed in place, at once.

use leptos::prelude::*;
use longshore_api::{
    format,
    ops::Permission,
    web::detail::{Limits, NewLimits, RestartPolicy, Update},
    words::{Words, say},
};

use super::follow::one;
use crate::{
    api::{self, Failure},
    parts::{Field, FormTrouble, Show, dynamic, memo, submitted},
    session::session,
    speech::{Speech, speech, w},
};

/// The policies there are.
const POLICIES: [&str; 4] = ["no", "on-failure", "unless-stopped", "always"];
const MIB: i64 = 1024 * 1024;

/// Restart policy and limits.
#[component]
pub(super) fn Keeping() -> impl IntoView {
    let s = speech();
    let one = one();
    let session = session();
    let may = memo(move || session.may(&one.host(), Permission::Deploy));
    let policy = one.part(|detail| detail.restart.clone());
    let limits = one.part(|detail| detail.limits.clone());
    let failure = RwSignal::new(None::<Failure>);
    let editing = RwSignal::new(false);
    let update = Callback::new(move |update: Update| {
        leptos::task::spawn_local(async move {
            match api::update_container(&one.host(), &one.id(), &update).await {
                Ok(()) => {
                    failure.try_set(None);
                    editing.try_set(false);
                    one.look();
                }
                Err(why) => {
                    one.noticed(&why);
                    failure.try_set(Some(why));
                }
            }
        });
    });
    view! {
        <section class="panel" data-panel="keeping">
            <div class="panel__head">
                <h2>{w!(s.restart_policy)}</h2>
            </div>
            <div class="panel__body col">
                <Show when=move || may.get() fallback=move || view! { <PolicyNow policy /> }>
                    <Policy policy update />
                    <span class="t3 sm">{w!(s.applied_at_once)}</span>
                </Show>
                <Show when=move || !editing.get()>
                    <FormTrouble failure />
                </Show>
            </div>
            <div class="panel__head panel__head--below">
                <h2>{w!(s.limits)}</h2>
                <span class="end"></span>
                <Show when=move || !editing.get() && !one.is_gone() && may.get()>
                    <button
                        class="btn btn--quiet btn--sm"
                        type="button"
                        data-action="edit-limits"
                        on:click=move |_| {
                            failure.set(None);
                            editing.set(true);
                        }
                    >
                        {w!(s.edit_limits)}
                    </button>
                </Show>
            </div>
            <div class="panel__body">
                <Show
                    when=move || editing.get()
                    fallback=move || view! {
                        <dl class="facts container__facts">
                            <dt>{w!(s.cpu)}</dt>
                            <dd data-fact="cpu">{dynamic(move || cpu_limit(&limits.get(), s))}</dd>
                            <dt>{w!(s.memory)}</dt>
                            <dd data-fact="memory">{dynamic(move || memory_limit(&limits.get(), s))}</dd>
                            <dt>{w!(s.processes)}</dt>
                            <dd data-fact="pids">{dynamic(move || pids_limit(&limits.get(), s))}</dd>
                        </dl>
                    }
                >
                    <LimitsForm limits=limits.get_untracked() failure editing update />
                </Show>
            </div>
        </section>
    }
}

/// What it is, for whoever may not change it.
#[component]
fn PolicyNow(policy: Memo<RestartPolicy>) -> impl IntoView {
    let s = speech();
    let said = move || {
        let RestartPolicy { name, max } = policy.get();
        let word = policy_word(&name, s.words());
        match max {
            0 => word.to_owned(),
            max => format!("{word}{}{} {max}", s.words().comma(), s.words().restarts_at_most()),
        }
    };
    view! { <span data-fact="policy">{dynamic(said)}</span> }
}

#[component]
fn Policy(policy: Memo<RestartPolicy>, update: Callback<Update>) -> impl IntoView {
    let s = speech();
    let one = one();
    let choose = move |name: &str, max: i64| {
        let restart = Some(RestartPolicy { name: name.to_owned(), max });
        update.run(Update { restart, limits: None });
    };
    let button = move |name: &'static str| {
        view! {
            <button
                type="button"
                data-policy=name
                aria-pressed=dynamic(move || policy.with(|policy| policy.name == name).to_string())
                disabled=dynamic(move || one.is_gone())
                on:click=move |_| choose(name, 0)
            >
                {dynamic(move || policy_word(name, s.words()))}
            </button>
        }
    };
    let counts = memo(move || policy.with(|policy| policy.name == "on-failure"));
    let max = memo(move || policy.with(|policy| policy.max));
    view! {
        <span class="seg container__policies">{POLICIES.map(button)}</span>
        <Show when=move || counts.get()>
            <label class="row sm">
                <span class="t2">{w!(s.restarts_at_most)}</span>
                <input
                    class="input container__max"
                    name="restarts"
                    type="number"
                    min="0"
                    placeholder=w!(s.no_limit)
                    prop:value=dynamic(move || match max.get() {
                        0 => String::new(),
                        max => max.to_string(),
                    })
                    on:change=move |event| {
                        choose("on-failure", event_target_value(&event).trim().parse().unwrap_or(0));
                    }
                />
            </label>
        </Show>
    }
}

#[component]
fn LimitsForm(
    limits: Limits,
    failure: RwSignal<Option<Failure>>,
    editing: RwSignal<bool>,
    update: Callback<Update>,
) -> impl IntoView {
    let s = speech();
    let text = |set: i64, text: String| RwSignal::new(if set > 0 { text } else { String::new() });
    let cpu = text(limits.cpu_milli, cores(limits.cpu_milli));
    let memory = text(limits.memory, in_mib(limits.memory));
    let pids = text(limits.pids, limits.pids.to_string());
    let bad = RwSignal::new(false);
    let go = move || {
        let read = |text: RwSignal<String>, unit: f64| text.with_untracked(|text| amount(text, unit));
        let bytes = memory.with_untracked(|text| bytes_of(text, limits.memory));
        let wanted = read(cpu, 1000.0).zip(bytes).zip(read(pids, 1.0));
        bad.set(wanted.is_none());
        if let Some(((cpu_milli, memory), pids)) = wanted {
            update.run(Update { restart: None, limits: Some(NewLimits { cpu_milli, memory, pids }) });
        }
    };
    view! {
        <form class="container__limits" on:submit=submitted(go)>
            <Field name="cpu" label=w!(s.cpu_cores) value=cpu autocomplete="off" failure first=true />
            <Field name="memory" label=w!(s.memory_mib) value=memory autocomplete="off" failure />
            <Field name="pids" label=w!(s.processes_most) value=pids autocomplete="off" failure />
            <p class="t3 sm">{w!(s.empty_is_no_limit)}</p>
            <Show when=move || bad.get()>
                <p class="field__error" role="alert">{w!(s.not_a_number)}</p>
            </Show>
            <FormTrouble failure />
            <div class="row">
                <button class="btn btn--primary" type="submit" data-action="save-limits">{w!(s.save)}</button>
                <button
                    class="btn"
                    type="button"
                    on:click=move |_| {
                        failure.set(None);
                        editing.set(false);
                    }
                >
                    {w!(s.cancel)}
                </button>
            </div>
        </form>
    }
}

fn policy_word(name: &str, words: &Words) -> &'static str {
    match name {
        "always" => words.policy_always(),
        "unless-stopped" => words.policy_unless_stopped(),
        "on-failure" => words.policy_on_failure(),
        _ => words.policy_no(),
    }
}

fn cpu_limit(limits: &Limits, s: Speech) -> String {
    match limits.cpu_milli {
        ..=0 => s.words().no_limit().to_owned(),
        milli => s.say(&say::n_cpus(cores(milli))),
    }
}

fn memory_limit(limits: &Limits, s: Speech) -> String {
    match u64::try_from(limits.memory) {
        Ok(0) | Err(_) => s.words().no_limit().to_owned(),
        Ok(bytes) => format::memory(bytes),
    }
}

fn pids_limit(limits: &Limits, s: Speech) -> String {
    match u64::try_from(limits.pids) {
        Ok(0) | Err(_) => s.words().no_limit().to_owned(),
        Ok(pids) => format::count(pids),
    }
}

/// `1.5` out of thousandths.
fn cores(milli: i64) -> String {
    short(milli as f64 / 1000.0)
}

/// So many units as a text has; nothing is 0. None where it is no number.
fn amount(text: &str, unit: f64) -> Option<i64> {
    match text.trim() {
        "" => Some(0),
        number => {
            let number = number.parse::<f64>().ok().filter(|n| *n > 0.0 && *n < 1e12)?;
            Some((number * unit).round() as i64)
        }
    }
}

/// The bytes of a text in MiB. One that says what was there before is that to the byte: three decimals are not enough to
/// write it.
fn bytes_of(text: &str, before: i64) -> Option<i64> {
    if before > 0 && text.trim() == in_mib(before) { Some(before) } else { amount(text, MIB as f64) }
}

fn in_mib(bytes: i64) -> String {
    short(bytes as f64 / MIB as f64)
}

fn short(value: f64) -> String {
    let text = format::fixed(value.max(0.0), 3);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_no_more_digits_than_needed() {
        assert_eq!([1000, 1500, 250, 2125].map(cores), ["1", "1.5", "0.25", "2.125"]);
        assert_eq!([MIB, 100 * MIB, MIB / 2].map(in_mib), ["1", "100", "0.5"]);
    }

    #[test]
    fn a_limit_that_nobody_has_changed_stays_to_the_byte() {
        let odd = 100_000_000;
        assert_eq!(in_mib(odd), "95.367");
        assert_eq!([bytes_of("95.367", odd), bytes_of(" 95.367 ", odd)], [Some(odd); 2]);
        assert_eq!(bytes_of("96", odd), Some(96 * MIB));
        assert_eq!((bytes_of("", odd), bytes_of("", 0), bytes_of("many", odd)), (Some(0), Some(0), None));
    }
}
