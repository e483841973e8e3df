//! Asking for a measurement, and what is told of it while it goes on and when it has failed.

use leptos::prelude::*;
use longshore_api::web::job::{Job, JobKind, JobState};

use crate::{
    api::{self, Failure},
    jobs::{jobs, not_done},
    parts::{EngineWords, Icon, Show, Trouble, dynamic, memo},
    session::{Session, session},
    speech::{speech, w},
};

/// The measurements of some hosts.
#[derive(Clone, Copy)]
pub(crate) struct Measuring {
    hosts: Signal<Vec<String>>,
    /// The newest of each host.
    newest: Memo<Vec<Job>>,
    failure: RwSignal<Option<Failure>>,
    session: Session,
}

impl Measuring {
    /// Those of these hosts.
    pub(crate) fn of(hosts: Signal<Vec<String>>) -> Self {
        let jobs = jobs();
        let newest = memo(move || {
            let mut newest: Vec<Job> = Vec::new();
            hosts.with(|hosts| {
                for job in jobs.all() {
                    let host = job.targets.first().map(|target| target.host.clone()).unwrap_or_default();
                    let of_host =
                        |other: &Job| other.targets.first().is_some_and(|target| target.host == host);
                    if job.kind == JobKind::DiskUse && hosts.contains(&host) && !newest.iter().any(of_host) {
                        newest.push(job);
                    }
                }
            });
            newest
        });
        Self { hosts, newest, failure: RwSignal::new(None), session: session() }
    }

    /// Whether one is under way.
    pub(crate) fn goes_on(self) -> bool {
        self.newest.with(|jobs| jobs.iter().any(|job| !job.state.has_ended()))
    }

    /// Those that have ended, to be told from others.
    pub(crate) fn ended(self) -> Vec<String> {
        self.newest
            .with(|jobs| jobs.iter().filter(|job| job.state.has_ended()).map(|job| job.id.clone()).collect())
    }

    fn start(self) {
        let session = self.session;
        self.failure.set(None);
        for host in self.hosts.get_untracked() {
            leptos::task::spawn_local(async move {
                if let Err(why) = api::measure_disk(&host).await {
                    session.noticed(&why);
                    _ = self.failure.try_set(Some(why));
                }
            });
        }
    }

    fn cancel(self) {
        let session = self.session;
        let open = self.newest.get_untracked().into_iter().filter(|job| !job.state.has_ended());
        for job in open {
            leptos::task::spawn_local(async move {
                if let Err(why) = api::cancel_job(&job.id).await {
                    session.noticed(&why);
                    _ = self.failure.try_set(Some(why));
                }
            });
        }
    }
}

/// The button that asks for it; while it goes on, the one that ends it.
#[component]
pub(crate) fn Measure(
    measuring: Measuring,
    /// What the button says.
    #[prop(into)]
    word: Signal<&'static str>,
    /// It is what the page is for.
    #[prop(optional, into)]
    primary: Signal<bool>,
) -> impl IntoView {
    let s = speech();
    let none = memo(move || measuring.hosts.with(Vec::is_empty));
    view! {
        <Show
            when=move || measuring.goes_on()
            fallback=move || {
                view! {
                    <button
                        class="btn"
                        class=("btn--primary", move || primary.get())
                        type="button"
                        data-action="measure"
                        disabled=dynamic(move || none.get())
                        on:click=move |_| measuring.start()
                    >
                        <Icon name="stats" />
                        {dynamic(move || word.get())}
                    </button>
                }
            }
        >
            <span class="t2" role="status">{w!(s.measuring)}</span>
            <button class="btn" type="button" data-action="cancel-measure" on:click=move |_| measuring.cancel()>
                {w!(s.cancel_job)}
            </button>
        </Show>
    }
}

/// Why the newest came to nothing.
#[component]
pub(crate) fn MeasureTrouble(
    measuring: Measuring,
    /// Of jobs that were asked for since then.
    #[prop(into)]
    since: Signal<i64>,
) -> impl IntoView {
    let s = speech();
    let failed = move || {
        let since = since.get();
        let jobs = measuring.newest.get().into_iter().filter(move |job| {
            // Whoever has cancelled it knows.
            job.created_at > since && job.state != JobState::Cancelled
        });
        let lines = jobs
            .flat_map(|job| job.targets)
            .filter_map(|target| not_done(&target.outcome).map(|why| (target, why)));
        lines
            .map(|(target, (why, engine))| {
                view! {
                    <div class="trouble" role="alert" data-trouble="disk">
                        <Icon name="warning" />
                        <div class="trouble__in">
                            <p>{dynamic(move || s.say(&why))}</p>
                            {engine.map(|words| view! { <EngineWords words host=target.host /> })}
                        </div>
                    </div>
                }
            })
            .collect_view()
    };
    view! {
        <Trouble failure=measuring.failure />
        {dynamic(failed)}
    }
}
