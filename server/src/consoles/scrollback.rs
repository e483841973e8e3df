//! What a console has shown last, for whoever comes back to it.

use std::collections::VecDeque;

/// So many bytes are kept: more than can be on the way to a browser.
pub(super) const KEPT: usize = 512 * 1024;

/// The end of everything that a console has put out.
#[derive(Default)]
pub(super) struct Scrollback {
    bytes: VecDeque<u8>,
    /// So many bytes came in all.
    total: u64,
}

impl Scrollback {
    /// Keeps what came; the oldest makes room.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.total += bytes.len() as u64;
        let bytes = &bytes[bytes.len().saturating_sub(KEPT)..];
        let over = (self.bytes.len() + bytes.len()).saturating_sub(KEPT);
        self.bytes.drain(..over);
        self.bytes.extend(bytes);
    }

    /// How many bytes came in all.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// What came after the first `shown` bytes, as far as it is kept, and at which byte it begins. Where something is
    /// missing before it, it begins with a line.
    pub(super) fn since(&self, shown: u64) -> (u64, Vec<u8>) {
        let oldest = self.total - self.bytes.len() as u64;
        let shown = shown.min(self.total);
        let mut skip = usize::try_from(shown.saturating_sub(oldest)).unwrap_or(usize::MAX);
        if shown < oldest {
            skip = self.bytes.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        }
        (oldest + skip as u64, self.bytes.range(skip..).copied().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_comes_back_gets_what_they_have_not_seen() {
        let mut kept = Scrollback::default();
        kept.push(b"one\ntwo\n");
        assert_eq!(kept.since(0), (0, b"one\ntwo\n".to_vec()));
        assert_eq!(kept.since(4), (4, b"two\n".to_vec()));
        assert_eq!(kept.since(8), (8, Vec::new()));
        assert_eq!(kept.since(900), (8, Vec::new()), "more than there was");
    }

    #[test]
    fn the_oldest_makes_room_and_what_is_left_begins_with_a_line() {
        let mut kept = Scrollback::default();
        kept.push(b"first\n");
        kept.push(&vec![b'x'; KEPT - 8]);
        kept.push(b"\nlast\n");
        assert_eq!(kept.total(), KEPT as u64 + 4);
        let (from, rest) = kept.since(0);
        assert_eq!((from, rest.len() as u64), (6, kept.total() - 6));
        kept.push(&vec![b'y'; 3 * KEPT]);
        let (from, rest) = kept.since(0);
        assert_eq!((from, rest.len()), (kept.total() - KEPT as u64, KEPT));
    }
}
