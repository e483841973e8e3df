//! The page: what is under way, what has ended, and the log of one.

use leptos::prelude::*;
use longshore_api::{
    format,
    web::job::{Job, JobState},
    words::{Words, say},
};

use super::{
    Layers,
    known::Known,
    list::{Deeds, Undone},
    log::JobLog,
    words::{bytes, hosts_of, icon, mark, percent, state_word, title},
};
use crate::{
    api::Failure,
    clock::{clock, full_time, time_of_day},
    parts::{Icon, Show, Trouble, dynamic, each, memo},
    places::{Page, places},
    shell::{hosts, page_keys},
    speech::{speech, w},
};

/// Which jobs are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    All,
    Open,
    Failed,
}

impl Which {
    const EACH: [Self; 3] = [Self::All, Self::Open, Self::Failed];

    /// As it stands in the address.
    fn code(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Open => "open",
            Self::Failed => "failed",
        }
    }

    fn word(self, words: &Words) -> &'static str {
        match self {
            Self::All => words.jobs_all(),
            Self::Open => words.jobs_open(),
            Self::Failed => words.jobs_failed(),
        }
    }

    fn holds(self, job: &Job) -> bool {
        match self {
            Self::All => true,
            Self::Open => !job.state.has_ended(),
            Self::Failed => job.went_wrong(),
        }
    }
}

/// The jobs.
#[component]
pub(crate) fn JobsPage() -> impl IntoView {
    let s = speech();
    let places = places();
    let known = Known::new();
    let which = memo(move || {
        let asked = places.query("show").unwrap_or_default();
        Which::EACH.into_iter().find(|which| which.code() == asked).unwrap_or(Which::All)
    });
    let chosen = memo(move || places.query("job").filter(|id| !id.is_empty()));
    let to = move |which: Which, job: Option<&str>| {
        let pairs = [("show", which.code()), ("job", job.unwrap_or_default())];
        let pairs: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        places.address_on(Page::Jobs, places.host().as_deref(), &pairs)
    };
    let ids = move |open: bool| {
        let (which, host) = (which.get(), places.host());
        known.ids(|job| {
            which.holds(job)
                && job.state.has_ended() != open
                && host.as_deref().is_none_or(|host| job.targets.iter().any(|target| target.host == host))
        })
    };
    let open = memo(move || ids(true));
    let ended = memo(move || ids(false));
    let none = memo(move || open.with(Vec::is_empty) && ended.with(Vec::is_empty));
    // Beside the list stands the one that is chosen, else the newest.
    let beside = memo(move || {
        let newest =
            || open.with(|ids| ids.first().cloned()).or_else(|| ended.with(|ids| ids.first().cloned()));
        chosen.get().or_else(newest)
    });
    let step = move |by: isize| {
        let all: Vec<String> = untrack(|| open.get().into_iter().chain(ended.get()).collect());
        let here = untrack(|| beside.get()).and_then(|id| all.iter().position(|other| *other == id));
        let next = here.map_or(0, |here| here.saturating_add_signed(by)).min(all.len().saturating_sub(1));
        if let Some(id) = all.get(next) {
            places.settle(untrack(|| to(which.get(), Some(id))));
        }
    };
    page_keys(move |key, _| {
        match key {
            "j" => step(1),
            "k" => step(-1),
            _ => return false,
        }
        true
    });
    let address = Callback::new(move |id: String| to(which.get(), Some(&id)));
    view! {
        <main class="page" id="page" tabindex="-1">
            <div class="page__head">
                <h1>{w!(s.jobs)}</h1>
                <Show when=move || !open.with(Vec::is_empty)>
                    <span class="t3">{dynamic(move || s.say(&say::jobs_running(open.with(Vec::len))))}</span>
                </Show>
                <div class="page__actions">
                    <span class="seg" role="group" aria-label=w!(s.jobs)>
                        {Which::EACH.map(|each| view! {
                            <button
                                type="button"
                                data-show=each.code()
                                aria-pressed=dynamic(move || (which.get() == each).to_string())
                                on:click=move |_| places.settle(untrack(|| to(each, None)))
                            >
                                {dynamic(move || each.word(s.words()))}
                            </button>
                        })}
                    </span>
                </div>
            </div>
            <Trouble failure=known.failure />
            <Show when=move || none.get()>
                <div class="empty">
                    <h2>{dynamic(move || if which.get() == Which::All { s.words().no_jobs() } else { s.words().jobs_none_such() })}</h2>
                </div>
            </Show>
            <div class="jobspage" class:is-chosen=dynamic(move || chosen.with(Option::is_some)) class:is-hidden=dynamic(move || none.get() && chosen.with(Option::is_none))>
                <div class="col jobspage__list">
                    {each(
    move || open.get(),
    String::clone,
    move |id| view! { <OpenJob job=known.one(id.clone()) id address /> }.into_any(),
    )}
                    <Show when=move || !ended.with(Vec::is_empty)>
                        <div class="tblwrap" tabindex="0" role="region" aria-label=w!(s.jobs_earlier)>
                            <table class="tbl tbl--phone jobstable">
                                <colgroup>
                                    <col class="jobstable__mark" />
                                    <col />
                                    <col class="jobstable__host" />
                                    <col class="jobstable__took" />
                                    <col class="jobstable__end" />
                                </colgroup>
                                <thead>
                                    <tr>
                                        <th scope="col"><span class="sr">{w!(s.col_state)}</span></th>
                                        <th scope="col">{w!(s.col_what)}</th>
                                        <th scope="col">{w!(s.host)}</th>
                                        <th scope="col" class="num">{w!(s.job_took)}</th>
                                        <th scope="col" class="num">{w!(s.job_ended_at)}</th>
                                    </tr>
                                </thead>
                                <tbody>
                                    {each(
    move || ended.get(),
    String::clone,
    move |id| view! { <EndedJob job=known.one(id.clone()) id beside address /> }.into_any(),
    )}
                                </tbody>
                            </table>
                        </div>
                    </Show>
                    <Show when=move || known.more.get()>
                        <button
                            class="btn"
                            type="button"
                            data-action="older-jobs"
                            disabled=known.asking
                            on:click=move |_| known.ask_for_more()
                        >
                            {w!(s.jobs_older)}
                        </button>
                    </Show>
                </div>
                <JobLog id=beside known close=move |()| places.settle(untrack(|| to(which.get(), None))) />
            </div>
        </main>
    }
}

