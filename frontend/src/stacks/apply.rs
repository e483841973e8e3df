//! From a plan to its job, and how far that is.

use leptos::prelude::*;
use longshore_api::{
    line,
    web::{
        job::{Job, JobKind},
        stack::{ApplyPlan, NewPlan, OnFailure, StackDeed, StackPlan, StackWish},
    },
    words::say,
};

use super::{
    draft::{Draft, draft},
    plan::Rows,
    targets::Targets,
};
use crate::{
    api::{self, Answer, Failure},
    browser,
    jobs::{Layers, jobs},
    parts::{Close, CodeLine, Icon, Layer, Show, Trouble, dynamic, memo},
    places::places,
    session::session,
    speech::{speech, w},
};

/// Something that is asked for of the whole stack, by the files that it has.
#[derive(Clone, PartialEq)]
pub(super) struct Wished(StackWish);

impl Wished {
    /// A verb.
    pub(super) fn new(deed: StackDeed) -> Self {
        Self(StackWish::new(deed))
    }

    /// So many containers of a service.
    pub(super) fn scaled(service: &str, count: u32) -> Self {
        let scale = [(service.to_owned(), count)].into();
        Self(StackWish { services: vec![service.to_owned()], scale, ..StackWish::new(StackDeed::Up) })
    }

    /// Newer images, wherever there are some.
    pub(super) fn newer() -> Self {
        Self(StackWish { pull: true, ..StackWish::new(StackDeed::Up) })
    }
}

/// Carries a plan out.
pub(super) async fn carry_out(
    draft: Draft,
    plan: NewPlan,
    digest: String,
    message: String,
    on_failure: OnFailure,
) -> Answer<()> {
    let returns_to = draft.returns_to.get_untracked();
    let apply = ApplyPlan { plan, digest, message, on_failure, returns_to, share: None };
    let (host, name) = (draft.host.get_value(), draft.name.get_value());
    api::apply_stack(&host, &name, &apply).await?;
    _ = draft.line.try_set(Some(line::of_stack(&host, &name, &apply)));
    Ok(())
}

/// What does the same on a command line, once something was done.
#[component]
pub(super) fn SameLine() -> impl IntoView {
    let s = speech();
    let draft = draft();
    let line = draft.line;
    let text = Signal::derive(move || line.get().unwrap_or_default());
    let takes_files = memo(move || {
        text.with(|text| text.starts_with("longshore stack deploy") && !text.contains(" --kept"))
    });
    let download = move |name: String| {
        let shown = name.clone();
        let save = move |_| {
            let text = draft.files.with_untracked(|files| files.get(&name).cloned()).unwrap_or_default();
            browser::save(&name, &text);
        };
        view! {
            <button class="btn btn--sm" type="button" data-action="download-file" on:click=save>
                <Icon name="download" />
                <span class="mono">{shown}</span>
            </button>
        }
    };
    view! {
        <Show when=move || line.with(Option::is_some)>
            <section class="panel" data-panel="line">
                <div class="panel__head">
                    <h2 class="grow">{w!(s.stack_line)}</h2>
                    <Close close=Callback::new(move |()| line.set(None)) />
                </div>
                <div class="panel__body stacks__line">
                    <p class="t2">{dynamic(move || match takes_files.get() {
                        true => s.words().stack_line_more(),
                        false => s.words().stack_line_anywhere(),
                    })}</p>
                    <CodeLine text />
                    <Show when=move || takes_files.get()>
                        <p class="row" data-downloads="">
                            {dynamic(move || draft.files.with(|files| files.keys().cloned().map(download).collect_view()))}
                        </p>
                    </Show>
                </div>
            </section>
        </Show>
    }
}

