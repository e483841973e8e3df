//! Volumes, devices, and the grants of secrets and configs, written out.

use super::{Canon, Path};
use crate::{
    paths,
    place::Place,
    problem::{Problem, Wanted},
    shape::Reach,
    tree::{Entry, Node, Value},
};

const PROPAGATIONS: &[&str] = &["private", "rprivate", "shared", "rshared", "slave", "rslave"];

impl Canon<'_> {
    pub(super) fn volume(&mut self, node: Node, path: &mut Path) -> Option<Node> {
        let node = match &node.value {
            Value::Map(_) => node,
            Value::Scalar(scalar) if !node.is_null() => {
                let text = scalar.text.clone();
                self.short_volume(&text, &node.at, path)?
            }
            _ => return self.wrong(&node, Wanted::TextOrMap, path),
        };
        self.long_volume(node, path)
    }

    fn short_volume(&mut self, text: &str, at: &Place, path: &Path) -> Option<Node> {
        if let Some(part) = windows_part(text) {
            return self.say(Problem::WindowsPath { path: part.to_owned() }, at, path);
        }
        let bad = || Problem::BadVolume { value: text.to_owned() };
        let parts: Vec<&str> = text.split(':').collect();
        if parts.iter().any(|part| part.is_empty()) {
            return self.say(bad(), at, path);
        }
        let (source, target, access) = match parts[..] {
            [target] => ("", target, ""),
            [source, target] => (source, target, ""),
            [source, target, access] => (source, target, access),
            _ => return self.say(bad(), at, path),
        };
        let bind = source.starts_with(['.', '/', '~']);
        let mut node = Node::map(at, [("type", Node::text(if bind { "bind" } else { "volume" }, at))]);
        let mut options = Node::map(at, []);
        let put = |node: &mut Node, key: &str, value: Node| {
            if let Some(map) = node.as_map_mut() {
                map.insert(key.to_owned(), Entry { at: at.clone(), node: value });
            }
        };
        if !source.is_empty() {
            put(&mut node, "source", Node::text(source, at));
        }
        put(&mut node, "target", Node::text(target, at));
        for option in access.split(',').filter(|option| !option.is_empty()) {
            match option {
                "rw" => {}
                "ro" => put(&mut node, "read_only", Node::plain("true", at)),
                "nocopy" if !bind => put(&mut options, "nocopy", Node::plain("true", at)),
                "z" | "Z" if bind => put(&mut options, "selinux", Node::text(option, at)),
                "z" | "Z" | "copy" => {}
                "cached" | "delegated" | "consistent" => {
                    put(&mut node, "consistency", Node::text(option, at))
                }
                _ if bind && PROPAGATIONS.contains(&option) => {
                    put(&mut options, "propagation", Node::text(option, at));
                }
                _ => return self.say(bad(), at, path),
            }
        }
        put(&mut node, if bind { "bind" } else { "volume" }, options);
        Some(node)
    }

    fn long_volume(&mut self, node: Node, path: &Path) -> Option<Node> {
        let at = node.at.clone();
        let mut node = node;
        let text = |key: &str| node.get(key).and_then(Node::as_text).unwrap_or_default().to_owned();
        let (kind, source, target) = (text("type"), text("source"), text("target"));
        let place = |key: &str| node.get(key).map_or_else(|| at.clone(), |node| node.at.clone());
        for (key, value) in [("type", &kind), ("target", &target)] {
            if value.is_empty() {
                return self.say(Problem::MissingKey { key }, &at, path);
            }
        }
        if paths::is_windows(&target) {
            return self.say(Problem::WindowsPath { path: target }, &place("target"), path);
        }
        if !target.starts_with('/') {
            return self.say(Problem::TargetNotAbsolute { path: target }, &place("target"), path);
        }
        if source.is_empty() && matches!(kind.as_str(), "bind" | "image") {
            return self.say(Problem::MissingKey { key: "source" }, &at, path);
        }
        let source = match kind.as_str() {
            "bind" => Some(self.path(&source, Reach::Host, &place("source"), path)?),
            _ => None,
        };
        let target = Node::text(paths::clean(&target), &place("target"));
        let map = node.as_map_mut()?;
        map.insert("target".to_owned(), Entry { at: target.at.clone(), node: target });
        if let Some(source) = source {
            map.insert("source".to_owned(), Entry { at: source.at.clone(), node: source });
            let options = Entry { at: at.clone(), node: Node::map(&at, []) };
            let options = &mut map.entry("bind".to_owned()).or_insert(options).node;
            let create = Entry { at: at.clone(), node: Node::plain("true", &at) };
            options.as_map_mut()?.entry("create_host_path".to_owned()).or_insert(create);
        }
        Some(node)
    }

    pub(super) fn grant(&mut self, node: Node, path: &Path) -> Option<Node> {
        let node = self.one_key(node, "source", path)?;
        match node.get("source") {
            Some(_) => Some(node),
            None => self.say(Problem::MissingKey { key: "source" }, &node.at, path),
        }
    }

    pub(super) fn device(&mut self, node: Node, path: &Path) -> Option<Node> {
        let mut node = node;
        if let Some(text) = node.as_text().map(str::to_owned) {
            let at = node.at.clone();
            let parts: Vec<&str> = text.split(':').collect();
            // A name of the container device interface, `vendor/class=name`, has no path in the container.
            let qualified = !text.starts_with('/') && text.contains('=');
            let (source, target, permissions) = match parts[..] {
                _ if qualified => (text.as_str(), text.as_str(), "rwm"),
                [source] => (source, source, "rwm"),
                [source, target] => (source, target, "rwm"),
                [source, target, permissions] => (source, target, permissions),
                _ => return self.say(Problem::BadVolume { value: text }, &at, path),
            };
            let fields = [("source", source), ("target", target), ("permissions", permissions)];
            return Some(Node::map(&at, fields.map(|(key, value)| (key, Node::text(value, &at)))));
        }
        let at = node.at.clone();
        let Some(source) = node.get("source").cloned() else {
            return self.say(Problem::MissingKey { key: "source" }, &at, path);
        };
        let map = node.as_map_mut()?;
        map.entry("target".to_owned()).or_insert(Entry { at: at.clone(), node: source });
        let all = Entry { at: at.clone(), node: Node::text("rwm", &at) };
        map.entry("permissions".to_owned()).or_insert(all);
        Some(node)
    }
}

/// The path of Windows that a short form begins with, or has after its first colon.
fn windows_part(text: &str) -> Option<&str> {
    if paths::is_windows(text) {
        return Some(text);
    }
    text.split_once(':').map(|(_, rest)| rest).filter(|rest| paths::is_windows(rest))
}
