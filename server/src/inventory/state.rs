//! The memory itself: hosts, containers, events, each stamped with the revision at which it last changed.

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
};

use longshore_api::{
    ops::Kind,
    sentence::Sentence,
    web::{
        RowKey,
        container::{Container, State},
        event::Event,
        host::{Engine, Host, Link, UsageSource},
    },
};
use tokio::sync::watch;

use super::{
    EngineId,
    disk::Measured,
    normal::Described,
    rows::{Put, Ready, Row, Rows, Slot},
    shelves::Shelves,
};
use crate::{
    access::{HostSight, Sight},
    ownership::{ByLabel, Key, Labelled, Owners},
    store::{new_id, now},
    usage::Looks,
};

/// So many of the newest events are kept.
const EVENTS_KEPT: usize = 2_000;
/// So many containers of a host are kept: no engine has more, and one that says so must not eat the server.
const CONTAINERS_MAX: usize = 50_000;

/// What is on every host.
pub struct Inventory {
    epoch: String,
    memory: RwLock<Memory>,
    revision: watch::Sender<Revisions>,
    looks: Arc<Looks>,
    pub(super) owners: Arc<Owners>,
}

/// The revision now, and those at which a part last changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Revisions {
    /// Rises with every change.
    pub now: u64,
    /// Containers, or how they look.
    pub objects: u64,
    /// Figures of what they use.
    pub usage: u64,
    /// Events.
    pub events: u64,
    /// Hosts and the lines to them.
    pub hosts: u64,
    /// Images, networks, volumes.
    pub shelves: u64,
}

/// What a change has touched.
#[derive(Clone, Copy, Default)]
pub(super) struct Touched {
    pub(super) objects: bool,
    pub(super) usage: bool,
    pub(super) events: bool,
    pub(super) hosts: bool,
    pub(super) shelves: bool,
}

/// Gives every row, group and event a key of its own.
#[derive(Default)]
pub(super) struct Keys(u64);

impl Keys {
    pub(super) fn next(&mut self) -> RowKey {
        self.0 += 1;
        RowKey(self.0)
    }
}

#[derive(Default)]
pub(super) struct Memory {
    pub(super) revision: u64,
    keys: Keys,
    /// By number: one that is there stays.
    pub(super) hosts: Vec<HostMemory>,
    pub(super) by_slug: BTreeMap<String, usize>,
    pub(super) rows: Rows,
    /// The revision at which it last changed whose things are, or what people are called.
    pub(super) owned: u64,
    /// Oldest first.
    pub(super) events: VecDeque<Event>,
}

pub(super) struct HostMemory {
    pub(super) host: Host,
    /// Of its group row.
    pub(super) key: RowKey,
    /// The revision at which its link last changed: all its rows look different then.
    pub(super) link_changed: u64,
    pub(super) containers: HashMap<EngineId, Slot>,
    pub(super) shelves: Shelves,
    /// What takes its room, once somebody has asked.
    pub(super) measured: Option<Measured>,
    seen: Option<i64>,
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
        Container { state: self.state_of(row), usage: row.usage(), ..row.container.clone() }
    }
}

impl Memory {
    /// For each host by its number: what of it may be seen.
    pub(super) fn seen(&self, sight: &Sight) -> Vec<HostSight> {
        self.hosts.iter().map(|host| sight.of(&host.host.slug)).collect()
    }

    /// Whether an event is about something that may be seen.
    pub(super) fn may_tell(&self, seen: &[HostSight], event: &Event) -> bool {
        self.by_slug.get(&event.host).is_some_and(|host| {
            seen[*host].is_all() || kind_of(&event.kind).is_some_and(|kind| seen[*host].sees(kind, &event.id))
        })
    }

    pub(super) fn host(&self, slug: &str) -> Option<&HostMemory> {
        self.hosts.get(*self.by_slug.get(slug)?)
    }

    pub(super) fn host_mut(&mut self, slug: &str) -> Option<&mut HostMemory> {
        self.hosts.get_mut(*self.by_slug.get(slug)?)
    }

