//! Containers that run, as the file of a stack. What looks like a secret in their environments becomes a variable.

use std::collections::BTreeMap;

use longshore_api::ops::spec::{
    ContainerSpec, Endpoint, FileService, HostConfig, Named, Needed, compose_file, is_user_defined,
};
use serde_json::Value as Json;

use crate::{labels, plan::Container};

/// Stand around the name of a variable until the file is written: its dollar signs are doubled on the way.
const BEFORE: char = '\u{e000}';
const AFTER: char = '\u{e001}';

/// How a service may be waited for; the first, where nothing is said of it.
const CONDITIONS: [&str; 3] = ["service_started", "service_healthy", "service_completed_successfully"];

/// A container that is saved.
#[derive(Clone, Copy, Debug)]
pub struct Running<'a> {
    /// As the engine says it.
    pub inspection: &'a Json,
    /// What was asked for when it was made.
    pub spec: &'a ContainerSpec,
}

/// What becomes of containers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// The compose file.
    pub text: String,
    /// What looked like a secret, by the variable that stands for it.
    pub secrets: BTreeMap<String, String>,
    /// Published ports of the host, by the variable that stands for each: in what is made for others only.
    pub ports: BTreeMap<String, (u16, String)>,
}

/// The containers as a stack of this host, whose engine says of itself `info`: their networks and volumes are those that
/// are there.
pub fn stack(running: &[Running<'_>], info: &Json) -> Saved {
    Saving::new(running).save(info, false)
}

/// The same for any host: networks and volumes are made anew, and ports of the host are asked for.
pub fn template(running: &[Running<'_>], info: &Json) -> Saved {
    Saving::new(running).save(info, true)
}

/// Whether what goes by this name is not to be told. A file that has it is no secret, and its path may be.
pub fn is_secret(name: &str) -> bool {
    const WORDS: [&str; 9] =
        ["PASSWORD", "PASSWD", "PASS", "PASSPHRASE", "SECRET", "TOKEN", "KEY", "APIKEY", "CREDENTIALS"];
    let name = name.to_ascii_uppercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let path = matches!(words.last(), Some(&("FILE" | "PATH" | "DIR")));
    let public = words.contains(&"PUBLIC");
    let ends = ["PASSWORD", "SECRET", "TOKEN"].iter().any(|end| words.iter().any(|word| word.ends_with(end)));
    !path && !public && (ends || words.iter().any(|word| WORDS.contains(word)))
}

/// Whether a value says a password within an address: `postgres://shop:hunter22@db/shop`.
fn has_password(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else { return false };
    let authority = rest.split('/').next().unwrap_or_default();
    let user = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':'));
    user.is_some_and(|(_, password)| !password.is_empty())
}

/// What becomes a service.
struct Service<'a> {
    name: String,
    /// The first of its containers: what it is.
    first: Running<'a>,
    all: Vec<Container<'a>>,
}

struct Saving<'a> {
    services: Vec<Service<'a>>,
}

impl<'a> Saving<'a> {
    /// Containers of one service are one again; a name that another service has too is that of the container.
    fn new(running: &[Running<'a>]) -> Self {
        let mut services: Vec<Service<'a>> = Vec::new();
        for one in running {
            let container = Container(one.inspection);
            let of = |it: Container<'a>| (it.label(labels::PROJECT), it.service());
            let mut name = container.service();
            let same = services.iter_mut().find(|it| of(it.all[0]) == of(container) && !name.is_empty());
            if let Some(same) = same {
                same.all.push(container);
                continue;
            }
            if name.is_empty() || services.iter().any(|it| it.name == name) {
                name = container.name();
            }
            services.push(Service { name: name.to_owned(), first: *one, all: vec![container] });
        }
        Self { services }
    }

    fn save(self, info: &Json, for_others: bool) -> Saved {
        let (mut specs, mut saved) = (Vec::new(), Saved::default());
        for service in &self.services {
            let mut spec = service.first.spec.clone();
            own(service, &mut spec);
            unasked(&mut spec.body.host, info);
            self.shared(&mut spec);
            specs.push((service, self.needs(service), spec));
        }
        for (service, _, spec) in &mut specs {
            saved.secrets(&service.name, spec);
            if for_others {
                elsewhere(service.all[0], spec);
                saved.ports(&service.name, spec);
            }
        }
        let named = if for_others { Named::Own } else { Named::External };
        let services = specs.iter().map(|(service, needs, spec)| FileService {
            name: &service.name,
            spec,
            count: service.all.len(),
            needs,
        });
        let text = compose_file(services, named);
        saved.text = text.replace(BEFORE, "${").replace(AFTER, "}");
        saved
    }

    /// What a service waits for, as compose has written it down, as far as that is saved too.
    fn needs(&self, service: &Service<'_>) -> Vec<Needed> {
        let container = service.all[0];
        let one = |said: &str| {
            let mut parts = said.split(':').map(str::trim);
            let (name, condition) = (parts.next()?, parts.next().unwrap_or(CONDITIONS[0]));
            let is_it = |it: &&Service<'_>| {
                let first = it.all[0];
                !name.is_empty()
                    && first.service() == name
                    && first.label(labels::PROJECT) == container.label(labels::PROJECT)
            };
            let needed = self.services.iter().find(is_it).filter(|_| CONDITIONS.contains(&condition))?;
            let restart = parts.next() == Some("true");
            Some(Needed { service: needed.name.clone(), condition: condition.to_owned(), restart })
        };
        container.label(labels::DEPENDS_ON).split(',').filter_map(one).collect()
    }

