//! One container of a foreign template, and the project of one service that it is written as.

use std::fmt::Write as _;

use longshore_compose::load::project_name_of;
use serde::{Deserialize, Serialize};

use crate::variable::Protocol;

/// A container as a template describes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Container {
    /// The image, with the registry that it comes from.
    pub image: String,
    /// The command, as a shell splits it.
    pub command: String,
    /// The name that it has in its network.
    pub hostname: String,
    /// The network that it is in, if in one that is there already.
    pub network: String,
    /// When the engine starts it again.
    pub restart: String,
    /// Whether it may do on the host what it likes.
    pub privileged: bool,
    /// Whether it has a terminal and reads from it.
    pub interactive: bool,
    /// Its environment: the name there, and the variable that holds the value.
    pub environment: Vec<(String, String)>,
    /// Its ports.
    pub ports: Vec<Port>,
    /// Its mounts.
    pub mounts: Vec<Mount>,
    /// Its labels.
    pub labels: Vec<(String, String)>,
    /// Names and addresses that it knows: `name:address`.
    pub hosts: Vec<String>,
    /// The variable that holds how much memory it may use at most.
    pub memory: String,
    /// The variable that holds how many processors it may use at most.
    pub cpus: String,
}

/// A port of a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Port {
    /// The variable that holds the port of the host; none where the whole is a range.
    pub variable: Option<String>,
    /// The port, or ports, of the host where no variable holds it.
    pub host: String,
    /// The port of the container.
    pub container: String,
    /// How it is spoken to.
    pub protocol: Protocol,
}

/// A mount of a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mount {
    /// The path in the container.
    pub target: String,
    /// What is mounted.
    pub from: From,
    /// Whether nothing can be written there.
    pub readonly: bool,
}

/// What is mounted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum From {
    /// A volume of this name, made for it.
    Volume(String),
    /// A folder of the host, whose path a variable holds.
    Folder(String),
}

/// The project, with a reference to a variable for each answer.
pub fn compose(container: &Container, name: &str) -> String {
    let service = match project_name_of(name) {
        name if name.is_empty() => "app".to_owned(),
        name => name,
    };
    let mut out = format!("services:\n  {service}:\n    image: {}\n", quoted(&container.image));
    let mut line = |key: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(out, "    {key}: {}", quoted(value));
        }
    };
    line("restart", &container.restart);
    line("command", &container.command);
    line("hostname", &container.hostname);
    let host = container.network == "host";
    let mode = matches!(container.network.as_str(), "host" | "none" | "bridge");
    line("network_mode", if mode { &container.network } else { "" });
    let named = !mode && !container.network.is_empty();
    if named {
        out.push_str("    networks:\n      - given\n");
    }
    if container.privileged {
        out.push_str("    privileged: true\n");
    }
    if container.interactive {
        out.push_str("    stdin_open: true\n    tty: true\n");
    }
    // On the network of the host all ports are the host's.
    let ports = container.ports.iter().filter(|_| !host).map(|port| {
        let inside = format!("{}/{}", port.container, port.protocol.word());
        match &port.variable {
            Some(name) => format!("\"${{{name}:+${{{name}}}:}}{inside}\""),
            None if port.host.is_empty() => quoted(&inside),
            None => quoted(&format!("{}:{inside}", port.host)),
        }
    });
    list("ports", ports, &mut out);
    list("extra_hosts", container.hosts.iter().map(|host| quoted(host)), &mut out);
    if !container.environment.is_empty() {
        out.push_str("    environment:\n");
        for (name, variable) in &container.environment {
            let _ = writeln!(out, "      {}: ${{{variable}}}", quoted(name));
        }
    }
    // What is left open is no limit.
    for (key, variable) in [("mem_limit", &container.memory), ("cpus", &container.cpus)] {
        if !variable.is_empty() {
            let _ = writeln!(out, "    {key}: ${{{variable}:-0}}");
        }
    }
    let mounts = container.mounts.iter().map(|mount| {
        let (kind, source) = match &mount.from {
            From::Volume(name) => ("volume", quoted(name)),
            From::Folder(variable) => ("bind", format!("${{{variable}}}")),
        };
        let readonly = if mount.readonly { "\n        read_only: true" } else { "" };
        // The engine makes a folder that is not there, as it does for Portainer.
        let made = if kind == "bind" { "\n        bind:\n          create_host_path: true" } else { "" };
        format!(
            "type: {kind}\n        source: {source}\n        target: {}{readonly}{made}",
            quoted(&mount.target)
        )
    });
    list("volumes", mounts, &mut out);
    if !container.labels.is_empty() {
        out.push_str("    labels:\n");
        for (name, value) in &container.labels {
            let _ = writeln!(out, "      {}: {}", quoted(name), quoted(value));
        }
    }
    let volumes: Vec<_> = container
        .mounts
        .iter()
        .filter_map(|mount| match &mount.from {
            From::Volume(name) => Some(name),
            From::Folder(_) => None,
        })
        .collect();
    if !volumes.is_empty() {
        out.push_str("volumes:\n");
        volumes.iter().for_each(|name| out.push_str(&format!("  {name}:\n")));
    }
    if named {
        let _ = write!(
            out,
            "networks:\n  given:\n    name: {}\n    external: true\n",
            quoted(&container.network)
        );
    }
    out
}

fn list(key: &str, items: impl Iterator<Item = String>, out: &mut String) {
    let mut items = items.peekable();
    if items.peek().is_some() {
        let _ = writeln!(out, "    {key}:");
        items.for_each(|item| {
            let _ = writeln!(out, "      - {item}");
        });
    }
}

/// A text that reads as itself: in quotes where it has to be, with its dollar signs doubled.
fn quoted(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_./-".contains(c))
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null"
        );
    if plain { text.to_owned() } else { serde_json::Value::String(text.replace('$', "$$")).to_string() }
}