    /// Puts rows in their places: whether that changed anything.
    fn put(&mut self, slug: &str, rows: Vec<Ready>) -> bool {
        let Some(number) = self.by_slug.get(slug).copied() else { return false };
        let Some(host) = self.hosts.get_mut(number) else { return false };
        let (mut new, mut changed) = (Vec::new(), false);
        for ready in rows {
            let id = ready.id;
            let old = host.containers.get(&id).copied();
            if old.is_none() && host.containers.len() >= CONTAINERS_MAX {
                continue;
            }
            match self.rows.put(old, number, ready, self.revision, &mut self.keys) {
                Put::Same => {}
                Put::Changed => changed = true,
                Put::New(slot) => {
                    host.containers.insert(id, slot);
                    new.push(slot);
                }
            }
        }
        changed |= !new.is_empty();
        self.rows.arrange(new);
        changed
    }

    /// An event with the name of the container whose id it has.
    fn naming(&self, slug: &str, mut event: Event) -> Event {
        let Some(id) = event.container.as_ref().and_then(|id| id.parse::<EngineId>().ok()) else {
            return event;
        };
        let row = self.host(slug).and_then(|host| self.rows.get(*host.containers.get(&id)?));
        event.container = Some(row.map_or_else(|| id.short(), |row| row.container.name.clone()));
        event
    }

    /// Takes rows out: whether one was there.
    fn take_out(&mut self, slug: &str, ids: &[EngineId]) -> bool {
        let Some(host) = self.host_mut(slug) else { return false };
        let gone: Vec<Slot> = ids.iter().filter_map(|id| host.containers.remove(id)).collect();
        self.rows.remove(&gone);
        !gone.is_empty()
    }
}

impl Inventory {
    /// Empty, and nothing on it is given to anybody.
    #[cfg(test)]
    pub fn new() -> Self {
        Self::with(Arc::default())
    }

    /// Empty; what comes is told to those who know whose it is.
    pub fn with(owners: Arc<Owners>) -> Self {
        Self {
            owners,
            epoch: new_id(),
            memory: RwLock::default(),
            revision: watch::Sender::default(),
            looks: Arc::default(),
        }
    }

    /// A host of which nothing is known yet; one that is there already stays as it is.
    pub fn add_host(&self, slug: &str, name: &str) {
        self.change(|memory| {
            if memory.by_slug.contains_key(slug) {
                return Touched::default();
            }
            let host = Host {
                slug: slug.to_owned(),
                name: name.to_owned(),
                link: Link::Connecting,
                engine: None,
                clock_offset: None,
                usage: UsageSource::None,
            };
            memory.by_slug.insert(slug.to_owned(), memory.hosts.len());
            memory.hosts.push(HostMemory {
                host,
                key: memory.keys.next(),
                link_changed: memory.revision,
                containers: HashMap::new(),
                shelves: Shelves::default(),
                measured: None,
                seen: None,
            });
            Touched { hosts: true, ..Touched::default() }
        });
    }

    /// Names this run of the server; revisions count within it.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Wakes at every change from now on.
    pub fn listen(&self) -> watch::Receiver<Revisions> {
        self.revision.subscribe()
    }

    /// What open subscriptions show.
    pub fn looks(&self) -> &Arc<Looks> {
        &self.looks
    }

