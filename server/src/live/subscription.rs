//! A subscription: its question, and what its browser was sent last.

use std::time::Duration;

use longshore_api::web::{
    RowKey,
    container::{Column, ContainerDelta, ContainerQuery, ContainerWindow, Group, Grouping, Totals},
    detail::Followed,
    event::{EventQuery, EventWindow},
    home::{Home, HomeDelta, HomeQuery},
    host::Host,
    job::Job,
    live::{Delta, Resume, Snapshot, Topic, USAGE_STEP_MS},
    shelf::{ShelfQuery, ShelfWindow},
    stack::{Stack, Stacks},
};
use tokio::time::Instant;

use crate::{
    access::{Demand, Pass, Target},
    house::House,
    inventory::{Had, Revisions, Seen, View},
    stacks,
    usage::Look,
};

/// Home, and windows whose groups or order are made of figures, are computed again for new figures only so often.
const FIGURES_EVERY: Duration = Duration::from_millis(USAGE_STEP_MS);

/// A question with the last answer.
pub(super) struct Subscription {
    topic: Shown,
    /// What the last answer shows.
    at: Revisions,
    /// New figures alone are no reason for an answer before this.
    figures_from: Instant,
    /// There are some.
    figures_wait: bool,
}

enum Shown {
    Containers(Box<Window>),
    Hosts { last: Vec<Host> },
    Home { query: HomeQuery, last: Box<Home>, _look: Look },
    Events { query: EventQuery, newest: RowKey },
    Jobs { last: Vec<Job> },
    Audit { last: i64 },
    Templates { last: u64 },
    Shelf { query: ShelfQuery, last: ShelfWindow },
    Container { host: String, id: String, last: Box<Followed>, _look: Look },
    Stacks { host: String, last: Stacks, known: u64 },
    Stack { host: String, name: String, last: Box<Stack>, known: u64 },
}

struct Window {
    query: ContainerQuery,
    seen: Seen,
    /// The revision up to which its figures were sent.
    used: u64,
    lines: Vec<RowKey>,
    groups: Vec<Group>,
    totals: Totals,
    look: Look,
}

impl Subscription {
    /// Opens it: the subscription, the revision and the snapshot.
    pub(super) fn open(
        house: &House,
        pass: &Pass,
        topic: Topic,
        resume: Option<Resume>,
    ) -> (Self, u64, Snapshot) {
        let at = house.inventory.revisions();
        let (topic, seq, snapshot) = Shown::open(house, pass, topic, resume);
        let figures_from = Instant::now() + FIGURES_EVERY;
        (Self { topic, at, figures_from, figures_wait: false }, seq, snapshot)
    }

    /// What has changed since the browser was last sent something; none if nothing has.
    pub(super) fn delta(&mut self, house: &House, pass: &Pass) -> Option<(u64, Delta)> {
        let now = house.inventory.revisions();
        let before = self.at;
        let (objects, hosts) = (now.objects > before.objects, now.hosts > before.hosts);
        let events = now.events > before.events;
        let figures = now.usage > before.usage;
        let changed = match &self.topic {
            Shown::Containers(_) => objects,
            Shown::Hosts { .. } => hosts,
            Shown::Home { .. } => objects || hosts || events,
            Shown::Events { .. } => events,
            Shown::Jobs { .. } | Shown::Audit { .. } | Shown::Templates { .. } => true,
            Shown::Shelf { .. } => objects || hosts || now.shelves > before.shelves,
            Shown::Container { .. } => objects || events,
            Shown::Stacks { known, .. } | Shown::Stack { known, .. } => {
                objects || hosts || house.stacks.revision() != *known
            }
        };
        if changed {
            self.at = now;
            // They are in the answer.
            self.figures_wait = false;
            return self.topic.delta(house, pass);
        }
        let shows_figures =
            matches!(self.topic, Shown::Containers(_) | Shown::Home { .. } | Shown::Container { .. });
        if !figures || !shows_figures {
            return None;
        }
        let clock = Instant::now();
        self.figures_wait = clock < self.figures_from;
        if self.figures_wait {
            return None;
        }
        self.figures_from = clock + FIGURES_EVERY;
        self.at = now;
        match &mut self.topic {
            Shown::Containers(window) if !window.made_of_figures() => {
                window.figures(&house.inventory.seen_with(house.access.sight(pass)))
            }
            topic => topic.delta(house, pass),
        }
    }

