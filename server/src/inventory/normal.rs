//! From an engine's answer to a row of ours: one form, whether it came from the list or from an inspection.

use std::collections::HashMap;

use longshore_api::web::container::{Port, State};

use super::{
    EngineId,
    engine::{Inspected, Listed, Mount, Networks},
};
use crate::ownership::ByLabel;

/// So many bytes of a name, of what a stack or a service is called, of an image, of a label's two halves are kept.
pub(super) const NAME_MAX: usize = 256;
const IMAGE_MAX: usize = 512;
const LABEL_KEY_MAX: usize = 256;
const LABEL_VALUE_MAX: usize = 512;
const IP_MAX: usize = 64;
const PROTOCOL_MAX: usize = 16;
/// So many labels, ports and addresses of a container are kept.
const LABELS_MAX: usize = 64;
const PORTS_MAX: usize = 64;
const IPS_MAX: usize = 16;
/// So many networks, and so many volumes, of a container are kept.
const HELD_MAX: usize = 64;

/// The exit code of what SIGTERM ended. Nothing but a stop sends it.
const BY_TERM: i64 = 143;

const STACK: [&str; 2] = ["com.docker.compose.project", "com.docker.stack.namespace"];
/// What `docker compose` writes of the services that one waits for: `db:service_healthy:false,cache:…`.
const NEEDS: &str = "com.docker.compose.depends_on";
/// The label that says whether it was made for a single command.
const ONCE: &str = longshore_compose::labels::ONE_OFF;
const SERVICE: [&str; 2] = ["com.docker.compose.service", "com.docker.swarm.service.name"];

/// A container as an engine described it, cut to what is kept: an engine may send what it likes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Described {
    pub(super) id: EngineId,
    pub(super) name: String,
    pub(super) image: String,
    /// The compose project or swarm stack.
    pub(super) stack: Option<String>,
    /// The service within it.
    pub(super) service: Option<String>,
    pub(super) state: State,
    pub(super) exit_code: Option<i64>,
    /// Its main process on its machine; only an inspection tells.
    pub(super) pid: Option<u32>,
    pub(super) oom: bool,
    pub(super) restarts: u32,
    pub(super) since: Option<i64>,
    pub(super) created: i64,
    pub(super) ports: Vec<Port>,
    pub(super) ips: Vec<String>,
    /// `key=value` in lower case, for the filter.
    pub(super) labels: Vec<String>,
    pub(super) holds: Holds,
    /// The services of its stack that it waits for when it starts.
    pub(super) needs: Box<[Box<str>]>,
    /// Whether it was made for a single command of its service.
    pub(super) once: bool,
    /// Whose it says to be.
    pub(super) said: Option<Box<ByLabel>>,
}

impl Described {
    /// One of which no more is known than that it is there.
    pub(super) fn unclear(id: EngineId) -> Self {
        Self {
            id,
            name: id.short(),
            image: String::new(),
            stack: None,
            service: None,
            state: State::Unknown,
            exit_code: None,
            pid: None,
            oom: false,
            restarts: 0,
            since: None,
            created: 0,
            ports: Vec::new(),
            ips: Vec::new(),
            labels: Vec::new(),
            holds: Holds::default(),
            needs: Box::default(),
            once: false,
            said: None,
        }
    }
}

/// What a container holds, running or not: none of it can be removed before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Holds {
    /// By id.
    pub(super) image: Box<str>,
    /// By name.
    pub(super) networks: Box<[Box<str>]>,
    /// By name.
    pub(super) volumes: Box<[Box<str>]>,
}

impl Holds {
    fn new(image: Option<String>, networks: Option<&Networks>, mounts: Option<Vec<Mount>>) -> Self {
        let named = networks.and_then(|networks| networks.networks.as_ref()).into_iter().flatten();
        let networks = named.map(|(name, _)| name.clone());
        let volumes = mounts.into_iter().flatten().filter(|mount| mount.kind.as_deref() == Some("volume"));
        Self {
            image: capped(image.unwrap_or_default(), NAME_MAX).into(),
            networks: names(networks),
            volumes: names(volumes.filter_map(|mount| mount.name)),
        }
    }
}