    /// The service of a container that is saved too.
    fn service(&self, reference: &str) -> Option<&str> {
        let reference = reference.trim_start_matches('/');
        let is_it = |it: &Container<'_>| {
            it.name() == reference || reference.len() >= 12 && it.id().starts_with(reference)
        };
        self.services.iter().find(|it| it.all.iter().any(is_it)).map(|it| it.name.as_str())
    }

    /// What another container lends, by its service where that is saved too.
    fn shared(&self, spec: &mut ContainerSpec) {
        let host = &mut spec.body.host;
        for mode in [&mut host.network_mode, &mut host.pid_mode, &mut host.ipc_mode] {
            let service = mode.strip_prefix("container:").and_then(|other| self.service(other));
            if let Some(service) = service {
                *mode = format!("service:{service}");
            }
        }
        for from in &mut host.volumes_from {
            let (other, rest) = from.split_once(':').map_or((from.as_str(), ""), |split| split);
            let service = self.service(other).map_or_else(|| format!("container:{other}"), str::to_owned);
            *from = if rest.is_empty() { service } else { format!("{service}:{rest}") };
        }
        host.links = std::mem::take(&mut host.links).into_iter().filter_map(|link| self.link(link)).collect();
    }

    /// A link to a service that is saved too, but under names that compose gives by itself.
    fn link(&self, link: String) -> Option<String> {
        let (other, alias) = link.split_once(':').unwrap_or((&link, &link));
        let Some(service) = self.services.iter().find(|it| self.service(other) == Some(&it.name)) else {
            return Some(link);
        };
        let usual = service.all.iter().any(|it| {
            let numbered = it.name().strip_prefix(it.label(labels::PROJECT));
            alias == it.name() || numbered.is_some_and(|name| name.trim_start_matches(['-', '_']) == alias)
        });
        (!usual).then(|| format!("{}:{alias}", service.name))
    }
}

impl Saved {
    /// Puts variables in the place of what looks like secrets.
    fn secrets(&mut self, service: &str, spec: &mut ContainerSpec) {
        for entry in &mut spec.body.env {
            let Some((name, value)) = entry.split_once('=') else { continue };
            if value.is_empty() || !(is_secret(name) || has_password(value)) {
                continue;
            }
            let variable = self.variable(service, name, value);
            *entry = format!("{name}={BEFORE}{variable}{AFTER}");
        }
    }

    /// The variable for a value: by the name in the environment, and with the service's before it where that is another's.
    fn variable(&mut self, service: &str, name: &str, value: &str) -> String {
        let mut variable = identifier(name);
        for more in 1.. {
            match self.secrets.get(&variable) {
                Some(other) if other != value => {}
                _ => break,
            }
            let number = if more == 1 { String::new() } else { format!("_{more}") };
            variable = format!("{}_{}{number}", identifier(service), identifier(name));
        }
        self.secrets.insert(variable.clone(), value.to_owned());
        variable
    }

    /// Puts variables in the place of published ports.
    fn ports(&mut self, service: &str, spec: &mut ContainerSpec) {
        for (port, bindings) in &mut spec.body.host.port_bindings {
            let (inner, protocol) = port.split_once('/').unwrap_or((port, "tcp"));
            for (n, binding) in bindings.iter_mut().enumerate() {
                let Ok(published) = binding.port.parse::<u16>() else { continue };
                let number = if n == 0 { String::new() } else { format!("_{}", n + 1) };
                let kind =
                    if protocol == "tcp" { String::new() } else { format!("_{}", identifier(protocol)) };
                let variable = format!("{}_PORT_{inner}{kind}{number}", identifier(service));
                binding.ip.clear();
                binding.port = format!("{BEFORE}{variable}{AFTER}");
                self.ports.insert(variable, (published, protocol.to_owned()));
            }
        }
    }
}

