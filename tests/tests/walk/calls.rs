//! How each operation of the table is called once: as little as makes an engine do it, or complain that it cannot.

use bytes::Bytes;
use http::Method;
use longshore_api::ops::Operation;
use longshore_tests::{Answer, Person, engine::IMAGE, http::Streamed};
use serde_json::{Value, json};

/// What follows a head.
#[derive(Clone)]
pub enum Payload {
    /// Nothing.
    None,
    /// JSON.
    Json(Value),
    /// An archive with nothing in it.
    EmptyTar,
}

/// A call of the engine's API, as anybody can make it.
#[derive(Clone)]
pub struct Call {
    /// Its method.
    pub method: Method,
    /// The engine's own path with its query, without the first slash.
    pub path: String,
    /// Its body.
    pub body: Payload,
    /// What the connection is to become.
    pub upgrade: Option<&'static str>,
    /// Whether all of the answer is there at once.
    pub whole: bool,
}

impl Call {
    /// A call without a body; `path` is the engine's own, without its first slash.
    pub fn new(method: Method, path: &str) -> Self {
        Self { method, path: path.to_owned(), body: Payload::None, upgrade: None, whole: true }
    }

    /// Makes it through the gateway.
    pub async fn by(&self, person: &Person) -> Answer {
        self.begin(person).await.0
    }

    /// The same, with what is still to come.
    pub async fn begin(&self, person: &Person) -> (Answer, Option<Streamed>) {
        let mut headers = person.headers();
        let (kind, body) = match &self.body {
            Payload::None => (None, Bytes::new()),
            Payload::Json(json) => (Some("application/json"), json.to_string().into()),
            Payload::EmptyTar => (Some("application/x-tar"), Bytes::from_static(&[0; 1024])),
        };
        if let Some(kind) = kind {
            headers.insert("content-type", kind.parse().expect("a header"));
        }
        if let Some(protocol) = self.upgrade {
            headers.insert("connection", "Upgrade".parse().expect("a header"));
            headers.insert("upgrade", protocol.parse().expect("a header"));
        }
        let path = format!("api/v1/hosts/local/docker/{}", self.path);
        person.http().ask(self.method.clone(), &path, &headers, body, self.whole).await
    }
}

/// What a call is made with.
pub struct Given<'a> {
    /// What stands in the path.
    pub name: &'a str,
    /// The beginning of all names that it may make.
    pub new: String,
    /// The labels of what it makes.
    pub labels: Value,
    /// A container of the caller's own.
    pub container: &'a str,
}

