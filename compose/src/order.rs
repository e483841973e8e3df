//! Who waits for whom.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::model::{Project, Service};

/// What a service waits for, of the services that there are.
fn waits<'a>(project: &'a Project, service: &'a Service) -> impl Iterator<Item = &'a str> {
    service.depends_on.keys().filter(|name| project.services.contains_key(*name)).map(String::as_str)
}

/// Services that wait for one another in a circle, the first one at both ends.
pub fn cycle(project: &Project) -> Option<Vec<String>> {
    let mut done: HashSet<&str> = HashSet::new();
    for start in project.services.keys() {
        // The path from the start, each with what is still to be looked at.
        let mut path: Vec<(&str, Vec<&str>)> = Vec::new();
        let mut on_path: HashSet<&str> = HashSet::new();
        let mut next = Some(start.as_str());
        loop {
            if let Some(name) = next.take().filter(|name| !done.contains(name)) {
                if !on_path.insert(name) {
                    let circle =
                        path.iter().map(|(known, _)| *known).skip_while(|known| *known != name).chain([name]);
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
                    on_path.remove(*name);
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
    let waiting = waiting(project);
    let mut left: HashMap<&str, usize> =
        project.services.iter().map(|(name, it)| (name.as_str(), waits(project, it).count())).collect();
    let mut ready: Vec<&str> =
        project.services.keys().map(String::as_str).filter(|name| left[name] == 0).collect();
    while !ready.is_empty() {
        let mut next = Vec::new();
        for other in ready.iter().flat_map(|name| waiting.get(name).into_iter().flatten()) {
            if let Some(count) = left.get_mut(other) {
                *count -= 1;
                next.extend((*count == 0).then_some(*other));
            }
        }
        next.sort_unstable();
        steps.push(std::mem::replace(&mut ready, next).into_iter().map(str::to_owned).collect());
    }
    steps
}

/// For each service those that wait for it.
fn waiting(project: &Project) -> HashMap<&str, Vec<&str>> {
    let mut waiting: HashMap<&str, Vec<&str>> = HashMap::new();
    for (name, service) in &project.services {
        for other in waits(project, service) {
            waiting.entry(other).or_default().push(name);
        }
    }
    waiting
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
    let waiting = waiting(project);
    let mut all = BTreeSet::new();
    let mut next = vec![name];
    while let Some(name) = next.pop() {
        for other in waiting.get(name).into_iter().flatten() {
            if all.insert((*other).to_owned()) {
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
