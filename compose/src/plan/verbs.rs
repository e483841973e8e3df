//! What is done to containers that are there: they are started, stopped, restarted; and images are pulled and built.

use std::collections::{BTreeMap, BTreeSet};

use super::{Condition, Deed, Obstacle, Why, draft::Draft, there::Container};
use crate::{model::Service, names, order};

/// The services that are meant: those that are chosen, or all, also those that no active profile has.
fn meant<'a>(draft: &Draft<'a>, chosen: &[String]) -> BTreeMap<&'a str, &'a Service> {
    let project = draft.project;
    let all = project.services.iter().chain(&project.disabled);
    let all = all.filter(|(name, _)| chosen.is_empty() || chosen.contains(name));
    all.map(|(name, service)| (name.as_str(), service)).collect()
}

/// The key of the step of a container.
fn key(container: Container<'_>) -> String {
    format!("container/{}/{}", container.service(), container.number())
}

fn keys(draft: &Draft<'_>, service: &str) -> Vec<String> {
    draft.by_service.get(service).into_iter().flatten().map(|it| key(*it)).collect()
}

/// What is done to a container.
type Verb = fn(service: String, id: String, name: String) -> Deed;

fn deed(container: Container<'_>, verb: Verb) -> Deed {
    let [service, id, name] = [container.service(), container.id(), container.name()].map(str::to_owned);
    verb(service, id, name)
}

/// Stops containers; each when those that wait for it have ended.
pub(super) fn stop(draft: &mut Draft<'_>, chosen: &[String]) {
    let verb: Verb = |service, id, name| Deed::StopContainer { service, id, name };
    for service in meant(draft, chosen).into_keys() {
        let dependents = order::dependents(draft.project, service);
        let after: Vec<String> = dependents.iter().flat_map(|other| keys(draft, other)).collect();
        for container in draft.containers(service) {
            if container.is_up() {
                draft.step(key(container), after.clone(), deed(container, verb), vec![Why::Asked]);
            } else {
                draft.container_unchanged(container);
            }
        }
    }
}

/// Starts containers and those that they wait for.
pub(super) fn start(draft: &mut Draft<'_>, chosen: &[String]) {
    let project = draft.project;
    let mut services = meant(draft, chosen);
    for name in order::with_dependencies(project, chosen) {
        if let Some((name, service)) = project.services.get_key_value(&name) {
            services.insert(name, service);
        }
    }
    let mut waits: BTreeMap<(String, Condition, bool), BTreeSet<String>> = BTreeMap::new();
    for (name, service) in &services {
        let all = draft.containers(name);
        let asked = project.services.contains_key(*name) || chosen.iter().any(|it| it == name);
        if all.is_empty() && asked && service.replicas() > 0 {
            draft.obstacle(Obstacle::NoContainer { service: (*name).to_owned() });
        }
        for container in all {
            let why = match container.is_paused() {
                true => Why::Paused,
                false if container.is_up() => {
                    draft.container_unchanged(container);
                    continue;
                }
                false => Why::Stopped { code: container.exit_code() },
            };
            let mut after = Vec::new();
            for (other, on) in &service.depends_on {
                // One that is to have no containers is not waited for.
                if keys(draft, other).is_empty() || !services.contains_key(other.as_str()) {
                    continue;
                }
                match Condition::of(&on.condition) {
                    Some(condition) => {
                        let wait = (other.clone(), condition, on.required);
                        after.push(condition.key(other, on.required));
                        waits.entry(wait).or_default().insert((*name).to_owned());
                    }
                    None => after.extend(keys(draft, other)),
                }
            }
            let verb: Verb = match container.is_paused() {
                true => |service, id, name| Deed::UnpauseContainer { service, id, name },
                false => |service, id, name| Deed::StartContainer { service, id, name },
            };
            draft.step(key(container), after, deed(container, verb), vec![why]);
        }
    }
    for ((service, condition, required), by) in waits {
        let after = keys(draft, &service);
        let why = vec![Why::WaitedFor { by: by.into_iter().collect() }];
        let key = condition.key(&service, required);
        draft.step(key, after, Deed::WaitFor { service, condition, required }, why);
    }
}

/// Restarts containers, and those that are to be restarted with them.
pub(super) fn restart(draft: &mut Draft<'_>, chosen: &[String]) {
    let project = draft.project;
    let asked = meant(draft, chosen);
    let mut why: BTreeMap<&str, Why> = asked.keys().map(|name| (*name, Why::Asked)).collect();
    for name in order::start(project).concat() {
        let Some((name, service)) = project.services.get_key_value(&name) else { continue };
        let with =
            service.depends_on.iter().find(|(other, on)| on.restart && why.contains_key(other.as_str()));
        if let Some((other, _)) = with.filter(|_| !why.contains_key(name.as_str())) {
            why.insert(name, Why::DependsOnRestarted { service: other.clone() });
        }
    }
    for (name, why) in &why {
        let all = draft.containers(name);
        let asked = *why == Why::Asked;
        if all.is_empty() && chosen.iter().any(|it| it == name) {
            draft.obstacle(Obstacle::NoContainer { service: (*name).to_owned() });
        }
        let waits = project.services.get(*name).into_iter().flat_map(|service| service.depends_on.keys());
        let after: Vec<String> = waits.flat_map(|other| keys(draft, other)).collect();
        for container in all.into_iter().filter(|it| asked || it.is_up()) {
            let verb: Verb = |service, id, name| Deed::RestartContainer { service, id, name };
            draft.step(key(container), after.clone(), deed(container, verb), vec![why.clone()]);
        }
    }
}

/// Pulls the images that are not built here.
pub(super) fn pull(draft: &mut Draft<'_>, chosen: &[String]) {
    let mut images: BTreeMap<(String, &str), Vec<String>> = BTreeMap::new();
    let project = draft.project;
    let services = project.services.iter().filter(|(name, _)| chosen.is_empty() || chosen.contains(name));
    let pulled = |service: &Service| {
        service.build.is_none() && !matches!(service.pull_policy.as_str(), "never" | "build")
    };
    for (name, service) in services.filter(|(_, service)| pulled(service)) {
        let image = names::image(&project.name, name, service);
        images.entry((image, &service.platform)).or_default().push(name.clone());
    }
    for ((image, platform), services) in images {
        let id = draft.there.image(&image).and_then(|it| it["Id"].as_str()).unwrap_or_default();
        draft.saw_image(&image, id);
        let key = super::deed::pull_key(&image, platform);
        let deed = Deed::PullImage { image, platform: platform.to_owned(), services };
        draft.step(key, [], deed, vec![Why::Asked]);
    }
}

/// Builds the images that are built here.
pub(super) fn build(draft: &mut Draft<'_>, chosen: &[String]) {
    let project = draft.project;
    for (name, service) in
        project.services.iter().filter(|(name, _)| chosen.is_empty() || chosen.contains(name))
    {
        if service.build.is_none() {
            // Of all, those are meant that can be.
            if !chosen.is_empty() {
                draft.obstacle(Obstacle::NoBuild { service: name.clone() });
            }
            continue;
        }
        let image = names::image(&project.name, name, service);
        let id = draft.there.image(&image).and_then(|it| it["Id"].as_str()).unwrap_or_default();
        draft.saw_image(&image, id);
        let deed = Deed::BuildImage { image, service: name.clone() };
        draft.step(super::deed::build_key(name), [], deed, vec![Why::Asked]);
    }
}
