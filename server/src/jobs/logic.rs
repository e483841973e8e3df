//! What jobs decide: who may ask for what, which targets are free, what is remembered.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use longshore_api::{
    sentence::Sentence,
    web::job::{
        ContainerTarget, EARLIER, Job, JobKind, JobLine, JobOutcome, JobState, JobTarget, NewContainerJob,
        RECENT, TARGETS_MAX,
    },
    words::say,
};
use tokio::{
    runtime::Handle,
    sync::{Semaphore, watch},
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    JobError,
    deed::Deed,
    memory::{Held, Memory, cut},
    queries::{self, Found},
    run::{Step, Work, operation},
};
use crate::{
    access::{Demand, Pass, Target},
    creation::{Creation, Pull},
    fault::Fault,
    house::House,
    store::{Store, new_id, now},
};

/// So many jobs run at once; the others are queued.
const AT_ONCE: usize = 4;
/// So many jobs are kept.
const KEPT: i64 = 1_000;
/// What is under way when the server stops has so long to end.
const STOP_GRACE: Duration = Duration::from_millis(1_500);

/// Longer input names no host and no container; cut to this, it stays unknown.
const HOST_MAX: usize = 64;
const ID_MAX: usize = 256;

/// All jobs.
pub struct Jobs {
    pub(super) store: Store,
    pub(super) memory: Arc<Memory>,
    pub(super) slots: Semaphore,
    /// Cancelled when the server stops: nothing new is begun.
    pub(super) stopping: CancellationToken,
    /// Cancelled when it waits no longer.
    pub(super) cut: CancellationToken,
    tasks: TaskTracker,
    /// Jobs outlive the thread of the request that asked for them.
    runtime: Handle,
}

impl Jobs {
    /// Reads what there is; what was under way when the server last ended becomes interrupted. Jobs run on the runtime
    /// that this is called on.
    pub async fn open(store: Store, stopping: &CancellationToken) -> Result<Self, JobError> {
        interrupt_open(&store).await?;
        let mut tx = store.begin().await?;
        queries::forget_old(&mut tx, KEPT).await?;
        let recent = queries::recent(&mut tx, RECENT).await?;
        tx.commit().await?;
        let remembered = |found: Found| {
            let deed = Deed::read(found.job.kind, found.deed.as_deref());
            (found.account_id, found.job, deed)
        };
        Ok(Self {
            memory: Arc::new(Memory::new(recent.into_iter().map(remembered).collect())),
            slots: Semaphore::new(AT_ONCE),
            stopping: stopping.clone(),
            cut: CancellationToken::new(),
            tasks: TaskTracker::new(),
            runtime: Handle::current(),
            store,
        })
    }

