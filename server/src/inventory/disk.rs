//! What took the room on a host when somebody last asked; gone with the server's end.

use std::{collections::HashMap, sync::Arc};

use longshore_api::web::{
    Millis,
    disk::{DiskKind, DiskUse},
    shelf::Item,
};

use super::{Inventory, state::Touched};

/// A measurement, with what tables look up in it.
pub(super) struct Measured {
    all: Arc<DiskUse>,
    volumes: HashMap<Box<str>, u64>,
}

impl Measured {
    /// When it was.
    pub(super) fn at(&self) -> Millis {
        self.all.at
    }

    /// Bytes of a volume; of one that was made since then nothing is known, though it has the name of another.
    pub(super) fn size_of(&self, volume: &Item) -> Option<u64> {
        let size = self.volumes.get(volume.id.as_str()).copied();
        size.filter(|_| volume.created <= self.all.at)
    }
}

impl Inventory {
    /// Takes what an engine said in the place of what was known.
    pub fn measured(&self, slug: &str, all: DiskUse) {
        let volumes = all.parts.iter().filter(|part| part.kind == DiskKind::Volume);
        let volumes = volumes.map(|part| (part.id.as_str().into(), part.size)).collect();
        let measured = Measured { volumes, all: Arc::new(all) };
        self.change(|memory| {
            let Some(host) = memory.host_mut(slug) else { return Touched::default() };
            host.measured = Some(measured);
            Touched { shelves: true, ..Touched::default() }
        });
    }

    /// What was measured last on a host.
    pub(super) fn disk(&self, slug: &str) -> Option<Arc<DiskUse>> {
        let memory = self.read();
        memory.host(slug)?.measured.as_ref().map(|measured| Arc::clone(&measured.all))
    }
}
