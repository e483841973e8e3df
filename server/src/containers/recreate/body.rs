//! From a container to the one that takes its place: what was asked for stays, what came with the image follows the
//! image, and what the engine made up for the old one is made up anew. Only reads and builds JSON.

use longshore_api::ops::ApiVersion;
use serde_json::{Map, Value, json};

/// From here on an engine takes several networks at once, and their hardware addresses.
const MANY_NETWORKS: ApiVersion = ApiVersion::new(1, 44);

/// The calls that make the new one.
#[derive(Debug, PartialEq)]
pub(super) struct Plan {
    /// The body of the create call.
    pub(super) create: Value,
    /// The networks that it is put on afterwards: the id of each and how.
    pub(super) connect: Vec<(String, Value)>,
}

/// The plan for an inspected container. `before` is the configuration of the image that it was made of, where that is
/// still there; `image` what the new one is made of.
pub(super) fn plan(old: &Value, before: Option<&Value>, image: &str, api: ApiVersion) -> Plan {
    let mode = old["HostConfig"]["NetworkMode"].as_str().unwrap_or_default().to_owned();
    let mut create = config(old, before, image, &mode);
    create["HostConfig"] = host_config(old);
    let (first, connect) = networks(old, &mode, api);
    create["NetworkingConfig"] = json!({ "EndpointsConfig": first });
    Plan { create, connect }
}

fn config(old: &Value, before: Option<&Value>, image: &str, mode: &str) -> Value {
    let mut config = old["Config"].clone();
    if !config.is_object() {
        config = json!({});
    }
    let none = Value::Null;
    let inherited = before.unwrap_or(&none);
    // A command belongs to its entry point: who has given the one has given the other.
    if config["Entrypoint"] == inherited["Entrypoint"] {
        if config["Cmd"] == inherited["Cmd"] {
            config["Cmd"] = Value::Null;
        }
        config["Entrypoint"] = Value::Null;
    }
    for name in ["WorkingDir", "User", "StopSignal", "Healthcheck", "Shell", "OnBuild", "ArgsEscaped"] {
        if config[name] == inherited[name] {
            remove(&mut config, name);
        }
    }
    if let Some(env) = config["Env"].as_array_mut() {
        let came: Vec<Value> = inherited["Env"].as_array().cloned().unwrap_or_default();
        env.retain(|pair| !came.contains(pair));
    }
    for name in ["Labels", "ExposedPorts", "Volumes"] {
        if let (Some(own), Some(came)) = (config[name].as_object_mut(), inherited[name].as_object()) {
            own.retain(|key, value| came.get(key) != Some(value));
        }
    }
    // What is mounted there is mounted by its name from now on.
    if let Some(volumes) = config["Volumes"].as_object_mut() {
        let mounted: Vec<&str> = mounts(old).filter_map(|mount| mount["Destination"].as_str()).collect();
        volumes.retain(|path, _| !mounted.contains(&path.as_str()));
    }
    let id = old["Id"].as_str().unwrap_or_default();
    let made_up = config["Hostname"].as_str().is_some_and(|host| !host.is_empty() && id.starts_with(host));
    if made_up || mode.starts_with("container:") {
        remove(&mut config, "Hostname");
        remove(&mut config, "Domainname");
    }
    if config["MacAddress"].as_str().is_none_or(str::is_empty) {
        remove(&mut config, "MacAddress");
    }
    config["Image"] = json!(image);
    config
}

fn host_config(old: &Value) -> Value {
    let mut host = old["HostConfig"].clone();
    if !host.is_object() {
        host = json!({});
    }
    remove(&mut host, "ContainerIDFile");
    // Said as `/db:/web/db`, asked for as `db:db`.
    if let Some(links) = host["Links"].as_array_mut() {
        for link in links {
            let asked = link.as_str().and_then(|link| {
                let (of, alias) = link.split_once(':')?;
                Some(format!("{}:{}", of.trim_start_matches('/'), alias.rsplit('/').next()?))
            });
            if let Some(asked) = asked {
                *link = json!(asked);
            }
        }
    }
    let mut binds: Vec<Value> = host["Binds"].as_array().cloned().unwrap_or_default();
    for mount in mounts(old).filter(|mount| mount["Type"] == "volume") {
        let (Some(name), Some(to)) = (mount["Name"].as_str(), mount["Destination"].as_str()) else {
            continue;
        };
        if let Some(asked) = asked_mount(&mut host, to) {
            asked["Source"] = json!(name);
            continue;
        }
        let bound = binds.iter().filter_map(Value::as_str).any(|bind| bind.split(':').nth(1) == Some(to));
        if !bound {
            let mode = if mount["RW"] == json!(false) { "ro" } else { "rw" };
            binds.push(json!(format!("{name}:{to}:{mode}")));
        }
    }
    if !binds.is_empty() {
        host["Binds"] = json!(binds);
    }
    host
}

