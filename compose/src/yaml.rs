//! From text to a tree. Bounded: nothing that a file says can make more of it than its limits allow.

use std::{collections::HashMap, sync::Arc};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};

use crate::{
    place::Place,
    problem::{Finding, Problem},
    tree::{Entry, Map, Mark, Node, Scalar, Value},
};

/// How much a file may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Values, each alias counted with all that it stands for.
    pub nodes: usize,
    /// Bytes of all words, each alias counted with all that it stands for.
    pub text: usize,
    /// How deep values may stand in one another.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 1 << 20, nodes: 100_000, text: 8 << 20, depth: 64 }
    }
}

/// The documents of a file.
///
/// # Errors
/// The text is no YAML, is beyond the limits, or has a key twice; the first such thing ends the reading, for what follows
/// cannot be told from its consequences.
pub fn read(file: &str, text: &str, limits: Limits) -> Result<Vec<Node>, Box<Finding>> {
    let mut reader = Reader::new(file, limits);
    if text.len() > limits.bytes {
        let problem = Problem::FileTooLarge { bytes: text.len(), limit: limits.bytes };
        return Err(Box::new(Finding::new(problem, Place::start(file))));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => reader.take(event, span)?,
            Err(error) => {
                let at = reader.place(*error.marker());
                return Err(Box::new(Finding::new(Problem::NotYaml { said: error.info().to_owned() }, at)));
            }
        }
    }
    Ok(reader.documents)
}

/// What an anchor stands for, and what each use of it costs.
struct Anchor {
    node: Node,
    nodes: usize,
    text: usize,
    depth: usize,
}

/// A list or a map whose end has not come yet.
struct Open {
    at: Place,
    mark: Mark,
    anchor: usize,
    filled: Filled,
    nodes: usize,
    text: usize,
    depth: usize,
}

enum Filled {
    List(Vec<Node>),
    Map { map: Map, key: Option<(String, Place, bool)>, merged: Vec<Node> },
}

struct Reader {
    file: Arc<str>,
    limits: Limits,
    nodes: usize,
    text: usize,
    anchors: HashMap<usize, Anchor>,
    open: Vec<Open>,
    documents: Vec<Node>,
}

type Fallible = Result<(), Box<Finding>>;

impl Reader {
    fn new(file: &str, limits: Limits) -> Self {
        Self {
            file: file.into(),
            limits,
            nodes: 0,
            text: 0,
            anchors: HashMap::new(),
            open: Vec::new(),
            documents: Vec::new(),
        }
    }

    fn place(&self, mark: Marker) -> Place {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Place { file: self.file.clone(), line: number(mark.line().max(1)), column: number(mark.col() + 1) }
    }

