//! Images, networks and volumes: what an engine listed last, kept until it lists anew. What uses them is told by the
//! containers in memory, so it is never older than those.

mod listed;
mod lists;
mod window;

use std::collections::{HashMap, HashSet};

use longshore_api::{
    ops::Kind,
    web::shelf::{Item, Shelf},
};

pub use listed::WORDS_MAX;
pub(super) use listed::{Images, Networks, Volumes};
pub(super) use lists::Lists;

use super::{
    Inventory,
    state::{Memory, Touched},
};
use crate::ownership::{ByLabel, Key, Labelled};

/// So many things of a shelf are kept: an engine that says it has more must not eat the server.
const THINGS_MAX: usize = 50_000;

/// A thing as its engine listed it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Thing {
    /// All but who uses it.
    item: Item,
    /// What a filter by text looks at, in lower case, a line each.
    text: String,
    /// For sorting without regard to case.
    folded: String,
    /// Whose it says to be.
    said: Option<Box<ByLabel>>,
    /// By which registries know an image.
    digests: Vec<String>,
}

/// The shelves of a host.
#[derive(Default)]
pub(super) struct Shelves([Option<Vec<Thing>>; Shelf::ALL.len()]);

impl Shelves {
    /// What lies on a shelf, once its list has come.
    pub(super) fn items(&self, shelf: Shelf) -> Option<impl Iterator<Item = &Item>> {
        self.of(shelf).map(|things| things.iter().map(|thing| &thing.item))
    }

    /// By the id of each image, the stack that it says to be of, and whom to belong to.
    pub(super) fn images(&self) -> HashMap<&str, (Option<&str>, Option<&ByLabel>)> {
        let images = self.of(Shelf::Images).into_iter().flatten();
        images
            .map(|thing| (thing.item.id.as_str(), (thing.item.stack.as_deref(), thing.said.as_deref())))
            .collect()
    }

    /// The digests by which registries know an image, by its id.
    pub(super) fn digests(&self, image: &str) -> &[String] {
        let images = self.of(Shelf::Images).unwrap_or_default();
        images.iter().find(|thing| thing.item.id == image).map_or(&[], |thing| &thing.digests)
    }

    fn of(&self, shelf: Shelf) -> Option<&[Thing]> {
        self.0[shelf as usize].as_deref()
    }
}

impl Inventory {
    /// Takes an engine's whole list in the place of what was known.
    pub(super) fn shelve(&self, slug: &str, shelf: Shelf, mut things: Vec<Thing>) {
        if things.len() > THINGS_MAX {
            tracing::warn!(host.slug = slug, ?shelf, things = things.len(), "the host has too many of them");
            things.truncate(THINGS_MAX);
        }
        self.meet_shelf(slug, shelf, &things);
        self.change(|memory: &mut Memory| {
            let Some(host) = memory.host_mut(slug) else { return Touched::default() };
            let place = &mut host.shelves.0[shelf as usize];
            let same = place.as_ref().is_some_and(|before| *before == things);
            *place = Some(things);
            Touched { shelves: !same, ..Touched::default() }
        });
        if shelf == Shelf::Images {
            self.meet_all(slug);
        }
    }

    /// Says which networks and volumes are there before anybody can see them. A name that several networks share is
    /// nobody's: which of them was given cannot be told.
    fn meet_shelf(&self, slug: &str, shelf: Shelf, things: &[Thing]) {
        let kind = kind_of(shelf);
        let says = things.iter().any(|thing| thing.said.is_some());
        if kind == Kind::Image || !(self.owners.has_any(slug) || says) {
            return;
        }
        let ids: HashSet<&str> = things.iter().map(|thing| thing.item.id.as_str()).collect();
        let mut named: HashMap<&str, usize> = HashMap::new();
        for thing in things {
            *named.entry(&thing.item.name).or_default() += 1;
        }
        for gone in self.owners.missing(slug, kind, |id| ids.contains(id)) {
            self.owners.part(slug, kind, &gone);
        }
        for Thing { item, said, .. } in things.iter().filter(|thing| named[thing.item.name.as_str()] == 1) {
            if let Some(said) = said.as_deref().cloned() {
                let (host, object, key) = (slug.to_owned(), item.id.clone(), Key::named(kind, &item.name));
                self.owners.labelled(Labelled { host, kind, object, key, said });
            }
            self.owners.meet(slug, kind, &item.id, || Key::named(kind, &item.name));
        }
    }
}

/// What lies on a shelf.
pub(super) fn kind_of(shelf: Shelf) -> Kind {
    match shelf {
        Shelf::Images => Kind::Image,
        Shelf::Networks => Kind::Network,
        Shelf::Volumes => Kind::Volume,
    }
}
