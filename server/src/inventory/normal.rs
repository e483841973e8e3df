//! From an engine's answer to a row of ours: one form, whether it came from the list or from an inspection.

use std::collections::HashMap;

use longshore_api::web::container::{Port, State};

use super::engine::{Inspected, Listed, Networks};

/// A container as an engine described it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Described {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) image: String,
    pub(super) state: Option<State>,
    pub(super) exit_code: Option<i64>,
    /// Its main process on its machine; only an inspection tells.
    pub(super) pid: Option<u32>,
    pub(super) oom: bool,
    pub(super) restarts: u32,
    pub(super) since: Option<i64>,
    pub(super) created: i64,
    pub(super) ports: Vec<Port>,
    pub(super) ips: Vec<String>,
    pub(super) labels: HashMap<String, String>,
}

impl Described {
    /// The compose project or swarm stack.
    pub(super) fn stack(&self) -> Option<&str> {
        self.label(&["com.docker.compose.project", "com.docker.stack.namespace"])
    }

    /// The service within it.
    pub(super) fn service(&self) -> Option<&str> {
        self.label(&["com.docker.compose.service", "com.docker.swarm.service.name"])
    }

    fn label(&self, names: &[&str]) -> Option<&str> {
        names
            .iter()
            .find_map(|name| self.labels.get(*name))
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }
}

/// From the list, which tells health and exit code only in its status text.
pub(super) fn listed(entry: Listed) -> Described {
    let status = entry.status.as_deref().unwrap_or_default();
    let exit_code = exit_code_in(status);
    let health = ["healthy", "unhealthy", "starting"].into_iter().find(|word| {
        status.ends_with(&format!("({word})")) || status.ends_with(&format!("(health: {word})"))
    });
    let created = match &entry.created {
        Some(serde_json::Value::Number(seconds)) => seconds.as_i64().unwrap_or_default() * 1000,
        Some(serde_json::Value::String(text)) => moment(text).unwrap_or_default(),
        _ => 0,
    };
    let names = entry.names.unwrap_or_default();
    Described {
        name: own_name(&names).unwrap_or(&entry.id[..entry.id.len().min(12)]).to_owned(),
        image: entry.image.unwrap_or_default(),
        state: Some(state(entry.state.as_deref().unwrap_or_default(), health, exit_code)),
        exit_code,
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
        labels: entry.labels.unwrap_or_default(),
        id: entry.id,
        ..Described::default()
    }
}

/// From an inspection.
pub(super) fn inspected(entry: Inspected) -> Described {
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
    Described {
        name: entry.name.as_deref().unwrap_or_default().trim_start_matches('/').to_owned(),
        image: image.unwrap_or_default(),
        state: Some(state),
        exit_code,
        pid: state_of.as_ref().and_then(|s| u32::try_from(s.pid?).ok()).filter(|pid| *pid != 0),
        oom: state_of.as_ref().and_then(|s| s.oom_killed).unwrap_or_default(),
        restarts: u32::try_from(entry.restart_count.unwrap_or_default()).unwrap_or_default(),
        since,
        created: entry.created.as_deref().and_then(moment).unwrap_or_default(),
        ports: entry.network_settings.as_ref().map(inspected_ports).unwrap_or_default(),
        ips: addresses(entry.network_settings.as_ref()),
        labels: labels.unwrap_or_default(),
        id: entry.id,
    }
}

/// A link gives a container further names, `/other/alias`: its own has one slash.
fn own_name(names: &[String]) -> Option<&str> {
    names
        .iter()
        .map(|name| name.trim_start_matches('/'))
        .find(|name| !name.is_empty() && !name.contains('/'))
        .or_else(|| names.first().map(|name| name.trim_start_matches('/')))
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
        "exited" | "stopped" if exit_code.unwrap_or_default() != 0 => State::Failed,
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
fn moment(text: &str) -> Option<i64> {
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
    by_network.into_iter().map(|(_, ip)| ip.clone()).collect()
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
        listed(serde_json::from_value(entry).expect("an entry"))
    }

    #[test]
    fn the_list_tells_health_and_exit_code_in_its_text() {
        let state = |state, status| from_list(state, status).state.expect("a state");
        assert_eq!(state("running", "Up 5 minutes (healthy)"), State::Healthy);
        assert_eq!(state("running", "Up 5 minutes (unhealthy)"), State::Unhealthy);
        assert_eq!(state("running", "Up 1 second (health: starting)"), State::Starting);
        assert_eq!(state("running", "Up 5 minutes"), State::Running);
        assert_eq!(state("paused", "Up 2 minutes (Paused)"), State::Paused);
        assert_eq!(state("exited", "Exited (0) 2 days ago"), State::Exited);
        assert_eq!(state("exited", "Exited (137) 3 minutes ago"), State::Failed);
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
        let web = inspected(serde_json::from_value(entry).expect("an entry"));
        assert_eq!(
            (web.state, web.exit_code, web.oom, web.restarts),
            (Some(State::Failed), Some(137), true, 14)
        );
        assert_eq!(web.since, Some(1_795_514_402_000));
        assert_eq!(web.stack(), Some("shop"));
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
        assert_eq!(inspected(serde_json::from_value(entry).expect("an entry")).exit_code, None);
    }
}
