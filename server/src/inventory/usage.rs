//! What containers use, as the samplers told it last. A new figure is no change of a row: browsers append it.

use longshore_api::ops::Kind;
use longshore_api::web::{
    Millis, RowKey,
    container::Usage,
    detail::{Figure, PastUsage, Traffic},
    host::{Link, UsageSource},
    live::USAGE_PAST,
};

use super::{Inventory, rows::Row, state::Touched};
use crate::access::Sight;
use crate::{
    store::now,
    usage::{Flow, GAP, History, Sample, Target},
};

/// A container's figures so far.
#[derive(Default)]
pub(super) struct Track {
    /// The revision of the newest figure.
    changed: u64,
    /// When it came.
    at: Millis,
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

impl Row {
    /// The revision of its newest figure; 0 without any.
    pub(super) fn used(&self) -> u64 {
        self.track.as_ref().map_or(0, |track| track.changed)
    }

    /// What it uses, with its past.
    pub(super) fn usage(&self) -> Option<Usage> {
        let Now { cpu, memory, limit } = self.now?;
        let (cpu_past, memory_past) = self.track.as_ref()?.history.recent(USAGE_PAST);
        Some(Usage { cpu, memory, memory_limit: limit, cpu_past, memory_past })
    }
}

/// To a hundredth of a percent: more is noise, and longer on the wire. What is no share is none.
pub(super) fn rounded(cpu: f32) -> f32 {
    if cpu.is_finite() { (cpu.max(0.0) * 100.0).round() / 100.0 } else { 0.0 }
}

impl Inventory {
    /// The newest figures of rows, CPU and memory, of those that have newer ones than at the revision `since`; with the
    /// revision that this shows.
    pub(super) fn figures(
        &self,
        sight: &Sight,
        rows: &[RowKey],
        since: u64,
    ) -> (Vec<(RowKey, f32, u64)>, u64) {
        let memory = self.read();
        let seen = memory.seen(sight);
        let newest = |key: &RowKey| {
            let row = memory.rows.by_key(*key).filter(|row| {
                seen[row.host].sees(Kind::Container, &row.container.id) && row.used() > since
            })?;
            row.now.map(|now| (*key, now.cpu, now.memory))
        };
        (rows.iter().filter_map(newest).collect(), memory.revision)
    }

    /// What a container used in the last hour, by its full id.
    pub fn past_usage(&self, slug: &str, id: &str) -> PastUsage {
        let memory = self.read();
        let found = memory.host(slug).and_then(|host| host.containers.get(&id.parse().ok()?));
        let row = found.and_then(|slot| memory.rows.get(*slot));
        let Some((row, track)) = row.and_then(|row| Some((row, row.track.as_ref()?))) else {
            return PastUsage { now: now(), ..PastUsage::default() };
        };
        let before = |ago: u64| track.at.saturating_sub(i64::try_from(ago).unwrap_or(i64::MAX));
        let figure = |(ago, cpu, memory)| Figure { at: before(ago), cpu, memory };
        let traffic = |(ago, flow): (u64, Flow)| {
            let [net_in, net_out, block_in, block_out] = flow.rates();
            Traffic { at: before(ago), net_in, net_out, block_in, block_out }
        };
        PastUsage {
            now: now(),
            figures: track.history.past().into_iter().map(figure).collect(),
            traffic: track.history.flows().into_iter().map(traffic).collect(),
            memory_limit: row.now.and_then(|now| now.limit),
        }
    }

    /// The running containers of a host; none if it does not answer.
    pub fn running(&self, slug: &str) -> Option<Vec<Target>> {
        let memory = self.read();
        let host = memory.host(slug)?;
        if !matches!(host.host.link, Link::Up { .. }) {
            return None;
        }
        let rows = host.containers.values().filter_map(|slot| memory.rows.get(*slot));
        let target =
            |row: &Row| Target { key: row.container.key, id: row.container.id.clone(), pid: row.pid };
        Some(rows.filter(|row| row.container.state.is_up()).map(target).collect())
    }

    /// Takes the figures of a sampler's step, and where they come from. Figures that have got no successor for a
    /// minute are no longer of now.
    pub fn used(&self, slug: &str, step: u32, source: UsageSource, samples: Vec<Sample>) {
        let arrived = now();
        self.change(|memory| {
            let revision = memory.revision;
            let mut touched = Touched::default();
            let Some(number) = memory.by_slug.get(slug).copied() else { return touched };
            let (Some(host), rows) = (memory.hosts.get_mut(number), &mut memory.rows) else { return touched };
            // It may have gone while it was being sampled.
            if host.is_stale() {
                return touched;
            }
            touched.hosts = host.host.usage != source;
            host.host.usage = source;
            for sample in samples {
                let slot = sample.id.parse().ok().and_then(|id| host.containers.get(&id));
                // So may a container.
                let row = slot.and_then(|slot| rows.get_mut(*slot)).filter(|row| row.container.state.is_up());
                let Some(row) = row else { continue };
                let now = Now { cpu: rounded(sample.cpu), memory: sample.memory, limit: sample.memory_limit };
                // A browser can append to figures that it has, under the limit that it knows.
                if row.now.is_none_or(|before| before.limit != now.limit) {
                    row.changed = revision;
                    touched.objects = true;
                }
                let track = row.track.get_or_insert_default();
                track.history.push(step, now.cpu, now.memory);
                if let Some(traffic) = sample.traffic {
                    track.history.push_traffic(step, traffic);
                }
                track.at = arrived;
                track.changed = revision;
                row.now = Some(now);
                touched.usage = true;
            }
            for slot in host.containers.values() {
                let Some(row) = rows.get_mut(*slot).filter(|row| row.now.is_some()) else { continue };
                let last = row.track.as_ref().and_then(|track| track.history.last());
                if last.is_none_or(|last| last.saturating_add(GAP) < step) {
                    row.now = None;
                    row.changed = revision;
                    touched.objects = true;
                }
            }
            touched
        });
    }
}

#[cfg(test)]
mod tests {
    use longshore_api::web::{
        container::{Column, ContainerQuery, Grouping, State},
        home::HomeQuery,
    };

