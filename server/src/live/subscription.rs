//! A subscription: its question, and what its browser was sent last.

use longshore_api::web::{
    RowKey,
    container::{ContainerDelta, ContainerQuery, ContainerWindow, Group, Totals},
    event::{EventQuery, EventWindow},
    home::Home,
    host::Host,
    job::Job,
    live::{Delta, Resume, Snapshot, Topic},
};

use crate::{access::Pass, house::House, inventory::Seen, usage::Look};

/// A question with the last answer.
pub(super) enum Subscription {
    Containers {
        query: ContainerQuery,
        seen: Seen,
        /// The revision up to which its figures were sent.
        used: u64,
        lines: Vec<RowKey>,
        groups: Vec<Group>,
        totals: Totals,
        look: Look,
    },
    Hosts {
        last: Vec<Host>,
    },
    Home {
        last: Box<Home>,
        _look: Look,
    },
    Events {
        query: EventQuery,
        newest: RowKey,
    },
    Jobs {
        last: Vec<Job>,
    },
}

impl Subscription {
    /// Opens it: the subscription, the revision and the snapshot.
    pub(super) fn open(
        house: &House,
        pass: &Pass,
        topic: Topic,
        resume: Option<Resume>,
    ) -> (Self, u64, Snapshot) {
        let inventory = &house.inventory;
        match topic {
            Topic::Containers(mut query) => {
                query.text = query.text.chars().take(200).collect();
                let had = resume.filter(|r| r.epoch == inventory.epoch()).map_or_else(Seen::new, |resume| {
                    resume.have.into_iter().map(|key| (key, resume.seq)).collect()
                });
                let answer = inventory.window(&query, &had, None);
                let this = Self::Containers {
                    query,
                    seen: answer.changed,
                    used: answer.revision,
                    look: inventory.looks().at(answer.window.lines.clone()),
                    lines: answer.window.lines.clone(),
                    groups: answer.window.groups.clone(),
                    totals: answer.window.totals.clone(),
                };
                (this, answer.revision, Snapshot::Containers(answer.window))
            }
            Topic::Hosts => {
                let seq = inventory.revision();
                let hosts = inventory.hosts();
                (Self::Hosts { last: hosts.clone() }, seq, Snapshot::Hosts { hosts })
            }
            Topic::Home => {
                let (home, seq) = inventory.home();
                let home = Box::new(home);
                (
                    Self::Home { last: home.clone(), _look: inventory.looks().at_foremost() },
                    seq,
                    Snapshot::Home(home),
                )
            }
            Topic::Events(query) => {
                let (window, seq) = inventory.events(&query, RowKey(0));
                let newest = window.events.first().map_or(RowKey(0), |event| event.key);
                (Self::Events { query, newest }, seq, Snapshot::Events(window))
            }
            Topic::Jobs => {
                let jobs = house.jobs.recent(pass.principal().account_id());
                (Self::Jobs { last: jobs.clone() }, inventory.revision(), Snapshot::Jobs { jobs })
            }
        }
    }

    /// What has changed since the browser was last sent something; none if nothing has.
    pub(super) fn delta(&mut self, house: &House, pass: &Pass) -> Option<(u64, Delta)> {
        let inventory = &house.inventory;
        match self {
            Self::Containers { query, seen, used, lines, groups, totals, look } => {
                let answer = inventory.window(query, seen, Some(*used));
                let window = answer.window;
                let delta = container_delta(&window, answer.usage, lines, groups, totals);
                if delta.lines.is_some() {
                    look.turn_to(window.lines.clone());
                }
                *used = answer.revision;
                *seen = answer.changed;
                *groups = window.groups;
                *lines = window.lines;
                *totals = window.totals;
                (delta != ContainerDelta::default()).then_some((answer.revision, Delta::Containers(delta)))
            }
            Self::Hosts { last } => {
                let seq = inventory.revision();
                let hosts = inventory.hosts();
                if hosts == *last {
                    return None;
                }
                last.clone_from(&hosts);
                Some((seq, Delta::Hosts { hosts }))
            }
            Self::Home { last, .. } => {
                let (home, seq) = inventory.home();
                if home == **last {
                    return None;
                }
                **last = home;
                Some((seq, Delta::Home(last.clone())))
            }
            Self::Events { query, newest } => {
                let (window, seq): (EventWindow, u64) = inventory.events(query, *newest);
                *newest = window.events.first()?.key;
                Some((seq, Delta::Events(window)))
            }
            Self::Jobs { last } => {
                let jobs = house.jobs.recent(pass.principal().account_id());
                if jobs == *last {
                    return None;
                }
                last.clone_from(&jobs);
                Some((inventory.revision(), Delta::Jobs { jobs }))
            }
        }
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
