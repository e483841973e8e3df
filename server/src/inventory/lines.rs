//! The lines of a body that never ends.

use bytes::Bytes;
use futures_util::FutureExt as _;
use http_body_util::BodyExt as _;

/// Of a line that is longer only the beginning is read, and all else passed over up to its end.
const LINE_MAX: usize = 1024 * 1024;
/// So many bytes of it are the beginning: what happened to whom stands before anything of any length.
const HEAD_MAX: usize = 16 * 1024;

/// A line, or the beginning of one that is too long.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    pub(super) bytes: Vec<u8>,
    /// It goes on.
    pub(super) cut: bool,
}

impl Line {
    /// What was read of it.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Reads a body line by line.
pub struct Lines<B> {
    body: B,
    buffer: Vec<u8>,
    /// What is before this has been given out.
    taken: usize,
    /// Up to here there is no line feed.
    searched: usize,
    /// In the midst of a line that is too long.
    passing_over: bool,
}

impl<B> Lines<B>
where
    B: http_body::Body<Data = Bytes> + Unpin,
{
    /// From its beginning.
    pub fn new(body: B) -> Self {
        Self { body, buffer: Vec::new(), taken: 0, searched: 0, passing_over: false }
    }

    /// The next line; none at the end. May be dropped while it waits without losing anything.
    pub async fn next(&mut self) -> Result<Option<Line>, B::Error> {
        loop {
            if let Some(line) = self.take() {
                return Ok(Some(line));
            }
            match self.body.frame().await {
                None => return Ok(None),
                Some(frame) => self.add(frame?),
            }
        }
    }

    /// The next line if it is there already.
    pub(super) fn ready(&mut self) -> Result<Option<Line>, B::Error> {
        loop {
            if let Some(line) = self.take() {
                return Ok(Some(line));
            }
            match self.body.frame().now_or_never() {
                None | Some(None) => return Ok(None),
                Some(Some(frame)) => self.add(frame?),
            }
        }
    }

    /// Only called when no whole line is left.
    fn add(&mut self, frame: http_body::Frame<Bytes>) {
        let Ok(data) = frame.into_data() else { return };
        self.buffer.drain(..self.taken);
        self.searched -= self.taken;
        self.taken = 0;
        self.buffer.extend_from_slice(&data);
    }

    fn take(&mut self) -> Option<Line> {
        loop {
            let Some(length) = memchr::memchr(b'\n', &self.buffer[self.searched..]) else {
                self.searched = self.buffer.len();
                if self.searched - self.taken <= LINE_MAX && !self.passing_over {
                    return None;
                }
                let begins = !std::mem::replace(&mut self.passing_over, true);
                let line = begins.then(|| cut(&self.buffer[self.taken..]));
                self.taken = self.searched;
                return line;
            };
            let end = self.searched + length;
            let line = self.buffer[self.taken..end].trim_ascii();
            let passed_over = std::mem::take(&mut self.passing_over);
            let line = match line {
                _ if passed_over => None,
                [] => None,
                line if line.len() > LINE_MAX => Some(cut(line)),
                line => Some(Line { bytes: line.to_vec(), cut: false }),
            };
            self.taken = end + 1;
            self.searched = self.taken;
            if line.is_some() {
                return line;
            }
        }
    }
}

fn cut(line: &[u8]) -> Line {
    Line { bytes: line[..line.len().min(HEAD_MAX)].to_vec(), cut: true }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use http_body::Frame;
    use http_body_util::StreamBody;

    use super::*;

    async fn read(frames: Vec<Bytes>) -> Vec<Line> {
        let frames = frames.into_iter().map(|frame| Ok::<_, Infallible>(Frame::data(frame)));
        let mut lines = Lines::new(StreamBody::new(futures_util::stream::iter(frames)));
        let mut all = Vec::new();
        while let Some(line) = lines.next().await.expect("no error") {
            all.push(line);
        }
        all
    }

    fn whole(line: &[u8]) -> Line {
        Line { bytes: line.to_vec(), cut: false }
    }

    #[tokio::test]
    async fn lines_are_whole_however_they_come() {
        let frames =
            ["{1}\n{", "2", "}\r\n\n \n{3}\n{4}\n", "{5"].map(|text| Bytes::from_static(text.as_bytes()));
        assert_eq!(read(frames.to_vec()).await, [b"{1}", b"{2}", b"{3}", b"{4}"].map(|line| whole(line)));
    }

    #[tokio::test]
    async fn of_a_line_that_is_too_long_the_beginning_is_read() {
        let mut frames = vec![Bytes::from_static(b"{1}\n")];
        frames.extend((0..50).map(|_| Bytes::from(vec![b'x'; LINE_MAX / 10])));
        frames.push(Bytes::from_static(b"x\n{2}\n"));
        let head = Line { bytes: vec![b'x'; HEAD_MAX], cut: true };
        assert_eq!(read(frames).await, [whole(b"{1}"), head, whole(b"{2}")]);
        let mut at_once = vec![b'x'; LINE_MAX + 1];
        at_once.extend(b"\n{3}\n");
        let head = Line { bytes: vec![b'x'; HEAD_MAX], cut: true };
        assert_eq!(read(vec![at_once.into()]).await, [head, whole(b"{3}")]);
    }

    #[tokio::test]
    async fn many_lines_at_once_are_read_in_a_moment() {
        let began = std::time::Instant::now();
        let many = Bytes::from(b"{}\n".repeat(1_000_000));
        assert_eq!(read(vec![many]).await.len(), 1_000_000);
        assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    }
}
