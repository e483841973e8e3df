//! What makes true what a project says.

mod containers;
mod images;
mod reasons;
mod resources;
mod waits;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Deed, MOST, Obstacle, Up, Warning, Why, compare::Eyes, deed::removal_key, draft::Draft, there::Container,
};
use crate::{engine, model::Service, order};

/// What is known of a network while containers are looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Net<'a> {
    /// It stays, with this id.
    There(&'a str),
    /// It is made; there was none.
    Made,
    /// It is made anew.
    Anew,
}

/// What is made true, as far as it is planned.
struct Making<'a, 'd> {
    draft: &'d mut Draft<'a>,
    up: &'a Up,
    secret: &'a BTreeSet<String>,
    /// The services that are brought up.
    scope: BTreeSet<String>,
    /// The networks and volumes that were looked at.
    looked_at: BTreeSet<(&'static str, &'a str)>,
    nets: BTreeMap<&'a str, Net<'a>>,
    pulls: images::Pulls,
    built: BTreeSet<String>,
    /// What others are given of each service: containers that stay by their id, others by the name that they will have.
    given: engine::There,
    /// The names of containers that are to be, each with its service.
    planned: BTreeMap<String, String>,
    /// Containers that go or are made anew by their id, each with its service.
    renewed: BTreeMap<&'a str, &'a str>,
    /// Containers that are started or restarted, by their id, each with its service.
    begun: BTreeMap<&'a str, &'a str>,
    /// The names that containers leave, each with the key of the step.
    left: BTreeMap<&'a str, String>,
    /// Services of which a container is made anew, or of which there was none.
    remade: BTreeSet<&'a str>,
    /// The keys of the steps of each service's containers.
    keys: BTreeMap<&'a str, Vec<String>>,
    waits: waits::Waits,
    /// Containers that have done what they are for.
    done: Vec<Container<'a>>,
}

/// Plans to bring up services.
pub(super) fn plan<'a>(draft: &mut Draft<'a>, up: &'a Up, secret: &'a BTreeSet<String>) {
    let project = draft.project;
    let scope: BTreeSet<String> = match up.services.as_slice() {
        [] => project.services.keys().cloned().collect(),
        chosen => order::with_dependencies(project, chosen),
    };
    for service in up.scale.keys().filter(|name| !project.services.contains_key(*name)) {
        draft.obstacle(Obstacle::NoSuchService { service: service.clone() });
    }
    let given = draft.by_service.iter().map(|(service, all)| {
        ((*service).to_owned(), all.iter().map(|container| container.id().to_owned()).collect())
    });
    let given = given.collect();
    let mut making = Making {
        draft,
        up,
        secret,
        scope,
        looked_at: BTreeSet::new(),
        nets: BTreeMap::new(),
        pulls: BTreeMap::new(),
        built: BTreeSet::new(),
        given,
        planned: BTreeMap::new(),
        renewed: BTreeMap::new(),
        begun: BTreeMap::new(),
        left: BTreeMap::new(),
        remade: BTreeSet::new(),
        keys: BTreeMap::new(),
        waits: BTreeMap::new(),
        done: Vec::new(),
    };
    making.all();
}

impl<'a> Making<'a, '_> {
    fn all(&mut self) {
        let project = self.draft.project;
        for (name, service) in &project.services {
            if !self.scope.contains(name) {
                continue;
            }
            self.can_scale(name, service);
            if self.up.build && service.build.is_none() && self.up.services.contains(name) {
                self.draft.obstacle(Obstacle::NoBuild { service: name.clone() });
            }
        }
        self.orphans();
        let brought_up: Vec<&Service> = project
            .services
            .iter()
            .filter(|(name, _)| self.scope.contains(*name))
            .map(|(_, it)| it)
            .collect();
        brought_up.iter().for_each(|service| self.networks(service));
        brought_up.iter().for_each(|service| self.volumes(service));
        for name in order::start(project).concat() {
            if let Some((name, service)) = project.services.get_key_value(&name) {
                self.service(name, service);
            }
        }
        self.finish_waits();
        self.add_pulls();
        self.put_back();
        self.after_those_that_leave();
    }

    fn eyes(&self) -> Eyes<'_> {
        let (project, there) = (self.draft.project, self.draft.there);
        Eyes { project, there, secret: self.secret, planned: &self.planned }
    }

    /// Several containers can have neither one name nor one port of the host.
    fn can_scale(&mut self, name: &str, service: &Service) {
        let scale = service.replicas();
        if scale < 2 {
            return;
        }
        let of = || name.to_owned();
        if scale > MOST {
            self.draft.obstacle(Obstacle::TooMany { service: of(), scale, most: MOST });
        }
        if !service.container_name.is_empty() {
            let name = service.container_name.clone();
            self.draft.obstacle(Obstacle::ScaleNamed { service: of(), name, scale });
        }
        for port in &service.ports {
            let (from, to) = port.published.split_once('-').unwrap_or((&port.published, &port.published));
            let (Ok(from), Ok(to)) = (from.parse::<u16>(), to.parse::<u16>()) else { continue };
            if from > 0 && u64::from(to.saturating_sub(from)) + 1 < scale {
                let port = port.published.clone();
                self.draft.obstacle(Obstacle::ScalePort { service: of(), port, scale });
            }
        }
    }

    /// Containers of the project that no service has. Those for a single command are nobody's to take away but of who
    /// made them.
    fn orphans(&mut self) {
        let project = self.draft.project;
        for container in self.draft.there.of(&project.name).filter(|it| !it.is_one_off()) {
            let service = container.service();
            let known = project.services.contains_key(service) || project.disabled.contains_key(service);
            if known {
                continue;
            }
            self.draft.saw(container);
            if self.up.remove_orphans {
                self.remove(container, Why::Orphan);
            } else {
                let (name, service) = (container.name().to_owned(), service.to_owned());
                self.draft.warnings.push(Warning::Orphan { name, service });
            }
        }
    }

    /// Removes a container. What is in its volumes stays.
    fn remove(&mut self, container: Container<'a>, why: Why) {
        let key = removal_key(container.name());
        let deed = Deed::RemoveContainer {
            service: container.service().to_owned(),
            id: container.id().to_owned(),
            name: container.name().to_owned(),
            volumes: false,
        };
        self.draft.step(key.clone(), [], deed, vec![why]);
        self.renewed.insert(container.id(), container.service());
        self.left.insert(container.name(), key);
    }

    /// What needs a port of the host begins when whoever has it and goes has gone.
    fn after_those_that_leave(&mut self) {
        let there = self.draft.there;
        let mut leaving: BTreeMap<String, Vec<&String>> = BTreeMap::new();
        for (name, key) in &self.left {
            for port in there.container(name).into_iter().flat_map(containers::ports) {
                leaving.entry(port).or_default().push(key);
            }
        }
        let made = self.draft.steps_mut().iter().filter_map(|step| match &step.deed {
            Deed::CreateContainer { service, .. } | Deed::RecreateContainer { service, .. } => {
                Some((step.key.clone(), service.clone()))
            }
            _ => None,
        });
        for (key, service) in made.collect::<Vec<_>>() {
            let ports = &self.draft.project.services[&service].ports;
            let ports = ports.iter().map(|port| format!("{}/{}", port.published, port.protocol));
            for leaving in ports.filter_map(|port| leaving.get(&port)).flatten() {
                // Where each has what the other needs, neither can be first.
                if !self.draft.is_after(leaving, &key) {
                    self.draft.wait(&key, (*leaving).clone());
                }
            }
        }
    }
}