/// The services that labels say are waited for.
fn needs(labels: &HashMap<String, String>) -> Box<[Box<str>]> {
    let said = labels.get(NEEDS).map(String::as_str).unwrap_or_default();
    let services = said.split(',').filter_map(|one| one.split(':').next()).map(str::trim);
    names(services.filter(|service| !service.is_empty()).map(str::to_owned))
}

/// Whether labels say that it was made for a single command.
fn once(labels: &HashMap<String, String>) -> bool {
    labels.get(ONCE).is_some_and(|word| word.eq_ignore_ascii_case("true"))
}

/// In order, so that the same ones are the same.
fn names(all: impl Iterator<Item = String>) -> Box<[Box<str>]> {
    let mut all: Vec<Box<str>> = all.take(HELD_MAX).map(|name| capped(name, NAME_MAX).into()).collect();
    all.sort_unstable();
    all.into()
}

/// A text that has at most `max` bytes.
pub(super) fn capped(mut text: String, max: usize) -> String {
    if text.len() > max {
        text.truncate(text.floor_char_boundary(max));
        text.shrink_to_fit();
    }
    text
}

/// The stack that labels name, or that an event's attributes do.
pub(super) fn stack(labels: &HashMap<String, String>) -> Option<String> {
    label(labels, STACK)
}

fn label(labels: &HashMap<String, String>, names: [&str; 2]) -> Option<String> {
    let text = names.iter().find_map(|name| labels.get(*name)).filter(|text| !text.is_empty())?;
    Some(capped(text.clone(), NAME_MAX))
}

/// In order, so that the same labels are the same texts.
pub(super) fn searched(labels: HashMap<String, String>) -> Vec<String> {
    let mut labels: Vec<(String, String)> = labels.into_iter().collect();
    labels.sort_unstable();
    labels.truncate(LABELS_MAX);
    let text = |(key, value)| format!("{}={}", capped(key, LABEL_KEY_MAX), capped(value, LABEL_VALUE_MAX));
    labels.into_iter().map(|label| text(label).to_lowercase()).collect()
}

/// From the list, which tells health and exit code only in its status text.
/// None for an entry whose id is none.
pub(super) fn listed(entry: Listed) -> Option<Described> {
    let id: EngineId = entry.id.parse().ok()?;
    let status = entry.status.as_deref().unwrap_or_default();
    let exit_code = exit_code_in(status);
    let health = ["healthy", "unhealthy", "starting"].into_iter().find(|word| {
        status.ends_with(&format!("({word})")) || status.ends_with(&format!("(health: {word})"))
    });
    let created = match &entry.created {
        Some(serde_json::Value::Number(seconds)) => seconds.as_i64().unwrap_or_default().saturating_mul(1000),
        Some(serde_json::Value::String(text)) => moment(text).unwrap_or_default(),
        _ => 0,
    };
    let names = entry.names.unwrap_or_default();
    let labels = entry.labels.unwrap_or_default();
    Some(Described {
        id,
        name: own_name(&names).map_or_else(|| id.short(), |name| capped(name.to_owned(), NAME_MAX)),
        image: capped(entry.image.unwrap_or_default(), IMAGE_MAX),
        stack: stack(&labels),
        service: label(&labels, SERVICE),
        state: state(entry.state.as_deref().unwrap_or_default(), health, exit_code),
        exit_code,
        pid: None,
        oom: false,
        restarts: 0,
        since: None,
        created,
        ports: sorted(entry.ports.unwrap_or_default().into_iter().filter_map(|p| {
            Some(Port {
                container: p.private_port?,
                host: p.public_port,
                ip: p.ip.filter(|_| p.public_port.is_some()).and_then(not_all),
                protocol: p.protocol.unwrap_or_else(|| "tcp".to_owned()),
            })
        })),
        ips: addresses(entry.network_settings.as_ref()),
        needs: needs(&labels),
        once: once(&labels),
        said: ByLabel::of(&labels),
        labels: searched(labels),
        holds: Holds::new(entry.image_id, entry.network_settings.as_ref(), entry.mounts),
    })
}

