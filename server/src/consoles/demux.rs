//! Containers without a terminal: their two streams come in frames, with bare line feeds, and want bare line feeds.

/// A frame begins with its stream, three zeros and its length.
const HEAD: usize = 8;

/// Takes the frames apart and writes the lines as a terminal needs them.
#[derive(Default)]
pub(super) struct Demux {
    head: Vec<u8>,
    left: usize,
    /// The last byte was a carriage return.
    returned: bool,
}

impl Demux {
    /// What is to be shown of bytes of the engine.
    pub(super) fn feed(&mut self, mut bytes: &[u8]) -> Vec<u8> {
        let mut shown = Vec::with_capacity(bytes.len());
        while !bytes.is_empty() {
            if self.left == 0 {
                let (head, rest) = bytes.split_at((HEAD - self.head.len()).min(bytes.len()));
                self.head.extend_from_slice(head);
                bytes = rest;
                if let [_, _, _, _, a, b, c, d] = *self.head {
                    self.left = u32::from_be_bytes([a, b, c, d]) as usize;
                    self.head.clear();
                }
                continue;
            }
            let (part, rest) = bytes.split_at(self.left.min(bytes.len()));
            self.left -= part.len();
            bytes = rest;
            self.lines(part, &mut shown);
        }
        shown
    }

    fn lines(&mut self, part: &[u8], shown: &mut Vec<u8>) {
        for byte in part {
            if *byte == b'\n' && !self.returned {
                shown.push(b'\r');
            }
            self.returned = *byte == b'\r';
            shown.push(*byte);
        }
    }
}

/// What was typed, as a program without a terminal reads it, and as it is to be seen: nobody else echoes it.
pub(super) fn typed(bytes: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let sent = bytes.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect();
    let mut seen = Vec::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'\r' | b'\n' => seen.extend(b"\r\n"),
            b' '.. if *byte != 0x7f => seen.push(*byte),
            _ => {}
        }
    }
    (sent, seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(stream: u8, text: &str) -> Vec<u8> {
        let mut frame = vec![stream, 0, 0, 0];
        frame.extend((text.len() as u32).to_be_bytes());
        frame.extend(text.as_bytes());
        frame
    }

    #[test]
    fn frames_are_taken_apart_wherever_they_are_cut() {
        let whole = [frame(1, "one\n"), frame(2, ""), frame(2, "two\r\nthree")].concat();
        for size in 1..whole.len() {
            let mut demux = Demux::default();
            let shown: Vec<u8> = whole.chunks(size).flat_map(|part| demux.feed(part)).collect();
            assert_eq!(String::from_utf8_lossy(&shown), "one\r\ntwo\r\nthree", "in pieces of {size}");
        }
    }

    #[test]
    fn what_is_typed_ends_in_a_line_feed_and_is_seen() {
        assert_eq!(typed(b"ab\r\x1b"), (b"ab\n\x1b".to_vec(), b"ab\r\n".to_vec()));
    }
}
