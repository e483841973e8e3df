//! The list of recent jobs: what, how far, what failed and why.

use leptos::prelude::*;
use longshore_api::{
    sentence::Sentence,
    web::job::{Job, JobKind, JobOutcome, JobState, JobTarget},
    words::{Words, say},
};

use super::{Layers, jobs};
use crate::{
    api::{self, Failure},
    clock::{clock, full_time},
    containers::{verb_icon, verb_on},
    parts::{EngineWords, Icon, Layer, LayerHead, Show, Trouble, dynamic, each, memo},
    session::session,
    speech::{speech, w},
};

/// Why a target was not done; nothing for those that were, or are not decided.
pub(crate) fn not_done(outcome: &JobOutcome) -> Option<(Sentence, Option<String>)> {
    match outcome {
        JobOutcome::Failed { why, engine } => Some((why.clone(), engine.clone())),
        JobOutcome::Skipped => Some((say::job_target_skipped(), None)),
        JobOutcome::Unknown => Some((say::job_target_unknown(), None)),
        JobOutcome::Waiting | JobOutcome::Running | JobOutcome::Done => None,
    }
}

fn state_word(state: JobState, words: &Words) -> &'static str {
    match state {
        JobState::Queued => words.job_queued,
        JobState::Running => words.job_running,
        JobState::Done => words.job_done,
        JobState::Failed => words.job_failed,
        JobState::Cancelled => words.job_cancelled,
        JobState::Interrupted => words.job_interrupted,
    }
}

/// The list, over the page.
#[component]
pub(crate) fn JobList(close: Callback<()>) -> impl IntoView {
    let s = speech();
    let jobs = jobs();
    let ids = memo(move || jobs.all().into_iter().map(|job| job.id).collect::<Vec<_>>());
    view! {
            <Layer class="dialog dialog--wide" label=Signal::derive(move || s.words().jobs.to_owned()) close light=true>
                <LayerHead title=Signal::derive(move || s.words().jobs.to_owned()) close />
                <div class="dialog__body">
                    <Show
                        when=move || !ids.with(Vec::is_empty)
                        fallback=move || view! { <p class="t2">{w!(s.no_jobs)}</p> }
                    >
                        <ul class="jobs">
                            {each(
    move || ids.get(),
    String::clone,
    |id| view! { <JobLine id /> }.into_any(),
    )}
                        </ul>
                    </Show>
                </div>
            </Layer>
        }
}

#[component]
fn JobLine(id: String) -> impl IntoView {
    let s = speech();
    let clock = clock();
    let session = session();
    let jobs = jobs();
    let failure = RwSignal::new(None::<Failure>);
    let marked = id.clone();
    let job = Memo::new({
        let id = id.clone();
        move |_| jobs.one(&id)
    });
    let of = move |part: fn(&Job) -> u32| job.with(|job| job.as_ref().map_or(0, part));
    let state = memo(move || job.with(|job| job.as_ref().map_or(JobState::Done, |job| job.state)));
    let what = move || {
        job.with(|job| {
            let job = job.as_ref()?;
            let last = || job.targets.last().map_or("", short_name);
            Some(match job.kind {
                JobKind::Containers { verb } => verb_on(verb, job.targets.iter().map(short_name), s),
                JobKind::Pull => s.say(&say::job_pull(last())),
                JobKind::Create => s.say(&say::job_create(last())),
                JobKind::Recreate { .. } => s.say(&say::recreate_name(last())),
            })
        })
    };
    let icon = move || {
        job.with(|job| {
            job.as_ref().map(|job| match job.kind {
                JobKind::Containers { verb } => view! { <Icon name=verb_icon(verb) /> },
                JobKind::Pull => view! { <Icon name="image" /> },
                JobKind::Create => view! { <Icon name="plus" /> },
                JobKind::Recreate { .. } => view! { <Icon name="restart" /> },
            })
        })
    };
    let when = move || job.with(|job| job.as_ref().map(|job| job.created_at));
    let cancel = move |_| {
        let id = id.clone();
        leptos::task::spawn_local(async move {
            if let Err(why) = api::cancel_job(&id).await {
                session.noticed(&why);
                failure.set(Some(why));
            }
        });
    };
    let cancel = StoredValue::new(cancel);
    view! {
        <li class="jobs__one" data-job=marked data-job-state=dynamic(move || state.get().code())>
            <div class="row">
                {dynamic(icon)}
                <b class="b grow cut">{dynamic(what)}</b>
                <span class="t2 sm">
                    {dynamic(move || state_word(state.get(), s.words()))} " "
                    {dynamic(move || s.say(&say::found_of(of(|job| job.total), of(|job| job.done))))}
                </span>
                <span class="t3 sm" title=dynamic(move || when().map(full_time))>
                    {dynamic(move || when().map(|at| s.age(clock.since(at))))}
                </span>
                <Show when=move || !state.get().has_ended()>
                    <button
                        class="btn btn--sm"
                        type="button"
                        data-action="cancel-job"
                        on:click=move |event| cancel.with_value(|cancel| cancel(event))
                    >
                        {w!(s.cancel_job)}
                    </button>
                </Show>
            </div>
            <Show when=move || !state.get().has_ended()>
                <div
                    class="progress"
                    style:--p=dynamic(move || format!("{}%", (of(|job| job.done) * 100).checked_div(of(|job| job.total)).unwrap_or(0)))
                >
                    <i></i>
                </div>
            </Show>
            <Layers job />
            <Trouble failure />
            <ul class="jobs__failed">
                {dynamic(move || {
                    let targets = job.with(|job| job.as_ref().map(|job| job.targets.clone())).unwrap_or_default();
                    targets.into_iter().filter_map(failed_line).collect_view()
                })}
            </ul>
        </li>
    }
}

/// The name; where nobody knew one the id, as short as people write it. An image is called by what it is asked for.
fn short_name(target: &JobTarget) -> &str {
    let is_id = target.id.len() == 64 && target.id.bytes().all(|byte| byte.is_ascii_hexdigit());
    match target.name == target.id && is_id {
        true => &target.id[..12],
        false => &target.name,
    }
}

fn failed_line(target: JobTarget) -> Option<impl IntoView> {
    let s = speech();
    let (why, engine) = not_done(&target.outcome)?;
    let name = short_name(&target).to_owned();
    Some(view! {
        <li>
            <b class="b" title=target.id>{name}</b>
            " "
            <span class="t2">{dynamic(move || s.say(&why))}</span>
            {engine.map(|words| view! { <EngineWords words host=target.host /> })}
        </li>
    })
}
