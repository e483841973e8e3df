//! Figures from the engine's own stats call: where its machine's files are out of reach.

use std::collections::{HashMap, HashSet};

use futures_util::{StreamExt as _, stream};
use longshore_agent::usage::Traffic;
use serde::Deserialize;

use super::{Looks, Sample, Target};
use crate::hosts::{Line, LineError, Question};

/// So many containers are asked for at once, and in one step.
const AT_ONCE: usize = 20;
/// So many when nobody looks at a row of them, but someone wants to see which use most.
const FOREMOST_AT_ONCE: usize = 5;
const ANSWER_MAX: usize = 1024 * 1024;

/// What the engine told last.
#[derive(Default)]
pub(super) struct Engine {
    known: HashMap<String, Known>,
    /// The memory of its machine; a container without a limit is told to have this one.
    memory: Option<u64>,
}

struct Known {
    asked: u32,
    /// Of the last answer.
    reading: Option<Reading>,
}

impl Engine {
    /// Samples of containers that someone looks at, those first that were not asked for longest.
    pub(super) async fn ask(
        &mut self,
        line: &Line,
        step: u32,
        targets: &[Target],
        looks: &Looks,
    ) -> Vec<Sample> {
        let chosen = self.choose(targets, looks);
        if chosen.is_empty() {
            return Vec::new();
        }
        if self.memory.is_none() {
            self.memory =
                line.ask_json::<Info>(Question::Info, ANSWER_MAX).await.ok().and_then(|info| info.mem_total);
        }
        let asked = stream::iter(chosen).map(async |id| {
            let answer = line.ask_json::<Stats>(Question::Usage(&id), ANSWER_MAX).await;
            (id, answer)
        });
        let answers: Vec<(String, Result<Stats, LineError>)> =
            asked.buffer_unordered(AT_ONCE).collect().await;
        let mut samples = Vec::with_capacity(answers.len());
        for (id, answer) in answers {
            let reading = match answer {
                Ok(stats) => stats.reading(self.memory),
                // It has just ended; an engine that does not answer is the watcher's to notice.
                Err(error) => {
                    tracing::debug!(container.id = id, %error, "usage could not be asked for");
                    None
                }
            };
            let known = self.known.entry(id.clone()).or_insert(Known { asked: step, reading: None });
            known.asked = step;
            let before = std::mem::replace(&mut known.reading, reading);
            if let (Some(now), Some(before)) = (&known.reading, before)
                && let Some(cpu) = now.cpu_since(&before)
            {
                let (memory, memory_limit) = (now.memory, now.memory_limit);
                samples.push(Sample { id, cpu, memory, memory_limit, traffic: Some(now.traffic) });
            }
        }
        samples
    }

    fn choose(&mut self, targets: &[Target], looks: &Looks) -> Vec<String> {
        let running: HashSet<&str> = targets.iter().map(|target| target.id.as_str()).collect();
        self.known.retain(|id, _| running.contains(id.as_str()));
        let wanted = looks.wanted();
        let (mut shown, mut others): (Vec<&Target>, Vec<&Target>) =
            targets.iter().partition(|target| wanted.rows.contains(&target.key));
        let longest_ago = |target: &&Target| self.known.get(&target.id).map(|known| known.asked);
        shown.sort_by_key(longest_ago);
        shown.truncate(AT_ONCE);
        if wanted.foremost && shown.len() < FOREMOST_AT_ONCE {
            others.sort_by_key(longest_ago);
            others.truncate(FOREMOST_AT_ONCE - shown.len());
            shown.append(&mut others);
        }
        shown.into_iter().map(|target| target.id.clone()).collect()
    }
}

/// `GET /info`
#[derive(Deserialize)]
struct Info {
    #[serde(rename = "MemTotal")]
    mem_total: Option<u64>,
}