/// From an inspection. None if its id is none.
pub(super) fn inspected(entry: Inspected) -> Option<Described> {
    let id: EngineId = entry.id.parse().ok()?;
    let state_of = entry.state;
    let word = state_of.as_ref().and_then(|s| s.status.as_deref()).unwrap_or_default();
    let health = state_of.as_ref().and_then(|s| s.health.as_ref()).and_then(|h| h.status.as_deref());
    let ran = state_of.as_ref().and_then(|s| s.finished_at.as_deref()).and_then(moment).is_some();
    let exit_code = state_of.as_ref().and_then(|s| s.exit_code).filter(|_| ran && word != "running");
    let state = state(word, health, exit_code);
    let at = |text: Option<&String>| text.and_then(|t| moment(t));
    let since = state_of
        .as_ref()
        .and_then(|s| if state.is_up() { at(s.started_at.as_ref()) } else { at(s.finished_at.as_ref()) });
    let config = entry.config;
    let (image, labels) = config.map(|c| (c.image, c.labels)).unwrap_or_default();
    let labels = labels.unwrap_or_default();
    let name = entry.name.as_deref().unwrap_or_default().trim_start_matches('/');
    Some(Described {
        id,
        name: if name.is_empty() { id.short() } else { capped(name.to_owned(), NAME_MAX) },
        image: capped(image.unwrap_or_default(), IMAGE_MAX),
        stack: stack(&labels),
        service: label(&labels, SERVICE),
        state,
        exit_code,
        pid: state_of.as_ref().and_then(|s| u32::try_from(s.pid?).ok()).filter(|pid| *pid != 0),
        oom: state_of.as_ref().and_then(|s| s.oom_killed).unwrap_or_default(),
        restarts: u32::try_from(entry.restart_count.unwrap_or_default()).unwrap_or_default(),
        since,
        created: entry.created.as_deref().and_then(moment).unwrap_or_default(),
        ports: entry.network_settings.as_ref().map(inspected_ports).unwrap_or_default(),
        ips: addresses(entry.network_settings.as_ref()),
        needs: needs(&labels),
        once: once(&labels),
        said: ByLabel::of(&labels),
        labels: searched(labels),
        holds: Holds::new(entry.image, entry.network_settings.as_ref(), entry.mounts),
    })
}

/// A link gives a container further names, `/other/alias`: its own has one slash.
fn own_name(names: &[String]) -> Option<&str> {
    names
        .iter()
        .map(|name| name.trim_start_matches('/'))
        .find(|name| !name.is_empty() && !name.contains('/'))
        .or_else(|| names.first().map(|name| name.trim_start_matches('/')).filter(|name| !name.is_empty()))
}

fn state(word: &str, health: Option<&str>, exit_code: Option<i64>) -> State {
    match word {
        "running" => match health {
            Some("healthy") => State::Healthy,
            Some("unhealthy") => State::Unhealthy,
            Some("starting") => State::Starting,
            _ => State::Running,
        },
        "paused" => State::Paused,
        "restarting" => State::Restarting,
        // Podman's words for "made, not started".
        "created" | "configured" | "initialized" => State::Created,
        "exited" | "stopped" if !matches!(exit_code, None | Some(0 | BY_TERM)) => State::Failed,
        "exited" | "stopped" => State::Exited,
        "dead" => State::Dead,
        _ => State::Unknown,
    }
}

/// `Exited (137) 3 minutes ago`, `Restarting (1) 5 seconds ago`
fn exit_code_in(status: &str) -> Option<i64> {
    let rest = status.strip_prefix("Exited (").or_else(|| status.strip_prefix("Restarting ("))?;
    rest.split_once(')')?.0.parse().ok()
}

