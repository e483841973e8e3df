//! The spec of a container that is there: what someone asked for when it was made, without what came from the image or
//! was made up by the engine.

use serde_json::{Map, Value};

use super::{ContainerSpec, EnvRow, is_user_defined, networks};

/// What the engine says unasked.
const OWN: [(&str, &str); 5] = [
    ("Runtime", "runc"),
    ("IpcMode", "private"),
    ("CgroupnsMode", "private"),
    ("NetworkMode", "bridge"),
    ("NetworkMode", "default"),
];

/// Reads the inspection of a container, less what it has from its image (the `Config` of the image's inspection).
///
/// # Errors
/// A field is of another kind than the engine's.
pub fn of_inspect(container: &Value, image: Option<&Value>) -> Result<ContainerSpec, serde_json::Error> {
    let mut body = container["Config"].as_object().cloned().unwrap_or_default();
    let mut host = container["HostConfig"].as_object().cloned().unwrap_or_default();
    for key in ["AttachStdin", "AttachStdout", "AttachStderr", "StdinOnce", "MacAddress", "OnBuild"] {
        body.remove(key);
    }
    for key in ["ContainerIDFile", "ConsoleSize", "Cgroup"] {
        host.remove(key);
    }
    for (key, value) in OWN {
        if host.get(key).is_some_and(|said| said == value) {
            host.remove(key);
        }
    }
    if host.get("ShmSize").and_then(Value::as_i64) == Some(64 << 20) {
        host.remove("ShmSize");
    }
    for key in ["MaskedPaths", "ReadonlyPaths"] {
        // The engine's own list; none at all is someone's wish, except where nothing is kept from the container anyway.
        let privileged = host.get("Privileged") == Some(&Value::Bool(true));
        if privileged || host.get(key).and_then(Value::as_array).is_none_or(|list| !list.is_empty()) {
            host.remove(key);
        }
    }
    let id = container["Id"].as_str().unwrap_or_default();
    let short = &id[..id.len().min(12)];
    if body.get("Hostname").and_then(Value::as_str) == Some(short) {
        body.remove("Hostname");
    }
    let mut endpoints = Map::new();
    for (name, endpoint) in container["NetworkSettings"]["Networks"].as_object().into_iter().flatten() {
        if is_user_defined(name) {
            let asked = ["IPAMConfig", "Links", "DriverOpts", "GwPriority", "Aliases"];
            let kept = asked.iter().filter_map(|key| Some(((*key).to_owned(), endpoint.get(*key)?.clone())));
            endpoints.insert(name.clone(), kept.collect());
        }
    }
    body.insert("HostConfig".to_owned(), Value::Object(host));
    body.insert(
        "NetworkingConfig".to_owned(),
        Value::Object(Map::from_iter([("EndpointsConfig".to_owned(), Value::Object(endpoints))])),
    );
    let mut spec = ContainerSpec::of_body(Value::Object(body))?;
    container["Name"].as_str().unwrap_or_default().trim_start_matches('/').clone_into(&mut spec.name);
    // An engine makes no container on its own bridge and on a network at once: what someone made is kept.
    let first = spec.body.networking.endpoints.keys().next().cloned();
    if let (true, Some(first)) = (spec.body.host.network_mode.is_empty(), first) {
        spec.body.host.network_mode = first;
    }
    settle(&mut spec, short);
    if let Some(image) = image {
        inherit(&mut spec, ContainerSpec::of_body(image.clone())?);
    }
    Ok(spec)
}

/// Takes out what the engine has added to what was asked for.
fn settle(spec: &mut ContainerSpec, short: &str) {
    let body = &mut spec.body;
    for endpoint in body.networking.endpoints.values_mut() {
        endpoint.aliases.retain(|alias| alias != short);
    }
    for link in &mut body.host.links {
        // `/db:/web/alias`, where `db:alias` was asked for.
        if let Some((other, alias)) = link.split_once(':') {
            let alias = alias.rsplit('/').next().unwrap_or(alias);
            *link = format!("{}:{alias}", other.trim_start_matches('/'));
        }
    }
    if body.host.log.driver == "json-file" && body.host.log.options.is_empty() {
        body.host.log.driver.clear();
    }
    if body.host.restart.name == "no" {
        body.host.restart.name.clear();
    }
    if body.host.oom_kill_disable == Some(false) {
        body.host.oom_kill_disable = None;
    }
    if body.host.pids_limit == Some(0) {
        body.host.pids_limit = None;
    }
    networks::settle(spec);
}

/// Takes out what is the image's.
fn inherit(spec: &mut ContainerSpec, image: ContainerSpec) {
    let (body, image) = (&mut spec.body, image.body);
    let has = |entry: &String| image.env.contains(entry);
    body.env.retain(|entry| !has(entry) || EnvRow::of_entry(entry).value.is_none());
    if body.entrypoint == image.entrypoint {
        body.entrypoint = None;
        if body.cmd == image.cmd {
            body.cmd.clear();
        }
    }
    for (own, of_image) in [
        (&mut body.user, &image.user),
        (&mut body.working_dir, &image.working_dir),
        (&mut body.stop_signal, &image.stop_signal),
    ] {
        if own == of_image {
            own.clear();
        }
    }
    body.labels.retain(|key, value| image.labels.get(key) != Some(value));
    body.volumes.retain(|path, _| !image.volumes.contains_key(path));
    let bound = &body.host.port_bindings;
    body.exposed_ports.retain(|port, _| bound.contains_key(port) || !image.exposed_ports.contains_key(port));
    if body.health == image.health {
        body.health = super::Health::default();
    }
    if body.stop_timeout == image.stop_timeout {
        body.stop_timeout = None;
    }
}
