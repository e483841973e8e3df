//! What the engine knows: its containers, its faults, and who listens.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::{broadcast, watch};

use crate::{
    containers::Container,
    fault::{Fault, Planned, unversioned},
};

/// Events that a listener may be behind before it loses some.
const EVENTS_HELD: usize = 65_536;
/// When things happen here. Nanoseconds; each event is a microsecond later than the one before.
const NOW: i64 = 1_795_000_000_000_000_000;

/// What the event stream carries.
#[derive(Clone)]
pub(crate) enum Said {
    /// A line.
    Event(Bytes),
    /// The stream breaks off.
    Cut,
}

/// Everything, shared by all connections.
pub(crate) struct World {
    inner: Mutex<Inner>,
    /// Rises when faults change, for those who are held by one.
    pub(crate) faults: watch::Sender<Vec<Planned>>,
    /// Every request so far: `GET /containers/json?all=1`, without its version.
    pub(crate) calls: watch::Sender<Vec<String>>,
    pub(crate) events: broadcast::Sender<Said>,
}

pub(crate) struct Inner {
    containers: Vec<Container>,
    by_id: HashMap<String, usize>,
    events: i64,
    /// Oldest and newest API version spoken: minor numbers of 1.x.
    pub(crate) speaks: (u32, u32),
    /// How much logs and image exports have.
    pub(crate) bulk: u64,
    /// The images that can be looked at.
    pub(crate) images: Vec<String>,
    /// What a pull says, and whether it hangs then.
    pub(crate) pull: (Vec<&'static str>, bool),
}

impl World {
    pub(crate) fn new(count: usize) -> Self {
        let inner = Inner {
            containers: Vec::new(),
            by_id: HashMap::new(),
            events: 0,
            speaks: (12, 41),
            bulk: 1 << 20,
            images: Vec::new(),
            pull: (Vec::new(), false),
        };
        let world = Self {
            inner: Mutex::new(inner),
            faults: watch::Sender::new(Vec::new()),
            calls: watch::Sender::new(Vec::new()),
            events: broadcast::Sender::new(EVENTS_HELD),
        };
        world.fill(count);
        world
    }

    pub(crate) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("no one panics while holding this lock")
    }

    /// Replaces all containers by the first `count`, without an event.
    pub(crate) fn fill(&self, count: usize) {
        let mut inner = self.inner();
        inner.containers = (0..count).map(Container::numbered).collect();
        inner.by_id = inner.containers.iter().enumerate().map(|(n, c)| (c.id.clone(), n)).collect();
    }

    /// The fault that a request meets.
    pub(crate) fn fault(&self, path: &str) -> Option<Fault> {
        let path = unversioned(path);
        let faults = self.faults.borrow();
        faults.iter().find(|planned| path.starts_with(&planned.path)).map(|planned| planned.fault.clone())
    }

    /// Says that something happened to a container.
    pub(crate) fn tell(&self, action: &str, container: &Container) {
        let mut attributes = container.attributes();
        if action == "die" {
            attributes["exitCode"] = json!(container.exit_code().to_string());
        }
        self.say("container", action, &container.id, attributes);
    }

    /// Says anything.
    pub(crate) fn say(&self, kind: &str, action: &str, id: &str, attributes: Value) {
        let at = {
            let mut inner = self.inner();
            inner.events += 1;
            NOW + inner.events * 1_000
        };
        let event = json!({
            "Type": kind, "Action": action, "Actor": { "ID": id, "Attributes": attributes },
            "status": action, "id": id, "scope": "local", "time": at / 1_000_000_000, "timeNano": at,
        });
        self.events.send(Said::Event(format!("{event}\n").into())).ok();
    }
}

impl Inner {
    /// The container of an id, the beginning of one, or a name.
    pub(crate) fn find(&self, wanted: &str) -> Option<&Container> {
        self.position(wanted).map(|n| &self.containers[n])
    }

    pub(crate) fn find_mut(&mut self, wanted: &str) -> Option<&mut Container> {
        self.position(wanted).map(|n| &mut self.containers[n])
    }

    fn position(&self, wanted: &str) -> Option<usize> {
        if let Some(n) = self.by_id.get(wanted) {
            return Some(*n);
        }
        let fits = |c: &Container| c.name == wanted || (wanted.len() >= 12 && c.id.starts_with(wanted));
        self.containers.iter().position(fits)
    }

    /// Makes one that somebody asks for.
    pub(crate) fn make(&mut self, name: &str, asked: Value) -> Container {
        let made = Container::asked(self.containers.len(), name, asked);
        self.by_id.insert(made.id.clone(), self.containers.len());
        self.containers.push(made.clone());
        made
    }

    pub(crate) fn remove(&mut self, wanted: &str) -> Option<Container> {
        let n = self.position(wanted)?;
        let gone = self.containers.remove(n);
        self.by_id = self.containers.iter().enumerate().map(|(n, c)| (c.id.clone(), n)).collect();
        Some(gone)
    }

    /// Every container; or only those that are up.
    pub(crate) fn list(&self, all: bool) -> Value {
        let shown = self.containers.iter().filter(|c| all || matches!(c.state, "running" | "paused"));
        shown.map(Container::listed).collect()
    }

    /// The container of a number in the list.
    pub(crate) fn nth(&self, n: usize) -> Option<&Container> {
        self.containers.get(n)
    }
}
