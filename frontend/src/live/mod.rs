//! The live line: one websocket for the page, any number of subscriptions on it.
//!
//! The line comes back by itself. Subscriptions outlive it: after a reconnect each is opened again with what its
//! listener still holds, and where the server was restarted the listener forgets first.

mod backoff;
mod client;
mod decode;
mod socket;

pub(crate) use backoff::wait;
pub(crate) use client::{Live, url};
pub(crate) use decode::Body;
use longshore_api::web::{Millis, RowKey, problem::Problem};
pub(crate) use socket::Socket;

/// The state of the line, for the mark in the top bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// Being opened for the first time.
    Connecting,
    /// What the page shows is what is.
    Live,
    /// What the page shows may be old.
    Lost {
        /// When it is tried again.
        retry_at: Millis,
    },
    /// The server is of another build than this page: only a reload helps.
    Outdated,
}

/// Who hears what comes on a subscription. Nothing, where a server of another build says what this one does not
/// understand.
pub(crate) trait Listener: 'static {
    /// The whole, the first time and after every other question.
    fn snapshot(&self, whole: Body<'_>) -> Option<()>;
    /// What changed.
    fn delta(&self, change: Body<'_>) -> Option<()>;
    /// The server refused the question.
    fn refused(&self, problem: Problem);
    /// The rows still held, by which a resumption is shortened.
    fn held(&self) -> Vec<RowKey> {
        Vec::new()
    }
    /// The keys of rows mean something else from now on.
    fn forget(&self) {}
}
