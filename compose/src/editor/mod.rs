//! What could be written at a place of a file that is being written: it need not be YAML yet, so that only its lines and
//! their indents are looked at.

mod names;
mod position;

use serde::Serialize;

use crate::{
    problem::Thing,
    shape::{FILE, Field, Kind},
};
use names::names;
use position::{Position, Step};

/// What could be written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Offers {
    /// The column, from 1, where the word begins in whose place an offer goes.
    pub from: u32,
    /// The offers that begin with what is written, in order.
    pub offers: Vec<Offer>,
}

/// One thing that could be written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Offer {
    /// The word.
    pub text: String,
    /// What it is.
    pub what: What,
}

/// What an offer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A key of the specification; a colon follows.
    Key,
    /// A value of the specification.
    Value,
    /// A name that is defined in the file.
    Name,
}

/// What could be written at a place. Lines and columns count from 1, columns in characters; the place is before the
/// character of its column.
pub fn complete(text: &str, line: u32, column: u32) -> Offers {
    let Some(position) = Position::find(text, line, column) else { return Offers::default() };
    let Some((kind, path)) = below(&position.steps) else { return Offers::default() };
    let mut offers = match &position.key {
        Some(key) => values(kind, key, &path, text),
        None => keys(kind, &position, &path, text),
    };
    offers.retain(|offer| offer.text.starts_with(&position.word) && offer.text != position.word);
    offers.sort();
    offers.dedup();
    Offers { from: position.from, offers }
}

/// The kind of what stands where these steps lead, with the keys alone.
fn below(steps: &[Step]) -> Option<(Kind, Vec<&str>)> {
    let mut kind = Kind::Object(FILE);
    let mut path = Vec::new();
    for step in steps {
        match (step, kind.long()) {
            (Step::Key(key), _) => {
                kind = kind.below(key)?;
                path.push(key.as_str());
            }
            (Step::Item, Kind::List(item)) => kind = *item,
            // A list of what is a map when written out: its items are names or `KEY=value`.
            (Step::Item, _) => {}
        }
    }
    Some((kind, path))
}

/// Keys of a map, or the names that can be keys or items here.
fn keys(kind: Kind, position: &Position, path: &[&str], text: &str) -> Vec<Offer> {
    let item = matches!(position.steps.last(), Some(Step::Item));
    let mut offers = named(path, text);
    if let Kind::Object(fields) = kind.long() {
        let there = |field: &&Field| !position.beside.iter().any(|key| key == field.name);
        let keys =
            fields.iter().filter(there).map(|field| Offer { text: field.name.to_owned(), what: What::Key });
        offers.extend(keys);
    }
    if item {
        offers.extend(values_of(kind));
    }
    offers
}

/// Values of a key.
fn values(kind: Kind, key: &str, path: &[&str], text: &str) -> Vec<Offer> {
    let mut path = path.to_vec();
    path.push(key);
    let mut offers = named(&path, text);
    offers.extend(kind.below(key).into_iter().flat_map(values_of));
    let value = |text: &&str| Offer { text: (*text).to_owned(), what: What::Value };
    match path[..] {
        ["services", _, "restart"] => {
            offers.extend(["always", "no", "on-failure", "unless-stopped"].iter().map(value));
        }
        ["services", _, "network_mode"] => {
            offers.extend(["bridge", "host", "none"].iter().map(value));
            let services = names(text, Thing::Service).into_iter();
            offers.extend(services.map(|name| Offer { text: format!("service:{name}"), what: What::Name }));
        }
        ["services", _, "pull_policy"] => {
            offers.extend(["always", "build", "daily", "missing", "never", "weekly"].iter().map(value));
        }
        _ => {}
    }
    offers
}

fn values_of(kind: Kind) -> Vec<Offer> {
    let all: &[&str] = match kind.long() {
        Kind::Flag => &["true", "false"],
        Kind::Choice(choices) => choices,
        _ => &[],
    };
    all.iter().map(|text| Offer { text: (*text).to_owned(), what: What::Value }).collect()
}

/// The names of the file that can stand beneath these keys.
fn named(path: &[&str], text: &str) -> Vec<Offer> {
    let thing = match path {
        ["services", _, "depends_on" | "links" | "volumes_from"]
        | ["services", _, "extends"]
        | ["services", _, "extends", "service"] => Thing::Service,
        ["services", _, "networks"] => Thing::Network,
        ["services", _, "volumes"] | ["services", _, "volumes", "source"] => Thing::Volume,
        ["services", _, "secrets"] | ["services", _, "secrets", "source"] => Thing::Secret,
        ["services", _, "configs"] | ["services", _, "configs", "source"] => Thing::Config,
        ["services", _, "models"] => Thing::Model,
        _ => return Vec::new(),
    };
    let own = path.get(1).filter(|_| thing == Thing::Service);
    let names = names(text, thing).into_iter().filter(|name| own != Some(&name.as_str()));
    names.map(|text| Offer { text, what: What::Name }).collect()
}

#[cfg(test)]
mod tests;
