//! All rows of all hosts, and what makes questions about ten thousand of them quick: their order by name, their groups,
//! and the texts that a filter looks at, all kept up to date by whoever changes a row.

use std::{cmp::Ordering, collections::HashMap, net::IpAddr};

use longshore_api::web::{RowKey, container::Container};

use super::{
    EngineId,
    groups::Groups,
    normal::{Described, Holds},
    state::Keys,
    texts::{TextId, Texts},
    usage::{Now, Track},
};
use crate::ownership::ByLabel;

/// Where a row is.
pub(super) type Slot = u32;

/// When so many rows come at once, the order is made anew instead of row by row.
const MANY: usize = 64;

/// A container.
pub(super) struct Row {
    pub(super) container: Container,
    /// For sorting without regard to case.
    folded: String,
    /// All that a filter by text looks at.
    pub(super) texts: Box<[TextId]>,
    /// The one of them that is its image.
    pub(super) image: TextId,
    /// The revision at which it last changed, figures apart.
    pub(super) changed: u64,
    /// Its host's number.
    pub(super) host: usize,
    /// Its group by stack.
    pub(super) group: u32,
    /// Its first address as a number; 0 without one.
    pub(super) ip: u128,
    /// What lies on the shelves and cannot go before it.
    pub(super) holds: Holds,
    /// The services of its stack that it waits for.
    pub(super) needs: Box<[Box<str>]>,
    /// Whether it was made for a single command of its service.
    pub(super) once: bool,
    /// Whose it says to be.
    pub(super) said: Option<Box<ByLabel>>,
    /// Its main process, where it is known.
    pub(super) pid: Option<u32>,
    /// What it uses now, while that is known.
    pub(super) now: Option<Now>,
    /// What it used; made with the first figure.
    pub(super) track: Option<Box<Track>>,
}

impl Row {
    /// Its name in lower case.
    pub(super) fn folded(&self) -> &str {
        &self.folded
    }
}

/// A row made ready before anything is locked.
pub(super) struct Ready {
    pub(super) id: EngineId,
    container: Container,
    folded: String,
    texts: Vec<String>,
    image: String,
    holds: Holds,
    needs: Box<[Box<str>]>,
    once: bool,
    said: Option<Box<ByLabel>>,
    pid: Option<u32>,
}

impl Ready {
    pub(super) fn new(host: &str, described: Described) -> Self {
        let id = described.id;
        let container = Container {
            key: RowKey(0),
            host: host.to_owned(),
            id: id.to_string(),
            name: described.name,
            image: described.image,
            stack: described.stack,
            service: described.service,
            state: described.state,
            exit_code: described.exit_code,
            oom: described.oom,
            restarts: described.restarts,
            since: described.since,
            created: described.created,
            ports: described.ports,
            ips: described.ips,
            usage: None,
            whose: None,
        };
        let folded = container.name.to_lowercase();
        // What is its own stands in one text; image, stack, service and labels are shared with others.
        let mut own = format!("{folded}\n{}", container.id);
        for port in &container.ports {
            own.push('\n');
            own.push_str(&port.host.unwrap_or(port.container).to_string());
        }
        for ip in &container.ips {
            own.push('\n');
            own.push_str(&ip.to_lowercase());
        }
        let mut texts = described.labels;
        texts.push(own);
        // Engines give these two as labels, by which they are found already; not when there are too many labels.
        for name in container.stack.iter().chain(&container.service).map(|name| name.to_lowercase()) {
            if !texts.iter().any(|text| text.contains(&name)) {
                texts.push(name);
            }
        }
        let image = container.image.to_lowercase();
        let Described { holds, needs, once, said, pid, .. } = described;
        Self { id, container, folded, texts, image, holds, needs, once, said, pid }
    }

    /// As it will be shown, with the id of its image, and whose it says to be.
    pub(super) fn meets(&self) -> (&Container, &str, Option<&ByLabel>) {
        (&self.container, &self.holds.image, self.said.as_deref())
    }

    /// Sorts rows as they will stand by name: taking many in is quick then.
    pub(super) fn sort(all: &mut [Self]) {
        all.sort_by(|a, b| a.folded.cmp(&b.folded).then_with(|| a.container.name.cmp(&b.container.name)));
    }
}

/// What putting a row has done.
pub(super) enum Put {
    /// It was there and looks as before.
    Same,
    /// It was there and looks different now.
    Changed,
    /// It is new and has this place; [`Rows::arrange`] brings it into the order.
    New(Slot),
}

/// All rows.
#[derive(Default)]
pub(super) struct Rows {
    slots: Vec<Option<Row>>,
    free: Vec<Slot>,
    by_key: HashMap<RowKey, Slot>,
    /// By name, then by host.
    order: Vec<Slot>,
    pub(super) groups: Groups,
    pub(super) texts: Texts,
}

fn by_name(a: &Row, b: &Row) -> Ordering {
    let (x, y) = (&a.container, &b.container);
    let by_name = a.folded.cmp(&b.folded).then_with(|| x.name.cmp(&y.name));
    by_name.then_with(|| x.host.cmp(&y.host)).then(x.key.cmp(&y.key))
}

impl Rows {
    pub(super) fn get(&self, slot: Slot) -> Option<&Row> {
        self.slots.get(slot as usize)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, slot: Slot) -> Option<&mut Row> {
        self.slots.get_mut(slot as usize)?.as_mut()
    }

    pub(super) fn by_key(&self, key: RowKey) -> Option<&Row> {
        self.get(*self.by_key.get(&key)?)
    }

