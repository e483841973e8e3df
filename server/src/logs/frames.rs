//! From an engine's bytes to lines: frames of standard output and error taken apart, times read, lines bounded. What is
//! held is one unfinished line of each stream.

use longshore_api::web::log::LINE_MAX;

/// The head of a frame: which stream, three zeros, how many bytes.
const HEAD: usize = 8;
/// A time before a line has at most so many bytes.
const STAMP_MAX: usize = 40;
/// Stands for carriage returns within a line.
const RETURN: &str = "␍";

/// Frames taken apart. Of a terminal's log there are none: everything is standard output.
#[derive(Debug)]
pub struct Frames {
    framed: bool,
    head: Vec<u8>,
    stderr: bool,
    left: usize,
}

/// What came is not in frames.
#[derive(Debug, thiserror::Error)]
#[error("a frame of a log is none")]
pub struct NoFrame;

/// Some bytes of a stream.
#[derive(Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// Of the standard error.
    pub stderr: bool,
    /// A frame begins with them: what the engine read at once.
    pub begins: bool,
    /// The bytes.
    pub bytes: &'a [u8],
}

impl Frames {
    /// For a log in frames, or for that of a terminal.
    pub fn new(framed: bool) -> Self {
        Self { framed, head: Vec::with_capacity(HEAD), stderr: false, left: 0 }
    }

    /// Takes the bytes apart.
    ///
    /// # Errors
    /// They are not in frames.
    pub fn feed(&mut self, mut bytes: &[u8], mut part: impl FnMut(Part<'_>)) -> Result<(), NoFrame> {
        if !self.framed {
            part(Part { stderr: false, begins: false, bytes });
            return Ok(());
        }
        while !bytes.is_empty() {
            let mut begins = false;
            if self.left == 0 {
                let some = (HEAD - self.head.len()).min(bytes.len());
                self.head.extend_from_slice(&bytes[..some]);
                bytes = &bytes[some..];
                let Ok([stream, a, b, c, size @ ..]) = <[u8; HEAD]>::try_from(self.head.as_slice()) else {
                    return Ok(());
                };
                if stream > 3 || [a, b, c] != [0; 3] {
                    return Err(NoFrame);
                }
                self.head.clear();
                // What the engine itself has to say comes as a third stream.
                self.stderr = stream >= 2;
                self.left = usize::try_from(u32::from_be_bytes(size)).unwrap_or(usize::MAX);
                begins = true;
            }
            let some = self.left.min(bytes.len());
            part(Part { stderr: self.stderr, begins, bytes: &bytes[..some] });
            self.left -= some;
            bytes = &bytes[some..];
        }
        Ok(())
    }
}

/// A line of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// When the engine took it, nanoseconds since 1970.
    pub at: i64,
    /// Of the standard error.
    pub stderr: bool,
    /// It was longer.
    pub cut: bool,
    /// What was written.
    pub text: String,
}

/// Lines made of frames whose every piece begins with its time.
#[derive(Debug)]
pub struct Lines {
    frames: Frames,
    open: [Open; 2],
    /// Of the last line: one without a time bears it too.
    at: i64,
}

/// A line that has not ended.
#[derive(Debug, Default)]
struct Open {
    at: Option<i64>,
    stamp: Vec<u8>,
    /// The stamp has been read.
    stamped: bool,
    text: Vec<u8>,
    begun: bool,
    cut: bool,
}

impl Open {
    /// A piece begins: its time comes first.
    fn begin(&mut self) {
        self.stamped = false;
        self.stamp.clear();
    }

    /// Takes bytes without a line's end.
    fn take(&mut self, mut bytes: &[u8]) {
        self.begun = true;
        if !self.stamped {
            let end = bytes.iter().position(|byte| *byte == b' ');
            let some = end.unwrap_or(bytes.len()).min(STAMP_MAX);
            self.stamp.extend_from_slice(&bytes[..some]);
            bytes = &bytes[some..];
            if end.is_none() && self.stamp.len() < STAMP_MAX {
                return;
            }
            self.settle();
            if self.stamp.is_empty() {
                bytes = bytes.strip_prefix(b" ").unwrap_or(bytes);
            }
        }
        self.add(bytes);
    }

    /// What came first is read as a time; if it is none, it is text.
    fn settle(&mut self) {
        self.stamped = true;
        match nanos(&self.stamp) {
            Some(at) => {
                self.at.get_or_insert(at);
                self.stamp.clear();
            }
            None => {
                let stamp = std::mem::take(&mut self.stamp);
                self.add(&stamp);
                self.stamp = stamp;
            }
        }
    }

    fn add(&mut self, bytes: &[u8]) {
        let room = LINE_MAX - self.text.len().min(LINE_MAX);
        self.cut |= bytes.len() > room;
        self.text.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// The line is whole.
    fn end(&mut self, stderr: bool, before: i64) -> Line {
        if !self.stamped {
            self.settle();
        }
        let (text, longer) = shown(&self.text);
        let line = Line { at: self.at.unwrap_or(before), stderr, cut: self.cut || longer, text };
        self.text.clear();
        (self.at, self.begun, self.cut) = (None, false, false);
        self.begin();
        line
    }
}

impl Lines {
    /// For a log in frames, or for that of a terminal.
    pub fn new(framed: bool) -> Self {
        Self { frames: Frames::new(framed), open: [Open::default(), Open::default()], at: 0 }
    }

