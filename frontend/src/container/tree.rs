//! A JSON document as a tree that can be narrowed by a text.

use js_sys::{Array, JSON, Object};
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};

/// A value of the document.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// A text, a number, a yes or no, or nothing; as JSON writes it.
    Leaf(String),
    /// A list or an object: its parts by place or by name.
    Branch {
        /// What stands for it without parts.
        empty: &'static str,
        /// The parts.
        parts: Vec<(String, Node)>,
    },
}

impl Node {
    /// Reads a document.
    pub(super) fn read(text: &str) -> Option<Self> {
        JSON::parse(text).ok().map(|value| Self::of(&value))
    }

    fn of(value: &JsValue) -> Self {
        if let Some(list) = value.dyn_ref::<Array>() {
            let parts = list.iter().enumerate().map(|(place, part)| (place.to_string(), Self::of(&part)));
            return Self::Branch { empty: "[]", parts: parts.collect() };
        }
        if let Some(object) = value.dyn_ref::<Object>() {
            let part = |pair: JsValue| {
                let pair = Array::from(&pair);
                (pair.get(0).as_string().unwrap_or_default(), Self::of(&pair.get(1)))
            };
            return Self::Branch { empty: "{}", parts: Object::entries(object).iter().map(part).collect() };
        }
        Self::Leaf(JSON::stringify(value).map_or_else(|_| String::new(), String::from))
    }

    /// Only what has the text in its name or its value, and the way there; none if nothing has.
    pub(super) fn narrowed(&self, wanted: &str) -> Option<Self> {
        let has = |text: &str| text.to_lowercase().contains(&wanted.to_lowercase());
        match self {
            Self::Leaf(text) => has(text).then(|| self.clone()),
            Self::Branch { empty, parts } => {
                let fits = |(name, part): &(String, Self)| {
                    let part = if has(name) { Some(part.clone()) } else { part.narrowed(wanted) };
                    Some((name.clone(), part?))
                };
                let parts: Vec<(String, Self)> = parts.iter().filter_map(fits).collect();
                (!parts.is_empty()).then_some(Self::Branch { empty, parts })
            }
        }
    }

    /// The tree, its first level open, and all of it where it is narrowed.
    pub(super) fn view(&self, wanted: &str) -> AnyView {
        match self {
            Self::Leaf(text) => marked(text, wanted),
            Self::Branch { parts, .. } => branch(parts, wanted, !wanted.is_empty()),
        }
    }
}

fn branch(parts: &[(String, Node)], wanted: &str, open: bool) -> AnyView {
    let line = |(name, part): &(String, Node)| match part {
        Node::Branch { parts, .. } if !parts.is_empty() => view! {
            <li>
                <details open=open>
                    <summary>{marked(name, wanted)} " " <span class="t3">{parts.len()}</span></summary>
                    {branch(parts, wanted, open)}
                </details>
            </li>
        }
        .into_any(),
        Node::Branch { empty, .. } => leaf(name, empty, wanted),
        Node::Leaf(text) => leaf(name, text, wanted),
    };
    view! { <ul class="tree">{parts.iter().map(line).collect_view()}</ul> }.into_any()
}

fn leaf(name: &str, text: &str, wanted: &str) -> AnyView {
    view! {
        <li class="tree__leaf" data-leaf=name.to_owned()>
            <span class="t2">{marked(name, wanted)}</span>
            " "
            <span>{marked(text, wanted)}</span>
        </li>
    }
    .into_any()
}

fn marked(text: &str, wanted: &str) -> AnyView {
    let mark = |(piece, hit): (String, bool)| {
        if hit { view! { <mark>{piece}</mark> }.into_any() } else { piece.into_any() }
    };
    pieces(text, wanted).into_iter().map(mark).collect_view().into_any()
}

/// A text in pieces, each with whether it is what is looked for.
pub(super) fn pieces(text: &str, wanted: &str) -> Vec<(String, bool)> {
    let (lower, wanted) = (text.to_lowercase(), wanted.to_lowercase());
    // Where lower case has another length, places would not fit.
    if wanted.is_empty() || lower.len() != text.len() {
        return vec![(text.to_owned(), false)];
    }
    let (mut out, mut from) = (Vec::new(), 0);
    for (at, found) in lower.match_indices(&wanted) {
        let end = at + found.len();
        if !text.is_char_boundary(at) || !text.is_char_boundary(end) {
            continue;
        }
        if from < at {
            out.push((text[from..at].to_owned(), false));
        }
        out.push((text[at..end].to_owned(), true));
        from = end;
    }
    if from < text.len() {
        out.push((text[from..].to_owned(), false));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branch(parts: Vec<(&str, Node)>) -> Node {
        Node::Branch {
            empty: "{}",
            parts: parts.into_iter().map(|(name, part)| (name.to_owned(), part)).collect(),
        }
    }

    #[test]
    fn a_tree_keeps_what_fits_and_the_way_there() {
        let leaf = |text: &str| Node::Leaf(text.to_owned());
        let tree = branch(vec![
            ("Config", branch(vec![("Image", leaf("\"busybox\"")), ("User", leaf("\"\""))])),
            ("Id", leaf("\"7\"")),
        ]);
        let expected = branch(vec![("Config", branch(vec![("Image", leaf("\"busybox\""))]))]);
        assert_eq!(tree.narrowed("BUSY"), Some(expected));
        assert_eq!(tree.narrowed("nothing of the kind"), None);
        // What fits by its name is there whole.
        let expected =
            branch(vec![("Config", branch(vec![("Image", leaf("\"busybox\"")), ("User", leaf("\"\""))]))]);
        assert_eq!(tree.narrowed("config"), Some(expected));
    }

    #[test]
    fn hits_are_marked_in_any_case() {
        let marked = |text: &str, wanted: &str| {
            let piece = |(piece, hit): (String, bool)| if hit { format!("[{piece}]") } else { piece };
            pieces(text, wanted).into_iter().map(piece).collect::<String>()
        };
        assert_eq!(marked("HostConfig host", "host"), "[Host]Config [host]");
        assert_eq!(marked("容器 id", "器"), "容[器] id");
        assert_eq!(marked("plain", ""), "plain");
    }
}
