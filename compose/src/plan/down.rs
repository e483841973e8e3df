//! What takes away what a project has made.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::{
    Deed, Down, Warning, Why,
    deed::removal_key,
    draft::{Draft, is_ours},
    there::{Container, label},
};
use crate::{labels, order};

/// Plans to take a project away.
pub(super) fn plan(draft: &mut Draft<'_>, down: &Down) {
    let project = draft.project;
    let known =
        |service: &str| project.services.contains_key(service) || project.disabled.contains_key(service);
    let mut gone: Vec<Container<'_>> = Vec::new();
    let mut stays: Vec<Container<'_>> = Vec::new();
    for container in draft.there.of(&project.name) {
        draft.saw(container);
        if known(container.service()) || down.orphans {
            gone.push(container);
        } else {
            stays.push(container);
            let (name, service) = (container.name().to_owned(), container.service().to_owned());
            draft.warnings.push(Warning::Orphan { name, service });
        }
    }
    containers(draft, down, &gone, &known);
    let strangers = draft.there.all().filter(|it| it.label(labels::PROJECT) != project.name);
    stays.extend(strangers);
    networks(draft, down, &gone, &stays);
    if down.volumes {
        volumes(draft, &gone, &stays);
    }
}

/// The key of the step that removes a container.
fn removal(container: Container<'_>) -> String {
    removal_key(container.name())
}

/// Each goes when those that wait for it have gone.
fn containers(draft: &mut Draft<'_>, down: &Down, gone: &[Container<'_>], known: &dyn Fn(&str) -> bool) {
    let mut by_service: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for container in gone {
        by_service.entry(container.service()).or_default().push(removal(*container));
    }
    for container in gone {
        let service = container.service();
        let after: Vec<String> = order::dependents(draft.project, service)
            .iter()
            .filter_map(|other| by_service.get(other.as_str()))
            .flatten()
            .cloned()
            .collect();
        let deed = Deed::RemoveContainer {
            service: service.to_owned(),
            id: container.id().to_owned(),
            name: container.name().to_owned(),
            volumes: down.volumes,
        };
        let why = if known(service) { Why::Asked } else { Why::Orphan };
        draft.step(removal(*container), after, deed, vec![why]);
    }
}

fn networks(draft: &mut Draft<'_>, down: &Down, gone: &[Container<'_>], stays: &[Container<'_>]) {
    let (project, there) = (draft.project, draft.there);
    // Engines list them in any order; a plan of the same is the same.
    let mut all: Vec<&Json> = there.networks.iter().collect();
    all.sort_by_key(|network| (text(network, "Name"), text(network, "Id")));
    for network in all {
        let (name, id) = (text(network, "Name"), text(network, "Id"));
        let declared = project.networks.iter().find(|(_, it)| it.name == name);
        if declared.is_some_and(|(_, it)| it.external) {
            continue;
        }
        let key = label(network, labels::NETWORK);
        let ours = label(network, labels::PROJECT) == project.name && !key.is_empty();
        match declared {
            Some((declared, _)) if !ours => {
                let (network, name) = (declared.clone(), name.to_owned());
                draft.warnings.push(Warning::NetworkNotOurs { network, name });
                continue;
            }
            None if !ours || !(down.orphans || project.networks.contains_key(key)) => continue,
            _ => {}
        }
        draft.saw_thing(network);
        let on = network["Containers"].as_object();
        let is_gone = |other: &str| gone.iter().any(|it| it.id() == other);
        let on_it = on.into_iter().flatten().find(|(other, _)| !is_gone(other));
        let stopped = stays.iter().find(|it| it.networks().any(|(_, on)| on == id));
        let user = on_it.map(|(other, it)| it["Name"].as_str().unwrap_or(other).to_owned());
        if let Some(container) = user.or_else(|| stopped.map(|it| it.name().to_owned())) {
            draft.warnings.push(Warning::NetworkInUse { name: name.to_owned(), container });
            continue;
        }
        let on_it = |it: &&Container<'_>| {
            on.is_some_and(|all| all.contains_key(it.id()))
                || it.networks().any(|(on, on_id)| on_id == id || on_id.is_empty() && on == name)
        };
        let after: Vec<String> = gone.iter().filter(on_it).map(|it| removal(*it)).collect();
        let why = if declared.is_some() { Why::Asked } else { Why::Orphan };
        let deed = Deed::RemoveNetwork { id: id.to_owned(), name: name.to_owned() };
        draft.step(format!("network/{name}/{}", id.get(..12).unwrap_or(id)), after, deed, vec![why]);
    }
}

/// The volumes that the project names and made; others are never removed.
fn volumes(draft: &mut Draft<'_>, gone: &[Container<'_>], stays: &[Container<'_>]) {
    let (project, there) = (draft.project, draft.there);
    for (key, volume) in project.volumes.iter().filter(|(_, volume)| !volume.external) {
        let Some(found) = there.volume(&volume.name) else { continue };
        draft.saw_thing(found);
        let name = volume.name.clone();
        if !is_ours(project, found, labels::VOLUME, key) {
            draft.warnings.push(Warning::VolumeNotOurs { volume: key.clone(), name });
            continue;
        }
        let uses = |it: &Container<'_>| it.mounts().any(|mount| mount["Name"] == volume.name);
        if let Some(user) = stays.iter().find(|it| uses(it)) {
            let container = user.name().to_owned();
            draft.warnings.push(Warning::VolumeInUse { name, container });
            continue;
        }
        let after: BTreeSet<String> = gone.iter().filter(|it| uses(it)).map(|it| removal(*it)).collect();
        draft.step(format!("volume/{key}"), after, Deed::RemoveVolume { name }, vec![Why::Asked]);
    }
}

fn text<'a>(thing: &'a Json, key: &str) -> &'a str {
    thing[key].as_str().unwrap_or_default()
}
