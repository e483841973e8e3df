//! Services that extend others, of the same file or of another.

use std::collections::HashMap;

use super::{Around, Loader};
use crate::{
    canon::{Canon, Path},
    interpolate, merge, paths,
    place::Place,
    problem::Problem,
    shape::{Kind, SERVICE},
    tree::{Mark, Node},
};

/// A service by the file that it stands in.
type Key = (String, String);

/// What is being extended.
struct Extension<'a> {
    /// The file whose services are read, and its services in canonical form.
    file: &'a str,
    services: &'a Node,
    /// Services of other files, as they are written.
    others: HashMap<String, Option<Node>>,
    /// What is done.
    done: HashMap<Key, Option<Node>>,
}

impl Loader<'_> {
    /// Writes out what the services of a file extend.
    pub(super) fn extend(&mut self, document: &mut Node, file: &str, around: &Around<'_>) {
        let extends = |node: &Node| node.get("extends").is_some_and(|node| node.mark != Mark::Reset);
        let Some(services) = document.get("services").cloned() else { return };
        let Some(map) = services.as_map() else { return };
        if !map.values().any(|entry| extends(&entry.node)) {
            return;
        }
        let mut extension =
            Extension { file, services: &services, others: HashMap::new(), done: HashMap::new() };
        let Some(out) = document.as_map_mut().and_then(|map| map.get_mut("services")?.node.as_map_mut())
        else {
            return;
        };
        for (name, entry) in out.iter_mut().filter(|(_, entry)| extends(&entry.node)) {
            let at = entry.at.clone();
            let key = (file.to_owned(), name.clone());
            if let Some(node) = self.extended(&key, &mut extension, &mut Vec::new(), around, &at) {
                entry.node = node;
            }
            if let Some(map) = entry.node.as_map_mut() {
                map.shift_remove("extends");
            }
        }
    }

    /// A service with all that it extends. `at` is what asks for it.
    fn extended(
        &mut self,
        key: &Key,
        extension: &mut Extension<'_>,
        chain: &mut Vec<Key>,
        around: &Around<'_>,
        at: &Place,
    ) -> Option<Node> {
        if let Some(known) = extension.done.get(key) {
            known.as_ref().map_or(Some(()), |known| self.spend(known, at))?;
            return known.clone();
        }
        if chain.contains(key) {
            let names = chain.iter().skip_while(|known| *known != key).chain([key]);
            let chain = names.map(|(file, name)| self.named(file, name, extension)).collect();
            self.findings.say(Problem::ExtendsCycle { chain }, at, &format!("services.{}.extends", key.1));
            return None;
        }
        let mut service = self.raw(key, extension, around, at)?;
        let Some(extends) = service.as_map_mut().and_then(|map| map.shift_remove("extends")) else {
            return Some(service);
        };
        if extends.node.mark == Mark::Reset {
            return Some(service);
        }
        let path = format!("services.{}.extends", key.1);
        let Some((base, base_at)) =
            extends.node.get("service").and_then(|node| Some((node.as_text()?, &node.at)))
        else {
            self.findings.say(Problem::MissingKey { key: "service" }, &extends.at, &path);
            return None;
        };
        let file = extends.node.get("file").and_then(Node::as_text).unwrap_or(&key.0).to_owned();
        self.open(&file, extension, extends.node.get("file").map_or(base_at, |node| &node.at))?;
        chain.push(key.clone());
        let base = self.extended(&(file, base.to_owned()), extension, chain, around, base_at);
        chain.pop();
        let base = base?;
        let merged = merge::files(base, service, SERVICE);
        self.spend(&merged, at)?;
        extension.done.insert(key.clone(), Some(merged.clone()));
        Some(merged)
    }

    /// Reads another file's services, once. Nothing, if it cannot be read, which was said then.
    fn open(&mut self, file: &str, extension: &mut Extension<'_>, at: &Place) -> Option<()> {
        if file == extension.file || extension.others.contains_key(file) {
            return Some(());
        }
        let first = self.documents(file, at)?.into_iter().next();
        extension.others.insert(file.to_owned(), first.and_then(|node| node.get("services").cloned()));
        Some(())
    }

    fn named(&self, file: &str, name: &str, extension: &Extension<'_>) -> String {
        if file == extension.file { name.to_owned() } else { format!("{name} ({})", self.shown(file)) }
    }

    /// A service as its own file says it.
    fn raw(
        &mut self,
        key: &Key,
        extension: &mut Extension<'_>,
        around: &Around<'_>,
        at: &Place,
    ) -> Option<Node> {
        let (file, name) = key;
        let own = file == extension.file;
        let services = if own { Some(extension.services) } else { extension.others.get(file)?.as_ref() };
        let Some(found) = services.and_then(|services| services.get(name)) else {
            let names =
                services.and_then(Node::as_map).into_iter().flat_map(|map| map.keys().map(String::as_str));
            let near = self.findings.near(name, names);
            let problem = Problem::ExtendsUnknown { service: name.clone(), file: self.shown(file), near };
            self.findings.say(problem, at, "");
            return None;
        };
        self.spend(found, at)?;
        let mut service = found.clone();
        if own {
            return Some(service);
        }
        interpolate::asked(&service, &mut self.asked);
        interpolate::fill_tree(&mut service, around.variables, &mut self.findings, &mut self.room);
        let folder = paths::folder(file).to_owned();
        let mut canon = Canon { findings: &mut self.findings, root: &self.root, folder: &folder };
        canon.node(service, Kind::Object(SERVICE), &mut Path::of(&["services", name]))
    }
}
