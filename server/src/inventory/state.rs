//! The memory itself: hosts, containers, events, each stamped with the revision at which it last changed.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, RwLock, RwLockReadGuard},
};

use longshore_api::{
    sentence::Sentence,
    web::{
        RowKey,
        container::{Container, State},
        event::Event,
        host::{Engine, Host, Link, UsageSource},
    },
};
use tokio::sync::watch;

use super::{normal::Described, usage::Track};
use crate::{
    store::{new_id, now},
    usage::Looks,
};

/// So many of the newest events are kept.
const EVENTS_KEPT: usize = 2_000;

/// What is on every host.
pub struct Inventory {
    epoch: String,
    memory: RwLock<Memory>,
    revision: watch::Sender<u64>,
    looks: Arc<Looks>,
}

pub(super) struct Memory {
    pub(super) revision: u64,
    next_key: u64,
    pub(super) hosts: BTreeMap<String, HostMemory>,
    /// Keys of group rows, by group id.
    pub(super) groups: HashMap<String, RowKey>,
    /// Oldest first.
    pub(super) events: VecDeque<Event>,
}

pub(super) struct HostMemory {
    pub(super) host: Host,
    /// The revision at which its link last changed: all its rows look different then.
    pub(super) link_changed: u64,
    pub(super) containers: HashMap<String, Row>,
    seen: Option<i64>,
}

pub(super) struct Row {
    pub(super) container: Container,
    /// For sorting without regard to case.
    pub(super) folded: String,
    /// All that a filter by text looks at, in lower case.
    pub(super) haystack: String,
    pub(super) changed: u64,
    /// Its main process, where it is known.
    pub(super) pid: Option<u32>,
    /// What it uses; made with the first figure.
    pub(super) track: Option<Box<Track>>,
}

impl HostMemory {
    pub(super) fn is_stale(&self) -> bool {
        matches!(self.host.link, Link::Down { .. })
    }

    /// What is shown of a row's state: nothing is known of a host that does not answer.
    pub(super) fn state_of(&self, row: &Row) -> State {
        if self.is_stale() { State::Unknown } else { row.container.state }
    }

    /// A container as it is shown, with what it uses.
    pub(super) fn shown(&self, row: &Row) -> Container {
        let usage = row.track.as_ref().and_then(|track| track.usage());
        Container { state: self.state_of(row), usage, ..row.container.clone() }
    }
}

impl Inventory {
    /// Empty.
    pub fn new() -> Self {
        let memory = Memory {
            revision: 0,
            next_key: 0,
            hosts: BTreeMap::new(),
            groups: HashMap::new(),
            events: VecDeque::with_capacity(EVENTS_KEPT),
        };
        Self {
            epoch: new_id(),
            memory: RwLock::new(memory),
            revision: watch::Sender::new(0),
            looks: Arc::default(),
        }
    }

    /// A host of which nothing is known yet; one that is there already stays as it is.
    pub fn add_host(&self, slug: &str, name: &str) {
        self.change(|memory| {
            if memory.hosts.contains_key(slug) {
                return false;
            }
            let host = Host {
                slug: slug.to_owned(),
                name: name.to_owned(),
                link: Link::Connecting,
                engine: None,
                clock_offset: None,
                usage: UsageSource::None,
            };
            let link_changed = memory.revision;
            let place = HostMemory { host, link_changed, containers: HashMap::new(), seen: None };
            memory.hosts.insert(slug.to_owned(), place);
            true
        });
    }

    /// Names this run of the server; revisions count within it.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Wakes at every change from now on.
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    /// What open subscriptions show.
    pub fn looks(&self) -> &Arc<Looks> {
        &self.looks
    }

    /// The revision now.
    pub fn revision(&self) -> u64 {
        self.read().revision
    }