/// `GET /containers/{id}/stats`, read tolerantly as all that engines answer.
#[derive(Deserialize)]
struct Stats {
    read: Option<String>,
    cpu_stats: Option<CpuStats>,
    memory_stats: Option<MemoryStats>,
    networks: Option<HashMap<String, Network>>,
    blkio_stats: Option<BlockStats>,
}

#[derive(Deserialize)]
struct Network {
    rx_bytes: Option<u64>,
    tx_bytes: Option<u64>,
}

#[derive(Deserialize)]
struct BlockStats {
    io_service_bytes_recursive: Option<Vec<BlockBytes>>,
}

#[derive(Deserialize)]
struct BlockBytes {
    op: Option<String>,
    value: Option<u64>,
}

#[derive(Deserialize)]
struct CpuStats {
    cpu_usage: Option<CpuUsage>,
}

#[derive(Deserialize)]
struct CpuUsage {
    total_usage: Option<u64>,
}

#[derive(Deserialize)]
struct MemoryStats {
    usage: Option<u64>,
    limit: Option<u64>,
    stats: Option<MemoryDetails>,
    /// Windows has this instead of all others.
    privateworkingset: Option<u64>,
}

#[derive(Deserialize)]
struct MemoryDetails {
    /// cgroup v1: of the container and all cgroups below it.
    total_inactive_file: Option<u64>,
    /// cgroup v2: the same; v1: without those below.
    inactive_file: Option<u64>,
}

#[derive(Clone, Debug, PartialEq)]
struct Reading {
    /// By the engine's own clock.
    at: jiff::Timestamp,
    cpu_ns: u64,
    memory: u64,
    memory_limit: Option<u64>,
    traffic: Traffic,
}

impl Stats {
    /// What went in and out; of block devices only what the engine counts at all.
    fn traffic(&self) -> Traffic {
        let net = |of: fn(&Network) -> Option<u64>| {
            let networks = self.networks.as_ref()?;
            Some(networks.values().filter_map(of).sum())
        };
        let block = |wanted: &str| {
            let counted = self.blkio_stats.as_ref()?.io_service_bytes_recursive.as_ref()?;
            let of = counted
                .iter()
                .filter(|one| one.op.as_deref().is_some_and(|op| op.eq_ignore_ascii_case(wanted)));
            Some(of.filter_map(|one| one.value).sum())
        };
        Traffic {
            net_in: net(|network| network.rx_bytes),
            net_out: net(|network| network.tx_bytes),
            block_in: block("read"),
            block_out: block("write"),
            pids: None,
        }
    }

    /// None for a container that does not run: then the numbers are missing.
    fn reading(self, machine_memory: Option<u64>) -> Option<Reading> {
        let traffic = self.traffic();
        let at = self.read?.parse().ok()?;
        let cpu = self.cpu_stats?.cpu_usage?.total_usage?;
        let memory = self.memory_stats?;
        if let Some(bytes) = memory.privateworkingset {
            // Windows counts in steps of 100 ns.
            return Some(Reading {
                at,
                cpu_ns: cpu.saturating_mul(100),
                memory: bytes,
                memory_limit: None,
                traffic,
            });
        }
        let usage = memory.usage?;
        let cache = memory.stats.and_then(|s| s.total_inactive_file.or(s.inactive_file)).unwrap_or_default();
        let memory_limit =
            memory.limit.filter(|limit| machine_memory.is_some_and(|machine| *limit < machine));
        Some(Reading { at, cpu_ns: cpu, memory: usage.saturating_sub(cache), memory_limit, traffic })
    }
}

