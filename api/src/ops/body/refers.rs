//! What a body names besides its target: volumes, networks, other containers. Each is a target too.

use serde_json::Value;

use super::{
    nth,
    shape::{Field, Shape, find},
    within,
};
use crate::ops::Permission;

/// What is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Thing {
    /// A container, by id or name.
    Container,
    /// A volume, by name; one that is not there is made by the way.
    Volume,
    /// A network, by id or name.
    Network,
    /// A secret, by id or name.
    Secret,
    /// A config, by id or name.
    Config,
    /// A stack, by name, that the new object says to belong to.
    Stack,
}

/// Something that a body names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    /// What it is.
    pub thing: Thing,
    /// As it was sent.
    pub name: String,
    /// What the caller must be allowed on it.
    pub permission: Permission,
    /// Where it stands.
    pub path: String,
}

/// How a field names something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refers {
    /// `VOLUME:/path[:mode]`, each.
    Binds,
    /// `Source`, of mounts of volumes.
    Mount,
    /// A network's name, or `container:NAME`.
    NetworkMode,
    /// Perhaps `container:NAME`.
    Namespace,
    /// `CONTAINER[:mode]`, each: all that is mounted there.
    VolumesFrom,
    /// `CONTAINER:alias`, each: engines copy its environment.
    Links,
    /// The keys are networks.
    NetworkKeys,
    /// A network.
    Network,
    /// A container.
    Container,
    /// A volume.
    Volume,
    /// A secret.
    Secret,
    /// A config.
    Config,
    /// Labels that name a stack.
    Labels,
}

/// Labels whose values are the stack that something belongs to.
pub(super) const STACKS: [&str; 2] = ["com.docker.compose.project", "com.docker.stack.namespace"];

/// Networks that every engine has, and modes that are no network.
pub(super) const NO_NETWORK: [&str; 5] = ["", "default", "bridge", "none", "host"];

impl Refers {
    fn each(self, value: &Value, path: &str, add: &mut impl FnMut(Thing, &str, Permission, String)) {
        use Permission::{Deploy, Exec};
        let text = value.as_str().unwrap_or_default();
        let mut plain = |thing, permission| {
            if !text.is_empty() {
                add(thing, text, permission, path.to_owned());
            }
        };
        match self {
            Self::Container => plain(Thing::Container, Deploy),
            Self::Volume => plain(Thing::Volume, Deploy),
            Self::Secret => plain(Thing::Secret, Deploy),
            Self::Config => plain(Thing::Config, Deploy),
            Self::Network if !NO_NETWORK.contains(&text) => plain(Thing::Network, Deploy),
            Self::Network => {}
            Self::Namespace | Self::NetworkMode => match text.strip_prefix("container:") {
                Some(other) => add(Thing::Container, other, Exec, path.to_owned()),
                None if self == Self::NetworkMode && !NO_NETWORK.contains(&text) => {
                    plain(Thing::Network, Deploy);
                }
                None => {}
            },
            Self::Binds | Self::VolumesFrom | Self::Links => {
                for (n, entry) in texts(value).enumerate() {
                    let first = entry.split(':').next().unwrap_or_default();
                    match self {
                        Self::Binds if first.starts_with('/') || !entry.contains(':') => {}
                        Self::Binds => add(Thing::Volume, first, Deploy, nth(path, n)),
                        _ => add(Thing::Container, first.trim_start_matches('/'), Exec, nth(path, n)),
                    }
                }
            }
            Self::Mount => {
                for (n, mount) in value.as_array().into_iter().flatten().enumerate() {
                    let source = mount["Source"].as_str().unwrap_or_default();
                    if matches!(mount["Type"].as_str(), Some("volume" | "cluster")) && !source.is_empty() {
                        add(Thing::Volume, source, Deploy, within(&nth(path, n), "Source"));
                    }
                }
            }
            Self::NetworkKeys => {
                for name in value.as_object().into_iter().flatten().map(|(name, _)| name) {
                    if !NO_NETWORK.contains(&name.as_str()) {
                        add(Thing::Network, name, Deploy, within(path, name));
                    }
                }
            }
            Self::Labels => {
                for label in STACKS {
                    if let Some(stack) = value[label].as_str() {
                        add(Thing::Stack, stack, Deploy, within(path, label));
                    }
                }
            }
        }
    }
}

/// The texts of a list, or the one that stands in its place.
pub(super) fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let alone = value.as_str().into_iter();
    alone.chain(value.as_array().into_iter().flatten().filter_map(Value::as_str))
}

/// All that a value names.
pub(super) fn all(value: &Value, shape: Shape) -> Vec<Reference> {
    let mut found = Vec::new();
    visit(value, shape, "", &mut |field, value, path| {
        if let Some(refers) = field.refers {
            refers.each(value, path, &mut |thing, name, permission, path| {
                found.push(Reference { thing, name: name.to_owned(), permission, path });
            });
        }
    });
    found
}

/// Shows every field of the table that is there, with its value and where it stands.
pub(super) fn visit(value: &Value, shape: Shape, path: &str, see: &mut impl FnMut(&Field, &Value, &str)) {
    match (shape, value) {
        (Shape::Object(groups), Value::Object(map)) => {
            for (key, value) in map {
                if let Some(field) = find(groups, key) {
                    let at = within(path, key);
                    see(field, value, &at);
                    visit(value, field.shape, &at, see);
                }
            }
        }
        (Shape::List(inner), Value::Array(all)) => {
            for (n, value) in all.iter().enumerate() {
                visit(value, *inner, &nth(path, n), see);
            }
        }
        (Shape::Map(inner), Value::Object(map)) => {
            for (key, value) in map {
                visit(value, *inner, &within(path, key), see);
            }
        }
        _ => {}
    }
}
