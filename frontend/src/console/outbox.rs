//! What was typed and has not arrived: sent in frames within the window, and once more where the line broke.

use std::collections::VecDeque;

use longshore_api::web::console::{FRAME_MAX, WINDOW};

/// Typed bytes, counted from the beginning of the console.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    /// Those that the server may not have.
    held: VecDeque<u8>,
    /// At which byte they begin.
    from: u64,
    /// So many were sent.
    sent: u64,
    /// So many were taken by the program.
    taken: u64,
}

impl Outbox {
    /// Takes what was typed.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.held.extend(bytes);
    }

    /// The next frame to send, where one may be.
    pub(super) fn next(&mut self) -> Option<Vec<u8>> {
        let room = WINDOW.saturating_sub(self.sent - self.taken);
        let skip = usize::try_from(self.sent - self.from).ok()?;
        let most = FRAME_MAX.min(usize::try_from(room).ok()?);
        let frame: Vec<u8> = self.held.iter().skip(skip).take(most).copied().collect();
        if frame.is_empty() {
            return None;
        }
        self.sent += frame.len() as u64;
        Some(frame)
    }

    /// The program has taken so many bytes.
    pub(super) fn acknowledged(&mut self, taken: u64) {
        self.taken = self.taken.max(taken.min(self.sent));
        self.forget(self.taken);
    }

    /// The line is back: the server has so many bytes, and the program so many of them.
    pub(super) fn resume(&mut self, arrived: u64, taken: u64) {
        self.forget(arrived);
        // After a reload nothing is held, and the count goes on where the server's is.
        self.from = self.from.max(arrived);
        (self.sent, self.taken) = (self.from, taken);
    }

    fn forget(&mut self, until: u64) {
        let over = usize::try_from(until.saturating_sub(self.from)).unwrap_or(usize::MAX);
        let over = over.min(self.held.len());
        self.held.drain(..over);
        self.from += over as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(outbox: &mut Outbox) -> Vec<u8> {
        std::iter::from_fn(|| outbox.next()).flatten().collect()
    }

    #[test]
    fn a_megabyte_goes_in_frames_as_fast_as_it_is_taken() {
        let text: Vec<u8> = (0..1_000_003_u32).map(|n| n as u8).collect();
        let mut outbox = Outbox::default();
        outbox.push(&text);
        let mut arrived = Vec::new();
        while arrived.len() < text.len() {
            let frame = outbox.next().unwrap();
            assert!(frame.len() <= FRAME_MAX);
            arrived.extend(frame);
            let rest = all(&mut outbox);
            arrived.extend(rest);
            outbox.acknowledged(arrived.len() as u64);
        }
        assert!(arrived == text);
        assert!(outbox.held.is_empty());
    }

    #[test]
    fn no_more_than_the_window_is_on_the_way() {
        let mut outbox = Outbox::default();
        outbox.push(&vec![7; 3 * WINDOW as usize]);
        assert_eq!(all(&mut outbox).len() as u64, WINDOW);
        outbox.acknowledged(10);
        assert_eq!(all(&mut outbox).len(), 10);
    }

    #[test]
    fn what_did_not_arrive_is_sent_again_and_nothing_twice() {
        let mut outbox = Outbox::default();
        outbox.push(b"abcdef");
        assert_eq!(all(&mut outbox), b"abcdef");
        outbox.push(b"gh");
        outbox.resume(4, 2);
        assert_eq!(all(&mut outbox), b"efgh");
        outbox.acknowledged(8);
        outbox.push(b"i");
        assert_eq!(all(&mut outbox), b"i");
    }

    #[test]
    fn a_page_that_was_loaded_anew_goes_on_counting() {
        let mut outbox = Outbox::default();
        outbox.resume(500, 400);
        outbox.push(b"ls");
        assert_eq!(all(&mut outbox), b"ls");
        outbox.acknowledged(502);
        assert!(outbox.held.is_empty());
    }
}
