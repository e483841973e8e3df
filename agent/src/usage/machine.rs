//! What the machine itself has and uses.

use std::collections::BTreeSet;

use super::{
    Roots, UsageError,
    text::{Buffer, number_after},
};

/// A reading of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Cores that processes may run on: those that are online, and that the machine's first process may use (in a
    /// machine that is itself a container these are fewer).
    pub cores: u32,
    /// Clock ticks that these cores were busy since the machine started.
    pub busy: u64,
    /// Clock ticks in all, idle ones included.
    pub ticks: u64,
    /// Memory, bytes.
    pub memory: u64,
    /// Memory that nobody could be given, bytes.
    pub memory_used: u64,
}

impl Machine {
    /// Reads it.
    ///
    /// # Errors
    /// /proc cannot be read or understood.
    pub fn read(roots: &Roots) -> Result<Self, UsageError> {
        let mut buffer = Buffer::new();
        let path = roots.proc.join("1/status");
        let allowed = buffer.read(&path)?.and_then(allowed_cores);
        let path = roots.proc.join("stat");
        let text = buffer.must(&path)?;
        let (mut cores, mut busy, mut ticks) = (0, 0, 0);
        for line in text.lines() {
            let Some((core, counters)) = core(line) else { continue };
            if allowed.as_ref().is_some_and(|allowed| !allowed.contains(&core)) {
                continue;
            }
            cores += 1;
            // user, nice, system, idle, iowait, irq, softirq, steal; what guests used is part of user.
            let all: u64 = counters.iter().sum();
            let idle: u64 = counters.iter().skip(3).take(2).sum();
            ticks += all;
            busy += all - idle;
        }
        if cores == 0 {
            return Err(UsageError::Garbled { path, wanted: "a core" });
        }
        let path = roots.proc.join("meminfo");
        let text = buffer.must(&path)?;
        let of = |word| number_after(text, word).map(|kib: u64| kib.saturating_mul(1024));
        let memory = of("MemTotal:").ok_or(UsageError::Garbled { path, wanted: "MemTotal" })?;
        // Kernels before 3.14 do not say what is available.
        let available = of("MemAvailable:").unwrap_or_else(|| {
            ["MemFree:", "Buffers:", "Cached:"].into_iter().filter_map(of).fold(0, u64::saturating_add)
        });
        Ok(Self { cores, busy, ticks, memory, memory_used: memory.saturating_sub(available) })
    }

    /// CPU share since an earlier reading, percent of one core, as for containers. None if the counters went backwards
    /// or stood still.
    pub fn cpu_since(&self, earlier: &Self) -> Option<f32> {
        let ticks = self.ticks.checked_sub(earlier.ticks).filter(|ticks| *ticks > 0)?;
        let busy = self.busy.checked_sub(earlier.busy)?;
        Some((busy as f64 / ticks as f64 * f64::from(self.cores) * 100.0) as f32)
    }
}

/// The number and the counters of a line `cpu3 100 0 …`; not of the sum in `cpu …`.
fn core(line: &str) -> Option<(u32, Vec<u64>)> {
    let (number, counters) = line.strip_prefix("cpu")?.split_once(' ')?;
    let counters = counters.split_ascii_whitespace().take(8).filter_map(|n| n.parse().ok()).collect();
    Some((number.parse().ok()?, counters))
}

/// `Cpus_allowed_list: 0-3,8`
fn allowed_cores(status: &str) -> Option<BTreeSet<u32>> {
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?;
    let mut cores = BTreeSet::new();
    for range in list.trim().split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        cores.extend(first.parse::<u32>().ok()?..=last.parse().ok()?);
    }
    Some(cores)
}
