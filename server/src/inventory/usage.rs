//! What containers use, as the samplers told it last. A new figure is no change of a row: browsers append it.

use longshore_api::web::{
    container::Usage,
    host::{Link, UsageSource},
    live::USAGE_PAST,
};

use super::{Inventory, state::Row};
use crate::usage::{GAP, History, Sample, Target};

/// A container's figures.
#[derive(Default)]
pub(super) struct Track {
    now: Option<Now>,
    /// The revision of the newest figure.
    changed: u64,
    history: History,
}

/// The newest figure of a running container.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Now {
    /// Percent of one core.
    pub(super) cpu: f32,
    /// Bytes.
    pub(super) memory: u64,
    limit: Option<u64>,
}

impl Track {
    pub(super) fn changed(&self) -> u64 {
        self.changed
    }

    /// It has ended, or nothing more is known of it: no figure is of now. Its past stays.
    pub(super) fn stop(&mut self) {
        self.now = None;
    }

    pub(super) fn usage(&self) -> Option<Usage> {
        let Now { cpu, memory, limit } = self.now?;
        let (cpu_past, memory_past) = self.history.recent(USAGE_PAST);
        Some(Usage { cpu, memory, memory_limit: limit, cpu_past, memory_past })
    }
}

impl Row {
    pub(super) fn uses(&self) -> Option<Now> {
        self.track.as_ref()?.now
    }
}

/// To a hundredth of a percent: more is noise, and longer on the wire.
pub(super) fn rounded(cpu: f32) -> f32 {
    (cpu * 100.0).round() / 100.0
}

impl Inventory {
    /// The running containers of a host; none if it does not answer.
    pub fn running(&self, slug: &str) -> Option<Vec<Target>> {
        let memory = self.read();
        let host = memory.hosts.get(slug)?;
        if !matches!(host.host.link, Link::Up { .. }) {
            return None;
        }
        let running = host.containers.values().filter(|row| row.container.state.is_up());
        let target =
            |row: &Row| Target { key: row.container.key, id: row.container.id.clone(), pid: row.pid };
        Some(running.map(target).collect())
    }

    /// Takes the figures of a sampler's step, and where they come from. Figures that have got no successor for a
    /// minute are no longer of now.
    pub fn used(&self, slug: &str, step: u32, source: UsageSource, samples: Vec<Sample>) {
        self.change(|memory| {
            let revision = memory.revision;
            let Some(host) = memory.hosts.get_mut(slug) else { return false };
            let mut changed = host.host.usage != source;
            host.host.usage = source;
            for sample in samples {
                // It may have ended while it was being sampled.
                let row = host.containers.get_mut(&sample.id).filter(|row| row.container.state.is_up());
                let Some(row) = row else { continue };
                let now = Now { cpu: rounded(sample.cpu), memory: sample.memory, limit: sample.memory_limit };
                let track = row.track.get_or_insert_default();
                // A browser can append to figures that it has, under the limit that it knows.
                if track.now.is_none_or(|before| before.limit != now.limit) {
                    row.changed = revision;
                }
                track.history.push(step, now.cpu, now.memory);
                track.now = Some(now);
                track.changed = revision;
                changed = true;
            }
            for row in host.containers.values_mut() {
                let Some(track) = row.track.as_mut().filter(|track| track.now.is_some()) else { continue };
                if track.history.last().is_none_or(|last| last.saturating_add(GAP) < step) {
                    track.stop();
                    row.changed = revision;
                    changed = true;
                }
            }
            changed
        });
    }
}

#[cfg(test)]
mod tests {
    use longshore_api::web::{
        container::{Column, ContainerQuery, Grouping, State},
        host::Engine,
    };

    use super::{
        super::{normal::Described, window::Windowed},
        *,
    };
    use crate::inventory::Seen;

    const MIB: u64 = 1024 * 1024;

    fn described(id: &str, state: State) -> Described {
        Described { id: id.to_owned(), name: id.to_owned(), state: Some(state), ..Described::default() }
    }

    /// A host `quay` on which `ids` are running.
    fn inventory(ids: &[&str]) -> Inventory {
        let inventory = Inventory::new();
        inventory.add_host("quay", "Quay");
        let engine = Engine {
            product: "Docker".to_owned(),
            version: "28.5.1".to_owned(),
            api: "1.51".to_owned(),
            platform: "linux/amd64".to_owned(),
            address: "unix:///var/run/docker.sock".to_owned(),
        };
        let list = ids.iter().map(|id| described(id, State::Running)).collect();
        inventory.up("quay", engine, list);
        inventory
    }

    fn tick(inventory: &Inventory, step: u32, figures: &[(&str, f32, u64)]) {
        let sample = |(id, cpu, memory): &(&str, f32, u64)| Sample {
            id: (*id).to_owned(),
            cpu: *cpu,
            memory: *memory,
            memory_limit: None,
        };
        inventory.used("quay", step, UsageSource::Files, figures.iter().map(sample).collect());
    }

