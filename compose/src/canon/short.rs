//! The short forms of most keys, written out.

use super::{Canon, Path, words};
use crate::{
    problem::{Problem, Wanted},
    shape::CONDITIONS,
    tree::{Entry, Map, Mark, Node, Value},
};

impl Canon<'_> {
    pub(super) fn command(&mut self, node: Node, path: &Path) -> Option<Node> {
        match &node.value {
            Value::List(_) => Some(node),
            Value::Map(_) => self.wrong(&node, Wanted::TextOrList, path),
            Value::Scalar(scalar) => match words::split(&scalar.text) {
                Some(words) => {
                    let words = words.into_iter().map(|word| Node::text(word, &node.at)).collect();
                    Some(Node::new(Value::List(words), node.at))
                }
                None => self.say(Problem::BadCommand { value: scalar.text.clone() }, &node.at, path),
            },
        }
    }

    pub(super) fn health_test(&mut self, node: Node, path: &Path) -> Option<Node> {
        match &node.value {
            Value::List(_) => Some(node),
            Value::Map(_) => self.wrong(&node, Wanted::TextOrList, path),
            Value::Scalar(scalar) => {
                let list = vec![Node::text("CMD-SHELL", &node.at), Node::text(&*scalar.text, &node.at)];
                Some(Node::new(Value::List(list), node.at))
            }
        }
    }

    pub(super) fn texts(&mut self, node: Node, path: &Path) -> Option<Node> {
        match &node.value {
            Value::List(_) => Some(node),
            Value::Scalar(_) if !node.is_null() => {
                let at = node.at.clone();
                Some(Node::new(Value::List(vec![node]), at))
            }
            _ => self.wrong(&node, Wanted::TextOrList, path),
        }
    }

    /// The items of a list of texts, with what is none reported.
    fn items(&mut self, list: Vec<Node>, path: &mut Path) -> Vec<(String, Node)> {
        let items = list.into_iter().enumerate().filter_map(|(n, item)| {
            path.within(&n.to_string(), |path| match &item.value {
                _ if item.mark == Mark::Reset => None,
                Value::Scalar(scalar) if !item.is_null() => Some((scalar.text.clone(), item)),
                _ => self.wrong(&item, Wanted::Text, path),
            })
        });
        items.collect()
    }

    pub(super) fn pairs(&mut self, node: Node, full: bool, path: &mut Path) -> Option<Node> {
        let list = match node.value {
            Value::Map(_) => return Some(node),
            Value::List(list) => list,
            Value::Scalar(_) => return self.wrong(&node, Wanted::Pairs, path),
        };
        let mut map = Map::new();
        for (text, item) in self.items(list, path) {
            let (name, value) = match text.split_once('=') {
                Some((name, value)) => (name, Node::text(value, &item.at)),
                None if full => (text.as_str(), Node::text("", &item.at)),
                None => (text.as_str(), Node::null(&item.at)),
            };
            if name.ends_with(char::is_whitespace) {
                self.say::<()>(Problem::SpaceInName { name: name.to_owned() }, &item.at, path);
            }
            map.insert(name.to_owned(), Entry { at: item.at, node: value });
        }
        Some(Node::new(Value::Map(map), node.at))
    }

    pub(super) fn names(&mut self, node: Node, path: &mut Path) -> Option<Node> {
        match node.value {
            Value::Map(_) => Some(node),
            Value::List(list) => {
                let names = self.items(list, path).into_iter();
                let map = names.map(|(name, item)| (name, Entry { node: Node::null(&item.at), at: item.at }));
                Some(Node::new(Value::Map(map.collect()), node.at))
            }
            Value::Scalar(_) => self.wrong(&node, Wanted::ListOrMap, path),
        }
    }

    pub(super) fn depends_on(&mut self, node: Node, path: &mut Path) -> Option<Node> {
        let map = match node.value {
            Value::List(list) => {
                let names = self.items(list, path).into_iter();
                let map = names.map(|(name, item)| {
                    let at = &item.at;
                    let started =
                        [("condition", Node::text(CONDITIONS[0], at)), ("required", Node::plain("true", at))];
                    (name, Entry { node: Node::map(&item.at, started), at: item.at })
                });
                map.collect()
            }
            Value::Map(map) => map,
            Value::Scalar(_) => return self.wrong(&node, Wanted::ListOrMap, path),
        };
        Some(Node::new(Value::Map(map), node.at))
    }

    /// A text as the one key that it stands for.
    pub(super) fn one_key(&mut self, node: Node, key: &str, path: &Path) -> Option<Node> {
        match &node.value {
            Value::Map(_) => Some(node),
            Value::Scalar(_) if !node.is_null() => {
                let at = node.at.clone();
                Some(Node::map(&at, [(key, node)]))
            }
            _ => self.wrong(&node, Wanted::TextOrMap, path),
        }
    }

    pub(super) fn env_files(&mut self, node: Node, path: &mut Path) -> Option<Node> {
        let node = self.texts(node, path)?;
        let Value::List(list) = node.value else { return None };
        let files = list.into_iter().enumerate().filter_map(|(n, item)| {
            path.within(&n.to_string(), |path| {
                let mut file = self.one_key(item, "path", path)?;
                let at = file.at.clone();
                if file.get("path").is_none() {
                    return self.say(Problem::MissingKey { key: "path" }, &at, path);
                }
                let required = Entry { at: at.clone(), node: Node::plain("true", &at) };
                file.as_map_mut()?.entry("required".to_owned()).or_insert(required);
                Some(file)
            })
        });
        let files = files.collect();
        Some(Node::new(Value::List(files), node.at))
    }

    pub(super) fn gpus(&mut self, node: Node, path: &Path) -> Option<Node> {
        match node.as_text() {
            Some("all") => {
                let all = Node::map(&node.at, [("count", Node::plain("-1", &node.at))]);
                Some(Node::new(Value::List(vec![all]), node.at))
            }
            Some(value) => {
                let problem = Problem::NotAChoice {
                    value: value.to_owned(),
                    choices: vec!["all"],
                    near: self.findings.near(value, ["all"]),
                };
                self.say(problem, &node.at, path)
            }
            None => Some(node),
        }
    }

    pub(super) fn ulimit(&mut self, node: Node, path: &Path) -> Option<Node> {
        if let Some(map) = node.as_map() {
            let missing = ["soft", "hard"].into_iter().find(|&key| !map.contains_key(key));
            return match missing {
                Some(key) => self.say(Problem::MissingKey { key }, &node.at, path),
                None => Some(node),
            };
        }
        let (soft, hard) = (node.clone(), node.clone());
        Some(Node::map(&node.at, [("soft", soft), ("hard", hard)]))
    }

    pub(super) fn hosts(&mut self, node: Node, path: &mut Path) -> Option<Node> {
        let mut map = Map::new();
        let at = node.at.clone();
        let mut add = |host: &str, address: &str, item: &Node| {
            let address =
                address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(address);
            let list = Node::new(Value::List(Vec::new()), item.at.clone());
            let entry = map.entry(host.to_owned()).or_insert(Entry { at: item.at.clone(), node: list });
            if let Value::List(list) = &mut entry.node.value {
                list.push(Node::text(address, &item.at));
            }
        };
        match node.value {
            Value::List(list) => {
                for (text, item) in self.items(list, path) {
                    match text.split_once('=').or_else(|| text.split_once(':')) {
                        Some((host, addresses)) if !host.is_empty() && !addresses.is_empty() => {
                            addresses.split(',').for_each(|address| add(host, address, &item));
                        }
                        _ => self
                            .say::<()>(Problem::BadHost { value: text }, &item.at, path)
                            .unwrap_or_default(),
                    }
                }
            }
            Value::Map(hosts) => {
                for (host, Entry { node, .. }) in hosts {
                    match &node.value {
                        _ if host.is_empty() || host.contains([':', '=']) => {
                            self.say::<()>(Problem::BadHost { value: host }, &node.at, path);
                        }
                        Value::Scalar(scalar) => add(&host, &scalar.text, &node),
                        Value::List(list) => {
                            list.iter()
                                .filter_map(Node::as_text)
                                .for_each(|address| add(&host, address, &node));
                        }
                        Value::Map(_) => {
                            self.wrong::<()>(&node, Wanted::TextOrList, path);
                        }
                    }
                }
            }
            Value::Scalar(_) => return self.wrong(&node, Wanted::ListOrMap, path),
        }
        Some(Node::new(Value::Map(map), at))
    }

    /// A network, volume, secret or config: nothing is one with defaults, and `external` may hold a name.
    pub(super) fn resource(&mut self, node: Node, path: &Path) -> Option<Node> {
        if node.is_null() {
            return Some(Node::map(&node.at, []));
        }
        let mut node = node;
        let Some(map) = node.as_map_mut() else { return self.wrong(&node, Wanted::Map, path) };
        let Some(external) = map.get_mut("external").filter(|external| external.node.as_map().is_some())
        else {
            return Some(node);
        };
        let at = external.at.clone();
        let inner = std::mem::replace(&mut external.node, Node::plain("true", &at));
        self.say::<()>(Problem::ExternalName, &at, path);
        if let Some(name) = inner.as_map().and_then(|map| map.get("name")).cloned() {
            match map.get("name") {
                Some(other) if !other.node.same(&name.node) => {
                    let problem = Problem::Differ { one: "name", other: "external.name" };
                    self.say::<()>(problem, &other.at, path);
                }
                _ => {
                    map.insert("name".to_owned(), name);
                }
            }
        }
        Some(node)
    }
}
