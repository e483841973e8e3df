//! A container written out as the fields of a compose file.

use std::collections::{BTreeMap, BTreeSet};

use longshore_api::ops::spec::{ContainerSpec, CreateBody, Health, join};
use serde_json::Value as Json;

use super::{Eyes, Of};
use crate::{labels, units::Span};

/// Fields by their path, each as a text.
pub(super) type Face = BTreeMap<String, String>;

/// Puts a text, unless it says nothing.
pub(super) fn put(face: &mut Face, path: &str, text: impl Into<String>) {
    let text = text.into();
    if !text.is_empty() {
        face.insert(path.to_owned(), text);
    }
}

/// Puts a list whose order has no meaning.
pub(super) fn put_set(face: &mut Face, path: &str, texts: impl IntoIterator<Item = String>) {
    let set: BTreeSet<String> = texts.into_iter().collect();
    put(face, path, set.into_iter().collect::<Vec<_>>().join(", "));
}

/// Puts a list whose order has one.
pub(super) fn put_list(face: &mut Face, path: &str, texts: &[String]) {
    put(face, path, texts.join(", "));
}

/// Puts each of a map.
pub(super) fn put_map<'a>(
    face: &mut Face,
    path: &str,
    pairs: impl IntoIterator<Item = (&'a String, &'a String)>,
) {
    face.extend(pairs.into_iter().map(|(key, value)| (format!("{path}.{key}"), value.clone())));
}

/// Puts a switch that is on.
pub(super) fn put_flag(face: &mut Face, path: &str, on: bool) {
    put(face, path, if on { "true" } else { "" });
}

/// Puts a number that says something.
pub(super) fn put_number(face: &mut Face, path: &str, number: i64) {
    put(face, path, if number == 0 { String::new() } else { number.to_string() });
}

/// A variable of an environment; one without a value is taken away.
pub(super) fn variable(entry: &str) -> (&str, Option<&str>) {
    entry.split_once('=').map_or((entry, None), |(name, value)| (name, Some(value)))
}

impl Eyes<'_> {
    /// A container as fields. `image` is the `Config` of the image that it was made of, or nothing.
    pub(super) fn face(&self, of: Of<'_>, spec: &ContainerSpec, image: &Json) -> Face {
        let body = &spec.body;
        let mut face = Face::new();
        let it = &mut face;
        put(it, "image", self.reference(&body.image));
        put(it, "command", join(&body.cmd));
        put(it, "entrypoint", join(body.entrypoint.iter().flatten().filter(|word| !word.is_empty())));
        for (name, value) in body.env.iter().map(|entry| variable(entry)) {
            if let Some(value) = value {
                it.insert(format!("environment.{name}"), value.to_owned());
            }
        }
        put_map(it, "labels", body.labels.iter().filter(|(key, _)| labels::is_own(key)));
        put(it, "hostname", body.hostname.as_str());
        put(it, "domainname", body.domainname.as_str());
        put(it, "user", body.user.as_str());
        put(it, "working_dir", body.working_dir.as_str());
        put_flag(it, "tty", body.tty);
        put_flag(it, "stdin_open", body.open_stdin);
        put(it, "stop_signal", if body.stop_signal == "SIGTERM" { "" } else { &body.stop_signal });
        put(it, "stop_grace_period", body.stop_timeout.map(seconds).unwrap_or_default());
        health(it, &body.health);
        ports(it, body, image);
        self.mounts(it, body, image);
        self.networks(it, of, body);
        self.host(it, &body.host);
        face
    }

    /// A reference in one spelling; that of an id by the name that it is asked for by.
    fn reference(&self, image: &str) -> String {
        let named = self.there.images.iter().find(|(name, it)| it["Id"] == image && *name != image);
        let name = named.map_or(image, |(name, _)| name.as_str());
        let name = name.strip_prefix("index.").unwrap_or(name);
        let name = name.strip_prefix("docker.io/").unwrap_or(name);
        let name = name.strip_prefix("library/").unwrap_or(name);
        let last = name.rsplit('/').next().unwrap_or(name);
        if last.contains([':', '@']) || name.is_empty() { name.to_owned() } else { format!("{name}:latest") }
    }
}

/// Seconds as a span.
fn seconds(seconds: i64) -> String {
    Span(seconds.saturating_mul(1_000_000_000)).to_string()
}

fn health(face: &mut Face, health: &Health) {
    if health.test.first().is_some_and(|kind| kind == "NONE") {
        return put(face, "healthcheck.disable", "true");
    }
    let span = |nanoseconds: i64| match nanoseconds {
        0 => String::new(),
        some => Span(some).to_string(),
    };
    put(face, "healthcheck.test", join(&health.test));
    put(face, "healthcheck.interval", span(health.interval));
    put(face, "healthcheck.timeout", span(health.timeout));
    put(face, "healthcheck.start_period", span(health.start_period));
    put(face, "healthcheck.start_interval", span(health.start_interval));
    put_number(face, "healthcheck.retries", health.retries);
}

fn ports(face: &mut Face, body: &CreateBody, image: &Json) {
    let published = body.host.port_bindings.iter().flat_map(|(port, all)| {
        all.iter().map(move |binding| {
            let ip = if binding.ip.is_empty() { String::new() } else { format!("{}:", binding.ip) };
            let host = if matches!(binding.port.as_str(), "" | "0") { "" } else { &binding.port };
            let between = if host.is_empty() && ip.is_empty() { "" } else { ":" };
            format!("{ip}{host}{between}{}", port.strip_suffix("/tcp").unwrap_or(port))
        })
    });
    put_set(face, "ports", published);
    let exposed = body.exposed_ports.keys();
    let own = exposed.filter(|port| image["ExposedPorts"][port.as_str()].is_null());
    put_set(face, "expose", own.filter(|port| !body.host.port_bindings.contains_key(*port)).cloned());
}
