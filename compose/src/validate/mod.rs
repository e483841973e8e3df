//! Whether a project holds together: what is named is defined, nothing is taken twice, nothing waits in a circle.
//! Everything is looked at, so that all that is wrong is said at once.

mod ports;
mod service;
mod values;

use std::collections::BTreeMap;

use crate::{
    model::{Config, Project, Secret},
    order,
    place::Place,
    problem::{Findings, Problem, Thing},
    tree::Node,
};

/// Adds what is wrong with a project.
pub fn check(project: &Project, tree: &Node, findings: &mut Findings) {
    let mut check = Check { project, tree, findings };
    if project.services.is_empty() && project.disabled.is_empty() {
        check.say(Problem::NoServices, &["services"]);
    }
    for (name, service) in &project.services {
        check.service(name, service);
    }
    check.names();
    check.ports();
    check.resources();
    if let Some(chain) = order::cycle(project) {
        let first = chain.first().cloned().unwrap_or_default();
        check.say(Problem::DependsCycle { chain }, &["services", &first, "depends_on"]);
    }
}

struct Check<'a> {
    project: &'a Project,
    tree: &'a Node,
    findings: &'a mut Findings,
}

impl Check<'_> {
    fn say(&mut self, problem: Problem, path: &[&str]) {
        let at = self.tree.place(path.iter().copied()).clone();
        self.findings.say(problem, &at, &path.join("."));
    }

    fn place(&self, path: &[&str]) -> Place {
        self.tree.place(path.iter().copied()).clone()
    }

    /// Says that something is not defined, unless it is.
    fn defined<T>(&mut self, thing: Thing, name: &str, all: &BTreeMap<String, T>, path: &[&str]) {
        if !all.contains_key(name) {
            let near = self.findings.near(name, all.keys().map(String::as_str));
            self.say(Problem::Undefined { thing, name: name.to_owned(), near }, path);
        }
    }

    /// Names of containers are there once on a host.
    fn names(&mut self) {
        let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
        let project = self.project;
        for (service, it) in project.services.iter().filter(|(_, it)| !it.container_name.is_empty()) {
            let name = it.container_name.as_str();
            let path = ["services", service, "container_name"];
            if it.replicas() > 1 {
                self.say(Problem::NameScaled { name: name.to_owned(), scale: it.replicas() }, &path);
            }
            if let Some(other) = taken.insert(name, service) {
                let at = self.place(&["services", other, "container_name"]);
                let problem =
                    Problem::NameTaken { name: name.to_owned(), service: other.to_owned(), other: at };
                self.say(problem, &path);
            }
        }
    }

    fn resources(&mut self) {
        let project = self.project;
        for (key, network) in &project.networks {
            self.addresses(key, network);
        }
        for (key, network) in project.networks.iter().filter(|(_, it)| it.external) {
            let mut said = vec![];
            said.extend((!network.driver.is_empty()).then_some("driver"));
            said.extend((!network.driver_opts.is_empty()).then_some("driver_opts"));
            said.extend((network.ipam != Default::default()).then_some("ipam"));
            said.extend(network.internal.then_some("internal"));
            said.extend(network.attachable.then_some("attachable"));
            said.extend((!network.labels.is_empty()).then_some("labels"));
            self.external(Thing::Network, key, &said);
        }
        for (key, volume) in project.volumes.iter().filter(|(_, it)| it.external) {
            let mut said = vec![];
            said.extend((!volume.driver.is_empty()).then_some("driver"));
            said.extend((!volume.driver_opts.is_empty()).then_some("driver_opts"));
            said.extend((!volume.labels.is_empty()).then_some("labels"));
            self.external(Thing::Volume, key, &said);
        }
        for (key, Secret { external, file, environment, .. }) in &project.secrets {
            let sources = [*external, !file.is_empty(), !environment.is_empty()];
            self.one_source(Thing::Secret, key, &sources, &["external", "file", "environment"]);
        }
        for (key, Config { external, file, environment, content, .. }) in &project.configs {
            let sources = [*external, !file.is_empty(), !environment.is_empty(), content.is_some()];
            self.one_source(Thing::Config, key, &sources, &["external", "file", "environment", "content"]);
        }
    }

    /// What is external is made elsewhere: nothing can be said of it but its name.
    fn external(&mut self, thing: Thing, key: &str, said: &[&str]) {
        for field in said {
            let problem = Problem::ExternalDefined { key: (*field).to_owned() };
            self.say(problem, &[thing.key(), key, field]);
        }
    }

    fn one_source(&mut self, thing: Thing, key: &str, sources: &[bool], choices: &[&'static str]) {
        if sources.iter().filter(|source| **source).count() != 1 {
            self.say(Problem::OneSource { choices: choices.to_vec() }, &[thing.key(), key]);
        }
    }
}
