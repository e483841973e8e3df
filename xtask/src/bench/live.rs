//! A page's websockets, by hand.

use std::io::{Read, Write};

use anyhow::{Result, bail};

use super::wire::{Door, Stream};

/// What comes over one.
pub(super) enum Came {
    Text(String),
    Bytes(Vec<u8>),
}

/// An open line.
pub(super) struct Live(Stream);

impl Live {
    /// Opens the live line through a door that carries a session.
    pub(super) fn open(door: &Door) -> Result<Self> {
        Self::at(door, "/api/v1/live")
    }

    /// Opens the websocket at a path.
    pub(super) fn at(door: &Door, path: &str) -> Result<Self> {
        let headers = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                       Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        Ok(Self(door.upgrade("GET", path, headers, "")?))
    }

    /// Sends a message of less than 64 KiB.
    pub(super) fn send(&mut self, text: &str) -> Result<()> {
        self.frame(0x81, text.as_bytes())
    }

    /// Sends bytes, less than 64 KiB of them.
    pub(super) fn send_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.frame(0x82, bytes)
    }

    fn frame(&mut self, first: u8, payload: &[u8]) -> Result<()> {
        let length = u16::try_from(payload.len())?;
        let mut frame = vec![first];
        match u8::try_from(length) {
            Ok(short) if short < 126 => frame.push(0x80 | short),
            _ => {
                frame.push(0x80 | 126);
                frame.extend_from_slice(&length.to_be_bytes());
            }
        }
        // A client must mask; a mask of zeros is one, and changes nothing.
        frame.extend_from_slice(&[0; 4]);
        frame.extend_from_slice(payload);
        Ok(self.0.get_mut().write_all(&frame)?)
    }

    /// Waits until a job that is subscribed to has ended, and returns what was said then.
    pub(super) fn job_ended(&mut self, id: &str) -> Result<String> {
        self.until(|said| {
            let Some((_, after)) = said.split_once(&format!(r#"{{"id":"{id}""#)) else { return false };
            let one = after.split_once(r#"{"id":""#).map_or(after, |(one, _)| one);
            one.contains(r#""ended_at":"#)
        })
    }

    /// The next text, whole.
    pub(super) fn next(&mut self) -> Result<String> {
        loop {
            if let Came::Text(text) = self.come()? {
                return Ok(text);
            }
        }
    }

    /// The next message, whole.
    pub(super) fn come(&mut self) -> Result<Came> {
        loop {
            let mut head = [0; 2];
            self.0.read_exact(&mut head)?;
            let length = match head[1] & 0x7f {
                126 => {
                    let mut long = [0; 2];
                    self.0.read_exact(&mut long)?;
                    u64::from(u16::from_be_bytes(long))
                }
                127 => {
                    let mut long = [0; 8];
                    self.0.read_exact(&mut long)?;
                    u64::from_be_bytes(long)
                }
                short => u64::from(short),
            };
            let mut payload = vec![0; usize::try_from(length)?];
            self.0.read_exact(&mut payload)?;
            match head[0] & 0x0f {
                1 => return Ok(Came::Text(String::from_utf8(payload)?)),
                2 => return Ok(Came::Bytes(payload)),
                8 => bail!("the server ended the websocket"),
                9 => self.frame(0x8a, &payload)?,
                _ => {}
            }
        }
    }

    /// Reads on until a message fits.
    pub(super) fn until(&mut self, fits: impl Fn(&str) -> bool) -> Result<String> {
        loop {
            let message = self.next()?;
            if fits(&message) {
                return Ok(message);
            }
        }
    }
}
