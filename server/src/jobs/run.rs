//! A job at work: its targets a few at a time, each asked for anew and each outcome written down before the next.

use std::{
    collections::BTreeMap,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::{FutureExt as _, StreamExt as _, stream};
use longshore_api::{
    ops::Operation,
    sentence::Sentence,
    web::job::{ContainerTarget, Job, JobKind, JobLine, JobOutcome, JobState, JobTarget, Layer},
    words::say,
};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{
    Chronicle, JobError, Jobs,
    deed::Deed,
    logic::about_all,
    memory::Held,
    progress::Progress,
    queries::{self, Found},
};
use crate::{
    access::{Demand, Pass, Target},
    accounts::Principal,
    call, containers, creation, disk,
    fault::Fault,
    house::House,
    store::now,
};

/// So many targets of one job are worked on at once.
const AT_ONCE: usize = 4;
/// What could not be written is tried again so soon; each further pause is twice as long.
const WRITE_PAUSE: Duration = Duration::from_secs(1);
/// No pause is longer.
const WRITE_PAUSE_MAX: Duration = Duration::from_secs(10);

/// What a job needs to go on by itself.
pub(super) struct Work {
    pub(super) id: String,
    pub(super) kind: JobKind,
    pub(super) deed: Arc<Deed>,
    pub(super) principal: Principal,
    pub(super) request_id: String,
    pub(super) cancel: CancellationToken,
    /// What its targets pull, by their places.
    pub(super) layers: Mutex<BTreeMap<usize, Vec<Layer>>>,
}

/// A target that the job holds the key of.
pub(super) struct Step {
    pub(super) place: usize,
    pub(super) target: ContainerTarget,
    /// Until it is done.
    pub(super) held: Held,
}

impl Work {
    /// From its turn to its end. What the server's stop leaves undone is marked by [`Jobs::stop`].
    pub(super) async fn run(&self, house: &House, steps: Vec<Step>) {
        let jobs = &house.jobs;
        // A mistake of ours in one job must not leave it at work for ever.
        let done = tokio::select! {
            done = AssertUnwindSafe(self.work(house, steps)).catch_unwind() => done,
            () = jobs.cut.cancelled() => Ok(Ok(())),
        };
        match done {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::error!(request.id = self.request_id, job.id = self.id, %error, "a job's row could not be written");
                self.break_off(jobs, &error.into()).await;
            }
            Err(_) => self.break_off(jobs, &Fault::internal("a job panicked")).await,
        }
        jobs.memory.close(&self.id);
    }

    /// A job whose rows cannot be written has failed: at once for who looks at it, and in its row as soon as that can be
    /// written. A stop of the server ends the waiting, and the next start finds it interrupted.
    async fn break_off(&self, jobs: &Jobs, fault: &Fault) {
        let at = now();
        let mut targets = Vec::new();
        self.change(jobs, |job| {
            for target in job.targets.iter_mut().filter(|target| !target.outcome.has_ended()) {
                let was_begun = target.outcome == JobOutcome::Running;
                target.outcome = if was_begun { failed(fault) } else { JobOutcome::Skipped };
            }
            (job.state, job.ended_at) = (JobState::Failed, Some(at));
            targets.clone_from(&job.targets);
        });
        let mut pause = WRITE_PAUSE;
        while let Err(error) = self.write_end(jobs, &targets, fault, at).await {
            tracing::warn!(request.id = self.request_id, job.id = self.id, %error, "the end of a job is not written yet");
            tokio::select! {
                () = sleep(pause) => pause = (pause * 2).min(WRITE_PAUSE_MAX),
                () = jobs.stopping.cancelled() => return,
            }
        }
    }

    async fn write_end(
        &self,
        jobs: &Jobs,
        targets: &[JobTarget],
        fault: &Fault,
        at: i64,
    ) -> Result<(), JobError> {
        let mut tx = jobs.store.begin().await?;
        for (place, target) in targets.iter().enumerate() {
            queries::set_outcome(&mut tx, &self.id, place, &target.outcome).await?;
        }
        queries::add_line(&mut tx, &self.id, &about_all(fault.sentence().clone())).await?;
        queries::end(&mut tx, &self.id, JobState::Failed, at).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn work(&self, house: &House, steps: Vec<Step>) -> Result<(), JobError> {
        let jobs = &house.jobs;
        let slot = tokio::select! {
            slot = jobs.slots.acquire() => slot.ok(),
            () = self.cancel.cancelled() => None,
            () = jobs.stopping.cancelled() => return Ok(()),
        };
        if slot.is_some() {
            self.begin(jobs, steps.len()).await?;
            // What comes one after the other stops at the first that fails.
            if let Deed::Stack(apply) = &*self.deed {
                self.stack(house, apply).await?;
                return if self.is_cut(jobs) { Ok(()) } else { self.end(jobs).await };
            }
            let at_once = if self.kind.is_in_order() { 1 } else { AT_ONCE };
            let each = stream::iter(steps).map(async |step| {
                let done = self.step(house, &step).await;
                drop(step.held);
                done
            });
            let outcomes: Vec<Result<(), JobError>> = each.buffer_unordered(at_once).collect().await;
            outcomes.into_iter().collect::<Result<(), _>>()?;
            if self.is_cut(jobs) {
                return Ok(());
            }
        }
        self.end(jobs).await
    }

    /// Whether the server stops in the midst of it.
    fn is_cut(&self, jobs: &Jobs) -> bool {
        jobs.stopping.is_cancelled() && !self.cancel.is_cancelled()
    }

    /// The right to what this kind of job does, for the person as they are now.
    pub(super) fn pass(&self, house: &House, principal: &Principal, host: &str) -> Result<Pass, Fault> {
        let on_host = Target::SomeObject { host: host.to_owned() };
        house.access.require(principal, Demand::Operation(operation(self.kind)), on_host, &self.request_id)
    }

    async fn step(&self, house: &House, step: &Step) -> Result<(), JobError> {
        let jobs = &house.jobs;
        if self.cancel.is_cancelled() || jobs.stopping.is_cancelled() || self.is_in_vain(jobs) {
            return Ok(());
        }
        // The right is looked up for each target: whoever is signed out meanwhile has asked for nothing more.
        let principal = match house.accounts.renew(&self.principal).await {
            Ok(Some(principal)) => principal,
            Ok(None) => {
                if !self.cancel.is_cancelled() {
                    self.cancel.cancel();
                    jobs.note(&self.id, &[about_all(say::job_right_gone())]).await?;
                }
                return Ok(());
            }
            Err(error) => return self.set(jobs, step.place, failed(&error.into()), true).await,
        };
        self.set(jobs, step.place, JobOutcome::Running, false).await?;
        let outcome = match self.act(house, &principal, step).await {
            Ok(()) => JobOutcome::Done,
            Err(fault) => {
                tracing::info!(request.id = self.request_id, job.id = self.id, %fault, "a target of a job failed");
                failed(&fault)
            }
        };
        self.set(jobs, step.place, outcome, true).await
    }

    /// Whether a target before this one has failed without which this one comes to nothing.
    fn is_in_vain(&self, jobs: &Jobs) -> bool {
        let mut failed = 0;
        jobs.memory.look(self.principal.account_id(), &self.id, |job| failed = job.failed);
        self.kind.is_in_order() && failed > 0
    }

    /// How far the layers are that a target pulls: told with those of the others, each once.
    fn pulls(&self, jobs: &Jobs, place: usize, layers: &[Layer]) {
        let mut of_all = self.layers.lock().expect("no one panics while holding this lock");
        of_all.insert(place, layers.to_vec());
        let mut all: Vec<Layer> = Vec::new();
        for layer in of_all.values().flatten() {
            if all.iter().all(|known| known.id != layer.id) {
                all.push(layer.clone());
            }
        }
        self.change(jobs, |job| job.layers = all);
    }

    async fn act(&self, house: &House, principal: &Principal, step: &Step) -> Result<(), Fault> {
        let pass = self.pass(house, principal, &step.target.host)?;
        let progress = Progress::of(step.place);
        let layers = |layers: &[Layer]| {
            self.pulls(&house.jobs, step.place, layers);
            progress.hear(layers);
        };
        let deed = async {
            match (&*self.deed, self.kind) {
                (Deed::Pull(pull), _) => creation::pull(house, &pass, pull, &self.cancel, layers).await,
                (Deed::Create(creation), _) if step.place == 0 => {
                    creation::see_to_image(house, &pass, creation, &self.cancel, layers).await
                }
                (Deed::Create(creation), _) => creation::create(house, &pass, creation).await,
                (Deed::Measure, _) => disk::measure(house, &pass, &self.cancel).await,
                (Deed::Kind, JobKind::Containers { verb }) => {
                    let remark = containers::act(house, &pass, &step.target.id, verb).await?;
                    self.remark(&house.jobs, step.place, remark).await;
                    Ok(())
                }
                (Deed::Kind, JobKind::Recreate { newer }) => {
                    let job = Chronicle::of(&house.jobs, &self.id);
                    containers::recreate(house, &pass, &step.target, newer, &job, &self.cancel, layers).await
                }
                (Deed::Stack(_), _)
                | (Deed::Kind, JobKind::Pull | JobKind::Create | JobKind::DiskUse | JobKind::Stack { .. }) => {
                    Err(Fault::internal("a job that needs to know more than its kind"))
                }
            }
        };
        let (done, ()) = tokio::join!(
            async {
                let done = deed.await;
                progress.end();
                done
            },
            progress.write_down(&house.jobs, &self.id),
        );
        done
    }

    /// Notes what is to be said of a target though it is done.
    async fn remark(&self, jobs: &Jobs, place: usize, what: Option<Sentence>) {
        let Some(what) = what else { return };
        let line = JobLine { at: now(), target: u32::try_from(place).ok(), what, engine: None };
        if let Err(error) = jobs.note(&self.id, &[line]).await {
            tracing::warn!(job.id = self.id, %error, "a line of a job's log was not written");
        }
    }

    async fn begin(&self, jobs: &Jobs, targets: usize) -> Result<(), JobError> {
        let at = now();
        let mut tx = jobs.store.begin().await?;
        queries::begin(&mut tx, &self.id, at).await?;
        queries::add_line(&mut tx, &self.id, &about_all(say::job_began(targets))).await?;
        tx.commit().await?;
        self.change(jobs, |job| {
            job.state = JobState::Running;
            job.started_at = Some(at);
            job.lines += 1;
        });
        Ok(())
    }

    /// What has become of a target: known at once, whether it can be written or not.
    pub(super) async fn set(
        &self,
        jobs: &Jobs,
        place: usize,
        outcome: JobOutcome,
        log: bool,
    ) -> Result<(), JobError> {
        self.change(jobs, |job| {
            if let Some(target) = job.targets.get_mut(place) {
                target.outcome = outcome.clone();
            }
            job.lines += u32::from(log);
        });
        let mut tx = jobs.store.begin().await?;
        queries::set_outcome(&mut tx, &self.id, place, &outcome).await?;
        if log {
            let (what, engine) = match outcome {
                JobOutcome::Failed { why, engine } => (why, engine),
                _ => (say::job_target_done(), None),
            };
            let target = u32::try_from(place).ok();
            queries::add_line(&mut tx, &self.id, &JobLine { at: now(), target, what, engine }).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn end(&self, jobs: &Jobs) -> Result<(), JobError> {
        let at = now();
        let mut tx = jobs.store.begin().await?;
        queries::skip_waiting(&mut tx, &self.id).await?;
        let job = queries::of_account(&mut tx, self.principal.account_id(), &self.id).await?;
        let Some(Found { job, .. }) = job else { return Ok(()) };
        let skipped = job.targets.iter().any(|target| target.outcome == JobOutcome::Skipped);
        // In jobs whose targets wait for one another a skip may follow a failure, and a cancelled pull is itself a failure.
        let cancelled = match (&*self.deed, self.kind) {
            (Deed::Kind, JobKind::Containers { .. }) => skipped,
            // A recreation that is cancelled in its midst is a failure too.
            _ => self.cancel.is_cancelled() && (skipped || job.failed > 0),
        };
        let state = match (cancelled, job.failed) {
            (true, _) => JobState::Cancelled,
            (false, 0) => JobState::Done,
            (false, _) => JobState::Failed,
        };
        queries::end(&mut tx, &self.id, state, at).await?;
        tx.commit().await?;
        self.change(jobs, |remembered| {
            remembered.targets = job.targets;
            remembered.layers = Vec::new();
            remembered.state = state;
            remembered.ended_at = Some(at);
        });
        Ok(())
    }

    pub(super) fn change(&self, jobs: &Jobs, change: impl FnOnce(&mut Job)) {
        jobs.memory.change(self.principal.account_id(), &self.id, |job| {
            change(job);
            job.count();
        });
    }
}

/// The operation that a kind of job is, first of all.
pub(super) fn operation(kind: JobKind) -> &'static Operation {
    match kind {
        JobKind::Containers { verb } => containers::operation(verb),
        JobKind::Pull => call::operation("image-create"),
        JobKind::Create | JobKind::Recreate { .. } | JobKind::Stack { .. } => {
            call::operation("container-create")
        }
        JobKind::DiskUse => call::operation("disk-usage"),
    }
}

pub(super) fn failed(fault: &Fault) -> JobOutcome {
    JobOutcome::Failed { why: fault.sentence().clone(), engine: fault.engine_words().map(str::to_owned) }
}
