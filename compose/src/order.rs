//! Who waits for whom.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Project, Service};

/// What a service waits for, of the services that there are.
fn waits<'a>(project: &'a Project, service: &'a Service) -> impl Iterator<Item = &'a str> {
    service.depends_on.keys().filter(|name| project.services.contains_key(*name)).map(String::as_str)
}

/// Services that wait for one another in a circle, the first one at both ends.
pub fn cycle(project: &Project) -> Option<Vec<String>> {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for start in project.services.keys() {
        // The path from the start, each with what is still to be looked at.
        let mut path: Vec<(&str, Vec<&str>)> = Vec::new();
        let mut next = Some(start.as_str());
        loop {
            if let Some(name) = next.take().filter(|name| !done.contains(name)) {
                if let Some(at) = path.iter().position(|(known, _)| *known == name) {
                    let circle = path[at..].iter().map(|(name, _)| *name).chain([name]);
                    return Some(circle.map(str::to_owned).collect());
                }
                let waits =
                    project.services.get(name).into_iter().flat_map(|it| waits(project, it)).collect();
                path.push((name, waits));
            }
            match path.last_mut() {
                None => break,
                Some((_, more)) if !more.is_empty() => next = more.pop(),
                Some((name, _)) => {
                    done.insert(name);
                    path.pop();
                }
            }
        }
    }
    None
}

/// The services in the order in which they start: all of one step at once, once those of the steps before it are as they
/// are waited for. Those of a circle are in no step.
pub fn start(project: &Project) -> Vec<Vec<String>> {
    let mut steps = Vec::new();
    let mut left: BTreeMap<&str, &Service> =
        project.services.iter().map(|(name, it)| (name.as_str(), it)).collect();
    loop {
        let ready = left.iter().filter(|(_, it)| waits(project, it).all(|name| !left.contains_key(name)));
        let ready: Vec<String> = ready.map(|(name, _)| (*name).to_owned()).collect();
        if ready.is_empty() {
            return steps;
        }
        left.retain(|name, _| !ready.iter().any(|one| one == name));
        steps.push(ready);
    }
}

/// The order in which they stop.
pub fn stop(project: &Project) -> Vec<Vec<String>> {
    let mut steps = start(project);
    steps.reverse();
    steps
}

/// These services and all that they wait for.
pub fn with_dependencies(project: &Project, names: &[String]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut next: Vec<&str> = names.iter().map(String::as_str).collect();
    while let Some(name) = next.pop() {
        if let Some(service) = project.services.get(name)
            && all.insert(name.to_owned())
        {
            next.extend(waits(project, service));
        }
    }
    all
}

/// The services that wait for this one, directly or through others.
pub fn dependents(project: &Project, name: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut next = vec![name];
    while let Some(name) = next.pop() {
        for (other, service) in &project.services {
            if service.depends_on.contains_key(name) && all.insert(other.clone()) {
                next.push(other);
            }
        }
    }
    all
}

/// The networks that services use; others are not made.
pub fn networks(project: &Project) -> BTreeSet<&str> {
    project.services.values().flat_map(|service| service.networks.keys()).map(String::as_str).collect()
}

/// The volumes that services use; others are not made.
pub fn volumes(project: &Project) -> BTreeSet<&str> {
    let mounts = project.services.values().flat_map(|service| &service.volumes);
    let used = mounts.filter(|mount| mount.r#type == "volume").map(|mount| mount.source.as_str());
    used.filter(|source| project.volumes.contains_key(*source)).collect()
}
