//! What is done to containers, and what became of it. One is done at once; many are a job, which goes on without us.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use longshore_api::{
    sentence::Sentence,
    web::{
        RowKey,
        container::{Container, State, Verb},
        job::{ContainerTarget, Job, JobOutcome},
    },
};

use crate::{
    api::{self, Failure},
    jobs::{Jobs, not_done},
    session::{Session, session},
};

/// A container that something is done to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Target {
    /// Its row.
    pub(crate) key: RowKey,
    /// The slug of its host.
    pub(crate) host: String,
    /// Its full id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Its state when it was last seen.
    pub(crate) state: State,
}

impl From<&Container> for Target {
    fn from(row: &Container) -> Self {
        Self {
            key: row.key,
            host: row.host.clone(),
            id: row.id.clone(),
            name: row.name.clone(),
            state: row.state,
        }
    }
}

/// One that did not go well.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mishap {
    /// What was asked.
    pub(crate) verb: Verb,
    /// On which host, by slug.
    pub(crate) host: String,
    /// Of whom.
    pub(crate) name: String,
    /// It was done all the same.
    pub(crate) done: bool,
    /// Why it was not done, or what is to be said of that.
    pub(crate) why: Sentence,
    /// The engine's own words, if it was the engine that refused.
    pub(crate) engine: Option<String>,
    /// What finds the cause in the log.
    pub(crate) request_id: Option<String>,
}

/// A job of this page, until it has ended.
#[derive(Clone)]
struct Followed {
    id: String,
    verb: Verb,
    /// Those of which it is not known yet what became of them.
    open: Vec<Target>,
}

/// What is being done and what failed. In the context.
#[derive(Clone, Copy)]
pub(crate) struct Deeds {
    under_way: RwSignal<BTreeMap<RowKey, Verb>>,
    removed: RwSignal<BTreeSet<RowKey>>,
    mishaps: RwSignal<Vec<Mishap>>,
    followed: StoredValue<Vec<Followed>>,
    jobs: Jobs,
    session: Session,
}

impl Deeds {
    /// Nothing done yet.
    pub(crate) fn start(jobs: Jobs) -> Self {
        let deeds = Self {
            under_way: RwSignal::default(),
            removed: RwSignal::default(),
            mishaps: RwSignal::default(),
            followed: StoredValue::default(),
            jobs,
            session: session(),
        };
        Effect::new(move |_| deeds.follow(&jobs.all()));
        deeds
    }

    /// What is being done to a container now.
    pub(crate) fn under_way(self, key: RowKey) -> Option<Verb> {
        self.under_way.with(|under_way| under_way.get(&key).copied())
    }

    /// Whether a container was removed from here: its tick goes with it.
    pub(crate) fn is_removed(self, key: RowKey) -> bool {
        self.removed.with(|removed| removed.contains(&key))
    }

    /// What did not go well since it was last put away.
    pub(crate) fn mishaps(self) -> RwSignal<Vec<Mishap>> {
        self.mishaps
    }

    /// Does it to all of them, each on its own: one that fails stops no other.
    pub(crate) fn act(self, verb: Verb, mut targets: Vec<Target>) {
        self.under_way.update(|under_way| {
            targets.retain(|target| under_way.insert(target.key, verb).is_none());
        });
        match targets.len() {
            0 => {}
            1 => leptos::task::spawn_local(async move {
                for target in targets {
                    let answer = api::act(&target.host, &target.id, verb).await;
                    let mishap = match answer {
                        Ok(remark) => remark.map(|why| remarked(verb, &target, why)),
                        Err(why) => Some(self.refusal(verb, &target, &why)),
                    };
                    self.ended(verb, &target, mishap);
                }
            }),
            _ => leptos::task::spawn_local(self.start_job(verb, targets)),
        }
    }

    async fn start_job(self, verb: Verb, targets: Vec<Target>) {
        let named =
            targets.iter().map(|target| ContainerTarget { host: target.host.clone(), id: target.id.clone() });
        match api::start_job(verb, named.collect()).await {
            Ok(started) => {
                self.followed.try_update_value(|followed| {
                    followed.push(Followed { id: started.id, verb, open: targets });
                });
                // It may have ended before its id came.
                self.follow(&untrack(|| self.jobs.all()));
            }
            Err(why) => {
                for target in &targets {
                    self.ended(verb, target, Some(self.refusal(verb, target, &why)));
                }
            }
        }
    }

    /// Takes over what became of the targets of our jobs.
    fn follow(self, jobs: &[Job]) {
        let mut ended = Vec::new();
        self.followed.try_update_value(|followed| {
            for one in followed.iter_mut() {
                let Some(job) = jobs.iter().find(|job| job.id == one.id) else { continue };
                one.open.retain(|target| {
                    let known = job.targets.iter().find(|t| t.host == target.host && t.id == target.id);
                    match known.map(|known| &known.outcome).filter(|outcome| outcome.has_ended()) {
                        Some(outcome) => {
                            ended.push((one.verb, target.clone(), outcome.clone()));
                            false
                        }
                        None => true,
                    }
                });
            }
            followed.retain(|one| !one.open.is_empty());
        });
        for (verb, target, outcome) in ended {
            self.ended(verb, &target, mishap(verb, &target, &outcome));
        }
    }

    fn ended(self, verb: Verb, target: &Target, mishap: Option<Mishap>) {
        self.under_way.try_update(|under_way| under_way.remove(&target.key));
        if verb == Verb::Remove && mishap.as_ref().is_none_or(|mishap| mishap.done) {
            self.removed.try_update(|removed| removed.insert(target.key));
        }
        if let Some(mishap) = mishap {
            self.mishaps.try_update(|mishaps| mishaps.push(mishap));
        }
    }

    fn refusal(self, verb: Verb, target: &Target, why: &Failure) -> Mishap {
        self.session.noticed(why);
        Mishap {
            verb,
            host: target.host.clone(),
            name: target.name.clone(),
            done: false,
            why: why.sentence(),
            engine: why.engine().map(str::to_owned),
            request_id: why.request_id().map(str::to_owned),
        }
    }
}

fn mishap(verb: Verb, target: &Target, outcome: &JobOutcome) -> Option<Mishap> {
    let (why, engine) = not_done(outcome)?;
    Some(Mishap { done: false, engine, ..remarked(verb, target, why) })
}

/// What is to be said of what was done.
fn remarked(verb: Verb, target: &Target, why: Sentence) -> Mishap {
    Mishap {
        verb,
        host: target.host.clone(),
        name: target.name.clone(),
        done: true,
        why,
        engine: None,
        request_id: None,
    }
}

/// The deeds, from the context.
pub(crate) fn deeds() -> Deeds {
    expect_context()
}
