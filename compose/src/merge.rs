//! One canonical tree laid over another, by the rule of each key.
//!
//! Marks stay in what comes out, so that a `!reset` in a service that extends another still counts when its file is laid
//! over earlier ones; [`settle`] takes them out at the end.

use indexmap::IndexMap;

use crate::{
    shape::{Field, Identity, Kind, Merge},
    tree::{Entry, Map, Mark, Node, Value},
};

/// Lays a file over another.
pub fn files(base: Node, over: Node, fields: &'static [Field]) -> Node {
    node(base, over, Kind::Object(fields), Merge::Deep)
}

fn node(base: Node, over: Node, kind: Kind, rule: Merge) -> Node {
    if over.mark != Mark::Merge || base.mark == Mark::Reset || base.is_null() {
        return over;
    }
    if over.is_null() && rule != Merge::Replace && !matches!(base.value, Value::Scalar(_)) {
        return base;
    }
    let mark = base.mark;
    let merged = match rule {
        Merge::Replace => over,
        Merge::Driver if differ(&base, &over) => over,
        _ => match (base.value, over.value) {
            (Value::Map(below), Value::Map(above)) => {
                Node::new(Value::Map(maps(below, above, kind)), base.at)
            }
            (Value::List(below), Value::List(above)) => {
                let identity = match rule {
                    Merge::Unique(identity) => Some(identity),
                    _ => None,
                };
                Node::new(Value::List(lists(below, above, identity)), base.at)
            }
            (_, value) => Node { value, ..over },
        },
    };
    merged.marked(mark)
}

/// Whether both name a driver, and not the same.
fn differ(base: &Node, over: &Node) -> bool {
    matches!((base.get("driver"), over.get("driver")), (Some(base), Some(over)) if !base.same(over))
}

fn maps(below: Map, above: Map, kind: Kind) -> Map {
    let mut merged = below;
    for (key, Entry { at, node: over }) in above {
        let (kind, rule) = match kind.long() {
            Kind::Object(fields) => match fields.iter().find(|field| field.name == key) {
                Some(field) => (field.kind, field.merge),
                None => (Kind::Any, Merge::Deep),
            },
            Kind::Map(kind) | Kind::Named(kind) => (*kind, Merge::Deep),
            _ => (Kind::Any, Merge::Deep),
        };
        match merged.get_mut(&key) {
            Some(entry) => {
                let base = std::mem::replace(&mut entry.node, Node::null(&at));
                *entry = Entry { at, node: node(base, over, kind, rule) };
            }
            None => {
                merged.insert(key, Entry { at, node: over });
            }
        }
    }
    merged
}

/// Both lists, one after the other; of what has one identity the last, in the place of the first.
fn lists(below: Vec<Node>, above: Vec<Node>, identity: Option<Identity>) -> Vec<Node> {
    let mut merged: IndexMap<String, Node> = IndexMap::new();
    for (n, node) in below.into_iter().chain(above).enumerate() {
        let key = match (identity, node.as_text()) {
            (Some(identity), _) => identity_of(&node, identity),
            (None, Some(text)) => text.to_owned(),
            (None, None) => format!("\0{n}"),
        };
        merged.insert(key, node);
    }
    merged.into_values().collect()
}

fn identity_of(node: &Node, identity: Identity) -> String {
    let text = |key: &str| node.get(key).and_then(Node::as_text);
    match identity {
        Identity::Target => text("target").unwrap_or_default().to_owned(),
        Identity::TargetIn(folder) => match text("target").or_else(|| text("source")) {
            Some(target) if target.starts_with('/') => target.to_owned(),
            target => format!("{folder}{}", target.unwrap_or_default()),
        },
        Identity::Port => {
            let host = text("host_ip").unwrap_or("0.0.0.0");
            let [published, target, protocol] =
                ["published", "target", "protocol"].map(|key| text(key).unwrap_or_default());
            format!("{host}:{published}:{target}/{protocol}")
        }
        Identity::Path => text("path").unwrap_or_default().to_owned(),
        Identity::Subnet => text("subnet").unwrap_or_default().to_owned(),
        Identity::BeforeColon => {
            let text = node.as_text().unwrap_or_default();
            text.split(':').next().unwrap_or_default().to_owned()
        }
    }
}

/// Takes out what was reset, and all marks.
pub fn settle(node: &mut Node) {
    node.mark = Mark::Merge;
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::List(list) => {
            list.retain(|item| item.mark != Mark::Reset);
            list.iter_mut().for_each(settle);
        }
        Value::Map(map) => {
            map.retain(|_, entry| entry.node.mark != Mark::Reset);
            map.values_mut().for_each(|entry| settle(&mut entry.node));
        }
    }
}