    /// Takes bytes; lines that are whole go to `line`.
    ///
    /// # Errors
    /// They are not in frames.
    pub fn feed(&mut self, bytes: &[u8], mut line: impl FnMut(Line)) -> Result<(), NoFrame> {
        let (open, last) = (&mut self.open, &mut self.at);
        self.frames.feed(bytes, |part| {
            let open = &mut open[usize::from(part.stderr)];
            if part.begins {
                open.begin();
            }
            let mut rest = part.bytes;
            while let Some(end) = memchr::memchr(b'\n', rest) {
                open.take(&rest[..end]);
                let whole = open.end(part.stderr, *last);
                *last = whole.at;
                line(whole);
                rest = &rest[end + 1..];
            }
            if !rest.is_empty() {
                open.take(rest);
            }
        })
    }

    /// The log has ended: so have lines that had begun.
    pub fn end(&mut self, mut line: impl FnMut(Line)) {
        for (stderr, open) in [false, true].into_iter().zip(&mut self.open) {
            if open.begun {
                line(open.end(stderr, self.at));
            }
        }
    }
}

/// What a line says, and whether it would be longer. A terminal writes over what stands before a carriage return; here
/// nothing that was written is hidden, and a mark shows where each was.
fn shown(bytes: &[u8]) -> (String, bool) {
    let text = String::from_utf8_lossy(bytes);
    let parts: Vec<&str> = text.split('\r').filter(|part| !part.is_empty()).collect();
    let mut text = parts.join(RETURN);
    let longer = text.len() > LINE_MAX;
    if longer {
        text.truncate(text.floor_char_boundary(LINE_MAX));
    }
    (text, longer)
}

fn nanos(stamp: &[u8]) -> Option<i64> {
    let stamp: jiff::Timestamp = std::str::from_utf8(stamp).ok()?.parse().ok()?;
    i64::try_from(stamp.as_nanosecond()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAMP: &str = "2026-11-29T08:36:22.000000001Z";
    const AT: i64 = 1_795_941_382_000_000_001;

    fn frame(stream: u8, text: &str) -> Vec<u8> {
        let size = u32::try_from(text.len()).unwrap().to_be_bytes();
        [&[stream, 0, 0, 0][..], &size, text.as_bytes()].concat()
    }

    /// The lines of a log, fed so many bytes at a time.
    fn lines(framed: bool, bytes: &[u8], step: usize) -> Vec<Line> {
        let (mut lines, mut all) = (Lines::new(framed), Vec::new());
        for some in bytes.chunks(step) {
            lines.feed(some, |line| all.push(line)).unwrap();
        }
        lines.end(|line| all.push(line));
        all
    }

    fn line(at: i64, stderr: bool, text: &str) -> Line {
        Line { at, stderr, cut: false, text: text.to_owned() }
    }

    #[test]
    fn streams_are_told_apart_however_the_bytes_come() {
        let log = [
            frame(1, &format!("{STAMP} one\n")),
            frame(2, &format!("{STAMP} two 容\n")),
            frame(1, &format!("{STAMP} begun, ")),
            frame(2, &format!("{STAMP} \n")),
            frame(1, &format!("{STAMP} and ended\n")),
            frame(1, &format!("{STAMP} open")),
        ]
        .concat();
        for step in [1, 3, 7, 30, 1_000] {
            assert_eq!(
                lines(true, &log, step),
                [
                    line(AT, false, "one"),
                    line(AT, true, "two 容"),
                    line(AT, true, ""),
                    line(AT, false, "begun, and ended"),
                    line(AT, false, "open"),
                ],
                "{step}"
            );
        }
    }

    #[test]
    fn a_terminals_log_has_no_frames() {
        let log = format!("{STAMP} one\r\n{STAMP} 10%\r{STAMP}20%\r\n");
        for step in [1, 1_000] {
            let all = lines(false, log.as_bytes(), step);
            assert_eq!(all[0], line(AT, false, "one"));
            assert_eq!(all[1].text, format!("10%␍{STAMP}20%"));
        }
    }

    #[test]
    fn a_carriage_return_hides_nothing() {
        let text = |said: &str| lines(true, &frame(1, &format!("{STAMP} {said}\n")), 5).remove(0);
        assert_eq!(text("aaa\rbbb"), line(AT, false, "aaa␍bbb"));
        assert_eq!(text("aaa\r\r\n").text, "aaa");
        assert_eq!(text("\r\x1b[Kbbb\r\rccc\r").text, "\x1b[Kbbb␍ccc");
        let many = text(&"x\r".repeat(LINE_MAX / 2));
        assert!(many.cut && many.text.len() <= LINE_MAX && many.text.len() > LINE_MAX - 4);
    }

    #[test]
    fn a_line_is_bounded_and_what_has_no_time_is_text() {
        let long = "x".repeat(LINE_MAX + 1);
        let all =
            lines(true, &[frame(1, &format!("{STAMP} {long}\n")), frame(3, "no time here\n")].concat(), 999);
        assert_eq!((all[0].text.len(), all[0].cut), (LINE_MAX, true));
        assert_eq!(all[1], line(AT, true, "no time here"));
        assert_eq!(lines(true, &frame(1, "short\n"), 2), [line(0, false, "short")]);
    }

    #[test]
    fn what_is_in_no_frames_is_refused() {
        assert!(Lines::new(true).feed(b"2026-11-29T08:36:22Z plain\n", |_| {}).is_err());
    }
}
