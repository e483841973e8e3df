//! What a Developer may say in fields that can reach the host. Lists of what is allowed, never of what is not.

use serde_json::Value;

use super::{
    address, nth,
    refers::{STACKS, texts},
    within,
};
use crate::{sentence::Sentence, words::say};

/// A rule that a field's value keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Nothing, or one of these.
    OneOf(&'static [&'static str]),
    /// Only these keys.
    Keys(&'static [&'static str]),
    /// `VOLUME:/path[:mode]` or `/path`. Nothing of the host: a folder that is allowed once is a way to all others,
    /// once there is a symbolic link in it.
    Binds,
    /// Mounts of volumes by name, of file systems in memory, of images.
    Mounts,
    /// Not the host's network, and not another container's.
    NetworkMode,
    /// The same of the networks that are keys.
    NetworkKeys,
    /// Only `no-new-privileges`.
    SecurityOptions,
    /// Capabilities that every container has.
    Capabilities,
    /// No labels that say whose something is, but for the stack that they name.
    Labels,
    /// Not below 0.
    NotNegative,
    /// Not there: an empty list is not the engine's own.
    Unset,
    /// Options of file systems in memory, by path.
    Tmpfs,
    /// The same for a volume that is kept in memory.
    VolumeOptions,
    /// The keys are paths inside the container.
    Paths,
    /// No groups of the host's.
    Groups,
    /// A registry that is not beside the engine.
    Registry,
    /// No address for the engine to fetch from.
    NoFetch,
    /// No plugins, for nobody.
    NoPlugin,
}

/// What a container may do if nothing is said.
const CAPABILITIES: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// Without `dev`, and above all without `bind`, which would mount the host's.
const TMPFS: &[&str] = &[
    "",
    "defaults",
    "ro",
    "rw",
    "exec",
    "noexec",
    "suid",
    "nosuid",
    "nodev",
    "sync",
    "async",
    "atime",
    "noatime",
    "diratime",
    "nodiratime",
    "relatime",
    "norelatime",
    "strictatime",
    "nostrictatime",
    "size",
    "mode",
    "uid",
    "gid",
    "nr_inodes",
    "nr_blocks",
];

/// Labels that say whose something is.
const OURS: [&str; 4] = ["longshore.", "com.docker.compose.", "com.docker.stack.", "com.docker.swarm."];

/// Labels of ours that say how a container of a stack was made, and give nobody anything.
const MADE_BY: [&str; 3] = ["longshore.apply", "longshore.files", "longshore.put"];

impl Rule {
    /// The stable name of this rule.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OneOf(_) => "one-of",
            Self::Keys(_) => "keys",
            Self::Binds => "binds",
            Self::Mounts => "mounts",
            Self::NetworkMode => "network-mode",
            Self::NetworkKeys => "network-keys",
            Self::SecurityOptions => "security-options",
            Self::Capabilities => "capabilities",
            Self::Labels => "labels",
            Self::NotNegative => "not-negative",
            Self::Unset => "unset",
            Self::Tmpfs => "tmpfs",
            Self::VolumeOptions => "volume-options",
            Self::Paths => "paths",
            Self::Groups => "groups",
            Self::Registry => "registry",
            Self::NoFetch => "no-fetch",
            Self::NoPlugin => "no-plugin",
        }
    }

    /// What somebody is told whose field does not keep it.
    #[must_use]
    pub fn sentence(self, field: &str) -> Sentence {
        match self {
            Self::OneOf([]) | Self::Groups => say::policy_manager(field),
            Self::OneOf(allowed) => say::policy_one_of(allowed.join(", "), field),
            Self::Keys([]) => say::policy_manager(field),
            Self::Keys(allowed) => say::policy_keys(allowed.join(", "), field),
            Self::Binds | Self::Mounts => say::policy_mounts(field),
            Self::NetworkMode | Self::NetworkKeys => say::policy_network(field),
            Self::SecurityOptions => say::policy_one_of("no-new-privileges", field),
            Self::Capabilities => say::policy_capabilities(field),
            Self::Labels => say::policy_labels(field),
            Self::NotNegative => say::policy_negative(field),
            Self::Unset => say::policy_unset(field),
            Self::Tmpfs | Self::VolumeOptions => say::policy_tmpfs(field),
            Self::Paths => say::policy_paths(field),
            Self::Registry => say::policy_registry(field),
            Self::NoFetch => say::policy_fetch(field),
            Self::NoPlugin => say::policy_plugin(field),
        }
    }

    /// Whether it holds above the line too.
    #[must_use]
    pub const fn is_for_everybody(self) -> bool {
        matches!(self, Self::NoPlugin)
    }

    /// Whether the value of the field at `path` keeps it; where not, says where. The value is of the field's kind.
    pub(super) fn check(self, value: &Value, path: &str) -> Result<(), String> {
        let text = value.as_str().unwrap_or_default();
        match self {
            Self::OneOf(allowed) => fits(text.is_empty() || allowed.contains(&text), path),
            Self::Keys(allowed) => keys(value, path, |key, _| allowed.contains(&key)),
            Self::Binds => each(value, path, is_volume),
            Self::Mounts => mounts(value, path),
            Self::NetworkMode => fits(is_network(text), path),
            Self::NetworkKeys => keys(value, path, |key, _| is_network(key)),
            Self::SecurityOptions => each(value, path, |option| {
                matches!(option, "no-new-privileges" | "no-new-privileges:true" | "no-new-privileges=true")
            }),
            Self::Capabilities => each(value, path, |name| {
                let name = name.to_ascii_uppercase();
                CAPABILITIES.contains(&name.strip_prefix("CAP_").unwrap_or(&name))
            }),
            Self::Labels => keys(value, path, |key, _| may_label(value, key)),
            Self::NotNegative => fits(value.as_f64().is_some_and(|n| n >= 0.0), path),
            Self::Unset => fits(false, path),
            Self::Tmpfs => keys(value, path, |key, options| {
                is_inside(key) && options.as_str().unwrap_or_default().split(',').all(is_tmpfs)
            }),
            Self::VolumeOptions => keys(value, path, |key, option| {
                let option = option.as_str().unwrap_or_default();
                match key {
                    "type" | "device" => option == "tmpfs",
                    // Alone, options are of whatever file system the engine takes the device for.
                    "o" => {
                        value["type"] == "tmpfs"
                            && value["device"] == "tmpfs"
                            && option.split(',').all(is_tmpfs)
                    }
                    _ => false,
                }
            }),
            Self::Paths => keys(value, path, |key, _| is_inside(key)),
            Self::Groups => each(value, path, |group| group != "keep-groups"),
            Self::Registry => fits(!address::is_private(text), path),
            Self::NoFetch => fits(text.is_empty() || text == "-", path),
            Self::NoPlugin => fits(
                if value.is_string() {
                    !text.eq_ignore_ascii_case("plugin")
                } else {
                    super::policy::says_nothing(value)
                },
                path,
            ),
        }
    }
}

