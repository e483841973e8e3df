//! A plan that was shown, carried out: what does not wait for one another at once, everything written down before it is
//! done, finished or taken back whatever happens.

mod after;
mod build;
mod end;
mod files;
mod folder;
mod hands;
mod journal;
mod networks;
mod once;
mod run;
mod stands;
mod steps;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use http::StatusCode;
use longshore_api::{
    ops::Kind,
    web::{
        access::ShareWith,
        stack::{
            ApplyPlan, MESSAGE_MAX, OnFailure, PlanAct, PlanThing, ReleaseImage, ReleaseState, StackDeed,
        },
    },
    words::say,
};
use longshore_compose::{
    model::Project,
    plan::{Container, Plan, Pull, Step, There, Up, Wish},
};

use tokio_util::sync::CancellationToken;

use super::{
    held,
    logic::{Asked, Begun},
    place::{self, Folder},
    planning::{self, Planned},
    source::Source,
    there::{Look, image},
};
use crate::{
    access::Pass,
    fault::Fault,
    house::House,
    jobs::Report,
    ownership::{self, Key},
    patience::{When, patience},
};
use hands::Hands;
use journal::{Entry, Note, Shared};
use run::Run;
use steps::Now;

pub use after::settle_interrupted;
pub(super) use journal::forget;
pub use once::run_once;

/// A plan that is about to be carried out.
pub struct Apply {
    /// The host's slug.
    pub host: String,
    /// The stack's name.
    pub name: String,
    /// What is done with it.
    pub deed: StackDeed,
    source: Source,
    project: Project,
    /// The folder that paths in its files start from.
    folder: String,
    wish: Wish,
    plan: Plan,
    variables: BTreeMap<String, String>,
    on_failure: OnFailure,
    message: String,
    root: Option<String>,
    share: Option<ShareWith>,
    now: Now,
    /// The record of the stack that it was planned for; none, where there was none yet.
    stack_id: Option<String>,
}

/// Plans again what somebody was shown, and takes it for what is to be done, if it is the same.
pub async fn prepare(house: &House, pass: &Pass, name: &str, form: ApplyPlan) -> Result<Apply, Fault> {
    let message = form.message.trim().to_owned();
    Fault::within(&message, MESSAGE_MAX, "message")?;
    let deed = form.plan.wish.deed;
    let looked = planning::look(house, pass, name, form.plan).await?;
    let Some(planned) = looked.planned else {
        return Err(Fault::new(StatusCode::CONFLICT, say::stack_not_planned()));
    };
    let Planned { source, project, there, wish, plan, root, folder, stack_id } = planned;
    if plan.digest() != form.digest {
        return Err(Fault::new(StatusCode::CONFLICT, say::stack_changed()));
    }
    if plan.is_empty() && deed != StackDeed::Up {
        return Err(Fault::new(StatusCode::CONFLICT, say::stack_nothing()));
    }
    if deed == StackDeed::Up {
        place::written(house, pass, name, root.as_deref()).await?;
    }
    if let Some(with) = &form.share {
        let mut keys = made(name, &plan);
        keys.push(Key::of_stack(name));
        ownership::may_share(house, pass, &keys, with).await?;
    }
    let message = match form.returns_to {
        Some(number) if message.is_empty() => format!("↩ {number}"),
        _ => message,
    };
    let variables = source.variables();
    let now = Now::default();
    learn(&now, &there);
    let on_failure = form.on_failure;
    let host = pass.host()?.to_owned();
    Ok(Apply {
        host,
        folder,
        name: name.to_owned(),
        deed,
        source,
        project,
        wish,
        plan,
        variables,
        on_failure,
        message,
        root,
        share: form.share,
        now,
        stack_id,
    })
}

/// By which keys what a plan makes is owned.
fn made(stack: &str, plan: &Plan) -> Vec<Key> {
    let of = |step: &Step| match planning::about(&step.deed) {
        (PlanAct::Create, PlanThing::Container, _, service) => {
            Some(Key { kind: Kind::Container, stack: stack.to_owned(), name: service.to_owned() })
        }
        (PlanAct::Create, PlanThing::Network, name, _) => Some(Key::named(Kind::Network, name)),
        (PlanAct::Create, PlanThing::Volume, name, _) => Some(Key::named(Kind::Volume, name)),
        _ => None,
    };
    plan.steps.iter().filter_map(of).collect()
}

