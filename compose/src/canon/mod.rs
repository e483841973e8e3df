//! A file's tree in canonical form: every short form written out, every value of the kind that its place asks for, every
//! path absolute. What cannot be is found here, with its place.

mod mounts;
mod ports;
mod short;
pub mod words;

use crate::{
    paths,
    place::Place,
    problem::{Findings, Found, Problem, Wanted},
    scalar::{self, Meaning},
    shape::{Field, Kind, Reach, Short},
    tree::{Entry, Map, Mark, Node, Scalar, Value},
    units::{Size, Span},
};

/// Where paths of a file lead, and what was found in it.
pub struct Canon<'a> {
    /// What was found.
    pub findings: &'a mut Findings,
    /// The stack's folder on the host.
    pub root: &'a str,
    /// The folder that relative paths of this file are read from.
    pub folder: &'a str,
}

impl Canon<'_> {
    /// A value in its canonical form; nothing, if it has none.
    pub fn node(&mut self, node: Node, kind: Kind, path: &mut Path) -> Option<Node> {
        if node.mark == Mark::Reset {
            return Some(node);
        }
        let mark = node.mark;
        let node = match kind {
            Kind::Any => Some(node),
            Kind::Maybe(_) if node.is_null() => Some(Node::null(&node.at)),
            Kind::Maybe(kind) => self.node(node, *kind, path),
            Kind::Short(short, kind) => {
                let errors = self.findings.errors();
                let node = self.long(short, node, path)?;
                let node = self.node(node, *kind, path);
                // Without one of its keys it would mean another service or file.
                let whole = matches!(short, Short::Extends | Short::Include);
                if whole && self.findings.errors() > errors { None } else { node }
            }
            Kind::List(kind) => self.list(node, *kind, path),
            Kind::Map(kind) => self.map(node, *kind, false, path),
            Kind::Named(kind) => self.map(node, *kind, true, path),
            Kind::Object(fields) => self.object(node, fields, path),
            _ => self.scalar(node, kind, path),
        }?;
        Some(node.marked(mark))
    }

    /// Says what is wrong, and that nothing can be made of it.
    fn say<T>(&mut self, problem: Problem, at: &Place, path: &Path) -> Option<T> {
        self.findings.say(problem, at, &path.text());
        None
    }

    fn wrong<T>(&mut self, node: &Node, wanted: Wanted, path: &Path) -> Option<T> {
        self.say(Problem::WrongKind { wanted, found: found(node) }, &node.at, path)
    }

    fn list(&mut self, node: Node, kind: Kind, path: &mut Path) -> Option<Node> {
        let Value::List(list) = node.value else { return self.wrong(&node, Wanted::List, path) };
        let list = list.into_iter().enumerate().filter(|(_, item)| item.mark != Mark::Reset);
        let list =
            list.filter_map(|(n, item)| path.within(&n.to_string(), |path| self.node(item, kind, path)));
        let list = list.collect();
        Some(Node::new(Value::List(list), node.at))
    }

    fn map(&mut self, node: Node, kind: Kind, named: bool, path: &mut Path) -> Option<Node> {
        let Value::Map(map) = node.value else { return self.wrong(&node, Wanted::Map, path) };
        let mut out = Map::with_capacity(map.len());
        for (key, Entry { at, node }) in map {
            path.within(&key, |path| {
                if named && !is_name(&key) {
                    self.say::<()>(Problem::BadName { name: key.clone() }, &at, path);
                }
                if let Some(node) = self.node(node, kind, path) {
                    out.insert(key.clone(), Entry { at, node });
                }
            });
        }
        Some(Node::new(Value::Map(out), node.at))
    }

    fn object(&mut self, node: Node, fields: &'static [Field], path: &mut Path) -> Option<Node> {
        let Value::Map(map) = node.value else { return self.wrong(&node, Wanted::Map, path) };
        let mut out = Map::with_capacity(map.len());
        for (key, Entry { at, node }) in map {
            let kind = match fields.iter().find(|field| field.name == key) {
                Some(field) => field.kind,
                None if key.starts_with("x-") => Kind::Any,
                None => {
                    let near = self.findings.near(&key, fields.iter().map(|field| field.name));
                    self.say::<()>(Problem::UnknownKey { key, near }, &at, path);
                    continue;
                }
            };
            if let Some(node) = path.within(&key, |path| self.node(node, kind, path)) {
                out.insert(key, Entry { at, node });
            }
        }
        Some(Node::new(Value::Map(out), node.at))
    }

    fn scalar(&mut self, node: Node, kind: Kind, path: &Path) -> Option<Node> {
        let wanted = match kind {
            Kind::Flag => Wanted::Flag,
            Kind::Whole { .. } | Kind::Mode | Kind::CountOrAll => Wanted::Whole,
            Kind::Number => Wanted::Number,
            Kind::Loose => Wanted::Scalar,
            _ => Wanted::Text,
        };
        let Value::Scalar(scalar) = &node.value else { return self.wrong(&node, wanted, path) };
        let text = scalar.text.trim();
        let at = &node.at;
        let made = match kind {
            Kind::Text | Kind::Choice(_) | Kind::Path(_) => return self.text(node, kind, path),
            Kind::Loose => return self.loose(node, path),
            Kind::Flag => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" | "1" | "t" | "y" => Some("true".to_owned()),
                "false" | "no" | "off" | "0" | "f" | "n" => Some("false".to_owned()),
                _ => None,
            },
            Kind::Whole { least, most } => match scalar::whole(text) {
                Some(value) if value < least || value > most => {
                    return self.say(Problem::OutOfRange { value: text.to_owned(), least, most }, at, path);
                }
                Some(value) => Some(value.to_string()),
                None => None,
            },
            Kind::CountOrAll if text == "all" => Some("-1".to_owned()),
            Kind::CountOrAll => scalar::whole(text).map(|count| count.to_string()),
            Kind::Mode => mode(text, scalar.plain).map(|mode| mode.to_string()),
            Kind::Number => scalar::number(text).filter(|number| number.is_finite()).map(scalar::number_text),
            Kind::Size => match size(text) {
                Some(size) => Some(size.to_string()),
                None => return self.say(Problem::BadSize { value: text.to_owned() }, at, path),
            },
            Kind::Span => match Span::read(text) {
                Some(span) => return Some(Node::text(span.to_string(), at)),
                None => return self.say(Problem::BadSpan { value: text.to_owned() }, at, path),
            },
            Kind::Micros => {
                match scalar::whole(text).or_else(|| Span::read(text).map(|span| span.0 / 1000)) {
                    Some(micros) => Some(micros.to_string()),
                    None => return self.say(Problem::BadSpan { value: text.to_owned() }, at, path),
                }
            }
            _ => None,
        };
        match made {
            Some(text) => Some(Node::plain(text, at)),
            None => self.wrong(&node, wanted, path),
        }
    }

    /// A text: what reads as a number has to be in quotes, for `1.10` would not stay what it is.
    fn text(&mut self, node: Node, kind: Kind, path: &Path) -> Option<Node> {
        let Value::Scalar(Scalar { text, plain }) = &node.value else { return None };
        if *plain && !matches!(scalar::read(text), Meaning::Text(_)) {
            return self.wrong(&node, Wanted::Text, path);
        }
        match kind {
            Kind::Choice(choices) if !choices.contains(&text.as_str()) => {
                let near = self.findings.near(text, choices.iter().copied());
                let problem = Problem::NotAChoice { value: text.clone(), choices: choices.to_vec(), near };
                self.say(problem, &node.at, path)
            }
            Kind::Path(reach) => self.path(text, reach, &node.at, path),
            _ => Some(Node::text(text.clone(), &node.at)),
        }
    }

    fn loose(&mut self, node: Node, path: &Path) -> Option<Node> {
        let Value::Scalar(Scalar { text, plain }) = &node.value else { return None };
        if !plain {
            return Some(node);
        }
        let meaning = scalar::read(text);
        let read = meaning.text();
        if matches!(meaning, Meaning::Null) {
            return Some(Node::text("", &node.at));
        }
        if read != *text && matches!(meaning, Meaning::Whole(_) | Meaning::Number(_)) {
            let problem = Problem::NumberRewritten { written: text.clone(), read: read.clone() };
            self.say::<()>(problem, &node.at, path);
        }
        Some(Node::text(read, &node.at))
    }

    /// A path of the host, absolute.
    fn path(&mut self, text: &str, reach: Reach, at: &Place, path: &Path) -> Option<Node> {
        if reach == Reach::Context && paths::is_elsewhere(text) {
            return Some(Node::text(text, at));
        }
        if paths::is_windows(text) {
            return self.say(Problem::WindowsPath { path: text.to_owned() }, at, path);
        }
        if text == "~" || text.starts_with("~/") {
            return self.say(Problem::HomePath { path: text.to_owned() }, at, path);
        }
        let whole = paths::join(self.folder, text);
        if reach != Reach::Host && paths::below(self.root, &whole).is_none() {
            return self.say(Problem::FileOutside { file: text.to_owned() }, at, path);
        }
        Some(Node::text(whole, at))
    }

    fn long(&mut self, short: Short, node: Node, path: &mut Path) -> Option<Node> {
        match short {
            Short::Command => self.command(node, path),
            Short::HealthTest => self.health_test(node, path),
            Short::List => self.texts(node, path),
            Short::Pairs => self.pairs(node, false, path),
            Short::FullPairs => self.pairs(node, true, path),
            Short::Names => self.names(node, path),
            Short::DependsOn => self.depends_on(node, path),
            Short::Build => self.one_key(node, "context", path),
            Short::EnvFiles => self.env_files(node, path),
            Short::Ports => self.ports(node, path),
            Short::Volume => self.volume(node, path),
            Short::Grant => self.grant(node, path),
            Short::Device => self.device(node, path),
            Short::Gpus => self.gpus(node, path),
            Short::Ulimit => self.ulimit(node, path),
            Short::Hosts => self.hosts(node, path),
            Short::Extends => self.one_key(node, "service", path),
            Short::Include => self.one_key(node, "path", path),
            Short::Resource => self.resource(node, path),
        }
    }
}

