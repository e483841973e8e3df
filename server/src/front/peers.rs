//! How many connections each address holds: one client must not take the room of all others.

use std::{
    collections::{HashMap, hash_map::Entry},
    io,
    net::{IpAddr, Ipv6Addr},
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use crate::{seldom::Seldom, settings::FrontSettings};

/// Whoever is turned away comes again at once.
const SAY_EVERY: Duration = Duration::from_secs(60);

/// The connections of all front threads, by peer.
pub struct Peers {
    max: usize,
    /// So many of all peers.
    most: usize,
    all: AtomicUsize,
    open: Mutex<HashMap<IpAddr, usize>>,
    full: Seldom,
}

/// A connection's place among those of its peer.
struct Place {
    peers: Arc<Peers>,
    from: IpAddr,
}

/// A connection that holds its place as long as it is open, whatever protocol it turns to. A trusted proxy needs none:
/// all clients come from its address.
pub(super) struct Held {
    stream: TcpStream,
    _place: Option<Place>,
    _one: One,
}

/// One of all connections.
struct One(Arc<Peers>);

impl Peers {
    /// One address has as many as the settings say, and at most half of `most`, which is what all have.
    pub(super) fn new(settings: &FrontSettings, most: usize) -> Self {
        Self {
            max: settings.connections_per_address.get().min((most / 2).max(1)),
            most,
            all: AtomicUsize::new(0),
            open: Mutex::default(),
            full: Seldom::every(SAY_EVERY),
        }
    }

    /// Whether there is room for one more, whoever it is. What is not accepted waits, and nothing is used up by it.
    pub(super) fn has_room(&self) -> bool {
        self.all.load(Ordering::Relaxed) < self.most
    }

    /// Gives a fresh connection its place; none if its peer has no more, and then it is to be closed.
    pub(super) fn hold(
        self: &Arc<Self>,
        stream: TcpStream,
        peer: IpAddr,
        settings: &FrontSettings,
    ) -> Option<Held> {
        let place = if settings.trusts(peer) { None } else { Some(self.place(peer)?) };
        self.all.fetch_add(1, Ordering::Relaxed);
        Some(Held { stream, _place: place, _one: One(Arc::clone(self)) })
    }

    fn place(self: &Arc<Self>, peer: IpAddr) -> Option<Place> {
        let from = household(peer);
        let mut open = self.lock();
        let count = open.entry(from).or_default();
        if *count < self.max {
            *count += 1;
            return Some(Place { peers: Arc::clone(self), from });
        }
        drop(open);
        if let Some(left_out) = self.full.due() {
            tracing::warn!(
                client = %from,
                max = self.max,
                left_out,
                "an address holds as many connections as it may, and further ones are closed; if it is a proxy, name \
                 it with --trusted-proxies"
            );
        }
        None
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Entry::Occupied(mut count) = self.peers.lock().entry(self.from) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

impl Drop for One {
    fn drop(&mut self) {
        self.0.all.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whom an address belongs to: a client of IPv6 has a network of 2^64 addresses to itself.
fn household(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
        v4 => v4,
    }
}

impl AsyncRead for Held {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Held {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;

    fn peers(max: usize) -> Arc<Peers> {
        let connections_per_address = NonZeroUsize::new(max).expect("a number of places");
        let settings = FrontSettings { connections_per_address, ..FrontSettings::default() };
        Arc::new(Peers::new(&settings, 100))
    }

    #[tokio::test]
    async fn all_together_have_so_many_and_an_address_half_of_them() {
        let peers = Arc::new(Peers::new(&FrontSettings::default(), 4));
        let place = |address: &str| peers.place(address.parse().expect("an address"));
        let (_one, _two) = (place("192.0.2.1"), place("192.0.2.1"));
        assert!(place("192.0.2.1").is_none() && place("192.0.2.2").is_some());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it listens");
        let settings = FrontSettings::default();
        let mut held = Vec::new();
        for n in 1..=4 {
            assert!(peers.has_room());
            let stream = TcpStream::connect(address).await.expect("it listens");
            held.push(peers.hold(stream, IpAddr::from([10, 0, 0, n]), &settings));
        }
        assert!(!peers.has_room());
        held.pop();
        assert!(peers.has_room());
    }

    #[test]
    fn an_address_has_so_many_places_and_gets_them_back() {
        let peers = peers(2);
        let place = |address: &str| peers.place(address.parse().expect("an address"));
        let (first, _second) = (place("192.0.2.1"), place("::ffff:192.0.2.1"));
        assert!(first.is_some() && place("192.0.2.1").is_none() && place("192.0.2.2").is_some());
        drop(first);
        assert!(place("192.0.2.1").is_some());
        let (_one, _two) = (place("2001:db8::1"), place("2001:db8::ffff:1"));
        assert!(place("2001:db8::3").is_none(), "a network of IPv6 is one client");
        assert!(place("2001:db8:0:1::1").is_some());
    }

    #[test]
    fn who_has_left_is_not_remembered() {
        let peers = peers(1);
        drop(peers.place("192.0.2.1".parse().expect("an address")));
        assert!(peers.lock().is_empty());
    }
}
