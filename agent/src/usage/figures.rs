//! What the files of a container say.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use super::{
    UsageError,
    find::Place,
    text::{Buffer, number_after},
};

/// What a container has used until now, and uses now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// When this was read.
    pub at: Instant,
    /// CPU time of all its processes since it was made, over all cores.
    pub cpu: Duration,
    /// Bytes, without page cache that can be given back.
    pub memory: u64,
    /// Bytes, where it has a limit below the machine's memory.
    pub memory_limit: Option<u64>,
}

impl Figures {
    /// CPU share since an earlier reading, percent of one core. None if no time has passed, or if the counter went
    /// backwards: the container was started anew in between.
    pub fn cpu_since(&self, earlier: &Self) -> Option<f32> {
        let wall = self.at.checked_duration_since(earlier.at).filter(|wall| !wall.is_zero())?;
        let used = self.cpu.checked_sub(earlier.cpu)?;
        Some((used.as_secs_f64() / wall.as_secs_f64() * 100.0) as f32)
    }
}

/// What went in and out of a container since it was started; absent where the machine does not count it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Bytes that came over its networks, the loopback apart.
    pub net_in: Option<u64>,
    /// Bytes that it sent.
    pub net_out: Option<u64>,
    /// Bytes read from block devices.
    pub block_in: Option<u64>,
    /// Bytes written to them.
    pub block_out: Option<u64>,
    /// Its processes and threads now.
    pub pids: Option<u32>,
}

/// None if the container has ended.
pub(super) fn read(
    place: &Place,
    proc: &Path,
    machine_memory: u64,
    buffer: &mut Buffer,
) -> Result<Option<Figures>, UsageError> {
    let at = Instant::now();
    let cpu = match place {
        Place::V1 { cpuacct, .. } => {
            number(&cpuacct.join("cpuacct.usage"), buffer)?.map(Duration::from_nanos)
        }
        Place::V2 { folder, .. } => {
            number_in(&folder.join("cpu.stat"), "usage_usec", buffer)?.map(Duration::from_micros)
        }
    };
    let Some(cpu) = cpu else { return Ok(None) };
    let memory = match place {
        Place::V1 { memory: Some(folder), .. } => memory_v1(folder, buffer)?,
        Place::V1 { memory: None, .. } => None,
        Place::V2 { folder, root } => memory_v2(folder, root, buffer)?,
    };
    let (memory, limit) = match memory {
        Some(memory) => memory,
        None => (of_processes(place, proc, buffer)?, None),
    };
    let memory_limit = limit.filter(|limit| *limit < machine_memory);
    Ok(Some(Figures { at, cpu, memory, memory_limit }))
}

/// Bytes and limit. The fields without `total_` are of the cgroup alone, while the usage is of all below it too.
fn memory_v1(folder: &Path, buffer: &mut Buffer) -> Result<Option<(u64, Option<u64>)>, UsageError> {
    let Some(usage) = number(&folder.join("memory.usage_in_bytes"), buffer)? else { return Ok(None) };
    let path = folder.join("memory.stat");
    let Some(text) = buffer.read(&path)? else { return Ok(None) };
    let cache = number_after(text, "total_inactive_file")
        .ok_or(UsageError::Garbled { path, wanted: "total_inactive_file" })?;
    // Of this cgroup and all above it; "none" is a number larger than any machine.
    let limit = number_after(text, "hierarchical_memory_limit");
    Ok(Some((usage.saturating_sub(cache), limit)))
}

fn memory_v2(
    folder: &Path,
    root: &Path,
    buffer: &mut Buffer,
) -> Result<Option<(u64, Option<u64>)>, UsageError> {
    let Some(usage) = number(&folder.join("memory.current"), buffer)? else { return Ok(None) };
    let Some(cache) = number_in(&folder.join("memory.stat"), "inactive_file", buffer)? else {
        return Ok(None);
    };
    // A limit above it holds too. The root has none.
    let mut limit: Option<u64> = None;
    for above in folder.ancestors().take_while(|above| *above != root) {
        let text = buffer.read(&above.join("memory.max"))?.unwrap_or_default();
        if let Ok(bytes) = text.trim().parse::<u64>() {
            limit = Some(limit.map_or(bytes, |least| least.min(bytes)));
        }
    }
    Ok(Some((usage.saturating_sub(cache), limit)))
}

/// On a machine that does not count memory by cgroup: what its processes hold that is not of a file.
fn of_processes(place: &Place, proc: &Path, buffer: &mut Buffer) -> Result<u64, UsageError> {
    let mut bytes = 0;
    for pid in processes(place.folder(), buffer)? {
        if let Some(text) = buffer.read(&proc.join(pid.to_string()).join("status"))? {
            bytes += number_after(text, "RssAnon:").unwrap_or_default() * 1024;
        }
    }
    Ok(bytes)
}

