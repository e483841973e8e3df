//! `--network` and what belongs to the first one.

use super::{
    ContainerSpec, Endpoint,
    mounts::{csv, pair, to_csv},
};

/// Whether a network is one that someone made, and not one of the engine's own ways.
pub fn is_user_defined(network: &str) -> bool {
    !matches!(network, "" | "default" | "bridge" | "host" | "none" | "nat")
        && !["container:", "service:"].iter().any(|other| network.starts_with(other))
}

/// Reads a name, or `name=…,alias=…,ip=…`.
pub(super) fn network(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    let mut endpoint = Endpoint::default();
    let mut name = text.to_owned();
    if text.contains('=') {
        name.clear();
        for part in csv(text) {
            let (key, value) = part.split_once('=')?;
            let value = value.to_owned();
            match key {
                "name" => name = value,
                "alias" => endpoint.aliases.push(value),
                "ip" => endpoint.ipam.ip = value,
                "ip6" => endpoint.ipam.ip6 = value,
                "mac-address" => endpoint.mac = value,
                "link-local-ip" => endpoint.ipam.link_local.push(value),
                "driver-opt" => pair(&mut endpoint.driver_opts, &value),
                "gw-priority" => endpoint.gw_priority = value.parse().ok()?,
                _ => return None,
            }
        }
    }
    let spec = &mut spec.body;
    if name.is_empty() || spec.networking.endpoints.contains_key(&name) {
        return None;
    }
    if spec.host.network_mode.is_empty() {
        spec.host.network_mode = name.clone();
    } else if !is_user_defined(&name) || !is_user_defined(&spec.host.network_mode) {
        // The engine does not mix its own ways with networks.
        return None;
    }
    spec.networking.endpoints.insert(name, endpoint);
    Some(())
}

/// The same, as it is read back. What the first has besides is said by flags of its own.
pub(super) fn networks(spec: &ContainerSpec) -> Vec<String> {
    let body = &spec.body;
    let main = &body.host.network_mode;
    let none = Endpoint::default();
    let mut all = Vec::new();
    if !main.is_empty() && main != "default" {
        let endpoint = body.networking.endpoints.get(main).unwrap_or(&none);
        all.push(network_text(
            main,
            &Endpoint {
                driver_opts: endpoint.driver_opts.clone(),
                gw_priority: endpoint.gw_priority,
                ..Endpoint::default()
            },
        ));
    }
    let others = body.networking.endpoints.iter().filter(|(name, _)| *name != main && *name != "default");
    all.extend(others.map(|(name, endpoint)| network_text(name, endpoint)));
    all
}

fn network_text(name: &str, endpoint: &Endpoint) -> String {
    let mut parts = Vec::new();
    let mut text = |key: &str, value: &str| {
        if !value.is_empty() {
            parts.push(format!("{key}={value}"));
        }
    };
    endpoint.aliases.iter().for_each(|alias| text("alias", alias));
    text("ip", &endpoint.ipam.ip);
    text("ip6", &endpoint.ipam.ip6);
    text("mac-address", &endpoint.mac);
    endpoint.ipam.link_local.iter().for_each(|ip| text("link-local-ip", ip));
    for (key, value) in &endpoint.driver_opts {
        text("driver-opt", &format!("{key}={value}"));
    }
    if endpoint.gw_priority != 0 {
        text("gw-priority", &endpoint.gw_priority.to_string());
    }
    if parts.is_empty() {
        return name.to_owned();
    }
    parts.insert(0, format!("name={name}"));
    to_csv(&parts)
}

/// What the container is on its first network.
pub(super) fn main(spec: &mut ContainerSpec) -> &mut Endpoint {
    let mode = &spec.body.host.network_mode;
    let name = if mode.is_empty() { "default" } else { mode };
    spec.body.networking.endpoints.entry(name.to_owned()).or_default()
}

/// An only network that says no more than its name needs no entry.
pub fn settle(spec: &mut ContainerSpec) {
    let endpoints = &mut spec.body.networking.endpoints;
    if endpoints.len() == 1 && endpoints.values().all(|endpoint| *endpoint == Endpoint::default()) {
        endpoints.clear();
    }
}

/// Reads `OTHER[:ALIAS]`.
pub(super) fn link(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    (!text.is_empty()).then_some(())?;
    spec.body.host.links.push(text.to_owned());
    if is_user_defined(&spec.body.host.network_mode) {
        main(spec).links.push(text.to_owned());
    }
    Some(())
}