    /// Whether it is told of the audit log.
    pub(super) fn is_audit(&self) -> bool {
        matches!(self.topic, Shown::Audit { .. })
    }

    /// Its person may see more or less than before: the next delta computes everything.
    pub(super) fn look_anew(&mut self) {
        self.at = Revisions::default();
    }

    /// When figures that are there already may be sent.
    pub(super) fn due(&self) -> Option<Instant> {
        self.figures_wait.then_some(self.figures_from)
    }
}

impl Shown {
    fn open(house: &House, pass: &Pass, topic: Topic, resume: Option<Resume>) -> (Self, u64, Snapshot) {
        let inventory = &house.inventory;
        let view = inventory.seen_with(house.access.sight(pass));
        match topic {
            Topic::Containers(mut query) => {
                query.text = query.text.chars().take(200).collect();
                let had = resume.filter(|r| r.epoch == inventory.epoch()).map_or_else(Seen::new, |resume| {
                    resume.have.into_iter().map(|key| (key, Had::at(resume.seq))).collect()
                });
                let answer = view.window(&query, &had, None);
                let this = Window {
                    query,
                    seen: answer.seen,
                    used: answer.revision,
                    look: inventory.looks().at(answer.window.lines.clone()),
                    lines: answer.window.lines.clone(),
                    groups: answer.window.groups.clone(),
                    totals: answer.window.totals.clone(),
                };
                (Self::Containers(Box::new(this)), answer.revision, Snapshot::Containers(answer.window))
            }
            Topic::Hosts => {
                let seq = inventory.revisions().now;
                let hosts = view.hosts();
                (Self::Hosts { last: hosts.clone() }, seq, Snapshot::Hosts { hosts })
            }
            Topic::Home(query) => {
                let (home, seq) = view.home(&query);
                let home = Box::new(home);
                let look = inventory.looks().at_foremost();
                (Self::Home { query, last: home.clone(), _look: look }, seq, Snapshot::Home(home))
            }
            Topic::Events(query) => {
                let (window, seq) = view.events(&query, RowKey(0));
                let newest = window.events.first().map_or(RowKey(0), |event| event.key);
                (Self::Events { query, newest }, seq, Snapshot::Events(window))
            }
            Topic::Jobs => {
                let jobs = house.jobs.recent(pass.principal().account_id());
                (Self::Jobs { last: jobs.clone() }, inventory.revisions().now, Snapshot::Jobs { jobs })
            }
            Topic::Audit => {
                let head = audit_head(house, pass);
                (Self::Audit { last: head }, inventory.revisions().now, Snapshot::Audit { head })
            }
            Topic::Templates => {
                let revision = *house.templates.listen().borrow();
                let seq = inventory.revisions().now;
                (Self::Templates { last: revision }, seq, Snapshot::Templates { revision })
            }
            Topic::Shelf(mut query) => {
                query.text = query.text.chars().take(200).collect();
                let (window, seq) = view.shelf(&query);
                (Self::Shelf { query, last: window.clone() }, seq, Snapshot::Shelf(window))
            }
            Topic::Stacks { host } => {
                let known = house.stacks.revision();
                let stacks = Stacks { stacks: stacks::rows(house, pass, &host) };
                let seq = inventory.revisions().now;
                (Self::Stacks { host, last: stacks.clone(), known }, seq, Snapshot::Stacks(stacks))
            }
            Topic::Stack { host, name } => {
                let known = house.stacks.revision();
                let stack = Box::new(stacks::look(house, pass, &host, &name));
                let seq = inventory.revisions().now;
                (Self::Stack { host, name, last: stack.clone(), known }, seq, Snapshot::Stack(stack))
            }
            Topic::Container { host, id } => {
                let (followed, seq) = view.follow(&host, &id);
                let look = inventory.looks().at(followed.row.iter().map(|row| row.key).collect());
                let last = Box::new(followed);
                let snapshot = Snapshot::Container(last.clone());
                (Self::Container { host, id, last, _look: look }, seq, snapshot)
            }
        }
    }

