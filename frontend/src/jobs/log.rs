//! One job beside the list: what became of its targets, and its log as it grows.

use leptos::prelude::*;
use longshore_api::{
    sentence::Sentence,
    web::job::{Job, JobLine, JobState},
    words::say,
};

use super::{
    known::Known,
    list::{Deeds, Undone},
    words::{state_word, title},
};
use crate::{
    api::{self, Failure},
    browser,
    chunks::explained,
    clock::{full_time, time_of_day},
    explain::Puzzle,
    parts::{Icon, Show, Trouble, dynamic, memo},
    session::session,
    speech::{Speech, speech, w},
};

/// The job with its log.
#[component]
pub(super) fn JobLog(
    /// Its id.
    #[prop(into)]
    id: Signal<Option<String>>,
    /// What the list knows of it.
    known: Known,
    /// Leads back to the list, where there is room for one of them only.
    #[prop(into)]
    close: Callback<()>,
) -> impl IntoView {
    let s = speech();
    let session = session();
    let told = RwSignal::new(None::<Job>);
    let failure = RwSignal::new(None::<Failure>);
    let asked = StoredValue::new(0u32);
    // Asked for again whenever the list tells that it has changed.
    let version = memo(move || {
        let id = id.get()?;
        let known = known.get(&id).map(|job| (job.lines, job.state, job.again));
        Some((id, known))
    });
    Effect::new(move |_| {
        let version = version.get();
        let number = asked.get_value() + 1;
        asked.set_value(number);
        let Some((id, _)) = version else { return told.set(None) };
        leptos::task::spawn_local(async move {
            let answer = api::job(&id).await;
            if asked.try_get_value() != Some(number) {
                return;
            }
            match answer {
                Ok(job) => {
                    failure.set(None);
                    told.set(Some(job));
                }
                Err(why) => {
                    session.noticed(&why);
                    told.set(None);
                    failure.set(Some(why));
                }
            }
        });
    });
    let name = memo(move || told.with(|job| job.as_ref().map(|job| title(job, s))));
    let state = memo(move || told.with(|job| job.as_ref().map(|job| job.state)));
    let lines = memo(move || told.with(|job| job.as_ref().map(rows).unwrap_or_default()));
    let text = move || lines.with(|lines| lines.iter().map(|line| line.text(s) + "\n").collect::<String>());
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let text = untrack(text);
        leptos::task::spawn_local(async move { _ = copied.try_set(browser::copy(&text).await) });
    };
    Effect::new(move |_| {
        id.track();
        copied.set(false);
    });
    view! {
        <section class="panel joblog" data-joblog=dynamic(move || id.get())>
            <div class="panel__head">
                <button
                    class="btn btn--quiet btn--icon joblog__back"
                    type="button"
                    aria-label=w!(s.jobs)
                    title=w!(s.jobs)
                    on:click=move |_| close.run(())
                >
                    <Icon name="chev-left" />
                </button>
                <h2 class="cut">{dynamic(move || name.get().unwrap_or_else(|| s.words().job_log().to_owned()))}</h2>
                <span class="end"></span>
                <Show when=move || !lines.with(Vec::is_empty)>
                    <button
                        class="btn btn--quiet btn--sm btn--icon"
                        type="button"
                        data-action="copy-log"
                        aria-label=w!(s.job_log_copy)
                        title=w!(s.job_log_copy)
                        on:click=copy
                    >
                        <Icon name=Signal::derive(move || if copied.get() { "check" } else { "copy" }) />
                    </button>
                    <button
                        class="btn btn--quiet btn--sm btn--icon"
                        type="button"
                        data-action="save-log"
                        aria-label=w!(s.save_file)
                        title=w!(s.save_file)
                        on:click=move |_| browser::save("job.log", &untrack(text))
                    >
                        <Icon name="download" />
                    </button>
                </Show>
            </div>
            <Trouble failure />
            <Show
                when=move || id.with(Option::is_some)
                fallback=move || view! { <p class="panel__body t2">{w!(s.job_choose)}</p> }
            >
                <div class="panel__body joblog__facts">
                    <div class="row row--wrap">
                        <span class="t2" data-joblog-state=dynamic(move || state.get().map(JobState::code))>
                            {dynamic(move || state.get().map(|state| state_word(state, s.words())))}
                        </span>
                        <span class="t3">{dynamic(move || told.with(|job| job.as_ref().map(|job| counts(job, s))))}</span>
                        <span class="end"></span>
                        <Deeds job=told failure />
                    </div>
                    <Undone job=told />
                </div>
                <div class="code joblog__lines" tabindex="0" role="region" aria-label=w!(s.job_log)>
                    <pre>
                        {dynamic(move || {
                            let lines = lines.get();
                            match lines.is_empty() {
                                true => view! { <span class="t3">{w!(s.job_log_empty)}</span> }.into_any(),
                                false => lines.into_iter().map(|line| view! { <Row line /> }).collect_view().into_any(),
                            }
                        })}
                    </pre>
                </div>
            </Show>
        </section>
    }
}

fn counts(job: &Job, s: Speech) -> String {
    match job.total {
        0 | 1 => String::new(),
        all => s.say(&say::job_targets(all, job.done)),
    }
}

/// A line with the name of what it is about, where the job is about more than one.
#[derive(Clone, PartialEq)]
struct Line {
    at: i64,
    about: Option<String>,
    what: Sentence,
    engine: Option<String>,
    /// Whose engine it is.
    host: Option<String>,
}

impl Line {
    fn text(&self, s: Speech) -> String {
        let about = self.about.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
        let engine = self.engine.as_ref().map(|words| format!(" {words}")).unwrap_or_default();
        format!("{} {about}{}{engine}", full_time(self.at), s.say(&self.what))
    }
}

fn rows(job: &Job) -> Vec<Line> {
    let many = job.targets.len() > 1;
    let of = |line: &JobLine| job.targets.get(usize::try_from(line.target?).ok()?);
    let name = |line: &JobLine| of(line).filter(|_| many).map(super::words::short_name);
    let row = |line: &JobLine| Line {
        at: line.at,
        about: name(line),
        what: line.what.clone(),
        engine: line.engine.clone(),
        host: of(line).map(|target| target.host.clone()),
    };
    job.log.iter().map(row).collect()
}

#[component]
fn Row(line: Line) -> impl IntoView {
    let s = speech();
    let Line { at, about, what, engine, host } = line;
    let meaning = engine.clone().map(|words| explained(Puzzle::Words(words), host));
    view! {
        <span class="joblog__line">
            <span class="t3" title=full_time(at)>{time_of_day(at)}</span>
            " "
            {about.map(|name| view! { <b>{name}</b> " " })}
            {dynamic(move || s.say(&what))}
            {engine.map(|words| view! { " " <q>{words}</q> })}
            "\n"
            {meaning}
        </span>
    }
}