    use super::*;
    use crate::access::Sight;
    use crate::inventory::{
        Had, Seen,
        tests::{described, id, on_quay},
        window::Windowed,
    };

    const MIB: u64 = 1024 * 1024;

    /// A host `quay` on which these are running.
    fn inventory(names: &[&str]) -> Inventory {
        on_quay(names.iter().map(|name| described(name, State::Running)).collect())
    }

    fn tick(inventory: &Inventory, step: u32, figures: &[(&str, f32, u64)]) {
        let sample = |(name, cpu, memory): &(&str, f32, u64)| Sample {
            id: id(name).to_string(),
            cpu: *cpu,
            memory: *memory,
            memory_limit: None,
            traffic: None,
        };
        inventory.used("quay", step, UsageSource::Files, figures.iter().map(sample).collect());
    }

    /// Asks as a subscription does that has `before`.
    fn ask(inventory: &Inventory, query: &ContainerQuery, before: &Windowed) -> Windowed {
        inventory.window(&Sight::of_the_house(), query, &before.seen, Some(before.revision))
    }

    fn by_cpu() -> ContainerQuery {
        let (group, sort) = (Grouping::Flat, Column::Cpu);
        ContainerQuery { limit: 100, descending: true, group, sort, ..ContainerQuery::default() }
    }

    #[test]
    fn a_new_figure_is_appended_and_sends_no_row_again() {
        let inventory = inventory(&["api", "web"]);
        let query = by_cpu();
        let whole = inventory.window(&Sight::of_the_house(), &query, &Seen::new(), None);
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
        assert_eq!(
            inventory.figures(&Sight::of_the_house(), &second.window.lines, first.revision).0,
            second.usage
        );
        assert_eq!(inventory.figures(&Sight::of_the_house(), &second.window.lines, second.revision).0, []);

        assert_eq!(ask(&inventory, &query, &second).usage, [], "nothing new");
    }

    #[test]
    fn a_browser_that_was_away_gets_rows_with_their_past() {
        let inventory = inventory(&["web", "idle"]);
        tick(&inventory, 1, &[("web", 1.0, MIB)]);
        let had = inventory.window(&Sight::of_the_house(), &by_cpu(), &Seen::new(), None);
        tick(&inventory, 2, &[("web", 2.0, MIB)]);
        tick(&inventory, 3, &[("web", 3.0, MIB)]);
        // It names the rows that it still has, at the revision of the last message.
        let seen = had.seen.keys().map(|key| (*key, Had::at(had.revision))).collect();
        let again = inventory.window(&Sight::of_the_house(), &by_cpu(), &seen, None);
        let rows: Vec<_> = again.window.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(rows, ["web"]);
        assert_eq!(again.window.rows[0].usage.as_ref().expect("usage").cpu_past, [1.0, 2.0, 3.0]);
    }

    #[test]
    fn what_is_stopped_or_no_longer_sampled_has_no_figure_and_keeps_its_past() {
        let inventory = inventory(&["web", "db"]);
        tick(&inventory, 1, &[("web", 1.0, MIB), ("db", 1.0, MIB)]);
        let first = inventory.window(&Sight::of_the_house(), &by_cpu(), &Seen::new(), None);

        inventory.apply("quay", vec![described("web", State::Exited)], &[], vec![]);
        tick(&inventory, 2, &[("web", 1.0, MIB), ("db", 2.0, MIB)]);
        let stopped = ask(&inventory, &by_cpu(), &first);
        assert_eq!(stopped.window.rows.len(), 1);
        assert_eq!(stopped.window.rows[0].usage, None);

        inventory.apply("quay", vec![described("web", State::Running)], &[], vec![]);
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
        let group =
            inventory.window(&Sight::of_the_house(), &query, &Seen::new(), None).window.groups.remove(0);
        assert_eq!((group.cpu, group.memory), (Some(0.3), Some(6 * MIB)));
        let (home, _) = inventory.home(&Sight::of_the_house(), &HomeQuery::default());
        let names = |rows: &[longshore_api::web::container::Container]| {
            rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&home.by_cpu), ["web", "api", "db"]);
        assert_eq!(names(&home.by_memory), ["api", "db", "web"]);
        assert_eq!(inventory.hosts(&Sight::of_the_house())[0].usage, UsageSource::Files);
    }
}
