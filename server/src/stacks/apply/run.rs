//! The steps of a plan, each as soon as those are done that it waits for.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use http::StatusCode;
use longshore_api::{web::create::with_tag, words::say};
use longshore_compose::plan::{Deed, Plan, Step};

use super::{Apply, hands::Hands, learn};
use crate::{
    creation::{self, Pull},
    fault::Fault,
    jobs::Report,
    stacks::planning,
};

/// So many steps are under way at once.
const AT_ONCE: usize = 8;

/// What a step is told under: its service, or a network or volume by its name.
pub(super) fn target(step: &Step) -> String {
    let (_, _, name, service) = planning::about(&step.deed);
    if service.is_empty() { name.to_owned() } else { service.to_owned() }
}

/// A plan at work.
pub(super) struct Run<'a> {
    pub(super) hands: Hands<'a>,
    pub(super) apply: &'a Apply,
    pub(super) report: &'a Report<'a>,
}

impl Run<'_> {
    /// All of it. What images change is planned once they are there.
    pub(super) async fn to_the_end(&self) -> Result<(), Fault> {
        let apply = self.apply;
        if apply.plan.is_empty() {
            return self.report.ended(&apply.name, Ok(())).await;
        }
        if !apply.plan.again {
            return self.all(&apply.plan).await;
        }
        let mut pulls = apply.plan.clone();
        pulls.steps.retain(|step| matches!(step.deed, Deed::PullImage { .. } | Deed::BuildImage { .. }));
        for step in &mut pulls.steps {
            step.after.clear();
        }
        self.all(&pulls).await?;
        self.report.chronicle().note(say::stack_pulled_again(), None).await;
        let (wish, secrets) = (apply.without_pull(), apply.secrets());
        let Hands { house, pass, .. } = self.hands;
        let again = planning::again(house, pass, &apply.name, &apply.project, &wish, &secrets).await?;
        let (plan, there) = again;
        learn(&apply.now, &there);
        self.all(&plan).await
    }

    /// All steps. Await nothing but `running.next()` here: the steps move only while they are polled, and one may hold the
    /// database's writer, which another's report needs.
    async fn all(&self, plan: &Plan) -> Result<(), Fault> {
        let mut left: BTreeMap<String, usize> = BTreeMap::new();
        for step in &plan.steps {
            *left.entry(target(step)).or_default() += 1;
        }
        let left = Mutex::new(left);
        let mut waiting: Vec<&Step> = plan.steps.iter().collect();
        let mut done: BTreeSet<&str> = BTreeSet::new();
        let mut running = FuturesUnordered::new();
        let mut failed: Option<Fault> = None;
        loop {
            if failed.is_none() && self.report.is_cancelled() {
                failed = Some(cancelled());
            }
            if failed.is_none() {
                waiting.retain(|&step| {
                    let ready = step.after.iter().all(|key| done.contains(key.as_str()));
                    let begins = ready && running.len() < AT_ONCE;
                    if begins {
                        let left = &left;
                        running.push(async move { (step, self.told(step, left).await) });
                    }
                    !begins
                });
            }
            let Some((step, outcome)) = running.next().await else { break };
            match outcome {
                Ok(()) => _ = done.insert(&step.key),
                Err(fault) => failed = failed.or(Some(fault)),
            }
        }
        match failed {
            Some(fault) => Err(fault),
            None if waiting.is_empty() => Ok(()),
            None => Err(Fault::internal("steps of a plan wait for one another")),
        }
    }

    /// A step, and what becomes of its target: done with the last of its steps that are `left`.
    async fn told(&self, step: &Step, left: &Mutex<BTreeMap<String, usize>>) -> Result<(), Fault> {
        let of = target(step);
        self.report.running(&of).await?;
        let mut outcome = self.step(step).await;
        if let Err(fault) = &outcome
            && is_optional(step)
        {
            self.report.chronicle().note(fault.sentence().clone(), fault.engine_words()).await;
            outcome = Ok(());
        }
        if let Err(fault) = &outcome {
            self.report.ended(&of, Err(fault)).await?;
            return outcome;
        }
        let is_last = {
            let mut left = left.lock().expect("no one panics while holding this lock");
            let left = left.entry(of.clone()).or_default();
            *left = left.saturating_sub(1);
            *left == 0
        };
        if is_last { self.report.ended(&of, Ok(())).await } else { Ok(()) }
    }

    async fn step(&self, step: &Step) -> Result<(), Fault> {
        let cancel = self.report.cancel();
        match &step.deed {
            Deed::PullImage { image, platform, .. } => {
                let Hands { house, pass, .. } = self.hands;
                let pull = Pull { image: with_tag(image), platform: platform.clone() };
                creation::pull(house, pass, &pull, cancel, |layers| self.report.layers(layers)).await
            }
            Deed::BuildImage { service, image } => {
                self.hands.build(self.apply, (service, image), self.report).await
            }
            // What is only waited for can be left at any time.
            Deed::WaitFor { .. } => tokio::select! {
                done = self.hands.step(self.apply, step) => done,
                () = cancel.cancelled() => Err(cancelled()),
            },
            _ => self.hands.step(self.apply, step).await,
        }
    }
}

/// Somebody has called it off.
pub(super) fn cancelled() -> Fault {
    Fault::new(StatusCode::CONFLICT, say::stack_cancelled())
}

/// Whether what comes after it begins although it has failed.
fn is_optional(step: &Step) -> bool {
    matches!(step.deed, Deed::WaitFor { required: false, .. })
}