/// An operation, called.
///
/// # Panics
/// Nobody has said yet how it is called.
pub fn of(operation: &Operation, given: &Given<'_>) -> Call {
    let Given { name, new, labels, container } = given;
    let json = |query: &str, body: Value| (query.to_owned(), Payload::Json(body));
    let plain = |query: &str| (query.to_owned(), Payload::None);
    let tar = |query: &str| (query.to_owned(), Payload::EmptyTar);
    let (query, body) = match operation.id {
        "ping"
        | "ping-head"
        | "version"
        | "info"
        | "disk-usage"
        | "container-prune"
        | "container-inspect"
        | "container-top"
        | "container-start"
        | "container-kill"
        | "container-pause"
        | "container-unpause"
        | "container-wait"
        | "container-changes"
        | "container-export"
        | "exec-inspect"
        | "image-list"
        | "image-inspect"
        | "image-history"
        | "image-attestations"
        | "image-save"
        | "image-remove"
        | "image-prune"
        | "distribution-inspect"
        | "build-prune"
        | "session"
        | "grpc"
        | "network-list"
        | "network-prune"
        | "network-inspect"
        | "network-remove"
        | "volume-list"
        | "volume-prune"
        | "volume-inspect"
        | "volume-remove"
        | "swarm-inspect"
        | "swarm-unlock-key"
        | "swarm-leave"
        | "node-list"
        | "node-inspect"
        | "node-remove"
        | "service-list"
        | "service-inspect"
        | "service-remove"
        | "task-list"
        | "task-inspect"
        | "secret-list"
        | "secret-inspect"
        | "secret-remove"
        | "config-list"
        | "config-inspect"
        | "config-remove"
        | "plugin-list"
        | "plugin-inspect" => plain(""),
        "events" => plain("since=1&until=1"),
        "auth" => {
            json("", json!({ "username": "u", "password": "p", "serveraddress": "registry.example.com" }))
        }
        "container-list" => plain("all=1"),
        "container-create" => json(&format!("name={new}"), json!({ "Image": IMAGE, "Labels": labels })),
        "container-logs" | "service-logs" | "task-logs" => plain("stdout=1"),
        "container-stats" => plain("stream=0&one-shot=1"),
        "container-stop" | "container-restart" => plain("t=5"),
        "container-attach" => plain("logs=1&stdout=1"),
        "container-resize" | "exec-resize" => plain("h=24&w=80"),
        "container-rename" => plain(&format!("name={new}-renamed")),
        "container-update" => json("", json!({ "CpuShares": 512 })),
        "container-remove" => plain("force=1&v=1"),
        "container-stat" | "container-read" => plain("path=/bin"),
        "container-write" => tar("path=/"),
        "container-commit" => plain(&format!("container={name}&repo={new}-commit&pause=0")),
        "exec-create" => json("", json!({ "Cmd": ["true"] })),
        "exec-start" => json("", json!({ "Detach": true })),
        "image-search" => plain("term=busybox"),
        "image-save-many" => plain(&format!("names={name}")),
        "image-load" => tar(""),
        "image-create" => tar(&format!("fromSrc=-&repo={new}-import")),
        "image-push" => plain("tag=latest"),
        "image-tag" => plain(&format!("repo={new}-tag")),
        "build" => tar(&format!("t={new}-build")),
        "build-cancel" => plain("id=none"),
        "network-create" => json("", json!({ "Name": new, "Labels": labels })),
        "network-connect" => json("", json!({ "Container": container })),
        "network-disconnect" => json("", json!({ "Container": container, "Force": true })),
        "volume-create" => json("", json!({ "Name": new, "Labels": labels })),
        "swarm-init" | "swarm-join" => json("", json!({ "ListenAddr": "127.0.0.1:2377" })),
        "swarm-unlock" => json("", json!({ "UnlockKey": "none" })),
        "swarm-update" | "node-update" | "service-update" | "secret-update" | "config-update"
        | "volume-update" => json("version=1", json!({})),
        "service-create" => json("", json!({ "Name": new })),
        "secret-create" | "config-create" => json("", json!({ "Name": new, "Data": "eA==" })),
        other => panic!("{other}: how is it called once, with as little as there is?"),
    };
    let mut path = operation.path.trim_start_matches('/').to_owned();
    if let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
        path.replace_range(from..=to, name);
    }
    if !query.is_empty() {
        path = format!("{path}?{query}");
    }
    let upgrade = match operation.id {
        "container-attach" => Some("tcp"),
        "session" | "grpc" => Some("h2c"),
        _ => None,
    };
    let whole = operation.stream == longshore_api::ops::Stream::None;
    let method = operation.method.as_str().parse().expect("a method");
    Call { body, upgrade, whole, ..Call::new(method, &path) }
}

/// An engine's own complaints about such a call: by then it has arrived.
pub fn complaints(operation: &Operation) -> &'static [&'static str] {
    let id = operation.id;
    let of_swarm = ["swarm-", "node-", "service-", "task-", "secret-", "config-"];
    match id {
        _ if is_on_fake(operation) => &["page not found"],
        "image-attestations" | "volume-update" => &["page not found"],
        "plugin-inspect" => &["plugin \"none\" not found"],
        "build" => &["Dockerfile"],
        // It asks for credentials before it asks anybody else.
        "image-push" => &["X-Registry-Auth"],
        // One is open already.
        "session" => &["already exists"],
        // A machine that is busy may not have frozen it in time.
        "container-pause" | "container-unpause" => &["Cannot pause container", "is not paused"],
        // The command has ended by then.
        "exec-resize" => &[
            "no such exec",
            "cannot resize a stopped container",
            "cannot resize a deleted process",
            "process does not exist",
        ],
        _ if of_swarm.iter().any(|kind| id.starts_with(kind)) => &["swarm"],
        _ => &[],
    }
}

/// Whether it is walked on the fake engine: it would end or empty the shared one, or ask the internet.
pub fn is_on_fake(operation: &Operation) -> bool {
    let id = operation.id;
    id.ends_with("-prune")
        || matches!(id, "swarm-init" | "swarm-join" | "auth" | "image-search" | "distribution-inspect")
}