/// One that has not ended: how far it is, layer by layer, and the way to end it.
#[component]
fn OpenJob(job: Signal<Option<Job>>, id: String, address: Callback<String, String>) -> impl IntoView {
    let s = speech();
    let marked = id.clone();
    let failure = RwSignal::new(None::<Failure>);
    let of = move |part: &dyn Fn(&Job) -> String| job.with(|job| job.as_ref().map(part).unwrap_or_default());
    let state = memo(move || job.with(|job| job.as_ref().map_or(JobState::Done, |job| job.state)));
    let far = move || {
        of(&|job| match bytes(job) {
            Some((done, total)) => s.say(&say::job_bytes(done, total)),
            None => s.say(&say::job_targets(job.total, job.done)),
        })
    };
    view! {
        <section class="panel" data-job=marked data-job-state=dynamic(move || state.get().code())>
            <div class="panel__head">
                {dynamic(move || job.with(|job| job.as_ref().map(mark)))}
                <h2 class="cut">
                    <a href=dynamic(move || address.run(id.clone()))>{dynamic(move || of(&|job| title(job, s)))}</a>
                </h2>
                <span class="t3 nowrap"><HostsOf job /></span>
                <span class="end"></span>
                <Deeds job failure />
            </div>
            <div class="panel__body jobs__far">
                <div class="row">
                    <b class="b">{dynamic(move || of(&|job| format!("{}%", percent(job))))}</b>
                    <span class="t2">{dynamic(far)}</span>
                    <span class="end t3">{dynamic(move || state_word(state.get(), s.words()))}</span>
                </div>
                <div class="progress" style:--p=dynamic(move || of(&|job| format!("{}%", percent(job))))>
                    <i></i>
                </div>
                <Layers job />
                <Trouble failure />
                <Undone job />
            </div>
        </section>
    }
}

#[component]
fn EndedJob(
    job: Signal<Option<Job>>,
    id: String,
    #[prop(into)] beside: Signal<Option<String>>,
    address: Callback<String, String>,
) -> impl IntoView {
    let s = speech();
    let marked = id.clone();
    let chosen = {
        let id = id.clone();
        memo(move || beside.with(|beside| beside.as_ref() == Some(&id)))
    };
    let ended_at = memo(move || job.with(|job| job.as_ref().and_then(|job| job.ended_at)));
    let took = move || {
        job.with(|job| {
            let job = job.as_ref()?;
            Some(format::took(job.ended_at? - job.started_at?, s.locale()))
        })
    };
    let state = memo(move || job.with(|job| job.as_ref().map_or(JobState::Done, |job| job.state)));
    let word = move || state_word(state.get(), s.words());
    let clock = clock();
    let ended = move || {
        let at = ended_at.get()?;
        // Of today the time tells more than the age.
        Some(if clock.since(at) < 12 * 60 * 60 * 1_000 { time_of_day(at) } else { s.age(clock.since(at)) })
    };
    view! {
        <tr data-job=marked data-job-state=dynamic(move || state.get().code()) class:is-selected=chosen>
            <td class="p-mark" title=dynamic(word)>
                {dynamic(move || job.with(|job| job.as_ref().map(mark)))}
                <span class="sr">{dynamic(word)}</span>
            </td>
            <td class="p-name">
                <a class="tbl__name cut" href=dynamic(move || address.run(id.clone()))>
                    {dynamic(move || job.with(|job| job.as_ref().map(|job| view! { <Icon name=icon(job.kind) /> " " {title(job, s)} })))}
                </a>
            </td>
            <td class="t2 p-2a"><HostsOf job /></td>
            <td class="num t2">{dynamic(took)}</td>
            <td class="num t2 p-2b" title=dynamic(move || ended_at.get().map(full_time))>{dynamic(ended)}</td>
        </tr>
    }
}

/// The host, or how many.
#[component]
fn HostsOf(job: Signal<Option<Job>>) -> impl IntoView {
    let s = speech();
    let hosts = hosts();
    let name = move || {
        job.with(|job| {
            let of = job.as_ref().map(hosts_of).unwrap_or_default();
            match of.as_slice() {
                [] => String::new(),
                [one] => hosts.one(one).map_or_else(|| (*one).to_owned(), |host| host.name),
                many => s.say(&say::n_hosts(many.len())),
            }
        })
    };
    view! { {dynamic(name)} }
}
