//! Jobs on stacks: one at a time for each, told service by service.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use longshore_api::{
    web::job::{ContainerTarget, JobKind, JobOutcome, Layer},
    words::say,
};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{
    Chronicle, JobError, Jobs,
    deed::Deed,
    logic::{List, about_all},
    memory::Held,
    run::{Work, failed},
};
use crate::{access::Pass, fault::Fault, house::House, stacks::Apply};

/// Whether a stack is free is asked so often.
const ASK_EVERY: Duration = Duration::from_millis(250);

/// What a job on a stack tells of itself, and hears.
pub struct Report<'a> {
    pub(super) work: &'a Work,
    pub(super) jobs: &'a Jobs,
    /// The names of its targets, in their order.
    pub(super) targets: Vec<String>,
    /// What is pulled, with its layers; several at once.
    pub(super) layers: Mutex<Vec<Layer>>,
}

impl Report<'_> {
    /// The job.
    pub fn job_id(&self) -> &str {
        &self.work.id
    }

    /// Its log.
    pub fn chronicle(&self) -> Chronicle<'_> {
        Chronicle::of_many(self.jobs, &self.work.id)
    }

    /// Whether nothing more is to be begun.
    pub fn is_cancelled(&self) -> bool {
        self.work.cancel.is_cancelled() || self.jobs.stopping.is_cancelled()
    }

    /// What ends it.
    pub fn cancel(&self) -> &CancellationToken {
        &self.work.cancel
    }

    fn place(&self, target: &str) -> Option<usize> {
        self.targets.iter().position(|name| name == target)
    }

    /// A target is at work.
    pub async fn running(&self, target: &str) -> Result<(), Fault> {
        let Some(place) = self.place(target) else { return Ok(()) };
        let mut begun = false;
        self.jobs.memory.look(self.work.principal.account_id(), &self.work.id, |job| {
            begun = job.targets.get(place).is_some_and(|it| it.outcome == JobOutcome::Running);
        });
        if begun {
            return Ok(());
        }
        Ok(self.work.set(self.jobs, place, JobOutcome::Running, false).await?)
    }

    /// What has become of a target.
    pub async fn ended(&self, target: &str, outcome: Result<(), &Fault>) -> Result<(), Fault> {
        let Some(place) = self.place(target) else { return Ok(()) };
        let outcome = outcome.map_or_else(failed, |()| JobOutcome::Done);
        Ok(self.work.set(self.jobs, place, outcome, true).await?)
    }

    /// How far the layers of an image are that is pulled.
    pub fn layers(&self, layers: &[Layer]) {
        let mut all = self.layers.lock().expect("no one panics while holding this lock");
        for layer in layers {
            match all.iter_mut().find(|known| known.id == layer.id) {
                Some(known) => known.clone_from(layer),
                None => all.push(layer.clone()),
            }
        }
        let now = all.clone();
        self.work.change(self.jobs, |job| job.layers.clone_from(&now));
    }
}

impl Jobs {
    /// Carries out a plan of a stack, and returns the job's id. The host is that of the pass.
    pub async fn start_stack(
        &self,
        house: Arc<House>,
        pass: &Pass,
        apply: Apply,
    ) -> Result<String, JobError> {
        let host = pass.host().unwrap_or_default().to_owned();
        let held = self.hold_stack(&host, &apply.name);
        let held = held.ok_or_else(|| JobError::StackBusy(apply.name.clone()))?;
        let mut list = List::default();
        let target = || ContainerTarget { host: host.clone(), id: apply.name.clone() };
        for name in apply.targets() {
            let key = format!("{}/{name}", stack_key(&host, &apply.name));
            list.add(&self.memory, &key, target(), &name);
        }
        list.held = Some(held);
        let kind = JobKind::Stack { deed: apply.deed };
        self.enlist(house, pass, kind, Deed::Stack(Box::new(apply)), list).await
    }

    /// Keeps jobs off a stack, as soon as none is at work on it.
    pub async fn hold_stack_in_turn(&self, host: &str, name: &str) -> Held {
        loop {
            if let Some(held) = self.hold_stack(host, name) {
                return held;
            }
            sleep(ASK_EVERY).await;
        }
    }

    /// Keeps jobs off a stack, if none is at work on it.
    pub fn hold_stack(&self, host: &str, name: &str) -> Option<Held> {
        self.memory.take(&stack_key(host, name))
    }
}

fn stack_key(host: &str, name: &str) -> String {
    format!("{host}/stack/{name}")
}

impl Work {
    /// Carries out a plan, for the person as they are now.
    pub(super) async fn stack(&self, house: &House, apply: &Apply) -> Result<(), JobError> {
        let jobs = &house.jobs;
        let principal = match house.accounts.renew(&self.principal).await {
            Ok(Some(principal)) => principal,
            Ok(None) => {
                self.cancel.cancel();
                return jobs.note(&self.id, &[about_all(say::job_right_gone())]).await;
            }
            Err(error) => return self.unless_told(jobs, &error.into()).await,
        };
        let report = Report { work: self, jobs, targets: apply.targets(), layers: Mutex::default() };
        let done = async {
            let pass = self.pass(house, &principal, &apply.host)?;
            crate::stacks::carry_out(house, &pass, apply, &report).await
        };
        if let Err(fault) = done.await {
            tracing::info!(request.id = self.request_id, job.id = self.id, %fault, "a plan of a stack failed");
            self.unless_told(jobs, &fault).await?;
        }
        Ok(())
    }

    /// A fault that is no target's own is told at the first that has not ended.
    async fn unless_told(&self, jobs: &Jobs, fault: &Fault) -> Result<(), JobError> {
        let mut place = None;
        jobs.memory.look(self.principal.account_id(), &self.id, |job| {
            let told = job.targets.iter().any(|it| matches!(it.outcome, JobOutcome::Failed { .. }));
            let open = job.targets.iter().position(|it| !it.outcome.has_ended());
            place = if told { None } else { open.or(job.targets.len().checked_sub(1)) };
        });
        match place {
            Some(place) => self.set(jobs, place, failed(fault), true).await,
            None => Ok(()),
        }
    }
}
