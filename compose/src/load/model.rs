//! Files merged into one tree: each is filled in, brought into canonical form, extended, and laid over the ones before.

use super::{Around, Loader};
use crate::{
    canon::{Canon, Path},
    interpolate, merge,
    place::Place,
    problem::{Finding, Problem},
    shape::{FILE, Kind},
    tree::{Entry, Mark, Node},
};

impl Loader<'_> {
    /// The merged tree of files, by their absolute paths, with what they include.
    pub(super) fn model(&mut self, files: &[String], around: &Around<'_>, at: &Place) -> Option<Node> {
        let mut merged: Option<Node> = None;
        for path in files {
            let documents = self.documents(path, at)?;
            if documents.iter().all(Node::is_null) {
                let start = Place::start(&self.shown(path));
                self.findings.add(Finding::new(Problem::Empty, start));
            }
            for document in documents.into_iter().filter(|document| !document.is_null()) {
                let Some(document) = self.document(document, path, around) else { continue };
                merged = Some(match merged {
                    Some(base) => merge::files(base, document, FILE),
                    None => document,
                });
            }
        }
        let mut merged = merged?;
        merge::settle(&mut merged);
        contexts(&mut merged, around.folder);
        self.include(&mut merged, around);
        Some(merged)
    }

    fn document(&mut self, mut document: Node, path: &str, around: &Around<'_>) -> Option<Node> {
        // A whole file cannot be reset; as a map it is one like any other.
        document.mark = Mark::Merge;
        interpolate::asked(&document, &mut self.asked);
        interpolate::fill_tree(&mut document, around.variables, &mut self.findings, &mut self.room);
        if let Some(version) = document.as_map_mut().and_then(|map| map.shift_remove("version")) {
            self.findings.say(Problem::VersionObsolete, &version.at, "version");
        }
        if let Some((service, at)) = at_top(&document) {
            self.findings.say(Problem::ServicesAtTop { service }, &at, "");
            return None;
        }
        let mut canon = Canon { findings: &mut self.findings, root: &self.root, folder: around.folder };
        let mut document = canon.node(document, Kind::Object(FILE), &mut Path::default())?;
        self.extend(&mut document, path, around);
        Some(document)
    }
}

/// A build without a context is of the project's folder. Not said before all files are merged: one that says only
/// something else of a build leaves the context of the files before it.
fn contexts(merged: &mut Node, folder: &str) {
    let services = merged.as_map_mut().and_then(|map| map.get_mut("services")?.node.as_map_mut());
    for service in services.into_iter().flat_map(|map| map.values_mut()) {
        let build = service.node.as_map_mut().and_then(|map| map.get_mut("build"));
        let Some(Entry { at, node }) = build else { continue };
        if let Some(build) = node.as_map_mut() {
            let context = || Entry { at: at.clone(), node: Node::text(folder, at) };
            build.entry("context".to_owned()).or_insert_with(context);
        }
    }
}

/// The first service of a file that has its services at the top, as files of version 1 had them.
fn at_top(document: &Node) -> Option<(String, Place)> {
    let map = document.as_map().filter(|map| !map.contains_key("services"))?;
    let mut services = map.iter().filter(|(key, entry)| {
        let service = entry.node.get("image").or_else(|| entry.node.get("build")).is_some();
        service && !key.starts_with("x-") && FILE.iter().all(|field| field.name != key.as_str())
    });
    services.next().map(|(key, entry)| (key.clone(), entry.at.clone()))
}
