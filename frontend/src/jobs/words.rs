//! Jobs in words: what one does, how far it is, why a target was not done.

use leptos::prelude::*;
use longshore_api::{
    format::short_id,
    sentence::Sentence,
    web::{
        job::{Job, JobKind, JobOutcome, JobState, JobTarget},
        stack::StackDeed,
    },
    words::{Words, say},
};

use crate::{
    browser,
    containers::{verb_icon, verb_on},
    parts::Icon,
    speech::Speech,
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

/// The word for how far it is.
pub(super) fn state_word(state: JobState, words: &Words) -> &'static str {
    match state {
        JobState::Queued => words.job_queued(),
        JobState::Running => words.job_running(),
        JobState::Done => words.job_done(),
        JobState::Failed => words.job_failed(),
        JobState::Cancelled => words.job_cancelled(),
        JobState::Interrupted => words.job_interrupted(),
    }
}

/// What it does, and to whom.
pub(crate) fn title(job: &Job, s: Speech) -> String {
    let last = || job.targets.last().map_or_else(String::new, short_name);
    match job.kind {
        JobKind::Containers { verb } => {
            let names: Vec<String> = job.targets.iter().map(short_name).collect();
            verb_on(verb, names.iter().map(String::as_str), s)
        }
        JobKind::Pull => s.say(&say::job_pull(last())),
        JobKind::Create => s.say(&say::job_create(last())),
        JobKind::Recreate { .. } => s.say(&say::recreate_name(last())),
        JobKind::DiskUse => s.say(&say::job_disk_use(last())),
        JobKind::Stack { deed } => {
            let stack = job.targets.first().map(|target| target.id.clone()).unwrap_or_default();
            s.say(&match deed {
                StackDeed::Up => say::job_stack_up(stack),
                StackDeed::Down => say::job_stack_down(stack),
                StackDeed::Start => say::job_stack_start(stack),
                StackDeed::Stop => say::job_stack_stop(stack),
                StackDeed::Restart => say::job_stack_restart(stack),
                StackDeed::Pull => say::job_stack_pull(stack),
                StackDeed::Build => say::job_stack_build(stack),
            })
        }
    }
}

/// The icon of what it does.
pub(super) fn icon(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Containers { verb } => verb_icon(verb),
        JobKind::Pull => "image",
        JobKind::Create => "plus",
        JobKind::Recreate { .. } => "restart",
        JobKind::DiskUse => "stats",
        JobKind::Stack { .. } => "stack",
    }
}

/// The mark of one that has ended; a ring of how far it is where it has not.
pub(super) fn mark(job: &Job) -> AnyView {
    match job.state {
        JobState::Queued | JobState::Running => {
            let percent = format!("{}%", percent(job));
            view! { <span class="ring" style:--p=percent></span> }.into_any()
        }
        JobState::Done => view! { <span class="c-running"><Icon name="check" /></span> }.into_any(),
        JobState::Failed => view! { <span class="c-unhealthy"><Icon name="close" /></span> }.into_any(),
        JobState::Cancelled => view! { <span class="t3"><Icon name="stop" /></span> }.into_any(),
        JobState::Interrupted => view! {
            <svg class="mark c-unknown" aria-hidden="true">
                <use href=browser::icon("m-unknown") />
            </svg>
        }
        .into_any(),
    }
}

/// How much of it is done: bytes where it moves bytes, targets elsewhere.
pub(super) fn percent(job: &Job) -> u64 {
    let (done, total) = bytes(job).unwrap_or((job.done.into(), job.total.into()));
    (done * 100).checked_div(total).unwrap_or(0).min(100)
}

/// Bytes of its layers that are done, and all whose size is known.
pub(super) fn bytes(job: &Job) -> Option<(u64, u64)> {
    let sum = job.layers.iter().fold((0u64, 0u64), |(done, total), layer| {
        (done.saturating_add(layer.done), total.saturating_add(layer.total))
    });
    (sum.1 > 0).then_some(sum)
}

/// The hosts that it works on, each once.
pub(super) fn hosts_of(job: &Job) -> Vec<&str> {
    let mut hosts: Vec<&str> = job.targets.iter().map(|target| target.host.as_str()).collect();
    hosts.sort_unstable();
    hosts.dedup();
    hosts
}

/// The name; where nobody knew one the id, as short as people write it.
pub(super) fn short_name(target: &JobTarget) -> String {
    let is_id = target.name.len() == 64 && target.name.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id { short_id(&target.name) } else { target.name.clone() }
}
