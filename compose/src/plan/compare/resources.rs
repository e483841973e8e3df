//! In what networks and volumes differ from what is asked for.

use serde_json::Value as Json;

use super::{
    Eyes,
    face::{Face, put, put_flag, put_map},
};
use crate::{
    engine, labels,
    model::{Network, Pairs, Volume},
    plan::Field,
};

/// In what a network differs from what is asked for.
pub(in crate::plan) fn network(eyes: &Eyes<'_>, key: &str, network: &Network, was: &Json) -> Vec<Field> {
    let will = engine::network(eyes.project, key, network);
    let (mut left, mut right) = (network_face(&will), network_face(was));
    // What is not asked for is the engine's to decide.
    for path in ["enable_ipv4", "enable_ipv6"] {
        if !left.contains_key(path) {
            right.remove(path);
        }
    }
    let asked = will["IPAM"]["Config"].as_array().is_some_and(|pools| !pools.is_empty());
    // Nor are a gateway, and addresses of the sixth version, to those who name but a subnet of the fourth.
    let named = |path: &str| asked && path.ends_with(".subnet") && !path.contains(':');
    right.retain(|path, _| left.contains_key(path) || !path.starts_with("ipam.") || named(path));
    if will["Driver"] != "overlay" {
        // It says nothing elsewhere, and the first compose says it always.
        left.remove("attachable");
        right.remove("attachable");
    }
    eyes.differences(&right, &left)
}

/// In what a volume differs from what is asked for.
pub(in crate::plan) fn volume(eyes: &Eyes<'_>, key: &str, volume: &Volume, was: &Json) -> Vec<Field> {
    let will = engine::volume(eyes.project, key, volume);
    let face = |body: &Json, options: &str| {
        let mut face = Face::new();
        put(&mut face, "driver", body["Driver"].as_str().unwrap_or("local"));
        put_map(&mut face, "driver_opts", &pairs(&body[options]));
        put_map(&mut face, "labels", pairs(&body["Labels"]).iter().filter(|(key, _)| labels::is_own(key)));
        face
    };
    eyes.differences(&face(was, "Options"), &face(&will, "DriverOpts"))
}

fn network_face(body: &Json) -> Face {
    let mut face = Face::new();
    let it = &mut face;
    put(it, "driver", body["Driver"].as_str().unwrap_or_default());
    put_map(it, "driver_opts", &pairs(&body["Options"]));
    put_map(it, "labels", pairs(&body["Labels"]).iter().filter(|(key, _)| labels::is_own(key)));
    put_flag(it, "internal", body["Internal"] == true);
    put_flag(it, "attachable", body["Attachable"] == true);
    for (path, key) in [("enable_ipv4", "EnableIPv4"), ("enable_ipv6", "EnableIPv6")] {
        put(it, path, body[key].as_bool().map(|on| on.to_string()).unwrap_or_default());
    }
    let ipam = &body["IPAM"];
    put(it, "ipam.driver", ipam["Driver"].as_str().filter(|driver| *driver != "default").unwrap_or_default());
    put_map(it, "ipam.options", &pairs(&ipam["Options"]));
    for pool in ipam["Config"].as_array().into_iter().flatten() {
        // By its subnet: their order says nothing.
        let subnet = pool["Subnet"].as_str().unwrap_or_default();
        let path = format!("ipam.{subnet}");
        put(it, &format!("{path}.subnet"), subnet);
        put(it, &format!("{path}.gateway"), pool["Gateway"].as_str().unwrap_or_default());
        put(it, &format!("{path}.ip_range"), pool["IPRange"].as_str().unwrap_or_default());
        put_map(it, &format!("{path}.aux_addresses"), &pairs(&pool["AuxiliaryAddresses"]));
    }
    face
}

fn pairs(value: &Json) -> Pairs {
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    value.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), text(value))).collect()
}