    /// Wakes at every change of any job from now on.
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.memory.listen()
    }

    /// The recent jobs of an account, newest first, without logs.
    pub fn recent(&self, account_id: &str) -> Vec<Job> {
        self.memory.recent(account_id)
    }

    /// A job of the caller's, with its log.
    pub async fn find(&self, pass: &Pass, id: &str) -> Result<Job, JobError> {
        self.found(pass, id).await.map(|(job, _)| job)
    }

    /// The caller's jobs that were asked for before this one of theirs, newest first, without logs.
    pub async fn earlier(&self, pass: &Pass, than: &str) -> Result<Vec<Job>, JobError> {
        self.found(pass, than).await?;
        let mut tx = self.store.read().begin().await?;
        let found = queries::earlier(&mut tx, pass.principal().account_id(), than, EARLIER).await?;
        Ok(found.into_iter().map(|found| self.with_deed(found).0).collect())
    }

    async fn found(&self, pass: &Pass, id: &str) -> Result<(Job, Option<Arc<Deed>>), JobError> {
        let mut tx = self.store.read().begin().await?;
        let found = queries::of_account(&mut tx, pass.principal().account_id(), id).await?;
        found.map(|found| self.with_deed(found)).ok_or(JobError::Unknown)
    }

    /// A job with what is needed to do it again, where that is known.
    fn with_deed(&self, found: Found) -> (Job, Option<Arc<Deed>>) {
        let Found { account_id, mut job, deed } = found;
        let kept = || Deed::read(job.kind, deed.as_deref()).map(Arc::new);
        let deed = self.memory.deed(&account_id, &job.id).or_else(kept);
        // What could not be written yet is known all the same.
        let id = job.id.clone();
        self.memory.look(&account_id, &id, |now| {
            if now.state.has_ended() && !job.state.has_ended() {
                (job.state, job.ended_at, job.targets) = (now.state, now.ended_at, now.targets.clone());
                job.count();
            }
        });
        job.again = job.is_undone() && deed.is_some();
        (job, deed)
    }

    /// Asks a job of the caller's to end: what is under way is finished, the rest skipped. One that has ended stays as
    /// it is.
    pub async fn cancel(&self, pass: &Pass, id: &str) -> Result<(), JobError> {
        let job = self.find(pass, id).await?;
        if job.state.has_ended() {
            return Ok(());
        }
        if let Some(cancel) = self.memory.cancel_of(id) {
            self.note(id, &[about_all(say::job_cancel_asked())]).await?;
            cancel.cancel();
        }
        Ok(())
    }

    /// Does what a job of the caller's left undone, as a new job, and returns its id. The right to it is asked for anew.
    pub async fn again(&self, house: Arc<House>, pass: &Pass, id: &str) -> Result<String, Fault> {
        let (job, deed) = self.found(pass, id).await?;
        if !job.state.has_ended() {
            return Err(JobError::UnderWay.into());
        }
        let undone = job.targets.into_iter().filter(|target| target.outcome != JobOutcome::Done);
        let undone: Vec<ContainerTarget> =
            undone.map(|target| ContainerTarget { host: target.host, id: target.id }).collect();
        let Some(first) = undone.first() else { return Err(JobError::NothingLeft.into()) };
        let on_host = || {
            let (demand, host) =
                (Demand::Operation(operation(job.kind)), Target::SomeObject { host: first.host.clone() });
            house.access.require(pass.principal(), demand, host, pass.request_id())
        };
        let started = match deed.as_deref() {
            None | Some(Deed::Stack(_)) => return Err(JobError::Forgotten.into()),
            Some(Deed::Kind) => self.start(house, pass, job.kind, undone).await,
            Some(Deed::Pull(pull)) => {
                let pass = on_host()?;
                self.start_pull(house, &pass, pull.clone()).await
            }
            Some(Deed::Create(creation)) => {
                let pass = on_host()?;
                self.start_creation(house, &pass, (**creation).clone()).await
            }
            Some(Deed::Measure) => {
                let pass = on_host()?;
                self.start_disk_use(house, &pass).await
            }
        };
        Ok(started?)
    }

    /// Adds lines to a job's log.
    pub(super) async fn note(&self, id: &str, lines: &[JobLine]) -> Result<(), JobError> {
        if lines.is_empty() {
            return Ok(());
        }
        let mut tx = self.store.begin().await?;
        for line in lines {
            queries::add_line(&mut tx, id, line).await?;
        }
        tx.commit().await?;
        let more = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        self.memory.change_any(id, |job| job.lines = job.lines.saturating_add(more));
        Ok(())
    }

    /// Starts one verb on many containers, and returns the job's id.
    pub async fn start_containers(
        &self,
        house: Arc<House>,
        pass: &Pass,
        form: NewContainerJob,
    ) -> Result<String, JobError> {
        self.start(house, pass, JobKind::Containers { verb: form.verb }, form.targets).await
    }

    /// Starts a job on containers, and returns its id. Whether each target may be touched is asked when its turn comes.
    pub async fn start(
        &self,
        house: Arc<House>,
        pass: &Pass,
        kind: JobKind,
        targets: Vec<ContainerTarget>,
    ) -> Result<String, JobError> {
        if targets.is_empty() {
            return Err(JobError::NoTargets);
        }
        if targets.len() > TARGETS_MAX {
            return Err(JobError::ManyTargets(targets.len()));
        }
        let mut named = BTreeSet::new();
        let targets = targets.into_iter().map(|ContainerTarget { host, id }| ContainerTarget {
            host: cut(host, HOST_MAX),
            id: cut(id, ID_MAX),
        });
        let targets = targets.filter(|target| named.insert(target.clone()));
        let mut list = List::default();
        for target in targets {
            let name = name_of(&house, pass, &target);
            list.add(&self.memory, &container_key(&target.host, &name), target, &name);
        }
        self.enlist(house, pass, kind, Deed::Kind, list).await
    }

    /// Pulls an image, and returns the job's id. The host is that of the pass.
    pub async fn start_pull(&self, house: Arc<House>, pass: &Pass, pull: Pull) -> Result<String, JobError> {
        let mut list = List::default();
        list.add_image(&self.memory, pass, &pull);
        self.enlist(house, pass, JobKind::Pull, Deed::Pull(pull), list).await
    }

    /// Makes a container after its image, and returns the job's id. The host is that of the pass.
    pub async fn start_creation(
        &self,
        house: Arc<House>,
        pass: &Pass,
        creation: Creation,
    ) -> Result<String, JobError> {
        let mut list = List::default();
        let host = pass.host().unwrap_or_default().to_owned();
        let name = creation.spec.name.clone();
        // Whoever else wants the image may have it at the same time: the engine fetches a layer once.
        let key = container_key(&host, &name) + "/image";
        let image = creation.spec.body.image.clone();
        list.add(&self.memory, &key, ContainerTarget { host: host.clone(), id: image.clone() }, &image);
        let key = container_key(&host, &name);
        list.add(&self.memory, &key, ContainerTarget { host, id: String::new() }, &name);
        self.enlist(house, pass, JobKind::Create, Deed::Create(Box::new(creation)), list).await
    }

    /// Measures what takes the room on the host of the pass, and returns the job's id.
    pub async fn start_disk_use(&self, house: Arc<House>, pass: &Pass) -> Result<String, JobError> {
        let mut list = List::default();
        let host = pass.host().unwrap_or_default().to_owned();
        let name = host.clone();
        list.add(&self.memory, &format!("{host}/disk"), ContainerTarget { host, id: String::new() }, &name);
        self.enlist(house, pass, JobKind::DiskUse, Deed::Measure, list).await
    }

    /// Writes a job down and begins with it.
    pub(super) async fn enlist(
        &self,
        house: Arc<House>,
        pass: &Pass,
        kind: JobKind,
        deed: Deed,
        list: List,
    ) -> Result<String, JobError> {
        let List { targets, keys, steps, held } = list;
        let mut job = Job {
            id: new_id(),
            kind,
            state: JobState::Queued,
            done: 0,
            total: 0,
            failed: 0,
            targets,
            layers: Vec::new(),
            created_at: now(),
            started_at: None,
            ended_at: None,
            lines: 0,
            again: false,
            log: Vec::new(),
        };
        job.count();
        let mut tx = self.store.begin().await?;
        let (account, written) = (pass.principal().account_id(), deed.written()?);
        queries::create(&mut tx, account, pass.request_id(), &job, &keys, written.as_deref()).await?;
        queries::forget_old(&mut tx, KEPT).await?;
        tx.commit().await?;
        let id = job.id.clone();
        let cancel = CancellationToken::new();
        let deed = Arc::new(deed);
        let kept = deed.is_small().then(|| deed.clone());
        self.memory.add(pass.principal().account_id(), job, kept, cancel.clone());
        let work = Work {
            id: id.clone(),
            kind,
            deed,
            principal: pass.principal().clone(),
            request_id: pass.request_id().to_owned(),
            cancel,
            layers: Mutex::default(),
        };
        let run = async move {
            work.run(&house, steps).await;
            drop(held);
        };
        self.tasks.spawn_on(run, &self.runtime);
        Ok(id)
    }

    /// Does something to its end, whether somebody still waits for it or not, unless the server stops before that.
    pub fn see_through(&self, work: impl Future<Output = ()> + Send + 'static) {
        let cut = self.cut.clone();
        let work = async move {
            cut.run_until_cancelled(work).await;
        };
        self.tasks.spawn_on(work, &self.runtime);
    }

    /// Keeps jobs off a container's name, if none is at work on it.
    pub fn hold(&self, host: &str, name: &str) -> Option<Held> {
        self.memory.take(&container_key(host, name))
    }

    /// Tells what has become at last of a job in the midst of which the server ended: of each of its targets the same.
    pub async fn settle(&self, id: &str, outcome: JobOutcome, what: Sentence) {
        let state = if outcome == JobOutcome::Done { JobState::Done } else { JobState::Failed };
        let at = now();
        let written = async {
            let mut tx = self.store.begin().await?;
            queries::set_all_outcomes(&mut tx, id, &outcome).await?;
            queries::add_line(&mut tx, id, &about_all(what)).await?;
            queries::end(&mut tx, id, state, at).await?;
            tx.commit().await?;
            Ok::<_, JobError>(())
        };
        if let Err(error) = written.await {
            tracing::error!(job.id = id, %error, "what has become of a job was not written");
        }
        self.memory.change_any(id, |job| {
            job.targets.iter_mut().for_each(|target| target.outcome = outcome.clone());
            job.state = state;
            job.ended_at = Some(at);
            job.lines += 1;
            job.count();
        });
    }

    /// Ends all jobs after the server was told to stop: what is under way has a moment, what remains is interrupted.
    pub async fn stop(&self) {
        self.tasks.close();
        if timeout(STOP_GRACE, self.tasks.wait()).await.is_err() {
            self.cut.cancel();
            self.tasks.wait().await;
        }
        if let Err(error) = interrupt_open(&self.store).await {
            tracing::warn!(%error, "jobs that were cut could not be marked; they will be at the next start");
        }
    }
}

