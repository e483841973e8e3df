//! When to read next. An engine writes each line of a log by itself, hundreds in a millisecond; read as they come, each
//! costs it and us a wake-up. So after some that came hard upon each other one waits a little, and takes many at once.

use std::{
    io,
    os::fd::OwnedFd,
    task::{self, Poll, ready},
    time::{Duration, Instant},
};

use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};
use tokio::io::{Interest, unix::AsyncFd};

/// Reads that follow one another sooner than this are hard upon each other.
const HARD_UPON: Duration = Duration::from_micros(200);
/// After so many of them, of less than so many bytes each, it is a torrent. What is typed, or told now and then, is none,
/// and neither is an archive.
const TORRENT: u32 = 8;
const SMALL: usize = 8 * 1024;
/// A torrent is over when a pause brought no more bytes than this, or so many that they were no small pieces.
const TRICKLE: usize = 1024;
const LARGE: usize = 48 * 1024;
/// How long a torrent is left to gather. An engine blocks when a socket holds some 280 pieces of a line each, which the
/// fastest writes in a millisecond.
const GATHER: Duration = Duration::from_micros(250);

/// What has come, and what is waited for.
#[derive(Default)]
pub(super) struct Pace {
    last: Option<Instant>,
    hard: u32,
    timer: Option<Timer>,
    torrent: bool,
    waits: bool,
}

impl Pace {
    /// Notes a read; whether the stream should be left alone until [`Self::poll`] is ready.
    pub(super) fn gather(&mut self, bytes: usize, now: Instant) -> bool {
        let gap = self.last.replace(now).map_or(Duration::MAX, |last| now - last);
        if self.torrent {
            self.torrent = (TRICKLE..LARGE).contains(&bytes);
        } else {
            self.hard = if bytes < SMALL && gap < HARD_UPON { self.hard + 1 } else { 0 };
            self.torrent = self.hard >= TORRENT;
        }
        if self.torrent {
            self.hard = 0;
            self.waits = self.set().is_ok();
            self.torrent = self.waits;
        }
        self.waits
    }

    /// Ready when the next read is due.
    pub(super) fn poll(&mut self, cx: &mut task::Context<'_>) -> Poll<()> {
        if self.waits
            && let Some(timer) = &self.timer
        {
            // A timer that fails rings at once.
            let _ = ready!(timer.poll(cx));
        }
        self.waits = false;
        Poll::Ready(())
    }

    fn set(&mut self) -> io::Result<()> {
        let timer = match self.timer.take() {
            Some(timer) => timer,
            None => Timer::new()?,
        };
        timer.set(GATHER)?;
        self.timer = Some(timer);
        Ok(())
    }
}

/// A timer of the kernel: the runtime's own counts in milliseconds.
struct Timer(AsyncFd<OwnedFd>);

impl Timer {
    #[expect(deprecated, reason = "sound with a descriptor that is owned; what replaces it is marked unsafe")]
    fn new() -> io::Result<Self> {
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
        Ok(Self(AsyncFd::with_interest(timer, Interest::READABLE)?))
    }

    fn set(&self, after: Duration) -> io::Result<()> {
        let once = Itimerspec {
            it_interval: Timespec { tv_sec: 0, tv_nsec: 0 },
            it_value: after.try_into().map_err(io::Error::other)?,
        };
        timerfd_settime(&self.0, TimerfdTimerFlags::empty(), &once)?;
        Ok(())
    }

    fn poll(&self, cx: &mut task::Context<'_>) -> Poll<io::Result<()>> {
        // Nobody reads it: to set it again is enough to hear of it again.
        ready!(self.0.poll_read_ready(cx))?.clear_ready();
        Poll::Ready(Ok(()))
    }
}