/// Takes out what is not said in a file: a name of its own, labels of those who manage it, what it is called on its
/// networks anyway.
fn own(service: &Service<'_>, spec: &mut ContainerSpec) {
    let container = service.all[0];
    spec.name.clear();
    spec.body.labels.retain(|key, _| labels::is_own(key));
    let usual = |alias: &str| {
        let id = alias.len() == 12 && container.id().starts_with(alias);
        id || alias == service.name || alias == container.name()
    };
    for endpoint in spec.body.networking.endpoints.values_mut() {
        endpoint.aliases.retain(|alias| !usual(alias));
        for link in std::mem::take(&mut endpoint.links) {
            let (other, alias) = link.split_once(':').unwrap_or((&link, &link));
            spec.body.host.links.push(format!("{other}:{}", alias.rsplit('/').next().unwrap_or(alias)));
        }
    }
    let mode = &spec.body.host.network_mode;
    // A bridge that all containers may be on is none that a file could name.
    if !is_user_defined(mode) {
        spec.body.networking.endpoints.clear();
    }
    if mode == "host" || mode.starts_with("container:") {
        // That of the machine or of the other container.
        spec.body.hostname.clear();
        spec.body.domainname.clear();
    }
}

/// Takes out what an engine does unasked.
fn unasked(host: &mut HostConfig, info: &Json) {
    if info["CgroupVersion"] == "1" && host.cgroupns_mode == "host" {
        host.cgroupns_mode.clear();
    }
    if host.memory != 0 && host.memory_swap == host.memory.saturating_mul(2) {
        host.memory_swap = 0;
    }
    if host.privileged || host.ipc_mode == "host" || host.pid_mode == "host" {
        host.security_opt.retain(|option| option != "label=disable");
    }
}

/// Takes out what is of this host: fixed addresses, volumes without a name, and the project's name before all others.
fn elsewhere(container: Container<'_>, spec: &mut ContainerSpec) {
    let project = format!("{}_", container.label(labels::PROJECT));
    let short = |name: &str| match name.strip_prefix(&project) {
        Some(short) if project.len() > 1 && !short.is_empty() => short.to_owned(),
        _ => name.to_owned(),
    };
    let body = &mut spec.body;
    for endpoint in body.networking.endpoints.values_mut() {
        endpoint.ipam = Default::default();
        endpoint.mac.clear();
    }
    if is_user_defined(&body.host.network_mode) {
        body.host.network_mode = short(&body.host.network_mode);
    }
    let endpoints = std::mem::take(&mut body.networking.endpoints);
    body.networking.endpoints = endpoints.into_iter().map(|(name, it)| (short(&name), it)).collect();
    let plain = |it: &Endpoint| it.aliases.is_empty() && it.driver_opts.is_empty();
    if body.host.network_mode == "default" && body.networking.endpoints.values().all(plain) {
        // That which each project has anyway.
        body.networking.endpoints.remove("default");
        if body.networking.endpoints.is_empty() {
            body.host.network_mode.clear();
        }
    }
    for bind in &mut body.host.binds {
        let Some((from, rest)) = bind.split_once(':') else { continue };
        if !from.starts_with('/') {
            *bind = format!("{}:{rest}", short(from));
        }
    }
    for mount in body.host.mounts.iter_mut().filter(|mount| mount.kind == "volume") {
        mount.source = short(&mount.source);
    }
}

/// As a variable may be called.
fn identifier(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let name: String = name.chars().map(plain).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_by_their_names_and_addresses() {
        for name in
            ["POSTGRES_PASSWORD", "API_KEY", "token", "DB_PASS", "MYSQLPASSWORD", "AWS_SECRET_ACCESS_KEY"]
        {
            assert!(is_secret(name), "{name}");
        }
        for name in ["POSTGRES_PASSWORD_FILE", "KEYCLOAK_HOST", "PASSENGER", "LEVEL", "PUBLIC_KEY", "MONKEY"]
        {
            assert!(!is_secret(name), "{name}");
        }
        assert!(has_password("postgres://shop:hunter22@db:5432/shop"));
        assert!(!has_password("http://db:5432/a:b@c") && !has_password("https://shop@db/"));
    }
}