    fn refuse(problem: Problem, at: Place) -> Fallible {
        Err(Box::new(Finding::new(problem, at)))
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Fallible {
        let at = self.place(span.start);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = self.tag(tag.as_deref(), &at)?;
                let plain = style == ScalarStyle::Plain && !tag.text;
                let text = text.into_owned();
                self.spend(1, text.len(), 1, &at)?;
                let bytes = text.len();
                let node = Node::new(Value::Scalar(Scalar { text, plain }), at).marked(tag.mark);
                self.put(node, anchor, 1, bytes, 1)
            }
            Event::SequenceStart(anchor, tag) => {
                self.begin(Filled::List(Vec::new()), anchor, tag.as_deref(), at)
            }
            Event::MappingStart(anchor, tag) => {
                let filled = Filled::Map { map: Map::new(), key: None, merged: Vec::new() };
                self.begin(filled, anchor, tag.as_deref(), at)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(found) => {
                    let (nodes, text, depth) = (found.nodes, found.text, found.depth);
                    self.spend(nodes, text, depth, &at)?;
                    let node = self.anchors[&anchor].node.clone();
                    self.put(node, 0, nodes, text, depth)
                }
                None => Self::refuse(Problem::AliasWithinItself, at),
            },
            _ => Ok(()),
        }
    }

    /// Counts what is about to be added, before it is.
    fn spend(&mut self, nodes: usize, text: usize, depth: usize, at: &Place) -> Fallible {
        self.nodes += nodes;
        self.text += text;
        let Limits { nodes, text, depth: deepest, .. } = self.limits;
        if self.nodes > nodes || self.text > text {
            return Self::refuse(Problem::TooMuch { nodes }, at.clone());
        }
        if self.open.len() + depth > deepest {
            return Self::refuse(Problem::TooDeep { limit: deepest }, at.clone());
        }
        Ok(())
    }

    fn tag(&self, tag: Option<&Tag>, at: &Place) -> Result<Tagged, Box<Finding>> {
        let Some(tag) = tag else { return Ok(Tagged { mark: Mark::Merge, text: false }) };
        let core = tag.handle == "tag:yaml.org,2002:" || tag.handle == "!!";
        match (core, tag.suffix.as_str()) {
            (true, "str") => Ok(Tagged { mark: Mark::Merge, text: true }),
            (true, "int" | "float" | "bool" | "null" | "map" | "seq") => {
                Ok(Tagged { mark: Mark::Merge, text: false })
            }
            (false, "reset") => Ok(Tagged { mark: Mark::Reset, text: false }),
            (false, "override") => Ok(Tagged { mark: Mark::Override, text: false }),
            _ => {
                let handle = if core { "!!" } else { &tag.handle };
                let problem = Problem::UnknownTag { tag: format!("{handle}{}", tag.suffix) };
                Err(Box::new(Finding::new(problem, at.clone())))
            }
        }
    }

    fn begin(&mut self, filled: Filled, anchor: usize, tag: Option<&Tag>, at: Place) -> Fallible {
        let mark = self.tag(tag, &at)?.mark;
        self.spend(1, 0, 1, &at)?;
        if let Some(Open { filled: Filled::Map { key: None, .. }, .. }) = self.open.last() {
            return Self::refuse(Problem::KeyNotText, at);
        }
        self.open.push(Open { at, mark, anchor, filled, nodes: 1, text: 0, depth: 1 });
        Ok(())
    }

    fn end(&mut self) -> Fallible {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let value = match open.filled {
            Filled::List(list) => Value::List(list),
            Filled::Map { mut map, merged, .. } => {
                for node in merged {
                    if let Value::Map(more) = node.value {
                        for (key, entry) in more {
                            map.entry(key).or_insert(entry);
                        }
                    }
                }
                Value::Map(map)
            }
        };
        let node = Node::new(value, open.at).marked(open.mark);
        self.put(node, open.anchor, open.nodes, open.text, open.depth)
    }

    /// Puts a whole value where it belongs.
    fn put(&mut self, node: Node, anchor: usize, nodes: usize, text: usize, depth: usize) -> Fallible {
        if anchor > 0 {
            self.spend(nodes, text, 0, &node.at)?; // the copy that is kept for its aliases
            self.anchors.insert(anchor, Anchor { node: node.clone(), nodes, text, depth });
        }
        let Some(open) = self.open.last_mut() else {
            self.documents.push(node);
            return Ok(());
        };
        open.nodes += nodes;
        open.text += text;
        open.depth = open.depth.max(depth + 1);
        match &mut open.filled {
            Filled::List(list) => list.push(node),
            Filled::Map { map, key, merged } => match (key.take(), node.value) {
                (None, Value::Scalar(scalar)) => *key = Some((scalar.text, node.at, scalar.plain)),
                (None, _) => return Self::refuse(Problem::KeyNotText, node.at),
                (Some((key, _, true)), value) if key == "<<" => match value {
                    Value::Map(_) => merged.push(Node { value, ..node }),
                    Value::List(list) if list.iter().all(|item| item.as_map().is_some()) => {
                        merged.extend(list)
                    }
                    _ => return Self::refuse(Problem::BadMergeKey, node.at),
                },
                (Some((key, at, _)), value) => {
                    if let Some(first) = map.get(&key) {
                        let problem = Problem::DuplicateKey { key, first: first.at.clone() };
                        return Self::refuse(problem, at);
                    }
                    map.insert(key, Entry { at, node: Node { value, ..node } });
                }
            },
        }
        Ok(())
    }
}

struct Tagged {
    mark: Mark,
    text: bool,
}

#[cfg(test)]
mod tests;
