//! Beside the form: the same as text, what is in the way, and the deed.

use leptos::prelude::*;
use longshore_api::{
    ops::spec::{compose_text, run_text, uncomposed, unsaid},
    web::job::{Job, JobOutcome, JobState, JobTarget},
    words::{Words, say},
};

use super::page::making;
use crate::{
    jobs::{Layers, jobs, not_done},
    parts::{CodeLine, EngineWords, FormTrouble, Icon, Show, dynamic, memo},
    places::places,
    speech::{speech, w},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Run,
    Compose,
    Body,
}

impl Form {
    const ALL: [Self; 3] = [Self::Run, Self::Compose, Self::Body];

    fn word(self, words: &Words) -> &'static str {
        match self {
            Self::Run => "docker run",
            Self::Compose => "Compose",
            Self::Body => words.nc_api_body(),
        }
    }
}

/// The text, the deed and what becomes of it.
#[component]
pub(super) fn Aside() -> impl IntoView {
    let s = speech();
    let making = making();
    let form = RwSignal::new(Form::Run);
    let text = memo(move || {
        making.asked.with(|asked| match form.get() {
            Form::Run => run_text(&asked.spec),
            Form::Compose => compose_text(&asked.spec),
            Form::Body => serde_json::to_string_pretty(&asked.spec.to_body()).unwrap_or_default(),
        })
    });
    let unsaid = memo(move || match form.get() {
        Form::Run => making.asked.with(|asked| unsaid(&asked.spec)),
        Form::Compose => making.asked.with(|asked| uncomposed(&asked.spec)),
        Form::Body => Vec::new(),
    });
    let note = move |fields: String| match form.get() {
        Form::Compose => say::nc_uncomposed(fields),
        Form::Run | Form::Body => say::nc_unsaid(fields),
    };
    let tab = move |each: Form| {
        view! {
            <button
                type="button"
                data-form=format!("{each:?}").to_lowercase()
                aria-pressed=dynamic(move || (form.get() == each).to_string())
                on:click=move |_| form.set(each)
            >
                {dynamic(move || each.word(s.words()))}
            </button>
        }
    };
    view! {
        <aside class="nc__side" aria-label=w!(s.nc_as_text)>
            <div class="row nc__tabs">
                <span class="seg" role="group" aria-label=w!(s.nc_as_text)>{Form::ALL.map(tab)}</span>
            </div>
            <CodeLine text=Signal::derive(move || text.get()) />
            {dynamic(move || {
                let fields = unsaid.get();
                (!fields.is_empty())
                    .then(|| view! {
                        <p class="t2 sm nc__note" data-unsaid="">
                            {dynamic(move || s.say(&note(fields.join(", "))))}
                        </p>
                    })
            })}
            <Deed />
        </aside>
    }
}

#[component]
fn Deed() -> impl IntoView {
    let s = speech();
    let making = making();
    let places = places();
    let jobs = jobs();
    let job = memo(move || making.job.get().and_then(|id| jobs.one(&id)));
    let under_way = memo(move || match job.get() {
        Some(job) => !job.state.has_ended(),
        // Just asked for, and not yet heard of.
        None => making.job.with(Option::is_some),
    });
    let off = memo(move || {
        making.busy.get()
            || under_way.get()
            || making.host.with(String::is_empty)
            || making.asked.with(|asked| asked.spec.body.image.is_empty() || !asked.wrong.is_empty())
    });
    // What is made is what one wants to see next.
    Effect::new(move |_| {
        if let Some(job) = job.get()
            && job.state == JobState::Done
            && let Some(made) = job.targets.last()
        {
            places.go(untrack(|| places.container(&made.host, &made.name, None)));
        }
    });
    view! {
        <FormTrouble failure=making.failure />
        <Show when=move || job.with(Option::is_some)>
            <Progress job />
        </Show>
        <div class="row nc__deeds">
            <button
                class="btn btn--primary btn--lg grow"
                type="button"
                data-action="create-start"
                disabled=off
                on:click=move |_| making.make(true)
            >
                {w!(s.nc_create_start)}
            </button>
            <button
                class="btn btn--lg"
                type="button"
                data-action="create-only"
                disabled=off
                on:click=move |_| making.make(false)
            >
                {w!(s.nc_create_only)}
            </button>
        </div>
    }
}

/// How far the job is, or why it failed.
#[component]
pub(crate) fn Progress(job: Memo<Option<Job>>) -> impl IntoView {
    let s = speech();
    let failed = move || {
        let targets = job.with(|job| job.as_ref().map(|job| job.targets.clone())).unwrap_or_default();
        // What was not begun because another failed says nothing of its own; where none failed, one says it for all.
        let told = |target: &JobTarget| !matches!(target.outcome, JobOutcome::Skipped);
        let fails = targets.iter().any(|target| told(target) && not_done(&target.outcome).is_some());
        let first = targets.iter().position(|target| !told(target));
        let targets = targets.into_iter().enumerate();
        let targets = targets.filter(move |(at, target)| told(target) || !fails && first == Some(*at));
        let lines = targets.map(|(_, target)| target).filter_map(|target| {
            let (why, engine) = not_done(&target.outcome)?;
            Some(view! {
                <div class="trouble" role="alert" data-failed="">
                    <Icon name="warning" />
                    <div class="trouble__in">
                        <p><b class="b">{target.name}</b> " " {dynamic(move || s.say(&why))}</p>
                        {engine.map(|words| view! { <EngineWords words host=target.host /> })}
                    </div>
                </div>
            })
        });
        lines.collect_view()
    };
    let open = memo(move || job.with(|job| job.as_ref().is_some_and(|job| !job.state.has_ended())));
    let cancel = move |_| {
        if let Some(id) = job.with_untracked(|job| job.as_ref().map(|job| job.id.clone())) {
            // What becomes of it is told by the job.
            leptos::task::spawn_local(async move { _ = crate::api::cancel_job(&id).await });
        }
    };
    view! {
        <div class="nc__progress" aria-live="polite">
            <Show when=move || open.get()>
                <div class="row">
                    <span class="grow t2">{w!(s.nc_under_way)}</span>
                    <button class="btn btn--sm" type="button" data-action="cancel-job" on:click=cancel>
                        {w!(s.cancel_job)}
                    </button>
                </div>
            </Show>
            <Layers job />
            {dynamic(failed)}
        </div>
    }
}
