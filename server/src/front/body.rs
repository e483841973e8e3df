//! A request's body read whole: bounded in size and in time.

use std::{fmt, time::Duration};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use http::StatusCode;
use longshore_api::words::say;
use tokio::time::timeout;

use crate::fault::Fault;

/// A body is there whole so soon after its head.
const DEADLINE: Duration = Duration::from_secs(30);
/// A body that is too large is still read so far, and dropped: a client that is cut off while it sends sees a broken
/// connection instead of our answer.
const DRAIN_MAX: usize = 32 * 1024 * 1024;

/// The body, if it has at most `max` bytes and arrives in time.
pub async fn whole<E: fmt::Display>(
    body: impl Stream<Item = Result<Bytes, E>>,
    max: usize,
) -> Result<Vec<u8>, Fault> {
    let read = async {
        let mut body = std::pin::pin!(body);
        let mut kept = Vec::new();
        let mut size = 0;
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|e| Fault::bad_request(say::body_invalid(e.to_string())))?;
            size += chunk.len();
            if size > DRAIN_MAX {
                break;
            }
            if size <= max {
                kept.extend_from_slice(&chunk);
            }
        }
        if size > max {
            return Err(Fault::new(StatusCode::PAYLOAD_TOO_LARGE, say::body_too_large(max)));
        }
        Ok(kept)
    };
    timeout(DEADLINE, read)
        .await
        .map_err(|_| Fault::new(StatusCode::REQUEST_TIMEOUT, say::body_slow(DEADLINE.as_secs())))?
}