    /// The revisions now. Whoever computes an answer after this shows at least these.
    pub fn revisions(&self) -> Revisions {
        *self.revision.borrow()
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, Memory> {
        // Whoever panicked while changing it is a watcher, which starts again and reads everything anew.
        self.memory.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something is somebody's now, or somebody is called otherwise: every row is looked at again for whose it is.
    pub fn owned_anew(&self) {
        self.change(|memory| {
            memory.owned = memory.revision;
            Touched { objects: true, shelves: true, ..Touched::default() }
        });
    }

    /// Changes the memory at a new revision and wakes everyone, unless the change says that it touched nothing.
    pub(super) fn change(&self, change: impl FnOnce(&mut Memory) -> Touched) {
        let mut memory = self.memory.write().unwrap_or_else(PoisonError::into_inner);
        memory.revision += 1;
        let touched = change(&mut memory);
        memory.rows.tidy();
        let now = memory.revision;
        // Told before the next one can change it again: revisions only rise.
        self.revision.send_if_modified(|last| {
            let parts = [
                (touched.objects, &mut last.objects),
                (touched.usage, &mut last.usage),
                (touched.events, &mut last.events),
                (touched.hosts, &mut last.hosts),
                (touched.shelves, &mut last.shelves),
            ];
            let mut any = false;
            for (_, part) in parts.into_iter().filter(|(touched, _)| *touched) {
                *part = now;
                any = true;
            }
            if any {
                last.now = now;
            }
            any
        });
    }

    /// The engine answers: its whole list takes the place of what was known. Rows that stay keep their keys. The list
    /// says less than inspections did, and what those said may be so no longer: the ids of rows that have lost something
    /// are returned, to be inspected again.
    pub(super) fn up(&self, slug: &str, engine: Engine, list: Vec<Described>) -> Vec<EngineId> {
        let ids: HashSet<EngineId> = list.iter().take(CONTAINERS_MAX).map(|described| described.id).collect();
        if list.len() > CONTAINERS_MAX {
            tracing::warn!(host.slug = slug, containers = list.len(), "the host has too many containers");
        }
        let mut rows: Vec<Ready> =
            list.into_iter().take(CONTAINERS_MAX).map(|described| Ready::new(slug, described)).collect();
        Ready::sort(&mut rows);
        let mut told_more = Vec::new();
        self.meet(slug, &rows);
        self.change(|memory| {
            let Some(host) = memory.host(slug) else { return Touched::default() };
            let gone: Vec<EngineId> =
                host.containers.keys().filter(|id| !ids.contains(*id)).copied().collect();
            memory.take_out(slug, &gone);
            self.part(slug, &gone);
            let Some(host) = memory.host(slug) else { return Touched::default() };
            let inspected =
                |slot: Slot| memory.rows.get(slot).is_some_and(|row| row.container.since.is_some());
            told_more =
                host.containers.iter().filter(|(_, slot)| inspected(**slot)).map(|(id, _)| *id).collect();
            let revision = memory.revision;
            if let Some(host) = memory.host_mut(slug) {
                host.host.link = Link::Up { since: now() };
                host.host.engine = Some(engine);
                host.seen = Some(now());
                host.link_changed = revision;
            }
            memory.put(slug, rows);
            Touched { objects: true, hosts: true, ..Touched::default() }
        });
        told_more
    }

    /// Says who is there before anybody can see them, so that what was given is seen at once by those it was given to.
    fn meet(&self, slug: &str, rows: &[Ready]) {
        if self.owners.has_any(slug) || rows.iter().any(|row| row.meets().2.is_some()) {
            let memory = self.read();
            let images = memory.host(slug).map(|host| host.shelves.images()).unwrap_or_default();
            rows.iter().for_each(|row| self.meet_one(&images, slug, row.meets()));
        }
    }

    /// Images give their labels to the containers made of them, so a label that the image has says nothing of whose the
    /// container is; as long as the image is not known, neither does any.
    fn meet_one(
        &self,
        images: &SaidByImages<'_>,
        slug: &str,
        (container, image, said): (&Container, &str, Option<&ByLabel>),
    ) {
        let key = Key::of(container);
        if key.stack.is_empty() && said.is_none() {
            return self.owners.meet(slug, Kind::Container, &container.id, || key);
        }
        let Some((stack, of_image)) = images.get(image) else { return };
        let key = if stack.is_some() && *stack == container.stack.as_deref() {
            Key::of_container(&container.id, &container.name, None, None)
        } else {
            key
        };
        if let Some(said) = said.and_then(|said| said.beyond(*of_image)) {
            let (host, object, key) = (slug.to_owned(), container.id.clone(), key.clone());
            self.owners.labelled(Labelled { host, kind: Kind::Container, object, key, said });
        }
        self.owners.meet(slug, Kind::Container, &container.id, || key);
    }

    /// Says who is gone.
    fn part(&self, slug: &str, gone: &[EngineId]) {
        gone.iter().for_each(|id| self.owners.part(slug, Kind::Container, &id.to_string()));
    }

    /// As [`Self::meet`], for all that is on a host: something of it was given just now, or its images are known now.
    pub fn meet_all(&self, slug: &str) {
        let memory = self.read();
        let Some(host) = memory.host(slug) else { return };
        let images = host.shelves.images();
        for row in host.containers.values().filter_map(|slot| memory.rows.get(*slot)) {
            self.meet_one(&images, slug, (&row.container, &row.holds.image, row.said.as_deref()));
        }
    }

    /// The engine does not answer: what was known stays, with its age.
    pub(super) fn down(&self, slug: &str, why: Sentence, retry_at: i64) {
        self.change(|memory| {
            let revision = memory.revision;
            let Some(number) = memory.by_slug.get(slug).copied() else { return Touched::default() };
            let Some(host) = memory.hosts.get_mut(number) else { return Touched::default() };
            if let Link::Up { .. } = host.host.link {
                host.seen = Some(now());
            }
            let went = !host.is_stale();
            if went {
                host.link_changed = revision;
                for slot in host.containers.values() {
                    if let Some(row) = memory.rows.get_mut(*slot) {
                        row.now = None;
                    }
                }
            }
            host.host.link = Link::Down { seen: host.seen, why, retry_at };
            Touched { objects: went, hosts: true, ..Touched::default() }
        });
    }

    /// The host's clock minus ours, milliseconds; none if they agree.
    pub(super) fn clock(&self, slug: &str, offset: Option<i64>) {
        self.change(|memory| {
            let Some(host) = memory.host_mut(slug) else { return Touched::default() };
            // It is told in whole seconds: a second more or less is no change.
            let same = match (host.host.clock_offset, offset) {
                (Some(before), Some(now)) => before.abs_diff(now) < 1_500,
                (before, now) => before == now,
            };
            if !same {
                host.host.clock_offset = offset;
            }
            Touched { hosts: !same, ..Touched::default() }
        });
    }

    /// These have changed, and the engine does not say how they are now: what was known of their state is so no longer. One
    /// of which nothing is known is shown by its id, so that nothing hides.
    pub(super) fn doubt(&self, slug: &str, ids: &[EngineId]) {
        if ids.is_empty() {
            return;
        }
        self.change(|memory| {
            let revision = memory.revision;
            let Some(number) = memory.by_slug.get(slug).copied() else { return Touched::default() };
            let Some(host) = memory.hosts.get_mut(number) else { return Touched::default() };
            let (mut new, mut changed) = (Vec::new(), false);
            for id in ids {
                let Some(row) = host.containers.get(id).and_then(|slot| memory.rows.get_mut(*slot)) else {
                    new.push(Ready::new(slug, Described::unclear(*id)));
                    continue;
                };
                if row.container.state != State::Unknown {
                    row.container.state = State::Unknown;
                    (row.now, row.pid, row.changed) = (None, None, revision);
                    changed = true;
                }
            }
            changed |= memory.put(slug, new);
            Touched { objects: changed, ..Touched::default() }
        });
    }

    /// Containers as inspected, ids that are gone, and what happened, as one change.
    pub(super) fn apply(&self, slug: &str, put: Vec<Described>, gone: &[EngineId], events: Vec<Event>) {
        let rows: Vec<Ready> = put.into_iter().map(|described| Ready::new(slug, described)).collect();
        self.meet(slug, &rows);
        self.change(|memory| {
            // Before the containers go.
            let events: Vec<Event> = events.into_iter().map(|event| memory.naming(slug, event)).collect();
            let changed = memory.put(slug, rows);
            let left = memory.take_out(slug, gone);
            self.part(slug, gone);
            let happened = !events.is_empty();
            for mut event in events {
                event.key = memory.keys.next();
                if memory.events.len() == EVENTS_KEPT {
                    memory.events.pop_front();
                }
                memory.events.push_back(event);
            }
            Touched { objects: changed || left, events: happened, ..Touched::default() }
        });
    }
}

/// What images say by their labels, by id.
type SaidByImages<'a> = HashMap<&'a str, (Option<&'a str>, Option<&'a ByLabel>)>;

/// The kind of an event's word; what engines tell of themselves is nobody's but the managers'.
fn kind_of(word: &str) -> Option<Kind> {
    [Kind::Container, Kind::Image, Kind::Network, Kind::Volume].into_iter().find(|kind| kind.code() == word)
}