/// Which containers of which services are there.
fn learn(now: &Now, there: &There) {
    for container in &there.containers {
        let container = Container(container);
        if container.number() > 0 && !container.is_one_off() {
            now.put(container.service(), container.number(), container.id());
        }
    }
}

impl Apply {
    /// What it is about, in the order in which it is told: each service, network and volume once.
    pub fn targets(&self) -> Vec<String> {
        let mut targets = Vec::new();
        let mut add = |name: String| {
            if !targets.contains(&name) {
                targets.push(name);
            }
        };
        self.plan.steps.iter().for_each(|step| add(run::target(step)));
        if self.plan.again {
            // Which of them an image changes is known once it is there.
            self.project.services.keys().for_each(|service| add(service.clone()));
        }
        if targets.is_empty() {
            // Nothing but a release is made.
            targets.push(self.name.clone());
        }
        targets
    }

    fn secrets(&self) -> BTreeSet<String> {
        self.source.untold()
    }

    /// Whether it is still theirs, and the same would still be planned: a job may have waited for its turn.
    async fn still_holds(&self, house: &House, pass: &Pass) -> Result<bool, Fault> {
        let standing = super::logic::whole(house, pass, &self.name)?;
        if standing.known.map(|known| known.kept.id) != self.stack_id {
            return Ok(false);
        }
        let again =
            planning::again(house, pass, &self.name, &self.project, &self.wish, &self.secrets()).await?;
        Ok(again.0.digest() == self.plan.digest())
    }

    /// The same wish once its images are there.
    fn without_pull(&self) -> Wish {
        match &self.wish {
            Wish::Up(up) => Wish::Up(Up { pull: Pull::Never, build: false, ..up.clone() }),
            other => other.clone(),
        }
    }
}

/// Carries a plan out for a job, which holds the stack.
pub async fn carry_out(house: &House, pass: &Pass, apply: &Apply, report: &Report<'_>) -> Result<(), Fault> {
    let job_id = report.job_id();
    after::settle_earlier(house, &apply.host, &apply.name).await?;
    if !apply.still_holds(house, pass).await? {
        return Err(Fault::new(StatusCode::CONFLICT, say::stack_changed()));
    }
    let (folder, release) = match apply.deed {
        StackDeed::Up => {
            let root = apply.root.as_deref();
            let folder = place::written(house, pass, &apply.name, root).await?;
            let (name, source, message) = (&apply.name, &apply.source, &apply.message);
            let asked = Asked { name, source, message, root };
            (Some(folder), Some(house.stacks.begin_release(house, pass, asked, job_id).await?))
        }
        _ => (None, None),
    };
    let entry = Entry {
        job_id: job_id.to_owned(),
        release_id: release.as_ref().map(|begun| begun.id.clone()),
        host: pass.host()?.to_owned(),
        stack: apply.name.clone(),
        proved: false,
        stays: apply.on_failure == OnFailure::Stop,
        share: Shared(apply.share.clone()),
    };
    if let Err(error) = journal::begin(&house.store, &entry).await {
        if let Some(begun) = release {
            end_release(house, &begun, ReleaseState::Undone, Vec::new()).await;
        }
        return Err(error.into());
    }
    let hands = Hands { house, pass, job_id };
    let run = Run { hands, apply, report };
    let done = async {
        if let Some(folder) = folder {
            write_files(&hands, apply, folder).await?;
        }
        run.to_the_end().await
    };
    let done = done.await;
    let (end, done) = conclude(&hands, &entry, report, done).await;
    if apply.deed == StackDeed::Down && done.is_ok() {
        house.stacks.taken_down(&apply.host, &apply.name).await?;
    }
    if let Some(begun) = release {
        let images = images(house, pass, &apply.project).await;
        end_release(house, &begun, end.state(), images).await;
    }
    // The journal ends last: whatever is cut off before that is told by the next start. What could not be brought to an
    // end stays in it, and is tried again.
    if matches!(end, End::Stuck | End::Unfinished) {
        house.stacks.is_stuck();
    } else {
        journal::end_patiently(house, job_id).await;
    }
    done
}