    /// All of them by name, then by host.
    pub(super) fn by_name(&self) -> impl Iterator<Item = (Slot, &Row)> {
        self.order.iter().filter_map(|slot| Some((*slot, self.get(*slot)?)))
    }

    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    /// Puts a row in the place of `old`, with its key, or in a new one.
    pub(super) fn put(
        &mut self,
        old: Option<Slot>,
        host: usize,
        ready: Ready,
        at: u64,
        keys: &mut Keys,
    ) -> Put {
        let image = self.texts.take(&ready.image);
        let mut texts: Vec<TextId> = ready.texts.iter().map(|text| self.texts.take(text)).collect();
        texts.push(image);
        texts.sort_unstable();
        let texts = texts.into_boxed_slice();
        let Ready { mut container, folded, holds, needs, once, said, pid, .. } = ready;
        if let Some((slot, old)) = old.and_then(|slot| Some((slot, self.get_mut(slot)?))) {
            container.key = old.container.key;
            // Only an inspection tells, and what it told of a process that has ended is of no use.
            old.pid = pid;
            let same = old.holds == holds;
            old.holds = holds;
            // They are labels, which are texts: where those are the same, these are.
            old.needs = needs;
            old.once = once;
            old.said = said;
            if same && old.container == container && old.texts == texts {
                self.give_back(&texts);
                return Put::Same;
            }
            self.change(slot, container, folded, (texts, image), at, keys);
            return Put::Changed;
        }
        container.key = keys.next();
        let group = self.groups.join(&container.host, container.stack.as_deref(), keys);
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            Slot::try_from(self.slots.len() - 1).expect("fewer rows than four thousand million")
        });
        self.by_key.insert(container.key, slot);
        let ip = address(&container);
        let row = Row {
            container,
            folded,
            texts,
            image,
            changed: at,
            host,
            group,
            ip,
            holds,
            needs,
            once,
            said,
            pid,
            now: None,
            track: None,
        };
        self.slots[slot as usize] = Some(row);
        Put::New(slot)
    }

    fn change(
        &mut self,
        slot: Slot,
        container: Container,
        folded: String,
        (texts, image): (Box<[TextId]>, TextId),
        at: u64,
        keys: &mut Keys,
    ) {
        let Some(row) = self.get(slot) else { return };
        let renamed = row.container.name != container.name;
        if renamed {
            self.unarrange(slot);
        }
        let Some(row) = self.get(slot) else { return };
        if row.container.stack != container.stack {
            let left = row.group;
            let joined = self.groups.join(&container.host, container.stack.as_deref(), keys);
            self.groups.leave(left);
            if let Some(row) = self.get_mut(slot) {
                row.group = joined;
            }
        }
        let Some(row) = self.get_mut(slot) else { return };
        if !container.state.is_up() {
            row.now = None;
        }
        row.ip = address(&container);
        row.container = container;
        row.folded = folded;
        row.changed = at;
        row.image = image;
        let before = std::mem::replace(&mut row.texts, texts);
        self.give_back(&before);
        if renamed {
            self.arrange(vec![slot]);
        }
    }

    /// Takes rows out.
    pub(super) fn remove(&mut self, slots: &[Slot]) {
        let one_by_one = slots.len() <= MANY;
        for slot in slots {
            if one_by_one {
                self.unarrange(*slot);
            }
            let Some(row) = self.slots.get_mut(*slot as usize).and_then(Option::take) else { continue };
            self.by_key.remove(&row.container.key);
            self.groups.leave(row.group);
            self.give_back(&row.texts);
            self.free.push(*slot);
        }
        if !one_by_one {
            let Self { order, slots, .. } = self;
            order.retain(|slot| slots[*slot as usize].is_some());
        }
    }

    /// Brings new rows into the order.
    pub(super) fn arrange(&mut self, new: Vec<Slot>) {
        if new.len() > MANY {
            self.order.extend(new);
            let Self { order, slots, .. } = self;
            // Two sorted runs, if the new ones are sorted: merging them is all there is to do.
            order.sort_by(|a, b| match (&slots[*a as usize], &slots[*b as usize]) {
                (Some(a), Some(b)) => by_name(a, b),
                (a, b) => a.is_some().cmp(&b.is_some()),
            });
            return;
        }
        for slot in new {
            if let Some(place) = self.place(slot) {
                self.order.insert(place, slot);
            }
        }
    }

    fn unarrange(&mut self, slot: Slot) {
        if let Some(place) = self.place(slot)
            && self.order.get(place) == Some(&slot)
        {
            self.order.remove(place);
        }
    }

    /// Where a row is in the order, or would be.
    fn place(&self, slot: Slot) -> Option<usize> {
        let row = self.get(slot)?;
        let before = |other: &Slot| self.get(*other).is_some_and(|other| by_name(other, row).is_lt());
        Some(self.order.partition_point(before))
    }

    fn give_back(&mut self, texts: &[TextId]) {
        texts.iter().for_each(|id| self.texts.give_back(*id));
    }

    /// Tidies up after many changes.
    pub(super) fn tidy(&mut self) {
        let Some(renamed) = self.texts.tidy() else { return };
        for row in self.slots.iter_mut().flatten() {
            row.texts.iter_mut().chain([&mut row.image]).for_each(|id| *id = renamed[id.at()]);
        }
    }
}

/// IPv4 addresses stand before all of IPv6 but its very first ones.
fn address(container: &Container) -> u128 {
    match container.ips.first().and_then(|ip| ip.parse().ok()) {
        Some(IpAddr::V4(ip)) => u128::from(ip.to_bits()),
        Some(IpAddr::V6(ip)) => ip.to_bits(),
        None => 0,
    }
}
