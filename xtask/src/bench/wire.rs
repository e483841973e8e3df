//! HTTP by hand over a unix socket or TCP, the same code on both ways, so that only what is between them differs.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, bail};

/// Whatever is silent for so long has failed.
const PATIENCE: Duration = Duration::from_secs(120);
const BUFFER: usize = 256 * 1024;

/// A byte stream in both directions.
pub(super) trait Io: Read + Write + Send {}
impl<T: Read + Write + Send> Io for T {}
/// Any of them, read through a buffer.
pub(super) type Stream = BufReader<Box<dyn Io>>;

/// A way to an HTTP server.
#[derive(Clone)]
pub(super) struct Door {
    to: To,
    prefix: String,
    headers: String,
}

#[derive(Clone)]
enum To {
    Socket(PathBuf),
    Address(String),
}

impl Door {
    /// Straight on an engine's socket.
    pub(super) fn socket(path: &Path) -> Self {
        Self { to: To::Socket(path.to_owned()), prefix: String::new(), headers: String::new() }
    }

    /// A server at `127.0.0.1:PORT`, below a path, with headers of its own (each with its line end).
    pub(super) fn http(address: &str, prefix: &str, headers: String) -> Self {
        Self { to: To::Address(address.to_owned()), prefix: prefix.to_owned(), headers }
    }

    fn connect(&self) -> Result<Stream> {
        let stream: Box<dyn Io> = match &self.to {
            To::Socket(path) => {
                let stream = UnixStream::connect(path)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                Box::new(stream)
            }
            To::Address(address) => {
                let stream = TcpStream::connect(address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                Box::new(stream)
            }
        };
        Ok(BufReader::with_capacity(BUFFER, stream))
    }

    /// Sends a request on a connection of its own and reads the head of the answer.
    pub(super) fn send(&self, method: &str, path: &str, further: &str, body: &str) -> Result<Answer> {
        let mut stream = self.connect()?;
        let kind = if body.is_empty() { "" } else { "Content-Type: application/json\r\n" };
        let host = match &self.to {
            To::Socket(_) => "docker",
            To::Address(address) => address,
        };
        let request = format!(
            "{method} {}{path} HTTP/1.1\r\nHost: {host}\r\n{}{further}{kind}Content-Length: {}\r\n\r\n{body}",
            self.prefix,
            self.headers,
            body.len()
        );
        stream.get_mut().write_all(request.as_bytes())?;
        Answer::read(stream).with_context(|| format!("{method} {}{path}", self.prefix))
    }

    /// The same, to be answered with success; returns the body.
    pub(super) fn ask(&self, method: &str, path: &str, body: &str) -> Result<String> {
        let answer = self.send(method, path, "", body)?;
        let status = answer.status;
        let text = answer.text()?;
        if !(200..300).contains(&status) {
            bail!("{method} {path}: {status} {text}");
        }
        Ok(text)
    }

    /// Asks to take the connection over for another protocol; what is left is the bare stream.
    pub(super) fn upgrade(&self, method: &str, path: &str, headers: &str, body: &str) -> Result<Stream> {
        let answer = self.send(method, path, headers, body)?;
        if answer.status != 101 {
            bail!("{method} {path}: {} instead of 101", answer.status);
        }
        Ok(answer.stream)
    }
}

/// An answer past its head.
pub(super) struct Answer {
    pub(super) status: u16,
    head: String,
    stream: Stream,
}

impl Answer {
    fn read(mut stream: Stream) -> Result<Self> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if stream.read_line(&mut head)? == 0 {
                bail!("the connection ended in the head: {head}");
            }
        }
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
        Ok(Self { status: status.with_context(|| format!("no HTTP: {head}"))?, head, stream })
    }

    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The whole body.
    pub(super) fn text(self) -> Result<String> {
        let mut all = Vec::new();
        self.each(|piece| all.extend_from_slice(piece))?;
        Ok(String::from_utf8_lossy(&all).into_owned())
    }

    /// Reads the body to its end and returns how many bytes it had.
    pub(super) fn drain(self) -> Result<u64> {
        let mut bytes = 0;
        self.each(|piece| bytes += piece.len() as u64)?;
        Ok(bytes)
    }

    fn each(mut self, mut take: impl FnMut(&[u8])) -> Result<()> {
        if matches!(self.status, 204 | 304) {
            return Ok(());
        }
        if let Some(length) = self.header("content-length").and_then(|text| text.parse().ok()) {
            return self.exactly(length, &mut take);
        }
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let size = u64::from_str_radix(line.trim().split(';').next().unwrap_or_default(), 16);
            let size = size.with_context(|| format!("no chunk: {line:?}"))?;
            self.exactly(size, &mut take)?;
            self.exactly(2, &mut |_| ())?;
            if size == 0 {
                return Ok(());
            }
        }
    }

    fn exactly(&mut self, mut left: u64, take: &mut impl FnMut(&[u8])) -> Result<()> {
        while left > 0 {
            let held = self.stream.fill_buf()?;
            if held.is_empty() {
                bail!("the body ended {left} bytes too early");
            }
            let some = held.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            take(&held[..some]);
            self.stream.consume(some);
            left -= some as u64;
        }
        Ok(())
    }

    /// The next line of a body that never ends, in chunks of a line each as dockerd's event stream has them.
    pub(super) fn next_line(&mut self) -> Result<String> {
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 {
                bail!("the stream ended");
            }
            if line.starts_with('{') {
                return Ok(line);
            }
        }
    }
}