/// What would be done, and the button that does it.
#[component]
pub(super) fn WishDialog(wish: Wished, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let (draft, session) = (draft(), session());
    let wish = RwSignal::new(wish.0);
    let plan = RwSignal::new(None::<StackPlan>);
    // What that is the plan of: another one may be on its way.
    let of = RwSignal::new(None::<StackWish>);
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let question = move || NewPlan { source: None, base: None, wish: wish.get_untracked() };
    Effect::new(move |_| {
        wish.track();
        let question = question();
        leptos::task::spawn_local(async move {
            match api::plan_stack(&draft.host.get_value(), &draft.name.get_value(), &question).await {
                Ok(shown) => {
                    if wish.try_get_untracked().as_ref() == Some(&question.wish) {
                        plan.set(Some(shown));
                        of.set(Some(question.wish));
                    }
                }
                Err(why) => {
                    session.noticed(&why);
                    _ = failure.try_set(Some(why));
                }
            }
        });
    });
    let ready = memo(move || {
        let some = plan.with(|plan| plan.as_ref().is_some_and(|it| !it.rows.is_empty()));
        some && !busy.get() && of.with(|of| of.as_ref() == Some(&wish.get()))
    });
    let go = move |_| {
        let Some(digest) = plan.with_untracked(|plan| plan.as_ref().map(|plan| plan.digest.clone())) else {
            return;
        };
        busy.set(true);
        let question = question();
        leptos::task::spawn_local(async move {
            match carry_out(draft, question, digest, String::new(), OnFailure::Undo).await {
                Ok(()) => close.run(()),
                Err(why) => {
                    session.noticed(&why);
                    _ = failure.try_set(Some(why));
                    _ = busy.try_set(false);
                }
            }
        });
    };
    let down = memo(move || wish.with(|wish| wish.deed == StackDeed::Down));
    let scales = memo(move || wish.with(|wish| !wish.scale.is_empty()));
    let title = Signal::derive(move || {
        let name = draft.name.get_value();
        s.say(&wish.with(|wish| match (wish.deed, wish.scale.keys().next()) {
            (_, Some(service)) => say::stack_scale_of(service),
            (StackDeed::Up, None) => say::job_stack_update(name),
            (StackDeed::Pull, None) => say::job_stack_pull(name),
            (StackDeed::Build, None) => say::job_stack_build(name),
            (StackDeed::Down, None) => say::job_stack_down(name),
            (StackDeed::Start, None) => say::job_stack_start(name),
            (StackDeed::Stop, None) => say::job_stack_stop(name),
            (StackDeed::Restart, None) => say::job_stack_restart(name),
        }))
    });
    view! {
        <Layer class="dialog dialog--wide" label=title close>
            <div class="dialog__form">
                <div class="dialog__head">
                    <h2 class="grow cut">{dynamic(move || title.get())}</h2>
                    <Close close />
                </div>
                <div class="dialog__body dialog__body--flush">
                    <Show when=move || down.get()>
                        <label class="opt opt--in">
                            <input
                                class="box"
                                type="checkbox"
                                name="volumes"
                                on:change=move |_| wish.update(|wish| wish.volumes = !wish.volumes)
                            />
                            {w!(s.stack_down_volumes)}
                        </label>
                        <Show when=move || !wish.with(|wish| wish.volumes)>
                            <p class="t2 sm opt--in" data-keeps-volumes="">{w!(s.stack_down_keeps)}</p>
                        </Show>
                    </Show>
                    <Show when=move || scales.get()>
                        <Count wish />
                    </Show>
                    <Show when=move || plan.with(|plan| plan.as_ref().is_some_and(|it| it.rows.is_empty() && it.obstacles.is_empty()))>
                        <p class="t2 plan">{w!(s.plan_nothing)}</p>
                    </Show>
                    <Rows plan />
                </div>
                <div class="dialog__said"><Trouble failure /></div>
                <div class="dialog__foot">
                    <button class="btn end" type="button" on:click=move |_| close.run(())>{w!(s.cancel)}</button>
                    <button
                        class="btn"
                        class=("btn--danger", move || down.get())
                        class=("btn--primary", move || !down.get())
                        type="button"
                        data-action="confirm"
                        disabled=dynamic(move || !ready.get())
                        on:click=go
                    >
                        <span class="cut">{dynamic(move || title.get())}</span>
                    </button>
                </div>
            </div>
        </Layer>
    }
}