    /// Asks as a subscription does that has `before`.
    fn ask(inventory: &Inventory, query: &ContainerQuery, before: &Windowed) -> Windowed {
        inventory.window(query, &before.changed, Some(before.revision))
    }

    fn by_cpu() -> ContainerQuery {
        let (group, sort) = (Grouping::Flat, Column::Cpu);
        ContainerQuery { limit: 100, descending: true, group, sort, ..ContainerQuery::default() }
    }

    #[test]
    fn a_new_figure_is_appended_and_sends_no_row_again() {
        let inventory = inventory(&["api", "web"]);
        let query = by_cpu();
        let whole = inventory.window(&query, &Seen::new(), None);
        assert!(whole.window.rows.iter().all(|row| row.usage.is_none()));

        tick(&inventory, 1, &[("api", 1.0, MIB), ("web", 50.004, 2 * MIB)]);
        let first = ask(&inventory, &query, &whole);
        assert_eq!(first.window.rows.len(), 2, "the first figure makes the row another");
        assert_eq!(first.usage, []);
        let web = first.window.rows[0].clone();
        assert_eq!(web.name, "web");
        let usage = web.usage.expect("usage");
        assert_eq!(
            (usage.cpu, usage.memory, usage.cpu_past, usage.memory_past),
            (50.0, 2 * MIB, vec![50.0], vec![2 * MIB])
        );

        tick(&inventory, 2, &[("api", 75.0, MIB), ("web", 50.0, 2 * MIB)]);
        let second = ask(&inventory, &query, &first);
        assert_eq!(second.window.rows, []);
        let api = second.window.lines[0];
        assert_ne!(api, web.key, "sorted anew");
        assert_eq!(second.usage, [(api, 75.0, MIB), (web.key, 50.0, 2 * MIB)]);

        assert_eq!(ask(&inventory, &query, &second).usage, [], "nothing new");
    }

    #[test]
    fn a_browser_that_was_away_gets_rows_with_their_past() {
        let inventory = inventory(&["web", "idle"]);
        tick(&inventory, 1, &[("web", 1.0, MIB)]);
        let had = inventory.window(&by_cpu(), &Seen::new(), None);
        tick(&inventory, 2, &[("web", 2.0, MIB)]);
        tick(&inventory, 3, &[("web", 3.0, MIB)]);
        // It names the rows that it still has, at the revision of the last message.
        let seen = had.changed.keys().map(|key| (*key, had.revision)).collect();
        let again = inventory.window(&by_cpu(), &seen, None);
        let rows: Vec<_> = again.window.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(rows, ["web"]);
        assert_eq!(again.window.rows[0].usage.as_ref().expect("usage").cpu_past, [1.0, 2.0, 3.0]);
    }

    #[test]
    fn what_is_stopped_or_no_longer_sampled_has_no_figure_and_keeps_its_past() {
        let inventory = inventory(&["web", "db"]);
        tick(&inventory, 1, &[("web", 1.0, MIB), ("db", 1.0, MIB)]);
        let first = inventory.window(&by_cpu(), &Seen::new(), None);

        inventory.apply("quay", vec![described("web", State::Exited)], &[]);
        tick(&inventory, 2, &[("web", 1.0, MIB), ("db", 2.0, MIB)]);
        let stopped = ask(&inventory, &by_cpu(), &first);
        assert_eq!(stopped.window.rows.len(), 1);
        assert_eq!(stopped.window.rows[0].usage, None);

        inventory.apply("quay", vec![described("web", State::Running)], &[]);
        tick(&inventory, 4, &[("web", 4.0, MIB)]);
        let started = ask(&inventory, &by_cpu(), &stopped);
        let web = started.window.rows.iter().find(|row| row.name == "web").expect("web");
        assert_eq!(web.usage.as_ref().expect("usage").cpu_past, [1.0, 4.0]);

        // More than a minute without a figure of db's.
        tick(&inventory, 4 + GAP, &[("web", 5.0, MIB)]);
        let silent = ask(&inventory, &by_cpu(), &started);
        assert_eq!(silent.window.rows.iter().map(|row| &row.usage).collect::<Vec<_>>(), [&None]);
    }

    #[test]
    fn groups_and_home_have_the_sums_and_the_foremost() {
        let inventory = inventory(&["api", "web", "db"]);
        tick(&inventory, 1, &[("api", 0.1, 3 * MIB), ("web", 0.2, MIB), ("db", 0.0, 2 * MIB)]);
        let query = ContainerQuery { limit: 100, ..ContainerQuery::default() };
        let group = inventory.window(&query, &Seen::new(), None).window.groups.remove(0);
        assert_eq!((group.cpu, group.memory), (Some(0.3), Some(6 * MIB)));
        let (home, _) = inventory.home();
        let names = |rows: &[longshore_api::web::container::Container]| {
            rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&home.by_cpu), ["web", "api", "db"]);
        assert_eq!(names(&home.by_memory), ["api", "db", "web"]);
        assert_eq!(home.berths[0].host.usage, UsageSource::Files);
    }
}