/// Brings the stack's folder in line with what it is made of.
async fn write_files(hands: &Hands<'_>, apply: &Apply, folder: Folder) -> Result<(), Fault> {
    let source = apply.source.whole();
    let changes = folder::changes(folder.clone(), source).await?;
    if changes.is_none() {
        return Ok(());
    }
    let root = match &folder {
        Folder::Granted(_) => apply.root.clone(),
        Folder::Ours(_) => None,
    };
    hands.note(Note::Writes { stack: apply.name.clone(), root, changes: changes.clone() }).await?;
    folder::write(folder, source, changes, hands.job_id).await
}

/// What has become of what was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// All is done.
    Applied,
    /// The same, but for what was put aside, which could not be removed.
    Unfinished,
    /// All is as it was.
    Undone,
    /// What was done until a step failed stays, as was asked for.
    Stays,
    /// It could neither be finished nor taken back whole, and is left so.
    Left,
    /// The same, and it is worth another try.
    Stuck,
}

impl End {
    fn state(self) -> ReleaseState {
        match self {
            Self::Applied | Self::Unfinished => ReleaseState::Applied,
            Self::Undone => ReleaseState::Undone,
            Self::Stays | Self::Left | Self::Stuck => ReleaseState::Failed,
        }
    }
}

/// What was done is proved and finished, or taken back. Whoever asked may have no right any more: what was begun is brought
/// to an end all the same, by the server's own.
async fn conclude(
    hands: &Hands<'_>,
    entry: &Entry,
    report: &Report<'_>,
    done: Result<(), Fault>,
) -> (End, Result<(), Fault>) {
    let job = report.chronicle();
    let done = match done {
        Ok(()) => prove(hands, report.cancel()).await,
        failed => failed,
    };
    let own = match hands.house.own_pass(&entry.host, &entry.job_id) {
        Ok(own) => own,
        Err(fault) => return (End::Stuck, Err(fault)),
    };
    let (by, hands) = (hands.pass, Hands { pass: &own, ..*hands });
    let Err(fault) = done else {
        // What was put aside is of no use any more; one that cannot be removed is told, and everything else stands.
        let finished = hands.conclude(true, by, &job, When::Now, false).await;
        return (if finished.is_ok() { End::Applied } else { End::Unfinished }, finished);
    };
    job.note(fault.sentence().clone(), fault.engine_words()).await;
    if entry.stays {
        job.note(say::stack_stopped_at(), None).await;
        return (End::Stays, hands.leave(by).await.and(Err(fault)));
    }
    match hands.conclude(false, by, &job, When::Now, false).await {
        Ok(()) => {
            job.note(say::stack_undone(), None).await;
            (End::Undone, Err(fault))
        }
        Err(worse) => {
            tracing::error!(job.id = hands.job_id, %fault, %worse, "a stack could not be taken back whole");
            job.note(say::stack_not_undone(), None).await;
            // What was refused is refused the next time too.
            let refused = patience(&worse, When::Now) == Some(Duration::ZERO);
            (if refused { End::Left } else { End::Stuck }, Err(fault))
        }
    }
}

async fn prove(hands: &Hands<'_>, cancel: &CancellationToken) -> Result<(), Fault> {
    let notes = journal::notes(&hands.house.store, hands.job_id).await?;
    tokio::select! {
        proof = hands.proof(&notes) => proof?,
        () = cancel.cancelled() => return Err(run::cancelled()),
    }
    Ok(journal::proved(&hands.house.store, hands.job_id).await?)
}

async fn end_release(house: &House, begun: &Begun, state: ReleaseState, images: Vec<ReleaseImage>) {
    if let Err(error) = house.stacks.end_release(begun, state, images).await {
        tracing::error!(%error, stack = begun.kept.name, "what has become of a release was not written");
    }
}

/// Which images the services of a project stand for now.
async fn images(house: &House, pass: &Pass, project: &Project) -> Vec<ReleaseImage> {
    let look = Look { house, pass };
    let mut images = Vec::new();
    for (service, it) in &project.services {
        let reference = image(project, service, it);
        // One that is not there, or that the engine does not tell of, has no digest.
        let found = look.image(&reference).await.ok().flatten().unwrap_or_default();
        let digest = held::digest_of(&found, &reference);
        let local = digest.is_none();
        let digest = digest.or_else(|| found["Id"].as_str()).unwrap_or_default().to_owned();
        images.push(ReleaseImage { service: service.clone(), image: reference, digest, local });
    }
    images
}
