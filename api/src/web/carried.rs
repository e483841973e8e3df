//! A byte stream in a websocket, at `GET /hosts/{host}/connect`: `longshore connect` carries each connection to its local
//! socket in one, and the server reads it as a connection to the host's Docker Engine API. Proxies that end a stream when
//! one side has no more to say know nothing of the end that is said here.
//!
//! Binary frames are the bytes of the stream, from one to [`FRAME_MAX`], in both directions; text frames are [`Tell`],
//! JSON. Neither side has more than [`WINDOW`] bytes on the way of which the other has not said that they are through, so
//! that nobody ever holds more for somebody slow, and pings pass however long a stream stands still.

use serde::{Deserialize, Serialize};

/// What both ends name in `Sec-WebSocket-Protocol`; it has another number when anything here changes.
pub const PROTOCOL: &str = "longshore.stream.1";
/// A frame has at most so many bytes.
pub const FRAME_MAX: usize = 64 * 1024;
/// So many bytes are on the way at most, in each direction.
pub const WINDOW: usize = 512 * 1024;

/// What one end tells the other of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Tell {
    /// So many more bytes are through: as many may follow.
    More {
        /// How many.
        bytes: usize,
    },
    /// This end has no more to say, and still listens.
    End,
}
