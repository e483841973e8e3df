//! The counts of a console in both directions: what may be read, what waits, what has arrived.

use std::collections::VecDeque;

use bytes::{Buf as _, Bytes};
use longshore_api::web::console::{FRAME_MAX, WINDOW};

use super::scrollback::Scrollback;

/// Typed bytes are acknowledged when so many are not yet, or when none wait.
const ACK_EVERY: u64 = WINDOW / 4;

/// A browser that does not keep to the counts.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Breach {
    /// More than the window.
    #[error("more than {WINDOW} bytes were on the way")]
    TooMuch,
    /// Shown before it was sent.
    #[error("more was acknowledged than was sent")]
    TooEarly,
}

/// Both directions.
#[derive(Default)]
pub(super) struct Flow {
    kept: Scrollback,
    /// The browser has shown so many bytes.
    shown: u64,
    waiting: VecDeque<Bytes>,
    /// So many bytes came from the browser, have been taken by the program, and were acknowledged.
    typed: u64,
    taken: u64,
    told: u64,
}

impl Flow {
    /// Whether more may be read from the program: nobody holds more than the window for a slow browser, nor for one that
    /// is away.
    pub(super) fn may_read(&self) -> bool {
        self.kept.total() - self.shown < WINDOW
    }

    /// The program has put something out.
    pub(super) fn put_out(&mut self, bytes: &[u8]) {
        self.kept.push(bytes);
    }

    /// The browser has shown so many bytes.
    pub(super) fn acknowledged(&mut self, shown: u64) -> Result<(), Breach> {
        if shown > self.kept.total() {
            return Err(Breach::TooEarly);
        }
        self.shown = self.shown.max(shown);
        Ok(())
    }

    /// The browser has come back and has shown so many bytes: what follows, from which byte on.
    pub(super) fn resume(&mut self, shown: u64) -> (u64, Vec<u8>) {
        let (from, bytes) = self.kept.since(shown);
        self.shown = from;
        self.told = self.taken;
        (from, bytes)
    }

    /// Something was typed.
    pub(super) fn type_in(&mut self, bytes: Bytes) -> Result<(), Breach> {
        self.typed += bytes.len() as u64;
        if self.typed - self.taken > WINDOW + FRAME_MAX as u64 {
            return Err(Breach::TooMuch);
        }
        if !bytes.is_empty() {
            self.waiting.push_back(bytes);
        }
        Ok(())
    }

    /// How many bytes were typed in all.
    pub(super) fn typed(&self) -> u64 {
        self.typed
    }

    /// What the program is to be given next.
    pub(super) fn next(&self) -> Option<&[u8]> {
        self.waiting.front().map(Bytes::as_ref)
    }

    /// How many of them the program has taken.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    /// The program has taken so many bytes of it; the count to acknowledge, where it is time to.
    pub(super) fn took(&mut self, bytes: usize) -> Option<u64> {
        self.taken += bytes as u64;
        if let Some(front) = self.waiting.front_mut() {
            front.advance(bytes.min(front.len()));
            if front.is_empty() {
                self.waiting.pop_front();
            }
        }
        let due = self.waiting.is_empty() || self.taken - self.told >= ACK_EVERY;
        (due && self.taken > self.told).then(|| {
            self.told = self.taken;
            self.taken
        })
    }

    /// Nothing more is taken: what waits is dropped.
    pub(super) fn close(&mut self) {
        self.waiting.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_read_for_a_browser_that_shows_nothing() {
        let mut flow = Flow::default();
        let chunk = vec![0; 64 * 1024];
        let mut read = 0;
        while flow.may_read() {
            flow.put_out(&chunk);
            read += chunk.len() as u64;
        }
        assert_eq!(read, WINDOW);
        flow.acknowledged(1).unwrap();
        assert!(flow.may_read());
        assert_eq!(flow.acknowledged(read + 1), Err(Breach::TooEarly));
    }

    #[test]
    fn a_browser_that_types_past_the_window_is_sent_away() {
        let mut flow = Flow::default();
        let chunk = Bytes::from(vec![0; FRAME_MAX]);
        for _ in 0..=WINDOW / FRAME_MAX as u64 {
            flow.type_in(chunk.clone()).unwrap();
        }
        assert_eq!(flow.type_in(chunk), Err(Breach::TooMuch));
    }

    #[test]
    fn typed_bytes_are_acknowledged_when_taken() {
        let mut flow = Flow::default();
        flow.type_in(Bytes::from_static(b"echo")).unwrap();
        flow.type_in(Bytes::from_static(b"\r")).unwrap();
        assert_eq!(flow.next(), Some(&b"echo"[..]));
        assert_eq!(flow.took(2), None);
        assert_eq!(flow.next(), Some(&b"ho"[..]));
        assert_eq!(flow.took(2), None);
        assert_eq!(flow.took(1), Some(5));
        assert_eq!((flow.next(), flow.typed()), (None, 5));
    }

    #[test]
    fn whoever_is_back_is_owed_what_follows_and_no_more() {
        let mut flow = Flow::default();
        flow.put_out(b"abcdef");
        flow.acknowledged(2).unwrap();
        // More was shown than the last acknowledgement said.
        assert_eq!(flow.resume(4), (4, b"ef".to_vec()));
        // A page that was loaded anew has shown nothing.
        assert_eq!(flow.resume(0), (0, b"abcdef".to_vec()));
    }
}
