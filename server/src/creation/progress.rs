//! What an engine says of long work while it lasts: a JSON object a line.

use std::time::Duration;

use bytes::{Buf as _, Bytes, BytesMut};
use http_body_util::BodyExt as _;
use tokio::time::timeout;

use crate::hosts::LineError;

/// A line has at most so many bytes: the engine is no more to be trusted than anyone.
const LINE_MAX: usize = 64 * 1024;
/// An error text of an engine is kept so far.
pub(super) const ERROR_MAX: usize = 16 * 1024;

/// Why it did not come to its end.
#[derive(Debug)]
pub enum ProgressError {
    /// Nothing came any more.
    Silent,
    /// The engine says what failed.
    Failed(String),
    /// The line broke, or what came is no progress.
    Line(LineError),
}

/// An engine's text of an error, cut to what is kept.
pub fn capped(words: &str) -> String {
    words[..words.floor_char_boundary(ERROR_MAX)].to_owned()
}

/// Hands each line on until the end. When nothing comes for `silence`, it is given up.
pub async fn read<B>(
    mut body: B,
    silence: Duration,
    mut each: impl FnMut(&[u8]) -> Result<(), ProgressError>,
) -> Result<(), ProgressError>
where
    B: http_body::Body<Data = Bytes> + Unpin,
    LineError: From<B::Error>,
{
    let mut pending = BytesMut::new();
    loop {
        let frame = timeout(silence, body.frame()).await.map_err(|_| ProgressError::Silent)?;
        let Some(frame) = frame else {
            return match pending.trim_ascii() {
                [] => Ok(()),
                rest => each(rest),
            };
        };
        let frame = frame.map_err(|e| ProgressError::Line(e.into()))?;
        let Ok(data) = frame.into_data() else { continue };
        pending.extend_from_slice(&data);
        while let Some(end) = pending.iter().position(|byte| *byte == b'\n') {
            let line = pending.split_to(end);
            pending.advance(1);
            if !line.trim_ascii().is_empty() {
                each(&line)?;
            }
        }
        if pending.len() > LINE_MAX {
            return Err(ProgressError::Line(LineError::TooLarge(LINE_MAX)));
        }
    }
}