/// What a value is, in the words of a message.
pub(crate) fn found(node: &Node) -> Found {
    match &node.value {
        Value::List(_) => Found::List,
        Value::Map(_) => Found::Map,
        Value::Scalar(scalar) if !scalar.plain => Found::Text,
        Value::Scalar(scalar) => match scalar::read(&scalar.text) {
            Meaning::Null => Found::Null,
            Meaning::Flag(_) => Found::Flag,
            Meaning::Whole(_) | Meaning::Number(_) => Found::Number,
            Meaning::Text(_) => Found::Text,
        },
    }
}

/// Permissions: a number as YAML reads it, or the octal digits of a text.
fn mode(text: &str, plain: bool) -> Option<i64> {
    let mode = if plain {
        scalar::whole(text)?
    } else {
        i64::from_str_radix(text.trim_start_matches("0o"), 8).ok()?
    };
    (0..=0o7777).contains(&mode).then_some(mode)
}

fn size(text: &str) -> Option<i64> {
    scalar::whole(text).or_else(|| Size::read(text).map(|size| size.0))
}

/// Whether a service, network, volume, … can be called so.
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

/// The keys that lead to a value.
#[derive(Debug, Default)]
pub struct Path(Vec<String>);

impl Path {
    /// Beneath these.
    pub fn of(keys: &[&str]) -> Self {
        Self(keys.iter().map(|&key| key.to_owned()).collect())
    }

    /// Does something one key deeper.
    pub fn within<T>(&mut self, key: &str, act: impl FnOnce(&mut Self) -> T) -> T {
        self.0.push(key.to_owned());
        let made = act(self);
        self.0.pop();
        made
    }

    /// `services.web.ports.0`.
    pub fn text(&self) -> String {
        self.0.join(".")
    }
}
