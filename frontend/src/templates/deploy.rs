//! From what is filled in to what is deployed: resolved, planned, and that very plan applied.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use longshore_api::web::{
    access::{ShareWith, Sharing},
    create::{CheckedContainer, NewContainer},
    job::StartedJob,
    stack::{self, ApplyPlan, NewPlan, OnFailure, ReleaseState, StackDeed, StackRow, StackSource, StackWish},
};
use longshore_templates::{
    single::FILE,
    variable::Kind,
    volumes,
    web::{Resolve, Resolved, ResolvedVariable},
};

use super::form::{Form, Question, chosen_of};
use crate::api::{self, Answer};

impl Form {
    fn wish(self) -> Resolve {
        let answer = |question: &Question| {
            let answer = question.answer.get_untracked();
            question.variable.with_value(|variable| {
                // A secret that is left open is made; a port that is left open is none.
                let open = answer.is_empty() && matches!(variable.kind, Kind::Secret { .. });
                (!open).then(|| (variable.name.clone(), answer))
            })
        };
        let answers: BTreeMap<_, _> =
            self.questions.with_value(|all| all.iter().filter_map(answer).collect());
        Resolve { name: self.name.get_untracked().trim().to_owned(), answers }
    }

    /// Asks what would be deployed; `then` is called where it can be, and is told whether volumes that are there may be
    /// taken of which nobody was asked before.
    pub(super) fn resolve(self, then: impl FnOnce(Resolved, bool) + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.forget();
        let (host, wish) = (self.host.get_untracked(), self.wish());
        let id = self.one.with_value(|one| one.row.id.clone());
        leptos::task::spawn_local(async move {
            let answer = api::resolve_template(&host, &id, &wish).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(resolved) => {
                    // Of one whose file is elsewhere they are known by now.
                    let mut asks = false;
                    if resolved.container.is_none() && self.volumes.with_untracked(Vec::is_empty) {
                        let made = volumes::of_file(&resolved.file);
                        // Before the host has said which are there, there may be some.
                        let any = self.checked.with_untracked(|checked| {
                            !checked.volumes.is_empty() || *checked == CheckedContainer::default()
                        });
                        asks = any && !made.is_empty();
                        self.volumes.set(self.owner.get_value().with(|| chosen_of(made)));
                    }
                    let fits = resolved.refused.is_empty() && resolved.findings.iter().all(|one| one.warning);
                    self.resolved.set(Some(resolved.clone()));
                    if fits {
                        then(resolved, asks);
                    }
                }
                Err(why) => {
                    self.session.noticed(&why);
                    self.failure.set(Some(why));
                }
            }
        });
    }

    /// Makes the container of a template of one, or the stack of any other.
    pub(super) fn make(self) {
        self.resolve(move |resolved, asks| {
            // The form shows them now; the next click deploys.
            if asks {
                return;
            }
            self.busy.set(true);
            let host = self.host.get_untracked();
            let name = self.name.get_untracked().trim().to_owned();
            leptos::task::spawn_local(async move {
                let answer = match resolved.container.clone() {
                    Some(wish) => {
                        let mut wish = NewContainer { share: self.share(), ..wish };
                        volumes::in_container(&mut wish.body, &name, &self.volumes_kept());
                        api::create_container(&host, &wish).await.map(Some)
                    }
                    None => self.deploy(&host, &name, resolved).await,
                };
                if self.busy.try_set(false).is_some() {
                    return;
                }
                match answer {
                    Ok(Some(started)) => {
                        self.begun(&host, &name);
                        self.job.set(Some(started.id));
                    }
                    // What stands in the way is shown.
                    Ok(None) => {}
                    Err(why) => {
                        self.session.noticed(&why);
                        self.failure.set(Some(why));
                    }
                }
            });
        });
    }

    /// Secrets that were made for a first try under this name are those of the next: what the first has left in volumes
    /// knows them. Those of this page are put in the place of the new ones; the others, which only the server knows, are
    /// named and not told.
    async fn secrets_as_before(
        self,
        host: &str,
        name: &str,
        resolved: &mut Resolved,
    ) -> Answer<BTreeSet<String>> {
        let of = (host.to_owned(), name.to_owned());
        let before = self.made.try_with_value(|made| made.get(&of).cloned()).flatten().unwrap_or_default();
        let mut kept = BTreeSet::new();
        let mut known = Vec::new();
        let left = self.left.try_with_untracked(|left| left.get(name).copied()).flatten();
        if let Some(number) = left.filter(|_| before.is_empty()) {
            known = api::release(host, name, number).await?.source.variables;
        }
        for it in resolved.variables.iter_mut().filter(|it| it.secret && it.made) {
            if let Some(value) = before.get(&it.name) {
                it.value.clone_from(value);
            } else if known.iter().any(|one| one.secret && one.name == it.name) {
                it.made = false;
                kept.insert(it.name.clone());
            }
        }
        Ok(kept)
    }

    /// Something was begun with the secrets that were made for it.
    fn begun(self, host: &str, name: &str) {
        let made = self.resolved.with_untracked(|resolved| {
            let all = resolved.iter().flat_map(|it| &it.variables).filter(|it| it.secret && it.made);
            all.map(|it| (it.name.clone(), it.value.clone())).collect::<BTreeMap<_, _>>()
        });
        self.made.update_value(|all| {
            all.entry((host.to_owned(), name.to_owned())).or_default().extend(made);
        });
    }

    /// The volumes that are there already and taken instead of new ones, by what the stack calls them.
    fn volumes_kept(self) -> BTreeMap<String, String> {
        self.volumes.with_untracked(|all| {
            let kept = all.iter().map(|(name, there)| (name.clone(), there.get_untracked()));
            kept.filter(|(_, there)| !there.is_empty()).collect()
        })
    }

    /// Plans a stack and applies that very plan; nothing, where something stands in its way.
    async fn deploy(self, host: &str, name: &str, mut resolved: Resolved) -> Answer<Option<StartedJob>> {
        // With new secrets what the first try has left could not be opened.
        let secrets = self.secrets_as_before(host, name, &mut resolved).await?;
        if self.resolved.try_set(Some(resolved.clone())).is_some() {
            return Ok(None);
        }
        self.keeps.set(!secrets.is_empty());
        let variable = |it: ResolvedVariable| stack::Variable {
            value: (!secrets.contains(&it.name)).then_some(it.value),
            name: it.name,
            secret: it.secret,
        };
        let mut files = resolved.beside;
        files.insert(resolved.at.clone(), resolved.file);
        // The usual names are found without being said.
        let mut main: Vec<String> = (resolved.at != FILE).then(|| resolved.at.clone()).into_iter().collect();
        let kept = self.volumes_kept();
        if !kept.is_empty() {
            let mut over = volumes::OVER.to_owned();
            while files.contains_key(&over) {
                over.insert_str(0, "longshore.");
            }
            if over != volumes::OVER || !main.is_empty() {
                main = vec![resolved.at, over.clone()];
            }
            files.insert(over, volumes::over(&kept));
        }
        let source = StackSource {
            files,
            main,
            variables: resolved.variables.into_iter().map(variable).collect(),
            ..StackSource::default()
        };
        let plan = NewPlan { source: Some(source), base: None, wish: StackWish::new(StackDeed::Up) };
        let planned = api::plan_stack(host, name, &plan).await?;
        let digest = planned.digest.clone();
        _ = self.plan.try_set(Some(planned));
        if digest.is_empty() {
            return Ok(None);
        }
        let message = String::new();
        let (on_failure, share) = (OnFailure::Undo, self.share());
        let apply = ApplyPlan { plan, digest, message, on_failure, returns_to: None, share };
        api::apply_stack(host, name, &apply).await.map(Some)
    }

    /// With whom it is shared as it is made; as its name is, unless somebody has said otherwise.
    fn share(self) -> Option<ShareWith> {
        let (sharing, teams) = (self.sharing.get_untracked(), self.teams.get_untracked());
        (sharing != Sharing::Private).then_some(ShareWith { sharing, teams })
    }

    /// Asks which stacks there are: one of the same name would be changed instead of a new one made. A first try that was
    /// taken back whole is none of them.
    pub(super) fn look_for_stacks(self, host: String) {
        leptos::task::spawn_local(async move {
            let Ok(found) = api::stacks(&host).await else { return };
            let (mut taken, mut left) = (Vec::new(), BTreeMap::new());
            for stack in found.stacks {
                match first_try(&host, &stack).await {
                    Some(number) => _ = left.insert(stack.name, number),
                    None => taken.push(stack.name),
                }
            }
            if self.host.try_get_untracked() != Some(host) {
                return;
            }
            self.stacks.set(taken);
            self.left.set(left);
            if let Some(free) = self.free_name_of_stack() {
                self.name.set(free);
            }
        });
    }
}

/// The newest release of a stack of which nothing is there, and never was.
async fn first_try(host: &str, stack: &StackRow) -> Option<u64> {
    let newest = stack.release.as_ref().filter(|_| stack.containers == 0)?;
    if newest.state != ReleaseState::Undone {
        return None;
    }
    let all = api::releases(host, &stack.name).await.ok()?.releases;
    all.iter().all(|head| head.state == ReleaseState::Undone).then_some(newest.number)
}