    fn delta(&mut self, house: &House, pass: &Pass) -> Option<(u64, Delta)> {
        let inventory = &house.inventory;
        let view = inventory.seen_with(house.access.sight(pass));
        match self {
            Self::Containers(window) => window.delta(&view),
            Self::Hosts { last } => {
                let seq = inventory.revisions().now;
                let hosts = view.hosts();
                if hosts == *last {
                    return None;
                }
                last.clone_from(&hosts);
                Some((seq, Delta::Hosts { hosts }))
            }
            Self::Home { query, last, .. } => {
                let (home, seq) = view.home(query);
                let delta = HomeDelta::between(last, &home)?;
                **last = home;
                Some((seq, Delta::Home(Box::new(delta))))
            }
            Self::Events { query, newest } => {
                let (window, seq): (EventWindow, u64) = view.events(query, *newest);
                *newest = window.events.first()?.key;
                Some((seq, Delta::Events(window)))
            }
            Self::Jobs { last } => {
                let jobs = house.jobs.recent(pass.principal().account_id());
                if jobs == *last {
                    return None;
                }
                last.clone_from(&jobs);
                Some((inventory.revisions().now, Delta::Jobs { jobs }))
            }
            Self::Audit { last } => {
                let head = audit_head(house, pass);
                (std::mem::replace(last, head) != head)
                    .then(|| (inventory.revisions().now, Delta::Audit { head }))
            }
            Self::Templates { last } => {
                let revision = *house.templates.listen().borrow();
                (std::mem::replace(last, revision) != revision)
                    .then(|| (inventory.revisions().now, Delta::Templates { revision }))
            }
            Self::Shelf { query, last } => {
                let (window, seq) = view.shelf(query);
                if window == *last {
                    return None;
                }
                last.clone_from(&window);
                Some((seq, Delta::Shelf(window)))
            }
            Self::Stacks { host, last, known } => {
                *known = house.stacks.revision();
                let stacks = Stacks { stacks: stacks::rows(house, pass, host) };
                if stacks == *last {
                    return None;
                }
                last.clone_from(&stacks);
                Some((inventory.revisions().now, Delta::Stacks(stacks)))
            }
            Self::Stack { host, name, last, known } => {
                *known = house.stacks.revision();
                let stack = stacks::look(house, pass, host, name);
                if stack == **last {
                    return None;
                }
                **last = stack;
                Some((inventory.revisions().now, Delta::Stack(last.clone())))
            }
            Self::Container { host, id, last, .. } => {
                let (followed, seq) = view.follow(host, id);
                if followed == **last {
                    return None;
                }
                **last = followed;
                Some((seq, Delta::Container(last.clone())))
            }
        }
    }
}

/// The last row of the audit log, for who may read it.
fn audit_head(house: &House, pass: &Pass) -> i64 {
    let may = house.access.may(pass.principal(), Demand::Administer, &Target::Longshore);
    if may { *house.ledger.listen().borrow() } else { 0 }
}

impl Window {
    /// Whether its order or its groups are other ones with other figures.
    fn made_of_figures(&self) -> bool {
        self.query.group != Grouping::Flat || matches!(self.query.sort, Column::Cpu | Column::Memory)
    }

    fn delta(&mut self, view: &View) -> Option<(u64, Delta)> {
        let answer = view.window(&self.query, &self.seen, Some(self.used));
        let window = answer.window;
        let delta = container_delta(&window, answer.usage, &self.lines, &self.groups, &self.totals);
        if delta.lines.is_some() {
            self.look.turn_to(window.lines.clone());
        }
        self.used = answer.revision;
        self.seen = answer.seen;
        self.groups = window.groups;
        self.lines = window.lines;
        self.totals = window.totals;
        (delta != ContainerDelta::default()).then_some((answer.revision, Delta::Containers(delta)))
    }

    /// The newest figures of its rows, of which nothing else has changed.
    fn figures(&mut self, view: &View) -> Option<(u64, Delta)> {
        let (usage, revision) = view.figures(&self.lines, self.used);
        self.used = revision;
        let delta = ContainerDelta { usage, ..ContainerDelta::default() };
        (!delta.usage.is_empty()).then_some((revision, Delta::Containers(delta)))
    }
}

fn container_delta(
    window: &ContainerWindow,
    usage: Vec<(RowKey, f32, u64)>,
    lines: &[RowKey],
    groups: &[Group],
    totals: &Totals,
) -> ContainerDelta {
    ContainerDelta {
        lines: (window.lines != lines).then(|| window.lines.clone()),
        rows: window.rows.clone(),
        groups: window.groups.iter().filter(|group| !groups.contains(group)).cloned().collect(),
        totals: (window.totals != *totals).then(|| window.totals.clone()),
        usage,
    }
}
