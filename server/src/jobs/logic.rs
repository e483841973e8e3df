//! What jobs decide: who may ask for what, which targets are free, what is remembered.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use longshore_api::{
    sentence::Sentence,
    web::job::{
        ContainerTarget, Job, JobKind, JobLine, JobOutcome, JobState, JobTarget, NewContainerJob, RECENT,
        TARGETS_MAX,
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
    memory::Memory,
    queries,
    run::{Deed, Step, Work, operation},
};
use crate::{
    access::{Demand, Pass, Target},
    creation::{Creation, Pull},
    house::House,
    store::{Store, new_id, now},
};

/// So many jobs run at once; the others are queued.
const AT_ONCE: usize = 4;
/// So many jobs are kept.
const KEPT: i64 = 1_000;
/// What is under way when the server stops has so long to end.
const STOP_GRACE: Duration = Duration::from_millis(1_500);

/// All jobs.
pub struct Jobs {
    pub(super) store: Store,
    pub(super) memory: Memory,
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
        Ok(Self {
            memory: Memory::new(recent),
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
        let mut tx = self.store.read().begin().await?;
        queries::of_account(&mut tx, pass.principal().account_id(), id).await?.ok_or(JobError::Unknown)
    }

    /// Asks a job of the caller's to end: what is under way is finished, the rest skipped. One that has ended stays as
    /// it is.
    pub async fn cancel(&self, pass: &Pass, id: &str) -> Result<(), JobError> {
        let job = self.find(pass, id).await?;
        if job.state.has_ended() {
            return Ok(());
        }
        if let Some(cancel) = self.memory.cancel_of(id) {
            let mut tx = self.store.begin().await?;
            queries::add_line(&mut tx, id, &about_all(say::job_cancel_asked())).await?;
            tx.commit().await?;
            cancel.cancel();
        }
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
        let targets = targets.into_iter().filter(|target| named.insert(target.clone()));
        let mut list = List::default();
        for target in targets {
            let name = name_of(&house, pass, &target, kind);
            list.add(&self.memory, &format!("{}/container/{name}", target.host), target, &name);
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
        let key = format!("{host}/container/{name}/image");
        let image = creation.spec.body.image.clone();
        list.add(&self.memory, &key, ContainerTarget { host: host.clone(), id: image.clone() }, &image);
        let key = format!("{host}/container/{name}");
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
    async fn enlist(
        &self,
        house: Arc<House>,
        pass: &Pass,
        kind: JobKind,
        deed: Deed,
        list: List,
    ) -> Result<String, JobError> {
        let List { targets, keys, steps } = list;
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
            log: Vec::new(),
        };
        job.count();
        let written = async {
            let mut tx = self.store.begin().await?;
            let account = pass.principal().account_id();
            queries::create(&mut tx, account, pass.request_id(), &job, &keys).await?;
            queries::forget_old(&mut tx, KEPT).await?;
            tx.commit().await?;
            Ok(())
        };
        if let Err(error) = written.await {
            for step in &steps {
                self.memory.free(&step.key);
            }
            return Err(error);
        }
        let id = job.id.clone();
        let cancel = CancellationToken::new();
        self.memory.add(pass.principal().account_id(), job, cancel.clone());
        let work = Work {
            id: id.clone(),
            kind,
            deed,
            principal: pass.principal().clone(),
            request_id: pass.request_id().to_owned(),
            cancel,
        };
        self.tasks.spawn_on(async move { work.run(&house, steps).await }, &self.runtime);
        Ok(id)
    }

    /// Tells what has become at last of the only target of a job in the midst of which the server ended.
    pub async fn settle(&self, id: &str, outcome: JobOutcome, what: Sentence) {
        let state = if outcome == JobOutcome::Done { JobState::Done } else { JobState::Failed };
        let at = now();
        let written = async {
            let mut tx = self.store.begin().await?;
            queries::set_outcome(&mut tx, id, 0, &outcome).await?;
            queries::add_line(&mut tx, id, &about_all(what)).await?;
            queries::end(&mut tx, id, state, at).await?;
            tx.commit().await?;
            Ok::<_, JobError>(())
        };
        if let Err(error) = written.await {
            tracing::error!(job.id = id, %error, "what has become of a job was not written");
        }
        self.memory.change_any(id, |job| {
            if let Some(target) = job.targets.first_mut() {
                target.outcome = outcome;
            }
            job.state = state;
            job.ended_at = Some(at);
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

/// The targets of a job that is about to be written down.
#[derive(Default)]
struct List {
    targets: Vec<JobTarget>,
    keys: Vec<String>,
    steps: Vec<Step>,
}

impl List {
    /// Adds a target, and a step for it if no other job has its key.
    fn add(&mut self, memory: &Memory, key: &str, target: ContainerTarget, name: &str) {
        let outcome = if memory.take(key) {
            self.steps.push(Step { place: self.targets.len(), target: target.clone(), key: key.to_owned() });
            JobOutcome::Waiting
        } else {
            JobOutcome::Failed { why: say::job_target_busy(name), engine: None }
        };
        self.targets.push(JobTarget { host: target.host, id: target.id, name: name.to_owned(), outcome });
        self.keys.push(key.to_owned());
    }

    fn add_image(&mut self, memory: &Memory, pass: &Pass, pull: &Pull) {
        let host = pass.host().unwrap_or_default().to_owned();
        let key = format!("{host}/image/{}/{}", pull.image, pull.platform);
        self.add(memory, &key, ContainerTarget { host, id: pull.image.clone() }, &pull.image);
    }
}

async fn interrupt_open(store: &Store) -> Result<(), JobError> {
    let ids = queries::open_ids(store.read()).await?;
    if ids.is_empty() {
        return Ok(());
    }
    let line = about_all(say::job_interrupted());
    let mut tx = store.begin().await?;
    for id in &ids {
        queries::interrupt(&mut tx, id, &line).await?;
    }
    tx.commit().await?;
    tracing::warn!(jobs = ids.len(), "jobs were under way when Longshore ended; they are interrupted");
    Ok(())
}

/// A log line about the job as a whole, now.
pub(super) fn about_all(what: Sentence) -> JobLine {
    JobLine { at: now(), target: None, what, engine: None }
}

/// The container's name, for those who may know it.
fn name_of(house: &House, pass: &Pass, target: &ContainerTarget, kind: JobKind) -> String {
    let on_host = Target::Host(target.host.clone());
    let may = house.access.require(
        pass.principal(),
        Demand::Operation(operation(kind)),
        on_host,
        pass.request_id(),
    );
    may.ok()
        .and_then(|_| house.inventory.container_name(&target.host, &target.id))
        .unwrap_or_else(|| target.id.clone())
}
