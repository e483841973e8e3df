//! Containers in memory, and how the engine's API shows them.

use serde_json::{Value, json};

use crate::names::{SERVICES, STACKS};

/// The first container was made then (2026-01-05), each next one a minute later. Seconds.
const FIRST_CREATED: u64 = 1_767_600_000;

/// A container.
#[derive(Clone)]
pub(crate) struct Container {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) state: &'static str,
    image: String,
    exit_code: i64,
    /// Whether its health check fails; only what listens has one.
    ill: bool,
    created: u64,
    stack: String,
    service: String,
    port: u16,
    published: u16,
    ip: String,
    /// What it was asked for with.
    asked: Value,
}

impl Container {
    /// The one of this number: always the same.
    pub(crate) fn numbered(number: usize) -> Self {
        let service = &SERVICES[number % SERVICES.len()];
        let stack_number = number / SERVICES.len();
        let round = stack_number / STACKS.len();
        let stack = STACKS[stack_number % STACKS.len()];
        let stack = if round == 0 { stack.to_owned() } else { format!("{stack}-{round}") };
        let (state, exit_code) = match number % 20 {
            17 => ("exited", 0),
            18 => ("exited", 137),
            19 => ("paused", 0),
            _ => ("running", 0),
        };
        let low = |n: usize| u8::try_from(n % 250).expect("below 250") + 2;
        Self {
            id: id(number),
            name: format!("{stack}-{}-1", service.name),
            state,
            image: service.image.to_owned(),
            exit_code,
            ill: false,
            created: FIRST_CREATED + 60 * u64::try_from(number).expect("a count of containers"),
            service: service.name.to_owned(),
            port: service.port,
            published: 20_000 + u16::try_from(number % 40_000).expect("below 40,000"),
            ip: format!("172.{}.{}.{}", 18 + number / 62_500 % 14, low(number / 250), low(number)),
            stack,
            asked: Value::Null,
        }
    }

    /// One that somebody has asked for, of a stack: what was asked comes back with it.
    pub(crate) fn asked(number: usize, name: &str, asked: Value) -> Self {
        let label = |key: &str| asked["Labels"][key].as_str().unwrap_or_default().to_owned();
        Self {
            id: id(1_000_000 + number),
            name: name.to_owned(),
            state: "created",
            image: asked["Image"].as_str().unwrap_or_default().to_owned(),
            stack: label("com.docker.compose.project"),
            service: label("com.docker.compose.service"),
            port: 0,
            ip: String::new(),
            asked,
            ..Self::numbered(number)
        }
    }

    /// Comes into a state, as a verb or the end of its process brings it there.
    pub(crate) fn enter(&mut self, state: &'static str, exit_code: i64) {
        self.state = state;
        self.exit_code = exit_code;
        self.ill = false;
    }

    /// Its health check fails from now on, until it comes into another state.
    pub(crate) fn sicken(&mut self) {
        self.ill = true;
    }

    /// The exit code of its last run.
    pub(crate) fn exit_code(&self) -> i64 {
        self.exit_code
    }

    /// Its labels, as events and lists carry them.
    pub(crate) fn labels(&self) -> Value {
        if !self.asked.is_null() {
            return self.asked["Labels"].clone();
        }
        json!({
            "com.docker.compose.project": self.stack,
            "com.docker.compose.service": self.service,
            "com.docker.compose.container-number": "1",
            "com.docker.compose.oneoff": "False",
            "com.docker.compose.project.working_dir": format!("/srv/stacks/{}", self.stack),
            "org.opencontainers.image.source": format!("https://git.quay.example/{}", self.service),
            "team": if self.port == 0 { "back" } else { "front" },
        })
    }

    /// What the event stream says of its image and name.
    pub(crate) fn attributes(&self) -> Value {
        let mut attributes = self.labels();
        attributes["image"] = json!(self.image);
        attributes["name"] = json!(self.name);
        attributes
    }

