//! What the engine is asked for: the container of a service, a network, a volume.

mod host;
mod mounts;
mod networks;

use std::collections::BTreeMap;

use longshore_api::{
    ops::spec::{ContainerSpec, CreateBody, Empty, Health, PortBinding},
    sentence::Sentence,
    words::say,
};
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::{
    labels::{self, Which},
    model::{self, Network, Project, Service, Volume},
    names,
};

pub(crate) use mounts::beside;
pub use mounts::{Injected, injected, mode_of, mounted};

/// The containers of a project that are there, by service: those that others share something with are named to the
/// engine. Names or ids, in the order of their numbers.
pub type There = BTreeMap<String, Vec<String>>;

/// Why there is no container of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Unmade {
    /// It needs one of another service that is not there.
    #[error("{}", self.sentence())]
    NotThere {
        /// The service.
        service: String,
        /// The other one.
        needs: String,
    },
    /// It asks for what is not done here.
    #[error("{}", self.sentence())]
    Unsupported {
        /// The service.
        service: String,
        /// What it asks for.
        key: String,
    },
}

impl Unmade {
    /// Why, and what to do.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::NotThere { service, needs } => say::compose_not_there(needs, service),
            Self::Unsupported { service, key } => say::compose_unsupported(key, service),
        }
    }
}

/// A container of a service. `image` is the id of its image, if it is known.
///
/// # Errors
/// It needs a container that is not there, or asks for what is not supported.
pub fn container(
    project: &Project,
    name: &str,
    which: Which<'_>,
    image: Option<&str>,
    there: &There,
) -> Result<ContainerSpec, Unmade> {
    let nothing = Service::default();
    let service = project.services.get(name).unwrap_or(&nothing);
    supported(project, name, service)?;
    let container = match which {
        Which::Number(number) => names::container(&project.name, name, service, number),
        Which::OneOff(slug) => names::one_off(&project.name, name, slug),
    };
    let maker = Maker { project, name, service, container: &container, there };
    let mut body = CreateBody {
        hostname: service.hostname.clone(),
        domainname: service.domainname.clone(),
        user: service.user.clone(),
        tty: service.tty,
        open_stdin: service.stdin_open,
        env: environment(service),
        cmd: service.command.clone().unwrap_or_default(),
        entrypoint: service.entrypoint.clone(),
        image: names::image(&project.name, name, service),
        working_dir: service.working_dir.clone(),
        exposed_ports: exposed(service),
        labels: labels::container(project, name, service, which, image),
        stop_signal: service.stop_signal.clone(),
        stop_timeout: service.stop_grace_period.map(|span| span.seconds()),
        health: service.healthcheck.as_ref().map(health).unwrap_or_default(),
        host: maker.host()?,
        ..CreateBody::default()
    };
    if let Some(digest) = mounts::digest(project, service) {
        body.labels.insert(labels::FILES.to_owned(), digest);
        let put: Vec<String> =
            injected(project, service, &project.variables).into_iter().map(|it| it.target).collect();
        if !put.is_empty() {
            body.labels.insert(labels::PUT.to_owned(), json!(put).to_string());
        }
    }
    if matches!(which, Which::OneOff(_)) {
        body.host.port_bindings.clear();
        body.host.restart = Default::default();
    }
    maker.mounts(&mut body);
    maker.networks(&mut body, matches!(which, Which::Number(_)))?;
    let pull = match service.pull_policy.as_str() {
        pull @ ("always" | "never" | "missing") => pull.to_owned(),
        _ => String::new(),
    };
    Ok(ContainerSpec {
        name: container,
        platform: service.platform.clone(),
        pull,
        body,
        rest: Default::default(),
    })
}

struct Maker<'a> {
    project: &'a Project,
    name: &'a str,
    service: &'a Service,
    container: &'a str,
    there: &'a There,
}

impl Maker<'_> {
    /// The first container of another service.
    fn first(&self, needs: &str) -> Result<&str, Unmade> {
        let found = self.there.get(needs).and_then(|all| all.first());
        let not_there = || Unmade::NotThere { service: self.name.to_owned(), needs: needs.to_owned() };
        found.map(String::as_str).ok_or_else(not_there)
    }

    /// `service:x` as the engine says it, anything else as it is.
    fn mode(&self, mode: &str) -> Result<String, Unmade> {
        match mode.strip_prefix(crate::load::SERVICE) {
            Some(needs) => Ok(format!("container:{}", self.first(needs)?)),
            None => Ok(mode.to_owned()),
        }
    }
}