/// The entry of `Mounts` as it was asked for, for a place inside.
fn asked_mount<'a>(host: &'a mut Value, to: &str) -> Option<&'a mut Value> {
    host["Mounts"].as_array_mut()?.iter_mut().find(|asked| asked["Target"] == to)
}

fn mounts(old: &Value) -> impl Iterator<Item = &Value> {
    old["Mounts"].as_array().into_iter().flatten()
}

/// The networks for the create call, and those for afterwards.
fn networks(old: &Value, mode: &str, api: ApiVersion) -> (Map<String, Value>, Vec<(String, Value)>) {
    let (mut first, mut connect) = (Map::new(), Vec::new());
    if mode == "host" || mode == "none" || mode.starts_with("container:") {
        return (first, connect);
    }
    let usual = if matches!(mode, "" | "default") { "bridge" } else { mode };
    for (name, there) in old["NetworkSettings"]["Networks"].as_object().into_iter().flatten() {
        let endpoint = endpoint(old, there, api);
        if api >= MANY_NETWORKS || name == usual || there["NetworkID"] == usual {
            first.insert(name.clone(), endpoint);
        } else {
            let id = there["NetworkID"].as_str().filter(|id| !id.is_empty()).unwrap_or(name);
            connect.push((id.to_owned(), endpoint));
        }
    }
    (first, connect)
}

