//! What is no difference: where nothing is asked for, what an engine says by itself.

use super::{Eyes, face::Face};
use crate::plan::there::Container;

/// What an image may have given; with a dot at the end, all that is beneath.
const OF_IMAGE: [&str; 10] = [
    "environment.",
    "labels.",
    "healthcheck.",
    "command",
    "entrypoint",
    "user",
    "working_dir",
    "stop_signal",
    "stop_grace_period",
    "expose",
];

/// What is not in the spec of an inspection, as every engine says it.
const UNSAID: [(&str, &str); 4] =
    [("runtime", "runc"), ("ipc", "private"), ("cgroup", "private"), ("shm_size", "64m")];

impl Eyes<'_> {
    /// Removes from `was` what the file does not set and the engine or the image fills in. `unknown`: the image that it was
    /// made from is gone.
    pub(super) fn forgive(&self, will: &mut Face, was: &mut Face, container: Container<'_>, unknown: bool) {
        self.defaults(will, was);
        logging(self.info("LoggingDriver"), will, was);
        swap(will, was);
        let mode = container.0["HostConfig"]["NetworkMode"].as_str().unwrap_or_default();
        let host = mode == "host"
            || mode.starts_with("container:")
            || was.get("uts").is_some_and(|uts| uts == "host");
        if host && !will.contains_key("hostname") {
            // That of the machine or of the other container.
            was.remove("hostname");
            was.remove("domainname");
        }
        if host {
            // Nothing is published there, whatever is asked for.
            for face in [&mut *will, &mut *was] {
                face.remove("ports");
            }
        }
        labelled(will, was);
        engine_variables(will, was);
        if unknown {
            let of_image = |path: &str| {
                OF_IMAGE.iter().any(|of| path == *of || of.ends_with('.') && path.starts_with(of))
            };
            was.retain(|path, _| will.contains_key(path) || !of_image(path));
            forgive_ports(will, was);
            Self::forgive_volumes(will, was);
        }
    }

    /// What the engine says of itself.
    fn info(&self, key: &str) -> Option<&str> {
        self.there.info[key].as_str()
    }

    fn defaults(&self, will: &mut Face, was: &mut Face) {
        // What is asked for is what an inspection is read without.
        for (path, usual) in UNSAID {
            if !was.contains_key(path) && will.get(path).is_some_and(|asked| asked == usual) {
                will.remove(path);
            }
        }
        let cgroup = match self.info("CgroupVersion") {
            Some("1") => vec!["host"],
            Some(_) => vec!["private"],
            None => vec!["host", "private"],
        };
        let runtime = self.info("DefaultRuntime");
        let is_default = |path: &str, text: &str| match path {
            "ipc" => matches!(text, "private" | "shareable"),
            "cgroup" => cgroup.contains(&text),
            "runtime" => runtime.is_none_or(|default| default == text),
            _ => false,
        };
        was.retain(|path, text| will.contains_key(path) || !is_default(path, text));
    }
}

/// Where nothing is said of logs, or only a little, the engine's own settings are the container's.
fn logging(default: Option<&str>, will: &mut Face, was: &mut Face) {
    let driver = was.get("logging.driver").map_or("json-file", String::as_str);
    let asked = will.get("logging.driver").map(String::as_str);
    let is_default = default.is_none_or(|default| default == driver);
    let same = asked.is_none_or(|asked| asked == driver);
    if same && (is_default || asked.is_some()) {
        was.remove("logging.driver");
        will.remove("logging.driver");
    }
    if same && is_default {
        was.retain(|path, _| !path.starts_with("logging.options.") || will.contains_key(path));
    }
}

/// The engine allows as much swap as memory, or any.
fn swap(will: &Face, was: &mut Face) {
    let twice = was.get("mem_limit").zip(was.get("memswap_limit")).is_some_and(|(memory, swap)| {
        let read = |text: &String| crate::units::Size::read(text).map_or(0, |size| size.0);
        read(memory).saturating_mul(2) == read(swap)
    });
    let any = was.get("memswap_limit").is_some_and(|swap| swap == "-1");
    if !will.contains_key("memswap_limit") && (twice || any) {
        was.remove("memswap_limit");
    }
}

/// An engine takes labels of security off what shares with its host.
fn labelled(will: &Face, was: &mut Face) {
    const OFF: &str = "label=disable";
    let asked = will.get("security_opt").is_some_and(|options| options.contains(OFF));
    if let Some(options) = was.get_mut("security_opt").filter(|_| !asked) {
        let kept: Vec<&str> = options.split(", ").filter(|option| *option != OFF).collect();
        *options = kept.join(", ");
    }
    if was.get("security_opt").is_some_and(String::is_empty) {
        was.remove("security_opt");
    }
}

/// Variables that the first compose and Podman add.
fn engine_variables(will: &Face, was: &mut Face) {
    let podman = was.get("environment.container").is_some_and(|it| matches!(it.as_str(), "podman" | "oci"));
    let added = |name: &str| {
        name.starts_with("affinity:")
            || podman && matches!(name, "container" | "HOSTNAME" | "HOME" | "TERM" | "PATH")
    };
    was.retain(|path, _| will.contains_key(path) || !path.strip_prefix("environment.").is_some_and(added));
}

/// What an unknown image exposes is not asked for; all that is asked for has to be there.
fn forgive_ports(will: &mut Face, was: &mut Face) {
    let set = |face: &Face| -> Vec<String> {
        face.get("expose").into_iter().flat_map(|all| all.split(", ")).map(str::to_owned).collect()
    };
    let (asked, there) = (set(will), set(was));
    if asked.iter().all(|port| there.contains(port)) {
        will.remove("expose");
        was.remove("expose");
    }
}
