//! A file as a tree in which every word knows where it is written.
//!
//! Words stay as they were written until something says of what kind they are to be: `8080` and `"8080"` differ only in
//! [`Scalar::plain`], so that variables are filled in before anything is typed.

use indexmap::IndexMap;
use serde_json::{Map as JsonMap, Value as Json};

use crate::{place::Place, scalar};

/// One value of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where it is written. What came through an alias is where its anchor is.
    pub at: Place,
    /// What it does to the files before it.
    pub mark: Mark,
}

/// What a value does when it is laid over another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// It is merged.
    #[default]
    Merge,
    /// `!reset`: it removes what was there, and is not there itself.
    Reset,
    /// `!override`: it takes the place of what was there.
    Override,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A word, a number, a text.
    Scalar(Scalar),
    /// A list.
    List(Vec<Node>),
    /// Keys and values in the order in which they were written.
    Map(Map),
}

/// A word as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text, without quotes.
    pub text: String,
    /// Whether it was written without quotes, and may so be a number, a truth value or nothing.
    pub plain: bool,
}

/// Keys and values.
pub type Map = IndexMap<String, Entry>;

/// A value beneath its key.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Where the key is written.
    pub at: Place,
    /// The value.
    pub node: Node,
}

impl Node {
    /// A value at a place.
    pub fn new(value: Value, at: Place) -> Self {
        Self { value, at, mark: Mark::Merge }
    }

    /// A text, whatever it looks like.
    pub fn text(text: impl Into<String>, at: &Place) -> Self {
        Self::new(Value::Scalar(Scalar { text: text.into(), plain: false }), at.clone())
    }

    /// A number or a truth value in its usual form.
    pub fn plain(text: impl Into<String>, at: &Place) -> Self {
        Self::new(Value::Scalar(Scalar { text: text.into(), plain: true }), at.clone())
    }

    /// Nothing.
    pub fn null(at: &Place) -> Self {
        Self::plain("null", at)
    }

    /// A map of these.
    pub fn map<const N: usize>(at: &Place, entries: [(&str, Node); N]) -> Self {
        let entries =
            entries.into_iter().map(|(key, node)| (key.to_owned(), Entry { at: node.at.clone(), node }));
        Self::new(Value::Map(entries.collect()), at.clone())
    }

    /// The same with another mark.
    pub fn marked(self, mark: Mark) -> Self {
        Self { mark, ..self }
    }

    /// The map, if it is one.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The map, if it is one.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        match &mut self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The list, if it is one.
    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    /// The word, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// Whether nothing is written there.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(scalar) if scalar.plain && scalar::is_null(&scalar.text))
    }

    /// The value beneath a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_map()?.get(key).map(|entry| &entry.node)
    }

    /// Where the last of these keys is written, or the deepest that there is. A number is an index into a list.
    pub fn place<'a>(&'a self, path: impl IntoIterator<Item = &'a str>) -> &'a Place {
        let (mut node, mut at) = (self, &self.at);
        for key in path {
            match &node.value {
                Value::Map(map) => match map.get(key) {
                    Some(entry) => (node, at) = (&entry.node, &entry.at),
                    None => break,
                },
                Value::List(list) => match key.parse::<usize>().ok().and_then(|n| list.get(n)) {
                    Some(item) => (node, at) = (item, &item.at),
                    None => break,
                },
                Value::Scalar(_) => break,
            }
        }
        at
    }

    /// How many nodes it is, itself included.
    pub fn count(&self) -> usize {
        1 + match &self.value {
            Value::Scalar(_) => 0,
            Value::List(list) => list.iter().map(Node::count).sum(),
            Value::Map(map) => map.values().map(|entry| entry.node.count()).sum(),
        }
    }

    /// How many bytes its words and keys have.
    pub fn bytes(&self) -> usize {
        match &self.value {
            Value::Scalar(scalar) => scalar.text.len(),
            Value::List(list) => list.iter().map(Node::bytes).sum(),
            Value::Map(map) => map.iter().map(|(key, entry)| key.len() + entry.node.bytes()).sum(),
        }
    }

    /// The same as values: words without quotes are typed.
    pub fn to_json(&self) -> Json {
        match &self.value {
            Value::Scalar(scalar) if scalar.plain => scalar::read(&scalar.text).into(),
            Value::Scalar(scalar) => Json::String(scalar.text.clone()),
            Value::List(list) => Json::Array(list.iter().map(Node::to_json).collect()),
            Value::Map(map) => {
                let entries = map.iter().map(|(key, entry)| (key.clone(), entry.node.to_json()));
                Json::Object(entries.collect::<JsonMap<_, _>>())
            }
        }
    }

    /// Whether both say the same, wherever they are written.
    pub fn same(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::Scalar(left), Value::Scalar(right)) => left == right || self.to_json() == other.to_json(),
            (Value::List(left), Value::List(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.same(right))
            }
            (Value::Map(left), Value::Map(right)) => {
                left.len() == right.len()
                    && left
                        .iter()
                        .all(|(key, entry)| right.get(key).is_some_and(|other| entry.node.same(&other.node)))
            }
            _ => false,
        }
    }
}