/// RFC 3339 to milliseconds; the engines' zero time is none.
pub(super) fn moment(text: &str) -> Option<i64> {
    let at = text.parse::<jiff::Timestamp>().ok()?.as_millisecond();
    (at > 0).then_some(at)
}

/// An address that says more than "all of them".
fn not_all(ip: String) -> Option<String> {
    (!matches!(ip.as_str(), "" | "0.0.0.0" | "::")).then_some(ip)
}

fn inspected_ports(networks: &Networks) -> Vec<Port> {
    let ports = networks.ports.iter().flatten().flat_map(|(port, bindings)| {
        let (number, protocol) = port.split_once('/').unwrap_or((port, "tcp"));
        let container: Option<u16> = number.parse().ok();
        let bound = bindings.iter().flatten().filter_map(move |binding| {
            Some(Port {
                container: container?,
                host: Some(binding.host_port.as_ref()?.parse().ok()?),
                ip: binding.host_ip.clone().and_then(not_all),
                protocol: protocol.to_owned(),
            })
        });
        let bare = bindings.as_ref().is_none_or(Vec::is_empty).then(|| {
            Some(Port { container: container?, host: None, ip: None, protocol: protocol.to_owned() })
        });
        bound.chain(bare.flatten())
    });
    sorted(ports)
}

/// Published first, by number; the same port on IPv4 and IPv6 is one.
fn sorted(ports: impl Iterator<Item = Port>) -> Vec<Port> {
    let mut ports: Vec<Port> = ports.collect();
    ports.sort_by(|a, b| {
        let key = |p: &Port| (p.host.is_none(), p.host, p.container);
        key(a).cmp(&key(b)).then_with(|| a.protocol.cmp(&b.protocol)).then_with(|| a.ip.cmp(&b.ip))
    });
    ports.dedup();
    ports.truncate(PORTS_MAX);
    for port in &mut ports {
        port.protocol = capped(std::mem::take(&mut port.protocol), PROTOCOL_MAX);
        port.ip = port.ip.take().map(|ip| capped(ip, IP_MAX));
    }
    ports
}