/// The processes of a cgroup and of all below it: in version 2 they are only at the ends of the tree.
fn processes(folder: &Path, buffer: &mut Buffer) -> Result<Vec<u32>, UsageError> {
    let text = buffer.read(&folder.join("cgroup.procs"))?.unwrap_or_default();
    // 0 is a process that our pid namespace does not see.
    let mut pids: Vec<u32> =
        text.lines().filter_map(|pid| pid.parse().ok()).filter(|pid| *pid != 0).collect();
    // A folder that has just gone has no processes.
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            pids.extend(processes(&entry.path(), buffer)?);
        }
    }
    Ok(pids)
}

pub(super) fn traffic(place: &Place, proc: &Path, buffer: &mut Buffer) -> Result<Traffic, UsageError> {
    let (block_in, block_out) = blocks(place, buffer)?.unzip();
    let pids = match place {
        Place::V1 { pids, .. } => pids.as_ref(),
        Place::V2 { folder, .. } => Some(folder),
    };
    let pids = match pids {
        Some(folder) => number(&folder.join("pids.current"), buffer)?,
        None => None,
    };
    // All its processes are in one network namespace; the first may have ended since, then the next one tells.
    let mut network = None;
    for pid in processes(place.folder(), buffer)?.into_iter().take(3) {
        if let Some(text) = buffer.read(&proc.join(pid.to_string()).join("net/dev"))? {
            network = Some(networks(text));
            break;
        }
    }
    let (net_in, net_out) = network.unzip();
    Ok(Traffic { net_in, net_out, block_in, block_out, pids: pids.and_then(|n| u32::try_from(n).ok()) })
}

/// Bytes in and out of all interfaces but the loopback.
fn networks(text: &str) -> (u64, u64) {
    let mut sum = (0, 0);
    for line in text.lines() {
        // The number may stand close to the colon.
        let Some((name, counters)) = line.split_once(':') else { continue };
        if name.trim() == "lo" {
            continue;
        }
        let mut counters = counters.split_ascii_whitespace().map(|n| n.parse::<u64>().unwrap_or_default());
        sum.0 += counters.next().unwrap_or_default();
        sum.1 += counters.nth(7).unwrap_or_default();
    }
    sum
}

/// Bytes read and written, where the machine counts them.
fn blocks(place: &Place, buffer: &mut Buffer) -> Result<Option<(u64, u64)>, UsageError> {
    match place {
        Place::V2 { folder, .. } => Ok(buffer.read(&folder.join("io.stat"))?.map(blocks_v2)),
        Place::V1 { blkio: None, .. } => Ok(None),
        Place::V1 { blkio: Some(folder), .. } => {
            // The first counts whichever scheduler a disk has; old kernels have only the last.
            for file in [
                "blkio.throttle.io_service_bytes_recursive",
                "blkio.throttle.io_service_bytes",
                "blkio.io_service_bytes_recursive",
            ] {
                if let Some(text) = buffer.read(&folder.join(file))? {
                    return Ok(Some(blocks_v1(text)));
                }
            }
            Ok(None)
        }
    }
}

/// `8:0 Read 4096`
fn blocks_v1(text: &str) -> (u64, u64) {
    let mut sum = (0, 0);
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace().skip(1);
        let (Some(kind), Some(bytes)) = (words.next(), words.next().and_then(|n| n.parse::<u64>().ok()))
        else {
            continue;
        };
        match kind {
            "Read" => sum.0 += bytes,
            "Write" => sum.1 += bytes,
            _ => {}
        }
    }
    sum
}

/// `8:0 rbytes=4096 wbytes=0 rios=1 …`
fn blocks_v2(text: &str) -> (u64, u64) {
    let sum = |key: &str| {
        text.split_ascii_whitespace().filter_map(|word| word.strip_prefix(key)?.parse::<u64>().ok()).sum()
    };
    (sum("rbytes="), sum("wbytes="))
}

/// The one number of a file; none if it is gone.
fn number(path: &Path, buffer: &mut Buffer) -> Result<Option<u64>, UsageError> {
    let Some(text) = buffer.read(path)? else { return Ok(None) };
    let number = text.trim().parse();
    number.map(Some).map_err(|_| UsageError::Garbled { path: path.to_owned(), wanted: "a number" })
}

/// The number after a word in a file; none if the file is gone.
fn number_in(path: &Path, word: &'static str, buffer: &mut Buffer) -> Result<Option<u64>, UsageError> {
    let Some(text) = buffer.read(path)? else { return Ok(None) };
    let number = number_after(text, word);
    number.map(Some).ok_or_else(|| UsageError::Garbled { path: path.to_owned(), wanted: word })
}