fn fits(fits: bool, path: &str) -> Result<(), String> {
    if fits { Ok(()) } else { Err(path.to_owned()) }
}

/// Of a list, or of the one text that stands in its place.
fn each(value: &Value, path: &str, keeps: impl Fn(&str) -> bool) -> Result<(), String> {
    match texts(value).enumerate().find(|(_, text)| !keeps(text)) {
        Some((n, _)) => Err(if value.is_string() { path.to_owned() } else { nth(path, n) }),
        None => Ok(()),
    }
}

fn keys(value: &Value, path: &str, keeps: impl Fn(&str, &Value) -> bool) -> Result<(), String> {
    let mut all = value.as_object().into_iter().flatten();
    match all.find(|(key, value)| !keeps(key, value)) {
        Some((key, _)) => Err(within(path, key)),
        None => Ok(()),
    }
}

/// As engines have it: what is no such name is a path of the host.
fn is_volume_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    name.len() > 1
        && bytes.next().is_some_and(|first| first.is_ascii_alphanumeric())
        && bytes.all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
}

/// A path inside the container, which has no second meaning.
fn is_inside(path: &str) -> bool {
    path.starts_with('/') && !path.contains(':') && !path.contains(char::is_control)
}

fn is_volume(bind: &str) -> bool {
    let parts: Vec<&str> = bind.split(':').collect();
    let mode = |mode: &str| mode.split(',').all(|m| matches!(m, "" | "ro" | "rw" | "z" | "Z" | "nocopy"));
    match parts[..] {
        [inside] => is_inside(inside),
        [name, inside] => is_volume_name(name) && is_inside(inside),
        [name, inside, modes] => is_volume_name(name) && is_inside(inside) && mode(modes),
        _ => false,
    }
}

fn mounts(value: &Value, path: &str) -> Result<(), String> {
    for (n, mount) in value.as_array().into_iter().flatten().enumerate() {
        let at = nth(path, n);
        let source = mount["Source"].as_str().unwrap_or_default();
        fits(is_inside(mount["Target"].as_str().unwrap_or_default()), &within(&at, "Target"))?;
        let fit = match mount["Type"].as_str() {
            Some("volume") => source.is_empty() || is_volume_name(source),
            Some("tmpfs") => source.is_empty(),
            Some("image") => !source.is_empty(),
            _ => return Err(within(&at, "Type")),
        };
        fits(fit, &within(&at, "Source"))?;
    }
    Ok(())
}

/// A name, and none that stands for something of the host's: `container:x`, `ns:/proc/1/ns/net`.
fn is_network(name: &str) -> bool {
    name != "host" && !name.contains([':', '/']) && !name.contains(char::is_control)
}

/// Whether a label says whose something is, or how a stack made it: it means that one thing.
pub fn says_whose(label: &str) -> bool {
    OURS.iter().any(|ours| label.starts_with(ours))
}

fn may_label(all: &Value, key: &str) -> bool {
    if MADE_BY.contains(&key) || !says_whose(key) {
        return true;
    }
    // Whether the stack that it names may be joined is asked of the stack.
    let prefix = |label: &'static str| label.rsplit_once('.').map_or(label, |(prefix, _)| prefix);
    let named = |label| all[label].as_str().is_some_and(|stack| !stack.is_empty());
    STACKS.iter().any(|label| {
        let rest = key.strip_prefix(prefix(label));
        rest.is_some_and(|rest| rest.starts_with('.')) && named(*label)
    })
}

fn is_tmpfs(option: &str) -> bool {
    let (name, value) = option.split_once('=').unwrap_or((option, ""));
    TMPFS.contains(&name) && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'%')
}
