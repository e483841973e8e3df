//! Answers that are JSON: whole, so that a fault can cut them.

use serde_json::{Value, json};

use crate::{
    containers::image_id,
    fault::{unversioned, version},
    world::World,
};

/// Status and JSON of a request, if it is one that is answered so.
pub(crate) fn json(world: &World, method: &str, path: &str, query: &str) -> Option<(u16, Value)> {
    let (oldest, newest) = world.inner().speaks;
    if let Some((_, minor)) = version(path) {
        if minor < oldest {
            let words =
                format!("client version 1.{minor} is too old. Minimum supported API version is 1.{oldest}");
            return Some((400, message(&words)));
        }
        if minor > newest {
            let words =
                format!("client version 1.{minor} is too new. Maximum supported API version is 1.{newest}");
            return Some((400, message(&words)));
        }
    }
    let parts: Vec<&str> = unversioned(path).trim_matches('/').split('/').collect();
    match (method, parts.as_slice()) {
        ("GET", ["version"]) => Some((
            200,
            json!({
                "Version": "20.10.24", "ApiVersion": format!("1.{newest}"), "MinAPIVersion": format!("1.{oldest}"),
                "Os": "linux", "Arch": "amd64", "KernelVersion": "6.18.0",
                "Components": [{ "Name": "Engine", "Version": "20.10.24" }],
            }),
        )),
        ("GET", ["containers", "json"]) => {
            let all = query.split('&').any(|pair| matches!(pair, "all=1" | "all=true"));
            Some((200, world.inner().list(all)))
        }
        ("GET", ["containers", id, "json"]) => Some(match world.inner().find(id) {
            Some(container) => (200, container.inspected()),
            None => missing(id),
        }),
        ("GET", ["info"] | ["networks"] | ["volumes"] | ["images", _, "json"]) => of_stacks(world, &parts),
        ("GET", ["system", "df"]) => {
            let volume = json!({ "Name": "data", "UsageData": { "Size": 7_000_000, "RefCount": 0 } });
            Some((200, json!({ "LayersSize": 0, "Images": [], "Containers": [], "Volumes": [volume] })))
        }
        ("GET", ["containers", id, "top"]) => Some(match world.inner().find(id) {
            Some(_) => (
                200,
                json!({
                    "Titles": ["PID", "USER", "%CPU", "RSS", "TIME", "COMMAND"],
                    "Processes": [["4711", "root", "0.3", "10240", "00:00:07", "/usr/sbin/entrypoint --serve"]],
                }),
            ),
            None => missing(id),
        }),
        ("GET", ["containers", id, "changes"]) => Some(match world.inner().find(id) {
            Some(_) => (200, json!([{ "Path": "/tmp", "Kind": 0 }, { "Path": "/tmp/lock", "Kind": 1 }])),
            None => missing(id),
        }),
        ("POST", ["containers", "create"]) => Some((201, json!({ "Id": "c".repeat(64), "Warnings": [] }))),
        ("POST", ["containers", id, "exec"]) => Some(match world.inner().find(id) {
            Some(container) => (201, json!({ "Id": container.id })),
            None => missing(id),
        }),
        ("GET", ["exec", id, "json"]) => {
            Some((200, json!({ "ID": id, "Running": false, "ExitCode": 0, "ContainerID": id })))
        }
        ("POST", ["containers", id, verb]) => change(world, id, verb),
        ("DELETE", ["containers", id]) => Some(remove(world, id)),
        _ => None,
    }
}

/// What a stack is planned with, where there is an image for one.
fn of_stacks(world: &World, parts: &[&str]) -> Option<(u16, Value)> {
    let images = world.inner().images.clone();
    let answer = match parts {
        _ if images.is_empty() => return None,
        ["info"] => json!({}),
        ["networks"] => json!([]),
        ["volumes"] => json!({ "Volumes": [] }),
        [_, name, _] => {
            let name = name.replace("%3A", ":");
            images
                .contains(&name)
                .then(|| json!({ "Id": image_id(&name), "RepoDigests": [], "Config": {} }))?
        }
        _ => return None,
    };
    Some((200, answer))
}

/// An engine's refusal.
pub(crate) fn message(words: &str) -> Value {
    json!({ "message": words })
}

fn missing(id: &str) -> (u16, Value) {
    (404, message(&format!("No such container: {id}")))
}

/// Does a verb and says what happened, as dockerd does: the end of a process comes before the word of the verb.
fn change(world: &World, id: &str, verb: &str) -> Option<(u16, Value)> {
    let (from_up, state, exit_code, said): (bool, _, _, &[&str]) = match verb {
        "start" => (false, "running", 0, &["start"]),
        "stop" => (true, "exited", 0, &["kill", "die", "stop"]),
        "kill" => (true, "exited", 137, &["kill", "die"]),
        "restart" => (true, "running", 0, &["kill", "die", "stop", "start", "restart"]),
        "pause" => (true, "paused", 0, &["pause"]),
        "unpause" => (true, "running", 0, &["unpause"]),
        _ => return None,
    };
    let changed = {
        let mut inner = world.inner();
        let Some(container) = inner.find_mut(id) else { return Some(missing(id)) };
        if from_up != matches!(container.state, "running" | "paused") {
            return Some((304, Value::Null));
        }
        container.enter(state, exit_code);
        container.clone()
    };
    for action in said {
        world.tell(action, &changed);
    }
    Some((204, Value::Null))
}

fn remove(world: &World, id: &str) -> (u16, Value) {
    let removed = world.inner().remove(id);
    match removed {
        Some(container) => {
            world.tell("destroy", &container);
            (204, Value::Null)
        }
        None => missing(id),
    }
}