    /// Its entry in `GET /containers/json`.
    pub(crate) fn listed(&self) -> Value {
        let status = match self.state {
            "running" if self.port > 0 => format!("Up 3 days ({})", self.health()),
            "running" => "Up 3 days".to_owned(),
            "paused" => "Up 3 days (Paused)".to_owned(),
            "created" => "Created".to_owned(),
            _ => format!("Exited ({}) 2 hours ago", self.exit_code),
        };
        let port = if self.port == 0 {
            json!([])
        } else {
            json!([
                { "IP": "0.0.0.0", "PrivatePort": self.port, "PublicPort": self.published, "Type": "tcp" },
                { "IP": "::", "PrivatePort": self.port, "PublicPort": self.published, "Type": "tcp" },
            ])
        };
        json!({
            "Id": self.id, "Names": [format!("/{}", self.name)], "Image": self.image,
            "ImageID": image_id(&self.name), "Command": "/docker-entrypoint.sh",
            "Created": self.created, "Ports": port, "Labels": self.labels(), "State": self.state, "Status": status,
            "HostConfig": { "NetworkMode": format!("{}_default", self.stack) },
            "NetworkSettings": { "Networks": self.networks() },
            "Mounts": [],
        })
    }

    /// `GET /containers/{id}/json`.
    pub(crate) fn inspected(&self) -> Value {
        let up = matches!(self.state, "running" | "paused");
        let ended =
            if up || self.state == "created" { "0001-01-01T00:00:00Z" } else { "2026-11-20T06:00:00Z" };
        let started = if self.state == "created" { "0001-01-01T00:00:00Z" } else { "2026-11-19T06:00:00Z" };
        let mut state = json!({
            "Status": self.state, "Running": up, "Paused": self.state == "paused", "OOMKilled": false,
            "Dead": false, "Pid": if up { 4711 } else { 0 }, "ExitCode": self.exit_code, "Error": "",
            "StartedAt": started, "FinishedAt": ended,
        });
        let mut ports = json!({});
        if self.port > 0 {
            if self.state == "running" {
                state["Health"] = json!({ "Status": self.health(), "FailingStreak": 0, "Log": [] });
            }
            let binding = |ip: &str| json!({ "HostIp": ip, "HostPort": self.published.to_string() });
            ports[format!("{}/tcp", self.port)] = json!([binding("0.0.0.0"), binding("::")]);
        }
        if !self.asked.is_null() {
            let mut config = self.asked.clone();
            let host = config["HostConfig"].take();
            return json!({
                "Id": self.id, "Name": format!("/{}", self.name), "Created": "2026-01-05T08:00:00Z",
                "State": state, "RestartCount": 0, "Image": image_id(&self.image), "Config": config,
                "HostConfig": host, "NetworkSettings": { "Ports": {}, "Networks": {} }, "Mounts": [],
            });
        }
        json!({
            "Id": self.id, "Name": format!("/{}", self.name), "Created": "2026-01-05T08:00:00Z",
            "State": state, "RestartCount": 0, "Image": image_id(&self.name),
            "Config": { "Image": self.image, "Labels": self.labels(), "Tty": false, "StopTimeout": 1 },
            "HostConfig": { "NetworkMode": format!("{}_default", self.stack) },
            "NetworkSettings": { "Ports": ports, "Networks": self.networks() },
            "Mounts": [],
        })
    }

    fn health(&self) -> &'static str {
        if self.ill { "unhealthy" } else { "healthy" }
    }

    fn networks(&self) -> Value {
        let ip = if self.state == "running" { self.ip.as_str() } else { "" };
        let mut networks = json!({});
        networks[format!("{}_default", self.stack)] =
            json!({ "IPAddress": ip, "NetworkID": id(self.stack.len()) });
        networks
    }
}

/// The id of an image that is there.
pub(crate) fn image_id(name: &str) -> String {
    format!("sha256:{}", id(name.len()))
}

/// 64 hex digits that look drawn by lot and never change.
fn id(number: usize) -> String {
    let mut seed = u64::try_from(number).expect("a count of containers");
    (0..4)
        .map(|_| {
            // SplitMix64
            seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = seed;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            format!("{:016x}", z ^ (z >> 31))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ten_thousand_differ_in_id_and_name() {
        let all: Vec<Container> = (0..10_000).map(Container::numbered).collect();
        assert_eq!(all.iter().map(|c| &c.id).collect::<HashSet<_>>().len(), all.len());
        assert_eq!(all.iter().map(|c| &c.name).collect::<HashSet<_>>().len(), all.len());
        assert!(all.iter().all(|c| c.id.len() == 64));
    }
}
