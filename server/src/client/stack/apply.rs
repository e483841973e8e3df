//! A plan that is shown, agreed to, carried out, and watched to its end.

use std::{
    io::{self, IsTerminal as _},
    time::Duration,
};

use longshore_api::{
    sentence::Sentence,
    web::{
        job::{Job, JobLine, JobOutcome, JobState},
        stack::{ApplyPlan, NewPlan, OnFailure, StackDeed, StackPlan},
    },
    words::say,
};
use serde::Serialize;
use tokio::time::{MissedTickBehavior, interval};

use super::{
    super::remote::Trouble,
    Ended, Misused,
    far::Far,
    print::{self, Voice},
};
use crate::{settings::HowArgs, terminal};

/// A job is looked at so often.
const LOOK: Duration = Duration::from_millis(500);
/// A server that does not answer is asked so often before it is given up: a restart takes less.
const PATIENCE: u32 = 120;

/// What is asked for.
pub(super) struct Asked<'a> {
    /// Of which stack.
    pub(super) name: &'a str,
    /// What.
    pub(super) plan: NewPlan,
    /// What is done where a step fails.
    pub(super) on_failure: OnFailure,
    /// Nobody is asked.
    pub(super) yes: bool,
    /// What the release says of itself.
    pub(super) message: String,
    /// The plan that it has to be.
    pub(super) digest: Option<&'a str>,
    /// The release that it returns to.
    pub(super) returns_to: Option<u64>,
    /// Makes a release even where nothing differs.
    pub(super) record: bool,
}

impl<'a> Asked<'a> {
    /// With nothing said besides.
    pub(super) fn of(name: &'a str, plan: NewPlan, how: &HowArgs) -> Self {
        Self {
            name,
            plan,
            on_failure: how.on_failure.into(),
            yes: how.yes,
            message: String::new(),
            digest: None,
            returns_to: None,
            record: false,
        }
    }
}

/// What a script is told of it.
#[derive(Serialize)]
struct Told<'a> {
    plan: &'a StackPlan,
    /// The job as it ended, or was left; none, if there was nothing to do.
    job: Option<&'a Job>,
}

/// Plans it, shows the plan, asks, does it, and waits for the end.
pub(super) async fn carry_out(far: &Far, voice: Voice, asked: Asked<'_>) -> anyhow::Result<Ended> {
    let plan = far.plan(asked.name, &asked.plan).await?;
    let told = |job: Option<&Job>| voice.json(&Told { plan: &plan, job });
    if !print::plan(voice, &plan) {
        told(None);
        return Ok(Ended::Failed);
    }
    if asked.digest.is_some_and(|digest| digest != plan.digest) {
        eprintln!("longshore: {}", say::stack_changed());
        told(None);
        return Ok(Ended::Changed);
    }
    let records = asked.record && asked.plan.wish.deed == StackDeed::Up;
    if !print::does_anything(&plan) && !records {
        told(None);
        return Ok(Ended::Done);
    }
    if !asked.yes && !agreed()? {
        eprintln!("Nothing was done.");
        told(None);
        return Ok(Ended::Failed);
    }
    let apply = ApplyPlan {
        plan: asked.plan,
        digest: plan.digest.clone(),
        message: asked.message,
        on_failure: asked.on_failure,
        returns_to: asked.returns_to,
        share: None,
    };
    let started = far.apply(asked.name, &apply).await?;
    let watched = tokio::select! {
        job = watch(far, voice, &started.id) => Some(job?),
        _ = tokio::signal::ctrl_c() => None,
    };
    told(watched.as_ref());
    let page = far.page_of(&started.id);
    Ok(match watched.map(|job| job.state) {
        None => {
            eprintln!("It goes on there without this command: {page}");
            Ended::Left
        }
        Some(JobState::Done) => {
            voice.line("Done.");
            Ended::Done
        }
        Some(state) => {
            eprintln!("longshore: {}. Its log: {page}", state_words(state));
            Ended::Failed
        }
    })
}

fn state_words(state: JobState) -> &'static str {
    match state {
        JobState::Cancelled => "it was cancelled",
        JobState::Interrupted => "the server ended in the middle of it",
        _ => "it failed",
    }
}

/// Asks whoever sits there.
pub(super) fn agreed() -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        return Err(Misused::because(
            "there is no terminal to ask whether this is to be done: say so by --yes",
        ));
    }
    eprint!("Do this? [y/N] ");
    Ok(matches!(terminal::line()?.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

/// Says what becomes of each target as it happens, to the job's end.
async fn watch(far: &Far, voice: Voice, id: &str) -> anyhow::Result<Job> {
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut seen = Vec::new();
    let mut lines = 0;
    let mut silent = 0;
    loop {
        looks.tick().await;
        let job = match far.job(id).await {
            Ok(job) => job,
            // The job outlives the server.
            Err(Trouble::Refused { status, .. }) if status.is_server_error() && silent < PATIENCE => {
                silent += 1;
                continue;
            }
            Err(Trouble::Unreachable { .. } | Trouble::Broken { .. } | Trouble::Slow(_))
                if silent < PATIENCE =>
            {
                silent += 1;
                continue;
            }
            Err(trouble) => return Err(trouble.into()),
        };
        silent = 0;
        tell(voice, &job, &mut seen, &mut lines);
        if job.state.has_ended() {
            return Ok(job);
        }
    }
}

/// What is new of a job.
fn tell(voice: Voice, job: &Job, seen: &mut Vec<JobOutcome>, lines: &mut u32) {
    seen.resize(job.targets.len(), JobOutcome::Waiting);
    let width = job.targets.iter().map(|target| target.name.chars().count()).max().unwrap_or_default();
    for (target, before) in job.targets.iter().zip(seen.iter_mut()) {
        if target.outcome == *before {
            continue;
        }
        before.clone_from(&target.outcome);
        let said = match &target.outcome {
            JobOutcome::Waiting => continue,
            JobOutcome::Running => "begun".to_owned(),
            JobOutcome::Done => "done".to_owned(),
            JobOutcome::Failed { why, engine } => {
                let engine = engine.as_ref().map(|words| format!(" ({words})")).unwrap_or_default();
                format!("failed: {why}{engine}")
            }
            JobOutcome::Skipped => "not begun".to_owned(),
            JobOutcome::Unknown => "unknown: the server ended in the middle of it".to_owned(),
        };
        voice.line(format_args!("{:<width$}  {said}", target.name));
    }
    // What was said besides: what became of the targets has been told.
    let new = usize::try_from(job.lines.saturating_sub(*lines)).unwrap_or(usize::MAX);
    *lines = job.lines;
    let told = |line: &&JobLine| line.what.code.starts_with("job-target-");
    let outcomes: Vec<&Sentence> = job.targets.iter().filter_map(|it| why(&it.outcome)).collect();
    let new = job.log[job.log.len().saturating_sub(new)..].iter();
    for line in new.filter(|line| !told(line) && !outcomes.contains(&&line.what)) {
        let engine = line.engine.as_ref().map(|words| format!(" ({words})")).unwrap_or_default();
        voice.line(format_args!("{}{engine}", line.what));
    }
}

/// Why a target failed.
fn why(outcome: &JobOutcome) -> Option<&Sentence> {
    match outcome {
        JobOutcome::Failed { why, .. } => Some(why),
        _ => None,
    }
}
