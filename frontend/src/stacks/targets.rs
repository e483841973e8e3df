//! What a job on a stack does, thing by thing, and how far each is.

use leptos::prelude::*;
use longshore_api::{
    web::job::{Job, JobOutcome, JobTarget},
    words::Words,
};

use crate::{
    jobs::not_done,
    parts::{EngineWords, dynamic, each, memo},
    speech::speech,
};

/// The mark of how far it is, and its word where nothing more is said of it.
fn mark(outcome: &JobOutcome, words: &Words) -> (&'static str, &'static str) {
    match outcome {
        JobOutcome::Waiting => ("waiting", words.job_queued()),
        JobOutcome::Running => ("running", words.job_running()),
        JobOutcome::Done => ("done", words.job_done()),
        JobOutcome::Failed { .. } | JobOutcome::Unknown => ("failed", ""),
        JobOutcome::Skipped => ("skipped", ""),
    }
}

/// Its targets.
#[component]
pub(crate) fn Targets(job: Memo<Option<Job>>) -> impl IntoView {
    let s = speech();
    let count = memo(move || job.with(|job| job.as_ref().map_or(0, |job| job.targets.len())));
    let target = move |place: usize| {
        let it: Memo<Option<JobTarget>> =
            Memo::new(move |_| job.with(|job| job.as_ref().and_then(|job| job.targets.get(place).cloned())));
        let marked = move || it.with(|it| it.as_ref().map(|it| mark(&it.outcome, s.words())));
        let failed = move || {
            it.with(|it| it.as_ref().and_then(|it| not_done(&it.outcome))).map(|(why, engine)| {
                view! {
                    <div class="under__why">
                        {dynamic(move || s.say(&why))}
                        {engine.map(|words| view! { <EngineWords words /> })}
                    </div>
                }
            })
        };
        view! {
            <li class="under__one" data-outcome=dynamic(move || marked().map(|(mark, _)| mark))>
                <span class="under__dot" aria-hidden="true"></span>
                <span class="b">{dynamic(move || it.with(|it| it.as_ref().map(|it| it.name.clone())))}</span>
                <span class="t3 sm">{dynamic(move || marked().map(|(_, word)| word))}</span>
                {dynamic(failed)}
            </li>
        }
        .into_any()
    };
    view! {
        <ul class="under__all">
            {each(move || (0..count.get()).collect::<Vec<_>>(), usize::to_string, target)}
        </ul>
    }
}