    /// All hosts, by name.
    pub fn hosts(&self) -> Vec<Host> {
        let memory = self.read();
        let mut hosts: Vec<Host> = memory.hosts.values().map(|h| h.host.clone()).collect();
        hosts.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.slug.cmp(&b.slug)));
        hosts
    }

    /// Why a host does not answer, if it does not.
    pub fn why_down(&self, slug: &str) -> Option<Sentence> {
        match &self.read().hosts.get(slug)?.host.link {
            Link::Down { why, .. } => Some(why.clone()),
            _ => None,
        }
    }

    /// How many containers a host has.
    pub fn count(&self, slug: &str) -> usize {
        self.read().hosts.get(slug).map_or(0, |h| h.containers.len())
    }

    /// The name of a container, by its full id.
    pub fn container_name(&self, slug: &str, id: &str) -> Option<String> {
        Some(self.read().hosts.get(slug)?.containers.get(id)?.container.name.clone())
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, Memory> {
        self.memory.read().expect("no one panics while holding this lock")
    }

    /// Changes the memory at a new revision and wakes everyone, unless the change says that nothing did.
    pub(super) fn change(&self, change: impl FnOnce(&mut Memory) -> bool) {
        let revision = {
            let mut memory = self.memory.write().expect("no one panics while holding this lock");
            memory.revision += 1;
            change(&mut memory).then_some(memory.revision)
        };
        if let Some(revision) = revision {
            self.revision.send_replace(revision);
        }
    }

    /// The engine answers: its whole list takes the place of what was known. Rows that stay keep their keys.
    pub(super) fn up(&self, slug: &str, engine: Engine, list: Vec<Described>) {
        self.change(|memory| {
            let mut list: HashMap<String, Described> = list.into_iter().map(|d| (d.id.clone(), d)).collect();
            if let Some(host) = memory.hosts.get_mut(slug) {
                host.containers.retain(|id, _| list.contains_key(id));
                host.host.link = Link::Up { since: now() };
                host.host.engine = Some(engine);
                host.seen = Some(now());
                host.link_changed = memory.revision;
            }
            for (_, described) in list.drain() {
                memory.put(slug, described);
            }
            true
        });
    }

    /// The engine does not answer: what was known stays, with its age.
    pub(super) fn down(&self, slug: &str, why: Sentence, retry_at: i64) {
        self.change(|memory| {
            let revision = memory.revision;
            let Some(host) = memory.hosts.get_mut(slug) else { return false };
            if let Link::Up { .. } = host.host.link {
                host.seen = Some(now());
            }
            if !host.is_stale() {
                host.link_changed = revision;
                for track in host.containers.values_mut().filter_map(|row| row.track.as_mut()) {
                    track.stop();
                }
            }
            host.host.link = Link::Down { seen: host.seen, why, retry_at };
            true
        });
    }

    /// Containers as inspected, and ids that are gone.
    pub(super) fn apply(&self, slug: &str, put: Vec<Described>, gone: &[String]) {
        self.change(|memory| {
            let mut changed = false;
            for described in put {
                changed |= memory.put(slug, described);
            }
            if let Some(host) = memory.hosts.get_mut(slug) {
                for id in gone {
                    changed |= host.containers.remove(id).is_some();
                }
            }
            changed
        });
    }

    /// Keeps events; the oldest make room.
    pub(super) fn happened(&self, events: Vec<Event>) {
        if events.is_empty() {
            return;
        }
        self.change(|memory| {
            for mut event in events {
                event.key = memory.new_key();
                if memory.events.len() == EVENTS_KEPT {
                    memory.events.pop_front();
                }
                memory.events.push_back(event);
            }
            true
        });
    }
}

impl Memory {
    fn new_key(&mut self) -> RowKey {
        self.next_key += 1;
        RowKey(self.next_key)
    }

    /// Puts a container in its place; whether that changed anything.
    fn put(&mut self, slug: &str, described: Described) -> bool {
        let fresh = self.new_key();
        let revision = self.revision;
        let Some(host) = self.hosts.get_mut(slug) else { return false };
        let old = host.containers.get_mut(&described.id);
        let key = old.as_ref().map_or(fresh, |row| row.container.key);
        let mut row = row(slug, key, described, revision);
        if let Some(old) = old {
            // The list knows less than an inspection did: what it does not say is not forgotten.
            if row.container.since.is_none() && row.container.state == old.container.state {
                row.container.since = old.container.since;
                row.container.oom = old.container.oom;
                row.container.restarts = old.container.restarts;
                row.pid = row.pid.or(old.pid);
            }
            if row.container == old.container && row.haystack == old.haystack {
                old.pid = row.pid;
                return false;
            }
            row.track = old.track.take();
        }
        if let Some(track) = row.track.as_mut().filter(|_| !row.container.state.is_up()) {
            track.stop();
        }
        let ids = group_ids(&row.container);
        host.containers.insert(row.container.id.clone(), row);
        for id in ids {
            if !self.groups.contains_key(&id) {
                let key = self.new_key();
                self.groups.insert(id, key);
            }
        }
        true
    }
}

/// The groups that a container may stand in: by stack and by host.
pub(super) fn group_ids(container: &Container) -> [String; 2] {
    [stack_group(&container.host, container.stack.as_deref()), container.host.clone()]
}

/// The id of the group of a stack, or of a host's lone containers.
pub(super) fn stack_group(host: &str, stack: Option<&str>) -> String {
    format!("{host}/{}", stack.unwrap_or_default())
}

fn row(slug: &str, key: RowKey, described: Described, changed: u64) -> Row {
    let stack = described.stack().map(str::to_owned);
    let service = described.service().map(str::to_owned);
    let mut haystack = String::new();
    {
        let mut add = |text: &str| {
            haystack.push_str(&text.to_lowercase());
            haystack.push('\n');
        };
        for text in [&described.name, &described.image, &described.id] {
            add(text);
        }
        for text in stack.iter().chain(&service).chain(&described.ips) {
            add(text);
        }
        for port in &described.ports {
            add(&port.host.unwrap_or(port.container).to_string());
        }
        let mut labels: Vec<String> = described.labels.iter().map(|(k, v)| format!("{k}={v}")).collect();
        labels.sort();
        for label in &labels {
            add(label);
        }
    }
    let pid = described.pid;
    let container = Container {
        key,
        host: slug.to_owned(),
        state: described.state.unwrap_or(State::Unknown),
        stack,
        service,
        id: described.id,
        name: described.name,
        image: described.image,
        exit_code: described.exit_code,
        oom: described.oom,
        restarts: described.restarts,
        since: described.since,
        created: described.created,
        ports: described.ports,
        ips: described.ips,
        usage: None,
    };
    Row { folded: container.name.to_lowercase(), haystack, changed, pid, track: None, container }
}