/// How many containers a service is to have.
#[component]
fn Count(wish: RwSignal<StackWish>) -> impl IntoView {
    let s = speech();
    let count = memo(move || wish.with(|wish| wish.scale.values().next().copied()).unwrap_or_default());
    let set = move |event: web_sys::Event| {
        // One of none would have no line here to be scaled by.
        if let Some(count) = event_target_value(&event).trim().parse::<u32>().ok().filter(|count| *count > 0)
        {
            wish.update(|wish| wish.scale.values_mut().for_each(|it| *it = count));
        }
    };
    view! {
        <label class="field field--side opt--in">
            <span class="field__label">{w!(s.containers)}</span>
            <input
                class="input container__max"
                name="scale"
                type="number"
                min="1"
                max="100"
                prop:value=dynamic(move || count.get().to_string())
                on:input=set
            />
        </label>
        <p class="t2 sm opt--in">{w!(s.stack_scale_more)}</p>
    }
}

/// The newest job on this stack, while it goes on, or went wrong and nothing was done since.
#[component]
pub(super) fn Under() -> impl IntoView {
    let s = speech();
    let (draft, jobs, places) = (draft(), jobs(), places());
    let (host, name) = (draft.host.get_value(), draft.name.get_value());
    let job: Memo<Option<Job>> = Memo::new(move |_| {
        let of_this = |job: &Job| {
            matches!(job.kind, JobKind::Stack { .. })
                && job.targets.first().is_some_and(|it| it.host == host && it.id == name)
        };
        jobs.all().into_iter().find(of_this)
    });
    let shown = memo(move || {
        job.with(|job| job.as_ref().is_some_and(|job| !job.state.has_ended() || job.went_wrong()))
    });
    // The job has ended, so the plan is stale: plan again.
    let ended = memo(move || {
        job.with(|job| job.as_ref().filter(|job| job.state.has_ended()).map(|job| job.id.clone()))
    });
    Effect::new(move |before: Option<Option<String>>| {
        let now = ended.get();
        if before.is_some_and(|before| before != now) && now.is_some() {
            untrack(|| draft.look());
        }
        now
    });
    let over = memo(move || job.with(|job| job.as_ref().is_some_and(|job| job.state.has_ended())));
    let cancel = move |_| {
        if let Some(id) = job.with_untracked(|job| job.as_ref().map(|job| job.id.clone())) {
            // What becomes of it is told by the job.
            leptos::task::spawn_local(async move { _ = api::cancel_job(&id).await });
        }
    };
    let id = move || job.with(|job| job.as_ref().map(|job| job.id.clone())).unwrap_or_default();
    view! {
        <Show when=move || shown.get()>
            <section class="panel under" role="status" data-under=dynamic(move || if over.get() { "over" } else { "going" })>
                <div class="panel__head">
                    <Icon name="job" />
                    <h2>{dynamic(move || if over.get() { s.words().stack_went_wrong() } else { s.words().stack_applying() })}</h2>
                    <span class="end row">
                        <a href=dynamic(move || places.job(&id()))>{w!(s.job_log)}</a>
                        <Show when=move || !over.get()>
                            <button class="btn btn--sm" type="button" data-action="cancel-job" on:click=cancel>
                                {w!(s.cancel_job)}
                            </button>
                        </Show>
                    </span>
                </div>
                <Targets job />
                {dynamic(move || job.with(|job| job.as_ref().map(|job| job.layers.clone())).filter(|it| !it.is_empty()).map(|_| view! {
                    <Layers job=Signal::derive(move || job.get()) />
                }))}
            </section>
        </Show>
    }
}
