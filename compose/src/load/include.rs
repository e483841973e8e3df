//! Other projects that a project includes, each with its own folder and its own variables.

use std::collections::BTreeMap;

use super::{Around, Loader};
use crate::{
    dotenv::{self, Format},
    paths,
    place::Place,
    problem::{Finding, Problem, Thing},
    tree::{Entry, Map, Node, Value},
};

const THINGS: [Thing; 6] =
    [Thing::Service, Thing::Network, Thing::Volume, Thing::Secret, Thing::Config, Thing::Model];

impl Loader<'_> {
    /// Adds what a merged tree includes.
    pub(super) fn include(&mut self, merged: &mut Node, around: &Around<'_>) {
        let include = merged.as_map_mut().and_then(|map| map.shift_remove("include"));
        let Some(Value::List(list)) = include.map(|entry| entry.node.value) else { return };
        for item in list {
            let at = item.at.clone();
            if let Some(included) = self.included(&item, around) {
                self.import(merged, included, &at);
            }
        }
    }

    fn included(&mut self, item: &Node, around: &Around<'_>) -> Option<Node> {
        let texts = |key: &str| -> Vec<String> {
            let list = item.get(key).and_then(Node::as_list).unwrap_or_default();
            list.iter().filter_map(Node::as_text).map(str::to_owned).collect()
        };
        let files = texts("path");
        let Some(first) = files.first() else {
            self.findings.say(Problem::MissingKey { key: "path" }, &item.at, "include");
            return None;
        };
        let mut chain = around.chain.to_vec();
        let cycle = chain.contains(first);
        chain.push(first.clone());
        if cycle {
            let chain = chain.iter().map(|file| self.shown(file)).collect();
            self.findings.say(Problem::IncludeCycle { chain }, &item.at, "include");
            return None;
        }
        let folder =
            item.get("project_directory").and_then(Node::as_text).unwrap_or(paths::folder(first)).to_owned();
        let env_files = item.get("env_file").map(|_| texts("env_file"));
        let variables = self.variables(&folder, env_files.as_deref(), around.variables, &item.at);
        let around = Around { folder: &folder, variables: &variables, chain: &chain };
        self.model(&files, &around, &item.at)
    }

    /// Variables, with what env files add to them. Of several files the last counts.
    pub(super) fn variables(
        &mut self,
        folder: &str,
        env_files: Option<&[String]>,
        around: &BTreeMap<String, String>,
        at: &Place,
    ) -> BTreeMap<String, String> {
        let mut more = BTreeMap::new();
        let default = [".env".to_owned()];
        for file in env_files.unwrap_or(&default) {
            let path = paths::join(folder, file);
            let text = if env_files.is_some() { self.text(&path, at) } else { self.optional(&path, at) };
            if let Some(text) = text {
                let shown = self.shown(&path);
                more.extend(dotenv::read(
                    &shown,
                    &text,
                    Format::Compose,
                    around,
                    &mut self.findings,
                    &mut self.room,
                ));
            }
        }
        // Each of those that are included has its own.
        if self.room_for(around.values().map(String::len).sum(), at).is_some() {
            more.extend(around.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        more
    }

    /// Adds the things of an included tree. What both define has to be the same.
    fn import(&mut self, merged: &mut Node, included: Node, at: &Place) {
        let (Value::Map(mut included), Some(merged)) = (included.value, merged.as_map_mut()) else { return };
        for thing in THINGS {
            let Some(Entry { at: key_at, node }) = included.shift_remove(thing.key()) else { continue };
            let Value::Map(things) = node.value else { continue };
            let empty = Entry { at: key_at, node: Node::new(Value::Map(Map::new()), at.clone()) };
            let Some(into) = merged.entry(thing.key().to_owned()).or_insert(empty).node.as_map_mut() else {
                continue;
            };
            for (name, entry) in things {
                match into.get(&name) {
                    Some(known) if !known.node.same(&entry.node) => {
                        let path = format!("{}.{name}", thing.key());
                        let problem = Problem::IncludeConflict { thing, name, other: known.at.clone() };
                        self.findings.add(Finding { problem, at: entry.at, path });
                    }
                    Some(_) => {}
                    None => {
                        into.insert(name, entry);
                    }
                }
            }
        }
    }
}
