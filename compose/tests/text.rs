//! The compose text of a container, read back as a stack: what it says is what was asked for, and what it cannot say is
//! named.

mod support;

use longshore_api::ops::spec::{ContainerSpec, FLAGS, Group, Slot, compose_text, read_run, uncomposed};
use longshore_compose::{
    engine::{self, There},
    labels::Which,
};
use serde_json::{Value, json};
use support::Stack;

/// A container of the one service that a text has.
fn read_back(text: &str) -> Result<ContainerSpec, String> {
    let loaded = Stack::of([("compose.yaml", text)]).load();
    let found = loaded.findings;
    let project = loaded.project.ok_or_else(|| format!("no project: {found:?}"))?;
    let (service, _) = project.services.first_key_value().ok_or("no service")?;
    engine::container(&project, service, Which::Number(1), None, &There::default())
        .map_err(|why| why.to_string())
}

/// The body without what a stack gives each of its containers, and with what has two spellings in one.
fn plain(spec: &ContainerSpec) -> Value {
    let mut spec = spec.clone();
    spec.body
        .labels
        .retain(|label, _| !label.starts_with("com.docker.compose.") && !label.starts_with("longshore."));
    let host = &mut spec.body.host;
    let own = matches!(host.network_mode.as_str(), "" | "default" | "shop_default");
    if own {
        host.network_mode.clear();
        let links = spec
            .body
            .networking
            .endpoints
            .values_mut()
            .flat_map(|endpoint| std::mem::take(&mut endpoint.links));
        host.links.extend(links);
        spec.body.networking.endpoints.clear();
    }
    for endpoint in spec.body.networking.endpoints.values_mut() {
        // The service's own name, and the container's.
        endpoint.aliases.retain(|alias| alias != "web");
    }
    // What is published is exposed as well.
    spec.body.exposed_ports.clear();
    if host.restart.name == "no" {
        host.restart.name.clear();
    }
    spec.to_body()
}

fn differences(path: &str, one: &Value, other: &Value, all: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let keys: std::collections::BTreeSet<_> = one.keys().chain(other.keys()).collect();
            for key in keys {
                let null = Value::Null;
                let (one, other) = (one.get(key).unwrap_or(&null), other.get(key).unwrap_or(&null));
                differences(&format!("{path}.{key}"), one, other, all);
            }
        }
        (one, other) if one != other => all.push(format!("{path}: {one} became {other}")),
        _ => {}
    }
}

#[test]
fn each_flag_of_docker_run_is_in_the_text_or_is_said_to_be_left_out() {
    let mut wrong = Vec::new();
    for flag in FLAGS.iter().filter(|flag| flag.group != Group::Terminal) {
        let mut spec = read_run("docker run --name web nginx:1").expect("a line").spec;
        let sample = if flag.is_switch() { "true" } else { flag.sample };
        flag.read(&mut spec, sample).unwrap_or_else(|| panic!("--{} {sample}", flag.name));
        if matches!(flag.slot, Slot::File) {
            continue;
        }
        let (text, left_out) = (compose_text(&spec), uncomposed(&spec));
        let mut differ = Vec::new();
        match read_back(&text) {
            Ok(read) => differences("", &plain(&spec), &plain(&read), &mut differ),
            Err(why) => wrong.push(format!("--{} {sample}: {why}\n{text}", flag.name)),
        }
        if differ.is_empty() != left_out.is_empty() {
            wrong.push(format!("--{} {sample}: {differ:?}, said to be left out: {left_out:?}", flag.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_has_no_flag_is_said_to_be_left_out() {
    let mut spec = ContainerSpec::of_body(json!({
        "Image": "nginx:1", "Shell": ["/bin/ash"],
        "HostConfig": {
            "StrangeField": { "Deep": 1 },
            "Mounts": [{
                "Type": "volume", "Source": "data", "Target": "/data",
                "VolumeOptions": { "NoCopy": true, "Labels": { "a": "b" }, "DriverConfig": { "Name": "nfs" } },
            }],
        },
    }))
    .expect("a body");
    spec.name = "web".to_owned();
    let left_out = uncomposed(&spec).join("\n");
    for field in [
        "VolumeOptions.Labels (/data)",
        "VolumeOptions.DriverConfig (/data)",
        "HostConfig.StrangeField.Deep",
        "Shell",
    ] {
        assert!(left_out.contains(field), "{field}\n{left_out}");
    }
    assert!(!left_out.contains("NoCopy"), "{left_out}");
}