impl Reading {
    /// Percent of one core; none if no time has passed, or if the counter went backwards.
    fn cpu_since(&self, earlier: &Self) -> Option<f32> {
        let wall = self.at.duration_since(earlier.at).as_secs_f64();
        let used = self.cpu_ns.checked_sub(earlier.cpu_ns)?;
        (wall > 0.0).then(|| (used as f64 / 1e9 / wall * 100.0) as f32)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use longshore_api::web::RowKey;
    use serde_json::json;

    use super::*;

    fn reading(value: serde_json::Value) -> Option<Reading> {
        serde_json::from_value::<Stats>(value).expect("stats").reading(Some(8 << 30))
    }

    #[test]
    fn memory_is_without_cache_and_a_limit_of_the_whole_machine_is_none() {
        let stats = |memory| {
            json!({"read": "2026-11-24T10:00:00.5Z", "memory_stats": memory,
                "cpu_stats": {"cpu_usage": {"total_usage": 5_000_000_000_u64}}})
        };
        let v1 = json!({"usage": 100, "limit": 8_u64 << 30, "stats": {"inactive_file": 1, "total_inactive_file": 30}});
        let v1 = reading(stats(v1)).expect("a reading");
        assert_eq!((v1.memory, v1.memory_limit, v1.cpu_ns), (70, None, 5_000_000_000));
        let v2 = json!({"usage": 100, "limit": 1000, "stats": {"inactive_file": 40}});
        let v2 = reading(stats(v2)).expect("a reading");
        assert_eq!((v2.memory, v2.memory_limit), (60, Some(1000)));
        let busy = reading(json!({
            "read": "2026-11-24T10:00:00.5Z", "memory_stats": {"usage": 1},
            "cpu_stats": {"cpu_usage": {"total_usage": 5}},
            "networks": {"eth0": {"rx_bytes": 3, "tx_bytes": 4}, "eth1": {"rx_bytes": 30}},
            "blkio_stats": {"io_service_bytes_recursive": [
                {"op": "Read", "value": 5}, {"op": "write", "value": 6}, {"op": "Total", "value": 11},
            ]},
        }));
        let traffic = busy.expect("a reading").traffic;
        assert_eq!((traffic.net_in, traffic.net_out), (Some(33), Some(4)));
        assert_eq!((traffic.block_in, traffic.block_out), (Some(5), Some(6)));
        assert_eq!(v1.traffic, Traffic::default());
        let windows = reading(stats(json!({"privateworkingset": 7}))).expect("a reading");
        assert_eq!((windows.memory, windows.cpu_ns), (7, 500_000_000_000));
    }

    #[test]
    fn a_container_that_does_not_run_has_no_reading() {
        let stopped = json!({"read": "0001-01-01T00:00:00Z", "cpu_stats": {"cpu_usage": {"total_usage": 0}},
            "memory_stats": {}});
        assert_eq!(reading(stopped), None);
    }

    #[test]
    fn cpu_share_is_by_the_engine_s_clock() {
        let at = |seconds, cpu_ns| Reading {
            at: jiff::Timestamp::from_second(seconds).expect("a time"),
            cpu_ns,
            memory: 0,
            memory_limit: None,
            traffic: Traffic::default(),
        };
        assert_eq!(at(102, 3_000_000_000).cpu_since(&at(100, 0)), Some(150.0));
        assert_eq!(at(102, 0).cpu_since(&at(100, 1)), None);
        assert_eq!(at(100, 1).cpu_since(&at(100, 0)), None);
    }

    #[test]
    fn only_what_is_looked_at_is_asked_for_and_in_turns() {
        let targets: Vec<Target> =
            (0..50).map(|n| Target { key: RowKey(n), id: format!("{n:064}"), pid: None }).collect();
        let looks = Arc::new(Looks::default());
        let mut engine = Engine::default();
        assert_eq!(engine.choose(&targets, &looks), [""; 0]);

        let home = looks.at_foremost();
        assert_eq!(engine.choose(&targets, &looks).len(), FOREMOST_AT_ONCE);
        drop(home);

        let _page = looks.at((0..30).map(RowKey).chain([RowKey(1000)]).collect());
        let first = engine.choose(&targets, &looks);
        assert_eq!(first.len(), AT_ONCE);
        for id in &first {
            engine.known.insert(id.clone(), Known { asked: 1, reading: None });
        }
        let second = engine.choose(&targets, &looks);
        assert_eq!(second.iter().filter(|id| !first.contains(id)).count(), 10);
    }
}
