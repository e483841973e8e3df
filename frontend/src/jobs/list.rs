//! The list of recent jobs: what, how far, what failed and why.

use leptos::prelude::*;
use longshore_api::{
    web::job::{Job, JobState, JobTarget},
    words::say,
};

use super::{
    Layers, jobs,
    words::{icon, not_done, percent, short_name, state_word, title},
};
use crate::{
    api::{self, Failure},
    clock::{clock, full_time},
    parts::{EngineWords, Icon, Layer, LayerHead, Show, Trouble, dynamic, each, memo},
    places::{Page, places},
    session::session,
    speech::{speech, w},
};

/// The list, over the page.
#[component]
pub(crate) fn JobList(close: Callback<()>) -> impl IntoView {
    let s = speech();
    let jobs = jobs();
    let places = places();
    let ids = memo(move || jobs.all().into_iter().map(|job| job.id).collect::<Vec<_>>());
    Effect::new(move |_| jobs.looked_at());
    view! {
            <Layer class="dialog dialog--wide" label=Signal::derive(move || s.words().jobs().to_owned()) close light=true>
                <LayerHead title=Signal::derive(move || s.words().jobs().to_owned()) close />
                <div class="dialog__body">
                    <Show
                        when=move || !ids.with(Vec::is_empty)
                        fallback=move || view! { <p class="t2">{w!(s.no_jobs)}</p> }
                    >
                        <ul class="jobs">
                            {each(
    move || ids.get(),
    String::clone,
    move |id| view! { <JobLine id close /> }.into_any(),
    )}
                        </ul>
                        <p class="jobs__all">
                            <a href=dynamic(move || places.address(Page::Jobs)) on:click=move |_| close.run(())>
                                {w!(s.jobs_all_page)}
                            </a>
                        </p>
                    </Show>
                </div>
            </Layer>
        }
}

#[component]
fn JobLine(id: String, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let clock = clock();
    let jobs = jobs();
    let failure = RwSignal::new(None::<Failure>);
    let marked = id.clone();
    let job: Signal<Option<Job>> = Memo::new({
        let id = id.clone();
        move |_| jobs.one(&id)
    })
    .into();
    let of = move |part: fn(&Job) -> u32| job.with(|job| job.as_ref().map_or(0, part));
    let state = memo(move || job.with(|job| job.as_ref().map_or(JobState::Done, |job| job.state)));
    let what = move || job.with(|job| job.as_ref().map(|job| title(job, s)));
    let icon = move || job.with(|job| job.as_ref().map(|job| view! { <Icon name=icon(job.kind) /> }));
    let places = places();
    let address = {
        let id = id.clone();
        move || places.job(&id)
    };
    let when = move || job.with(|job| job.as_ref().map(|job| job.created_at));
    view! {
        <li class="jobs__one" data-job=marked data-job-state=dynamic(move || state.get().code())>
            <div class="row">
                {dynamic(icon)}
                <a class="b grow cut" href=dynamic(address) on:click=move |_| close.run(())>{dynamic(what)}</a>
                <span class="t2 sm">
                    {dynamic(move || state_word(state.get(), s.words()))} " "
                    {dynamic(move || s.say(&say::found_of(of(|job| job.total), of(|job| job.done))))}
                </span>
                <span class="t3 sm" title=dynamic(move || when().map(full_time))>
                    {dynamic(move || when().map(|at| s.age(clock.since(at))))}
                </span>
                <Deeds job failure />
            </div>
            <Show when=move || !state.get().has_ended()>
                <div
                    class="progress"
                    style:--p=dynamic(move || job.with(|job| format!("{}%", job.as_ref().map_or(0, percent))))
                >
                    <i></i>
                </div>
            </Show>
            <Layers job />
            <Trouble failure />
            <Undone job />
        </li>
    }
}

/// What can be done about a job: cancel it, or do again what it left undone.
#[component]
pub(super) fn Deeds(
    /// The job.
    #[prop(into)]
    job: Signal<Option<Job>>,
    /// Where a refusal is said.
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let s = speech();
    let session = session();
    let busy = RwSignal::new(false);
    let open = memo(move || job.with(|job| job.as_ref().is_some_and(|job| !job.state.has_ended())));
    let again = memo(move || job.with(|job| job.as_ref().is_some_and(|job| job.again)));
    let ask = move |again: bool| {
        let id = job.with_untracked(|job| job.as_ref().map(|job| job.id.clone()).unwrap_or_default());
        busy.set(true);
        leptos::task::spawn_local(async move {
            let answer = match again {
                true => api::job_again(&id).await.map(drop),
                false => api::cancel_job(&id).await,
            };
            let told = answer.err().inspect(|why| session.noticed(why));
            // The list may have been closed meanwhile.
            _ = failure.try_set(told);
            _ = busy.try_set(false);
        });
    };
    view! {
        <Show when=move || open.get()>
            <button
                class="btn btn--sm"
                type="button"
                data-action="cancel-job"
                disabled=busy
                on:click=move |_| ask(false)
            >
                {w!(s.cancel_job)}
            </button>
        </Show>
        <Show when=move || again.get()>
            <button
                class="btn btn--sm"
                type="button"
                data-action="job-again"
                disabled=busy
                on:click=move |_| ask(true)
            >
                <Icon name="restart" />
                {w!(s.job_again)}
            </button>
        </Show>
    }
}

/// The targets that were not done, each with the reason.
#[component]
pub(super) fn Undone(
    /// The job.
    #[prop(into)]
    job: Signal<Option<Job>>,
) -> impl IntoView {
    let targets = memo(move || job.with(|job| job.as_ref().map(|job| job.targets.clone())));
    view! {
        <ul class="jobs__failed">
            {dynamic(move || {
                let targets = targets.get().unwrap_or_default();
                targets.into_iter().filter_map(failed_line).collect_view()
            })}
        </ul>
    }
}

fn failed_line(target: JobTarget) -> Option<impl IntoView> {
    let s = speech();
    let (why, engine) = not_done(&target.outcome)?;
    let name = short_name(&target);
    Some(view! {
        <li>
            <b class="b" title=target.id>{name}</b>
            {dynamic(move || s.words().colon())}
            <span class="t2">{dynamic(move || s.say(&why))}</span>
            {engine.map(|words| view! { <EngineWords words host=target.host /> })}
        </li>
    })
}