fn endpoint(old: &Value, there: &Value, api: ApiVersion) -> Value {
    let id = old["Id"].as_str().unwrap_or_default();
    let aliases: Vec<&str> = there["Aliases"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        // The engine adds a short id by itself.
        .filter(|alias| !(alias.len() == 12 && id.starts_with(alias)))
        .collect();
    let mut endpoint = json!({});
    for name in ["IPAMConfig", "Links", "DriverOpts", "GwPriority"] {
        if !there[name].is_null() {
            endpoint[name] = there[name].clone();
        }
    }
    if !aliases.is_empty() {
        endpoint["Aliases"] = json!(aliases);
    }
    let mac = there["MacAddress"].as_str().unwrap_or_default();
    if api >= MANY_NETWORKS && !mac.is_empty() {
        endpoint["MacAddress"] = json!(mac);
    }
    endpoint
}

fn remove(object: &mut Value, name: &str) {
    if let Some(object) = object.as_object_mut() {
        object.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: ApiVersion = ApiVersion::new(1, 41);

    fn id() -> String {
        "0123456789ab".to_owned() + &"f".repeat(52)
    }

    #[test]
    fn what_came_with_the_image_follows_the_image() {
        let image = json!({
            "Cmd": ["serve"], "Entrypoint": null, "WorkingDir": "/app", "User": "app",
            "Env": ["PATH=/bin", "VERSION=1"], "Labels": {"v": "1", "kept": "image"},
            "ExposedPorts": {"80/tcp": {}}, "Healthcheck": {"Test": ["CMD", "check"]},
        });
        let old = json!({"Id": id(), "Config": {
            "Hostname": "0123456789ab", "Image": "shop:1", "Cmd": ["serve"], "Entrypoint": null,
            "WorkingDir": "/own", "User": "app", "Env": ["OWN=1", "PATH=/bin", "VERSION=1"],
            "Labels": {"v": "1", "kept": "own", "more": "x"}, "ExposedPorts": {"80/tcp": {}, "81/tcp": {}},
            "Healthcheck": {"Test": ["CMD", "check"]}, "MacAddress": "",
        }});
        let create = plan(&old, Some(&image), "shop:2", OLD).create;
        assert_eq!(create["Image"], "shop:2");
        assert_eq!(create["Cmd"], Value::Null);
        assert_eq!((&create["WorkingDir"], create.get("User")), (&json!("/own"), None));
        assert_eq!(create["Env"], json!(["OWN=1"]));
        assert_eq!(create["Labels"], json!({"kept": "own", "more": "x"}));
        assert_eq!(create["ExposedPorts"], json!({"81/tcp": {}}));
        for gone in ["Hostname", "MacAddress", "Healthcheck"] {
            assert_eq!(create.get(gone), None, "{gone}");
        }
        // Nothing is known of an image that is gone: all of it is the container's own then.
        let create = plan(&old, None, "shop:1", OLD).create;
        assert_eq!((&create["Cmd"], &create["User"]), (&json!(["serve"]), &json!("app")));
    }

    #[test]
    fn a_command_stays_with_an_entry_point_of_its_own() {
        let image = json!({"Cmd": ["serve"], "Entrypoint": ["/init"]});
        let old = json!({"Id": id(), "Config": {"Cmd": ["serve"], "Entrypoint": ["/own"]}});
        let create = plan(&old, Some(&image), "shop", OLD).create;
        assert_eq!((&create["Cmd"], &create["Entrypoint"]), (&json!(["serve"]), &json!(["/own"])));
    }

    #[test]
    fn volumes_without_a_name_of_their_own_are_kept() {
        let old = json!({"Id": id(),
            "Config": {"Volumes": {"/data": {}, "/unused": {}}},
            "HostConfig": {
                "Binds": ["/srv:/srv:ro", "named:/named"],
                "Mounts": [{"Type": "volume", "Target": "/asked"}],
                "Links": ["/db:/web/store"], "ContainerIDFile": "/tmp/x",
            },
            "Mounts": [
                {"Type": "bind", "Source": "/srv", "Destination": "/srv", "RW": false},
                {"Type": "volume", "Name": "named", "Destination": "/named", "RW": true},
                {"Type": "volume", "Name": "aaaa", "Destination": "/data", "RW": true},
                {"Type": "volume", "Name": "bbbb", "Destination": "/asked", "RW": true},
            ],
        });
        let create = plan(&old, None, "shop", OLD).create;
        let host = &create["HostConfig"];
        assert_eq!(host["Binds"], json!(["/srv:/srv:ro", "named:/named", "aaaa:/data:rw"]));
        assert_eq!(host["Mounts"], json!([{"Type": "volume", "Target": "/asked", "Source": "bbbb"}]));
        assert_eq!(host["Links"], json!(["db:store"]));
        assert_eq!(host.get("ContainerIDFile"), None);
        assert_eq!(create["Volumes"], json!({"/unused": {}}));
    }

    #[test]
    fn networks_keep_addresses_and_aliases() {
        let old = json!({"Id": id(), "Config": {"MacAddress": "02:42:0a:00:00:05"},
            "HostConfig": {"NetworkMode": "front"},
            "NetworkSettings": {"Networks": {
                "front": {"NetworkID": "n1", "IPAMConfig": {"IPv4Address": "10.0.0.5"}, "MacAddress": "02:42:0a:00:00:05",
                    "Aliases": ["till", "0123456789ab"], "IPAddress": "10.0.0.5", "EndpointID": "e"},
                "back": {"NetworkID": "n2", "IPAMConfig": null, "Aliases": ["0123456789ab"], "MacAddress": "02:42:0a:00:01:07"},
            }},
        });
        let (front, back) =
            (json!({"IPAMConfig": {"IPv4Address": "10.0.0.5"}, "Aliases": ["till"]}), json!({}));
        let made = plan(&old, None, "shop", OLD);
        assert_eq!(made.create["NetworkingConfig"], json!({"EndpointsConfig": {"front": front}}));
        assert_eq!(made.create["MacAddress"], "02:42:0a:00:00:05");
        assert_eq!(made.connect, [("n2".to_owned(), back)]);
        let made = plan(&old, None, "shop", ApiVersion::new(1, 44));
        assert_eq!(made.connect, []);
        let both = &made.create["NetworkingConfig"]["EndpointsConfig"];
        assert_eq!(both["back"], json!({"MacAddress": "02:42:0a:00:01:07"}));
        let mut of_host = old;
        of_host["HostConfig"]["NetworkMode"] = json!("host");
        let made = plan(&of_host, None, "shop", OLD);
        assert_eq!(made.create["NetworkingConfig"], json!({"EndpointsConfig": {}}));
    }
}
