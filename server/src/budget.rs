//! What the house can hold open at a time: streams, websockets, connections to engines. Each costs open files of this process
//! and memory, and nobody gets so much of them that nothing is left for others, or for pages.

use std::{
    collections::{HashMap, hash_map::Entry},
    fs, io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use http::StatusCode;
use longshore_api::words::say;
use rustix::process::{Resource, getrlimit};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::{
    fault::Fault,
    hosts::{BoxedIo, Io},
    seldom::Seldom,
};

/// So much waits at most on one thing that is held open: both windows of a carried stream, or the room of an answer that
/// flows, and what is around them.
const BYTES_EACH: u64 = 768 * 1024;
/// So many open files are assumed where there is no limit.
const FILES_MOST: u64 = 1 << 20;
/// It is worth trying again after so many seconds.
const RETRY_S: u32 = 5;
/// That somebody is refused is said so often.
const SAY_EVERY: Duration = Duration::from_secs(60);

/// The budget of the house. Cheap to clone.
#[derive(Clone)]
pub struct Budget(Arc<Inner>);

struct Inner {
    connections: usize,
    places: usize,
    held: Mutex<Holders>,
    full: Seldom,
}

/// Who holds how many places, and how many that are.
#[derive(Default)]
struct Holders {
    by_account: HashMap<String, usize>,
    all: usize,
}

/// A place, held until it is dropped. What the house does for itself needs none.
pub struct Held(Option<(Budget, String)>);

/// There is no place for whoever asks.
#[derive(Debug, thiserror::Error)]
#[error("as many things are held open as there is room for, {held} of them by this account")]
pub struct Full {
    /// How many they hold.
    pub held: usize,
}

impl Budget {
    /// What this process may open, by its limit of open files, and what it may keep, by the machine's memory or its
    /// container's.
    pub fn of_this_process() -> Self {
        Self::new(getrlimit(Resource::Nofile).current.unwrap_or(FILES_MOST), memory())
    }

    /// A part of the files is the house's own: its database, its own questions to engines, what it reads. Of the rest, eleven
    /// parts, eight are connections of clients, each of which is open twice (`front::Far`), and three are lines to engines; of
    /// the connections a quarter is left to those who hold nothing open. Half of the memory is for what waits on all that.
    fn new(files: u64, memory: u64) -> Self {
        let files = files.min(FILES_MOST);
        let own = (files / 8).clamp(64, 1_024).min(files / 2);
        let connections = (files - own) * 4 / 11;
        let places = (connections * 3 / 4).min(memory / 2 / BYTES_EACH).max(1);
        let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        Self(Arc::new(Inner {
            connections: number(connections.max(2)),
            places: number(places),
            held: Mutex::default(),
            full: Seldom::every(SAY_EVERY),
        }))
    }

    /// So many connections of clients at a time.
    pub fn connections(&self) -> usize {
        self.0.connections
    }

    /// A place for something that an account holds open. An account has at most as many as it leaves free for all others:
    /// the first that takes all it can has half, the next a quarter, and there is some left for everybody else. None is
    /// counted for the house itself, which is no account.
    ///
    /// # Errors
    /// It has so many.
    pub fn take(&self, account: &str) -> Result<Held, Full> {
        if account.is_empty() {
            return Ok(Held(None));
        }
        let mut holders = self.lock();
        let held = holders.by_account.get(account).copied().unwrap_or_default();
        let free = self.0.places - holders.all;
        if held >= free {
            drop(holders);
            if let Some(left_out) = self.0.full.due() {
                tracing::warn!(
                    account,
                    held,
                    free,
                    left_out,
                    "an account holds as many streams and connections as it may, and further ones are refused; more is \
                     to be had by a higher limit of open files, or more memory"
                );
            }
            return Err(Full { held });
        }
        holders.by_account.insert(account.to_owned(), held + 1);
        holders.all += 1;
        drop(holders);
        Ok(Held(Some((self.clone(), account.to_owned()))))
    }

    fn lock(&self) -> MutexGuard<'_, Holders> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<Full> for Fault {
    fn from(full: Full) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, say::streams_too_many(full.held)).retry_after(RETRY_S)
    }
}

impl Held {
    /// The same stream, which holds this place as long as it is open.
    pub fn on(self, io: BoxedIo) -> BoxedIo {
        match self.0 {
            None => io,
            Some(_) => Box::new(Holding { io, _held: self }),
        }
    }

    /// Serves something to its end, and holds this place until then.
    pub async fn during(self, serve: impl Future<Output = ()>) {
        serve.await;
        drop(self);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some((budget, account)) = self.0.take() else { return };
        let mut holders = budget.lock();
        holders.all -= 1;
        if let Entry::Occupied(mut count) = holders.by_account.entry(account) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

/// A stream that holds a place.
struct Holding {
    io: BoxedIo,
    _held: Held,
}

impl Io for Holding {
    fn doze(&mut self) {
        self.io.doze();
    }
}

impl AsyncRead for Holding {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl AsyncWrite for Holding {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

/// Bytes of memory that this process may have: those of the machine, or fewer where its container has a limit.
fn memory() -> u64 {
    let read = |path: &str| fs::read_to_string(path).ok();
    let machine = read("/proc/meminfo").and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
        line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()?.checked_mul(1_024)
    });
    // Of a container, its own group stands at the top.
    let limits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
    let limits = limits.into_iter().filter_map(|path| read(path)?.trim().parse::<u64>().ok());
    limits.chain(machine).min().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLENTY: u64 = 1 << 40;

    #[test]
    fn what_is_held_open_leaves_files_for_all_else() {
        for files in [64, 100, 256, 1_024, 20_000, 1_048_576, u64::MAX] {
            let budget = Budget::new(files, PLENTY);
            let (connections, places) = (budget.0.connections as u64, budget.0.places as u64);
            // Every place may be a connection and a line to an engine.
            assert!(connections * 2 + places + 32 <= files, "{files}: {connections} and {places}");
            assert!(places * 4 <= connections * 3, "{files}: {connections} and {places}");
        }
        assert_eq!(Budget::new(1_048_576, 1 << 30).0.places, 682, "half of a gigabyte");
        assert!(Budget::new(0, 0).take("mia").is_ok());
    }

    #[test]
    fn an_account_has_as_many_as_it_leaves_to_others() {
        let budget = Budget::new(256, PLENTY);
        let all_of = |name: &str| -> Vec<Held> { std::iter::from_fn(|| budget.take(name).ok()).collect() };
        let places = budget.0.places;
        let (mia, bob, eve) = (all_of("mia"), all_of("bob"), all_of("eve"));
        assert_eq!(mia.len(), places.div_ceil(2));
        assert!(bob.len() >= places / 4 - 1 && eve.len() >= places / 8 - 1, "{} {}", bob.len(), eve.len());
        assert!(budget.take("mia").is_err() && budget.take("ada").is_ok() && budget.take("").is_ok());
        drop((mia, bob, eve));
        assert_eq!(all_of("mia").len(), places.div_ceil(2));
        assert!(budget.lock().by_account.is_empty(), "who has left is not remembered");
    }
}