/// What compose leaves to others, and we too.
fn supported(project: &Project, name: &str, service: &Service) -> Result<(), Unmade> {
    let external = |grant: &&model::Grant| {
        project.secrets.get(&grant.source).is_some_and(|it| it.external || !it.driver.is_empty())
    };
    // Names of users are known in the image alone.
    let named = |grant: &&model::Grant| {
        [&grant.uid, &grant.gid].iter().any(|it| !it.is_empty() && it.parse::<u64>().is_err())
    };
    let config = |grant: &&model::Grant| project.configs.get(&grant.source).is_some_and(|it| it.external);
    let key = if service.provider.is_some() {
        "provider".to_owned()
    } else if service.use_api_socket {
        "use_api_socket".to_owned()
    } else if !service.models.is_empty() {
        "models".to_owned()
    } else if let Some(grant) = service.secrets.iter().find(external) {
        format!("secrets.{}.external", grant.source)
    } else if let Some(grant) = service.configs.iter().find(config) {
        format!("configs.{}.external", grant.source)
    } else if let Some(grant) = service.secrets.iter().chain(&service.configs).find(named) {
        format!("{}.uid", grant.source)
    } else {
        return Ok(());
    };
    Err(Unmade::Unsupported { service: name.to_owned(), key })
}

/// `NAME=value`; a name alone takes the image's variable away.
fn environment(service: &Service) -> Vec<String> {
    let one = |(name, value): (&String, &Option<String>)| match value {
        Some(value) => format!("{name}={value}"),
        None => name.clone(),
    };
    service.environment.iter().map(one).collect()
}

/// Published ports, and those of `expose`, with ranges written out.
fn exposed(service: &Service) -> BTreeMap<String, Empty> {
    let mut ports: BTreeMap<String, Empty> = BTreeMap::new();
    for port in &service.ports {
        ports.insert(format!("{}/{}", port.target, port.protocol), Empty {});
    }
    for text in &service.expose {
        let (range, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
        let (from, to) = range.split_once('-').unwrap_or((range, range));
        if let (Ok(from), Ok(to)) = (from.parse::<u16>(), to.parse::<u16>()) {
            ports.extend((from..=to).map(|port| (format!("{port}/{protocol}"), Empty {})));
        }
    }
    ports
}

fn bindings(service: &Service) -> BTreeMap<String, Vec<PortBinding>> {
    let mut all: BTreeMap<String, Vec<PortBinding>> = BTreeMap::new();
    for port in &service.ports {
        let binding = PortBinding { ip: port.host_ip.clone(), port: port.published.clone() };
        all.entry(format!("{}/{}", port.target, port.protocol)).or_default().push(binding);
    }
    all
}

fn health(check: &model::Health) -> Health {
    let nanoseconds = |span: Option<crate::units::Span>| span.map_or(0, |span| span.0);
    Health {
        test: if check.disable { vec!["NONE".to_owned()] } else { check.test.clone() },
        interval: nanoseconds(check.interval),
        timeout: nanoseconds(check.timeout),
        retries: check.retries.and_then(|retries| i64::try_from(retries).ok()).unwrap_or(0),
        start_period: nanoseconds(check.start_period),
        start_interval: nanoseconds(check.start_interval),
    }
}

/// The body that makes a network.
pub fn network(project: &Project, key: &str, network: &Network) -> Json {
    let mut body = json!({
        "Name": network.name,
        "Driver": network.driver,
        "Options": network.driver_opts,
        "Internal": network.internal,
        "Attachable": network.attachable,
        "Labels": labels::network(project, key, network),
    });
    if network.driver.is_empty() {
        // What an engine takes for its own; said, as some ask for it.
        body["Driver"] = "bridge".into();
    }
    for (key, flag) in [("EnableIPv4", network.enable_ipv4), ("EnableIPv6", network.enable_ipv6)] {
        if let Some(flag) = flag {
            body[key] = flag.into();
        }
    }
    if network.ipam != Default::default() {
        let pools = network.ipam.config.iter().map(|pool| {
            let fields = [("Subnet", &pool.subnet), ("IPRange", &pool.ip_range), ("Gateway", &pool.gateway)];
            let said = fields.into_iter().filter(|(_, value)| !value.is_empty());
            let mut one: serde_json::Map<_, _> =
                said.map(|(key, value)| (key.to_owned(), json!(value))).collect();
            if !pool.aux_addresses.is_empty() {
                one.insert("AuxiliaryAddresses".to_owned(), json!(pool.aux_addresses));
            }
            Json::Object(one)
        });
        let pools: Vec<_> = pools.collect();
        let driver = if network.ipam.driver.is_empty() { "default" } else { &network.ipam.driver };
        body["IPAM"] = json!({"Driver": driver, "Config": pools, "Options": network.ipam.options});
    }
    body
}

/// The body that makes a volume.
pub fn volume(project: &Project, key: &str, volume: &Volume) -> Json {
    let driver = if volume.driver.is_empty() { "local" } else { &volume.driver };
    json!({
        "Name": volume.name,
        "Driver": driver,
        "DriverOpts": volume.driver_opts,
        "Labels": labels::volume(project, key, volume),
    })
}
