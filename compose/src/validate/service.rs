//! One service: what it names, and what it says against itself.

use std::collections::BTreeMap;

use super::Check;
use crate::{
    load::SERVICE,
    model::{Service, ServiceNetwork},
    problem::{Problem, Thing},
};

impl Check<'_> {
    pub(super) fn service(&mut self, name: &str, service: &Service) {
        let path = ["services", name];
        if service.image.is_empty() && service.build.is_none() && service.provider.is_none() {
            self.say(Problem::NoImage, &path);
        }
        self.references(name, service);
        self.dependencies(name, service);
        self.network(name, service);
        self.twice(name, service);
        self.limits(name, service);
        self.health(name, service);
        self.values(name, service);
        if let Some(build) = &service.build {
            let exclusive = !build.dockerfile.is_empty() && !build.dockerfile_inline.is_empty();
            if exclusive {
                let problem = Problem::Exclusive { one: "dockerfile", other: "dockerfile_inline" };
                self.say(problem, &["services", name, "build", "dockerfile_inline"]);
            }
        }
        if service.deploy.as_ref().is_some_and(|deploy| deploy.placement != Default::default()) {
            self.say(Problem::SwarmOnly { key: "placement" }, &["services", name, "deploy", "placement"]);
        }
    }

    fn references(&mut self, name: &str, service: &Service) {
        let project = self.project;
        for network in service.networks.keys() {
            self.defined(
                Thing::Network,
                network,
                &project.networks,
                &["services", name, "networks", network],
            );
        }
        for (n, mount) in service.volumes.iter().enumerate() {
            if mount.r#type == "volume" && !mount.source.is_empty() {
                let n = n.to_string();
                let path = ["services", name, "volumes", &n];
                self.defined(Thing::Volume, &mount.source, &project.volumes, &path);
            }
        }
        for (n, grant) in service.secrets.iter().enumerate() {
            let n = n.to_string();
            self.defined(Thing::Secret, &grant.source, &project.secrets, &["services", name, "secrets", &n]);
        }
        for (n, grant) in service.configs.iter().enumerate() {
            let n = n.to_string();
            self.defined(Thing::Config, &grant.source, &project.configs, &["services", name, "configs", &n]);
        }
        let granted = [("secrets", &service.secrets), ("configs", &service.configs)];
        for (key, grants) in granted {
            for (n, grant) in grants.iter().enumerate() {
                let path = if grant.target.is_empty() { &grant.source } else { &grant.target };
                if path.split('/').any(|part| part == "..") || path.contains('\0') {
                    let problem = Problem::TargetUp { path: path.clone() };
                    self.say(problem, &["services", name, key, &n.to_string()]);
                }
            }
        }
        for (n, grant) in service.build.iter().flat_map(|build| build.secrets.iter().enumerate()) {
            let n = n.to_string();
            let path = ["services", name, "build", "secrets", &n];
            self.defined(Thing::Secret, &grant.source, &project.secrets, &path);
        }
        for model in service.models.keys() {
            self.defined(Thing::Model, model, &project.models, &["services", name, "models", model]);
        }
    }

    /// Where a dependency is said: as such, or by what implies it.
    fn dependencies(&mut self, name: &str, service: &Service) {
        let project = self.project;
        for (other, dependency) in &service.depends_on {
            let modes = [
                ("network_mode", &service.network_mode),
                ("ipc", &service.ipc),
                ("pid", &service.pid),
                ("uts", &service.uts),
            ];
            let mode = modes.iter().find(|(_, mode)| mode.strip_prefix(SERVICE) == Some(other));
            let linked = service.links.iter().any(|link| link.split(':').next() == Some(other));
            let said = self
                .tree
                .get("services")
                .and_then(|all| all.get(name)?.get("depends_on")?.get(other))
                .is_some();
            let path = match mode {
                _ if said => vec!["services", name, "depends_on", other],
                Some((key, _)) => vec!["services", name, key],
                None if linked => vec!["services", name, "links"],
                None => vec!["services", name, "volumes_from"],
            };
            if dependency.condition.is_empty() {
                self.say(Problem::MissingKey { key: "condition" }, &path);
            }
            let waited = match (project.services.get(other), project.disabled.get(other)) {
                (Some(waited), _) => waited,
                (None, _) if !dependency.required => continue,
                (None, Some(disabled)) => {
                    let problem =
                        Problem::NotInProfile { service: other.clone(), profiles: disabled.profiles.clone() };
                    self.say(problem, &path);
                    continue;
                }
                (None, None) => {
                    let near = self.findings.near(other, project.services.keys().map(String::as_str));
                    self.say(Problem::Undefined { thing: Thing::Service, name: other.clone(), near }, &path);
                    continue;
                }
            };
            let check = waited.healthcheck.as_ref();
            let checked = check
                .is_some_and(|check| !check.disable && check.test.first().is_none_or(|test| test != "NONE"));
            if dependency.condition == "service_healthy" && !checked {
                self.say(Problem::NoHealthCheck { service: other.clone() }, &path);
            }
        }
    }

    fn network(&mut self, name: &str, service: &Service) {
        if !service.network_mode.is_empty() && !service.networks.is_empty() {
            let problem = Problem::Exclusive { one: "network_mode", other: "networks" };
            self.say(problem, &["services", name, "network_mode"]);
        }
        if service.network_mode == "host" && !service.ports.is_empty() {
            self.say(Problem::PortsOnHost, &["services", name, "ports"]);
        }
        let project = self.project;
        for (network, endpoint) in &service.networks {
            let address = |it: &ServiceNetwork| !it.ipv4_address.is_empty() || !it.ipv6_address.is_empty();
            let subnet = project.networks.get(network).is_none_or(|network| {
                network.external || network.ipam.config.iter().any(|pool| !pool.subnet.is_empty())
            });
            if endpoint.as_ref().is_some_and(address) && !subnet {
                let problem = Problem::NoSubnet { network: network.clone() };
                self.say(problem, &["services", name, "networks", network]);
            }
        }
    }

    /// Two mounts at one path.
    fn twice(&mut self, name: &str, service: &Service) {
        let tmpfs = service.tmpfs.iter().map(|mount| mount.split(':').next().unwrap_or_default());
        let mounts = service.volumes.iter().map(|mount| mount.target.as_str());
        let all = tmpfs
            .enumerate()
            .map(|mount| ("tmpfs", mount))
            .chain(mounts.enumerate().map(|mount| ("volumes", mount)));
        let mut seen: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
        for (key, (n, target)) in all {
            let index = n.to_string();
            match seen.insert(target, (key, n)) {
                Some((other, m)) => {
                    let other = self.place(&["services", name, other, &m.to_string()]);
                    let problem = Problem::TargetTaken { target: target.to_owned(), other };
                    self.say(problem, &["services", name, key, &index]);
                }
                None => continue,
            }
        }
    }

    /// What can be said in two ways has to be said as one.
    fn limits(&mut self, name: &str, service: &Service) {
        let Some(deploy) = &service.deploy else { return };
        let mut differ = |differs: bool, one: &'static str, other: &'static str| {
            if differs {
                self.say(Problem::Differ { one, other }, &["services", name, one]);
            }
        };
        let replicas = deploy.replicas.zip(service.scale);
        differ(replicas.is_some_and(|(one, other)| one != other), "scale", "deploy.replicas");
        if let Some(limits) = &deploy.resources.limits {
            let cpus = limits.cpus.filter(|_| service.cpus != 0.0);
            differ(cpus.is_some_and(|cpus| cpus != service.cpus), "cpus", "deploy.resources.limits.cpus");
            let (one, other) = (service.mem_limit.0, limits.memory.0);
            differ(one != 0 && other != 0 && one != other, "mem_limit", "deploy.resources.limits.memory");
            let (one, other) = (service.pids_limit, limits.pids);
            differ(one != 0 && other != 0 && one != other, "pids_limit", "deploy.resources.limits.pids");
        }
        if let Some(reservations) = &deploy.resources.reservations {
            let (one, other) = (service.mem_reservation.0, reservations.memory.0);
            let differs = one != 0 && other != 0 && one != other;
            differ(differs, "mem_reservation", "deploy.resources.reservations.memory");
        }
    }

    fn health(&mut self, name: &str, service: &Service) {
        let early =
            |health: &crate::model::Health| health.start_interval.is_some() && health.start_period.is_none();
        if service.healthcheck.as_ref().is_some_and(early) {
            // The engine would not ask at that interval: https://github.com/moby/moby/issues/48874
            let path = ["services", name, "healthcheck", "start_interval"];
            self.say(Problem::MissingKey { key: "start_period" }, &path);
        }
        let test = service.healthcheck.as_ref().and_then(|health| health.test.first());
        if let Some(first) = test.filter(|first| !matches!(first.as_str(), "CMD" | "CMD-SHELL" | "NONE")) {
            let problem = Problem::BadHealthTest { value: first.clone() };
            self.say(problem, &["services", name, "healthcheck", "test"]);
        }
    }
}