/// Under which a job takes a container.
fn container_key(host: &str, name: &str) -> String {
    format!("{host}/container/{name}")
}

/// The targets of a job that is about to be written down.
#[derive(Default)]
pub(super) struct List {
    targets: Vec<JobTarget>,
    keys: Vec<String>,
    steps: Vec<Step>,
    /// What the job holds as a whole, until its end.
    pub(super) held: Option<Held>,
}

impl List {
    /// Adds a target, and a step for it if no other job has its key.
    pub(super) fn add(&mut self, memory: &Arc<Memory>, key: &str, target: ContainerTarget, name: &str) {
        let outcome = if let Some(held) = memory.take(key) {
            self.steps.push(Step { place: self.targets.len(), target: target.clone(), held });
            JobOutcome::Waiting
        } else {
            JobOutcome::Failed { why: say::job_target_busy(name), engine: None }
        };
        self.targets.push(JobTarget { host: target.host, id: target.id, name: name.to_owned(), outcome });
        self.keys.push(key.to_owned());
    }

    fn add_image(&mut self, memory: &Arc<Memory>, pass: &Pass, pull: &Pull) {
        let host = pass.host().unwrap_or_default().to_owned();
        let key = format!("{host}/image/{}/{}", pull.image, pull.platform);
        self.add(memory, &key, ContainerTarget { host, id: pull.image.clone() }, &pull.image);
    }
}

async fn interrupt_open(store: &Store) -> Result<(), JobError> {
    let open = queries::open(store.read()).await?;
    if open.is_empty() {
        return Ok(());
    }
    let mut tx = store.begin().await?;
    for (id, kind, begun) in &open {
        // The engine may have heard what we have no answer to.
        let may_be_made =
            *begun && serde_json::from_str(kind).is_ok_and(|kind: JobKind| kind == JobKind::Create);
        let what = if may_be_made { say::job_interrupted_creation() } else { say::job_interrupted() };
        queries::interrupt(&mut tx, id, &about_all(what)).await?;
    }
    tx.commit().await?;
    tracing::warn!(jobs = open.len(), "jobs were under way when Longshore ended; they are interrupted");
    Ok(())
}

/// A log line about the job as a whole, now.
pub(super) fn about_all(what: Sentence) -> JobLine {
    JobLine { at: now(), target: None, what, engine: None }
}

/// The container's name, for those who may know it.
fn name_of(house: &House, pass: &Pass, target: &ContainerTarget) -> String {
    house
        .inventory
        .seen_with(house.access.sight(pass))
        .container_name(&target.host, &target.id)
        .unwrap_or_else(|| target.id.clone())
}