fn addresses(networks: Option<&Networks>) -> Vec<String> {
    let mut by_network: Vec<(&String, &String)> = networks
        .and_then(|n| n.networks.as_ref())
        .into_iter()
        .flatten()
        .filter_map(|(name, network)| {
            Some((name, network.as_ref()?.ip_address.as_ref().filter(|ip| !ip.is_empty())?))
        })
        .collect();
    by_network.sort();
    by_network.into_iter().take(IPS_MAX).map(|(_, ip)| capped(ip.clone(), IP_MAX)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_list(state: &str, status: &str) -> Described {
        let entry = serde_json::json!({
            "Id": "f".repeat(64), "Names": ["/other/alias", "/web"], "State": state, "Status": status,
            "Created": 1_700_000_000, "Labels": null, "Ports": [
                {"PrivatePort": 443, "Type": "tcp"},
                {"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"},
                {"IP": "::", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"},
            ],
        });
        listed(serde_json::from_value(entry).expect("an entry")).expect("an id")
    }

    #[test]
    fn the_list_tells_health_and_exit_code_in_its_text() {
        let state = |state, status| from_list(state, status).state;
        assert_eq!(state("running", "Up 5 minutes (healthy)"), State::Healthy);
        assert_eq!(state("running", "Up 5 minutes (unhealthy)"), State::Unhealthy);
        assert_eq!(state("running", "Up 1 second (health: starting)"), State::Starting);
        assert_eq!(state("running", "Up 5 minutes"), State::Running);
        assert_eq!(state("paused", "Up 2 minutes (Paused)"), State::Paused);
        assert_eq!(state("exited", "Exited (0) 2 days ago"), State::Exited);
        assert_eq!(state("exited", "Exited (137) 3 minutes ago"), State::Failed);
        assert_eq!(state("exited", "Exited (143) 3 minutes ago"), State::Exited);
        assert_eq!(state("restarting", "Restarting (1) 5 seconds ago"), State::Restarting);
        assert_eq!(state("initialized", ""), State::Created);
        assert_eq!(state("of tomorrow", ""), State::Unknown);
        assert_eq!(from_list("exited", "Exited (137) 3 minutes ago").exit_code, Some(137));
    }

    #[test]
    fn a_container_has_its_own_name_and_each_published_port_once() {
        let web = from_list("running", "Up 5 minutes");
        assert_eq!(web.name, "web");
        let ports: Vec<_> = web.ports.iter().map(|p| (p.container, p.host)).collect();
        assert_eq!(ports, [(80, Some(8080)), (443, None)]);
    }

    #[test]
    fn an_inspection_says_the_same_and_more() {
        let entry = serde_json::json!({
            "Id": "f".repeat(64), "Name": "/web", "Created": "2026-11-24T10:00:00.5Z", "RestartCount": 14,
            "State": {"Status": "exited", "ExitCode": 137, "OOMKilled": true,
                "StartedAt": "2026-11-24T10:00:01Z", "FinishedAt": "2026-11-24T10:00:02Z"},
            "Config": {"Image": "nginx:1.27", "Labels": {"com.docker.compose.project": "shop"}},
            "NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}], "443/tcp": null},
                "Networks": {"b": {"IPAddress": "172.18.0.2"}, "a": {"IPAddress": ""}, "c": null}},
        });
        let web = inspected(serde_json::from_value(entry).expect("an entry")).expect("an id");
        assert_eq!((web.state, web.exit_code, web.oom, web.restarts), (State::Failed, Some(137), true, 14));
        assert_eq!(web.since, Some(1_795_514_402_000));
        assert_eq!(web.stack.as_deref(), Some("shop"));
        assert_eq!(web.ips, ["172.18.0.2"]);
        assert_eq!(web.ports.len(), 2);
        assert_eq!(web.ports[0].ip.as_deref(), Some("127.0.0.1"));
    }

    #[test]
    fn a_running_container_has_no_exit_code() {
        let entry = serde_json::json!({
            "Id": "f".repeat(64), "Name": "/web", "State": {"Status": "running", "ExitCode": 0,
                "StartedAt": "2026-11-24T10:00:01Z", "FinishedAt": "0001-01-01T00:00:00Z"},
        });
        assert_eq!(
            inspected(serde_json::from_value(entry).expect("an entry")).expect("an id").exit_code,
            None
        );
    }

    #[test]
    fn whatever_an_engine_sends_is_cut_to_what_is_kept() {
        let many = |n: usize| (0..n).map(|n| (format!("{n:05}{}", "é".repeat(500)), "v".repeat(9_000)));
        let ports: Vec<_> =
            (1..5_000).map(|p| serde_json::json!({"PrivatePort": p, "Type": "t".repeat(99)})).collect();
        let networks: HashMap<String, serde_json::Value> =
            (0..500).map(|n| (n.to_string(), serde_json::json!({"IPAddress": "9".repeat(999)}))).collect();
        let mut labels: HashMap<String, String> = many(500).collect();
        labels.insert("com.docker.compose.project".to_owned(), "s".repeat(999));
        let entry = serde_json::json!({
            "Id": "f".repeat(64), "Names": ["/".to_owned() + &"é".repeat(999)], "Image": "i".repeat(99_999),
            "Created": i64::MAX, "Labels": labels, "Ports": ports, "NetworkSettings": {"Networks": networks},
        });
        let all = listed(serde_json::from_value(entry).expect("an entry")).expect("an id");
        assert!(all.name.len() <= NAME_MAX && all.image.len() <= IMAGE_MAX);
        assert_eq!(all.stack.as_deref().map(str::len), Some(NAME_MAX), "whichever labels are kept");
        assert_eq!((all.labels.len(), all.ports.len(), all.ips.len()), (LABELS_MAX, PORTS_MAX, IPS_MAX));
        assert!(all.labels.iter().all(|l| l.len() <= LABEL_KEY_MAX + LABEL_VALUE_MAX + 1));
        assert_eq!(all.created, i64::MAX);
    }
}
