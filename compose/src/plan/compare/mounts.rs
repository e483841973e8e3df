//! What is mounted into a container, by where it is there: binds, mounts and memory in one form.

use std::collections::BTreeMap;

use longshore_api::ops::spec::{ContainerSpec, CreateBody, Mount};
use serde_json::Value as Json;

use super::{
    Eyes,
    face::{Face, put, put_set},
};
use crate::{engine, labels, model::Service, plan::there::Container, units::Size};

/// A volume without a name of its own.
const ANONYMOUS: &str = "a volume of its own";

/// Whether it is the name that an engine makes up for a volume.
pub(in crate::plan) fn anonymous(volume: &str) -> bool {
    volume.len() == 64 && volume.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl Eyes<'_> {
    pub(super) fn mounts(&self, face: &mut Face, body: &CreateBody, image: &Json) {
        let mut all: BTreeMap<String, String> = BTreeMap::new();
        for (target, options) in &body.host.tmpfs {
            all.insert(place(target), memory(options.split(',')));
        }
        for bind in &body.host.binds {
            let (target, text) = read_bind(bind);
            all.insert(place(&target), text);
        }
        for mount in &body.host.mounts {
            all.insert(place(&mount.target), mount_text(mount));
        }
        for target in body.volumes.keys() {
            all.entry(place(target)).or_insert_with(|| ANONYMOUS.to_owned());
        }
        // What the image wants has a volume in any case.
        all.retain(|target, text| text != ANONYMOUS || image["Volumes"][target.as_str()].is_null());
        for (target, text) in all {
            put(face, &format!("volumes.{target}"), text);
        }
        let from = body.host.volumes_from.iter().map(|from| {
            let (other, mode) = from.split_once(':').unwrap_or((from, ""));
            let other = self.other(other).unwrap_or_else(|| format!("container:{other}"));
            if matches!(mode, "" | "rw") { other } else { format!("{other}:{mode}") }
        });
        put_set(face, "volumes_from", from);
    }

    /// A file of the project is as good put into a container as mounted, where the same is in it: who may not mount has it
    /// put there, and takes nothing from others. What another compose mounts is what is on the host.
    pub(super) fn forgive_put(
        &self,
        service: &Service,
        (left, will): (&mut Face, &ContainerSpec),
        (right, was): (&mut Face, Container<'_>),
    ) {
        let (now, then) = (will.body.labels.get(labels::FILES), was.label(labels::FILES));
        let same = now.is_some_and(|now| now == then);
        for file in engine::beside(self.project, service) {
            let path = format!("volumes.{}", place(&file.file.target));
            let is_it = |text: Option<&String>| {
                let mut parts = text.into_iter().flat_map(|text| text.split(':'));
                parts.next() == Some(place(file.path).as_str()) && parts.any(|option| option == "ro")
            };
            if file.put && (same || then.is_empty()) && is_it(right.get(&path)) {
                right.remove(&path);
            }
            if !file.put && file.read_only && same && !right.contains_key(&path) && is_it(left.get(&path)) {
                left.remove(&path);
            }
        }
    }

    /// Takes out the volumes without a name that nobody asks for: an image that is not known may have wanted them.
    pub(super) fn forgive_volumes(will: &Face, was: &mut Face) {
        was.retain(|path, text| text != ANONYMOUS || will.contains_key(path));
    }
}

/// A path without a slash at its end.
fn place(path: &str) -> String {
    match path.trim_end_matches('/') {
        "" => "/".to_owned(),
        path => path.to_owned(),
    }
}

/// `FROM:TO[:OPTIONS]`.
fn read_bind(bind: &str) -> (String, String) {
    let mut parts = bind.splitn(3, ':');
    let (from, to) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let options = parts.next().unwrap_or_default().split(',').map(str::to_owned);
    (to.to_owned(), source(from, options))
}

/// What is mounted, with what it is mounted with.
fn source(from: &str, options: impl IntoIterator<Item = String>) -> String {
    let plain = ["", "rw", "rprivate", "cached", "delegated", "consistent", "default"];
    let mut options: Vec<String> =
        options.into_iter().filter(|option| !plain.contains(&option.as_str())).collect();
    options.sort();
    let from = match from {
        "" => ANONYMOUS.to_owned(),
        name if anonymous(name) => ANONYMOUS.to_owned(),
        path if path.starts_with('/') => place(path),
        name => name.to_owned(),
    };
    [from].into_iter().chain(options).collect::<Vec<_>>().join(":")
}

fn mount_text(mount: &Mount) -> String {
    let mut options = vec![mount.bind.propagation.clone()];
    let mut option = |on: bool, text: String| options.extend(on.then_some(text));
    option(mount.read_only, "ro".to_owned());
    option(mount.bind.non_recursive, "recursive=disabled".to_owned());
    option(mount.bind.non_recursive_read_only, "recursive=writable".to_owned());
    option(mount.bind.force_recursive_read_only, "recursive=readonly".to_owned());
    option(mount.volume.no_copy, "nocopy".to_owned());
    for subpath in [&mount.volume.subpath, &mount.image.subpath] {
        option(!subpath.is_empty(), format!("subpath={subpath}"));
    }
    let driver = &mount.volume.driver;
    option(!matches!(driver.name.as_str(), "" | "local"), format!("driver={}", driver.name));
    for (key, value) in &driver.options {
        option(true, format!("{key}={value}"));
    }
    let labels = mount.volume.labels.iter().filter(|(key, _)| !key.starts_with("com.docker."));
    for (key, value) in labels {
        option(true, format!("label={key}={value}"));
    }
    match mount.kind.as_str() {
        "bind" | "volume" | "" => source(&mount.source, options),
        "tmpfs" => {
            let size = (mount.tmpfs.size != 0).then(|| format!("size={}", mount.tmpfs.size));
            let mode = (mount.tmpfs.mode != 0).then(|| format!("mode={:o}", mount.tmpfs.mode));
            let read_only = mount.read_only.then(|| "ro".to_owned());
            let all: Vec<String> = size.into_iter().chain(mode).chain(read_only).collect();
            memory(all.iter().map(String::as_str))
        }
        kind => format!("{kind} {}", source(&mount.source, options)),
    }
}

/// A file system in memory, with its options in one spelling.
fn memory<'a>(options: impl Iterator<Item = &'a str>) -> String {
    let one = |option: &str| match option.split_once('=') {
        Some(("size", size)) => {
            Size::read(size).map_or(option.to_owned(), |size| format!("size={}", super::host::bytes(size.0)))
        }
        Some(("mode", mode)) => format!("mode={}", mode.trim_start_matches('0')),
        _ => option.to_owned(),
    };
    let mut all: Vec<String> = options.filter(|option| !matches!(*option, "" | "rw")).map(one).collect();
    all.sort();
    ["tmpfs".to_owned()].into_iter().chain(all).collect::<Vec<_>>().join(" ")
}
