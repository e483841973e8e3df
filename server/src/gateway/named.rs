//! What a container's description names besides it: networks, volumes and other containers, each told only to who sees it.
//! That there is something stays told, so that nobody makes it anew without: its name is not.

use std::collections::HashSet;

use longshore_api::ops::Kind;
use serde_json::{Value, json};

use super::sieve::MASK;
use crate::ownership::BUILT_IN;

/// Cuts what an inspection or a row of a list says; `sees` is asked by full ids, of volumes by their names, and
/// `is_others` whether a name is that of something that is not seen.
pub(super) fn cut(
    container: &mut Value,
    sees: &impl Fn(Kind, &str) -> bool,
    is_others: &impl Fn(&str) -> bool,
) {
    let hidden = container
        .pointer_mut("/NetworkSettings/Networks")
        .map(|all| networks(all, sees, is_others))
        .unwrap_or_default();
    container.get_mut("Mounts").into_iter().for_each(|all| mounts(all, sees));
    if let Some(names) = container.get_mut("Names").and_then(Value::as_array_mut) {
        // `/web/db`: what another, linked to it, calls it.
        let linked = |name: &Value| Some(name.as_str()?.get(1..)?.split_once('/')?.0.to_owned());
        names.retain(|name| linked(name).is_none_or(|of| !is_others(&of)));
    }
    let Some(config) = container.get_mut("HostConfig") else { return };
    for field in ["NetworkMode", "IpcMode", "PidMode"] {
        let Some(mode) = config.get_mut(field) else { continue };
        let other = mode.as_str().and_then(|mode| mode.strip_prefix("container:"));
        if other.is_some_and(|other| !sees(Kind::Container, other)) {
            *mode = json!(format!("container:{MASK}"));
        } else if mode.as_str().is_some_and(|mode| hidden.contains(mode)) {
            *mode = json!(MASK);
        }
    }
    each(config.get_mut("Binds"), |bind| {
        let (source, rest) = bind.split_once(':')?;
        (!source.starts_with('/') && !sees(Kind::Volume, source)).then(|| format!("{MASK}:{rest}"))
    });
    for field in ["Links", "VolumesFrom"] {
        each(config.get_mut(field), |entry| {
            let other = entry.split(':').next().unwrap_or_default();
            is_others(other.trim_start_matches('/')).then(|| entry.replacen(other, MASK, 1))
        });
    }
    config.get_mut("Mounts").into_iter().for_each(|all| mounts(all, sees));
}

/// Leaves out those that are not seen, and returns what they are called by.
fn networks(
    networks: &mut Value,
    sees: &impl Fn(Kind, &str) -> bool,
    is_others: &impl Fn(&str) -> bool,
) -> HashSet<String> {
    let mut hidden = HashSet::new();
    let Some(all) = networks.as_object_mut() else { return hidden };
    for endpoint in all.values_mut() {
        each(endpoint.get_mut("Links"), |entry| {
            let other = entry.split(':').next().unwrap_or_default();
            is_others(other.trim_start_matches('/')).then(|| entry.replacen(other, MASK, 1))
        });
    }
    all.retain(|name, endpoint| {
        let id = endpoint["NetworkID"].as_str().unwrap_or_default();
        // One that was never started knows no more than the name.
        let is_seen = || if id.is_empty() { !is_others(name) } else { sees(Kind::Network, id) };
        let seen = BUILT_IN.contains(&name.as_str()) || is_seen();
        if !seen {
            hidden.insert(name.clone());
            hidden.extend((!id.is_empty()).then(|| id.to_owned()));
        }
        seen
    });
    hidden
}

fn mounts(mounts: &mut Value, sees: &impl Fn(Kind, &str) -> bool) {
    for mount in mounts.as_array_mut().into_iter().flatten().filter(|mount| mount["Type"] == "volume") {
        let name = mount["Name"].as_str().or_else(|| mount["Source"].as_str()).unwrap_or_default();
        if name.is_empty() || sees(Kind::Volume, name) {
            continue;
        }
        for field in ["Name", "Source"] {
            if let Some(said) = mount.get_mut(field) {
                *said = json!(MASK);
            }
        }
    }
}

fn each(list: Option<&mut Value>, change: impl Fn(&str) -> Option<String>) {
    for entry in list.and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(changed) = entry.as_str().and_then(&change) {
            *entry = json!(changed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_names_only_what_is_seen() {
        let mut web = json!({
            "Names": ["/web", "/other/db"],
            "HostConfig": {
                "NetworkMode": "back", "PidMode": "container:cc", "IpcMode": "private",
                "Binds": ["/srv/x:/x:ro", "mine:/m", "theirs:/t:ro"],
                "Links": ["/other:/web/db"], "VolumesFrom": ["other", "web:ro"],
                "Mounts": [{ "Type": "volume", "Source": "theirs", "Target": "/u" }],
            },
            "NetworkSettings": { "Networks": {
                "bridge": { "NetworkID": "b" }, "front": { "NetworkID": "f" }, "back": { "NetworkID": "k" },
            } },
            "Mounts": [
                { "Type": "bind", "Source": "/srv/x", "Destination": "/x" },
                { "Type": "volume", "Name": "mine", "Source": "/v/mine/_data", "Destination": "/m" },
                { "Type": "volume", "Name": "theirs", "Source": "/v/theirs/_data", "Destination": "/t" },
            ],
        });
        let whole = web.clone();
        cut(&mut web, &|_, _| true, &|_| false);
        assert_eq!(web, whole);
        cut(&mut web, &|_, id| ["f", "mine"].contains(&id), &|name| name == "other");
        assert_eq!(
            web,
            json!({
                "Names": ["/web"],
                "HostConfig": {
                    "NetworkMode": MASK, "PidMode": format!("container:{MASK}"), "IpcMode": "private",
                    "Binds": ["/srv/x:/x:ro", "mine:/m", format!("{MASK}:/t:ro")],
                    "Links": [format!("{MASK}:/web/db")], "VolumesFrom": [MASK, "web:ro"],
                    "Mounts": [{ "Type": "volume", "Source": MASK, "Target": "/u" }],
                },
                "NetworkSettings": { "Networks": { "bridge": { "NetworkID": "b" }, "front": { "NetworkID": "f" } } },
                "Mounts": [
                    { "Type": "bind", "Source": "/srv/x", "Destination": "/x" },
                    { "Type": "volume", "Name": "mine", "Source": "/v/mine/_data", "Destination": "/m" },
                    { "Type": "volume", "Name": MASK, "Source": MASK, "Destination": "/t" },
                ],
            })
        );
        let mut nothing = json!({});
        cut(&mut nothing, &|_, _| false, &|_| true);
        assert_eq!(nothing, json!({}));
    }
}
