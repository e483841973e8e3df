//! The live protocol: one websocket for each browser at `GET /live`, JSON in text frames.
//!
//! The server speaks first ([`ServerMessage::Hello`]). The browser opens subscriptions, each with a number of its own;
//! the server answers each with a snapshot and then with deltas. A delta is always made against what that browser was
//! sent last, so a slow browser gets one larger delta instead of a longer queue. What leaves the viewer's sight is
//! sent as removed.

use serde::{Deserialize, Serialize};

use super::{
    RowKey,
    container::{ContainerDelta, ContainerQuery, ContainerWindow},
    detail::Followed,
    event::{EventQuery, EventWindow},
    home::{Home, HomeDelta, HomeQuery},
    host::Host,
    job::Job,
    problem::Problem,
    shelf::{ShelfQuery, ShelfWindow},
    stack::{Stack, Stacks},
};

/// Changes whenever a message changes its meaning.
pub const PROTOCOL: u32 = 1;
/// A window has at most so many lines.
pub const WINDOW_MAX: u32 = 500;
/// A browser has at most so many subscriptions open.
pub const SUBSCRIPTIONS_MAX: usize = 16;
/// A message of the browser has at most so many bytes.
pub const MESSAGE_MAX: usize = 64 * 1024;
/// Milliseconds between two usage figures.
pub const USAGE_STEP_MS: u64 = 2_000;
/// A row carries at most so many past figures.
pub const USAGE_PAST: usize = 30;

/// From the browser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ClientMessage {
    /// Opens a subscription, or gives an open one another question; answered by a snapshot.
    Subscribe {
        /// The browser's number for it.
        sub: u32,
        /// What is asked.
        topic: Topic,
        /// What the browser still holds from before the line was lost.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resume: Option<Resume>,
    },
    /// Closes a subscription.
    Unsubscribe {
        /// The browser's number for it.
        sub: u32,
    },
}

/// What a subscription is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "topic", rename_all = "kebab-case")]
pub enum Topic {
    /// A window of the container list.
    Containers(ContainerQuery),
    /// All hosts that the viewer may see.
    Hosts,
    /// The home page.
    Home(HomeQuery),
    /// The newest events.
    Events(EventQuery),
    /// The viewer's own recent jobs.
    Jobs,
    /// That there is more in the audit log; nothing for who may not read it.
    Audit,
    /// That templates or their sources are others than before.
    Templates,
    /// A window of images, networks or volumes.
    Shelf(ShelfQuery),
    /// The stacks of a host.
    Stacks {
        /// The slug of the host.
        host: String,
    },
    /// One stack.
    Stack {
        /// The slug of its host.
        host: String,
        /// Its name.
        name: String,
    },
    /// One container.
    Container {
        /// The slug of its host.
        host: String,
        /// Its full id.
        id: String,
    },
}

/// What a browser holds of a subscription whose line was lost: rows that it names and that have not changed since are
/// not sent again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resume {
    /// From [`ServerMessage::Hello`]; another run of the server knows nothing of it.
    pub epoch: String,
    /// Of the last message received for it.
    pub seq: u64,
    /// The rows still held.
    pub have: Vec<RowKey>,
}

/// From the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum ServerMessage {
    /// The first message.
    Hello {
        /// The build of the server: a page of another build shows "reload".
        build: String,
        /// [`PROTOCOL`] of the server.
        protocol: u32,
        /// Names this run of the server; sequence numbers count within it.
        epoch: String,
    },
    /// The whole of a subscription.
    Snapshot {
        /// The browser's number for it.
        sub: u32,
        /// The state of the inventory it shows; only rises.
        seq: u64,
        /// What was asked for.
        body: Snapshot,
    },
    /// What changed in a subscription.
    Delta {
        /// The browser's number for it.
        sub: u32,
        /// The state of the inventory it leads to.
        seq: u64,
        /// What changed.
        body: Delta,
    },
    /// A message was refused. The line stays open.
    Problem {
        /// The subscription it concerns, if one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sub: Option<u32>,
        /// What is wrong.
        problem: Problem,
    },
    /// What the viewer may do, or must do first, has changed: `GET /session` says how.
    Renewed,
    /// The line ends now, and why.
    Bye {
        /// What the page does next follows from it.
        reason: ByeReason,
    },
}

/// Why the server ends a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ByeReason {
    /// The session has ended: show sign-in.
    SignedOut,
    /// The server stops: try again soon.
    Stopping,
    /// The browser sent what is no message, again and again.
    Nonsense,
}

/// The whole of a subscription.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "topic", rename_all = "kebab-case")]
pub enum Snapshot {
    /// To [`Topic::Containers`].
    Containers(ContainerWindow),
    /// To [`Topic::Hosts`].
    Hosts {
        /// By name.
        hosts: Vec<Host>,
    },
    /// To [`Topic::Home`].
    Home(Box<Home>),
    /// To [`Topic::Events`].
    Events(EventWindow),
    /// To [`Topic::Stacks`].
    Stacks(Stacks),
    /// To [`Topic::Stack`].
    Stack(Box<Stack>),
    /// To [`Topic::Container`].
    Container(Box<Followed>),
    /// To [`Topic::Jobs`].
    Jobs {
        /// Newest first, at most [`super::job::RECENT`], without logs.
        jobs: Vec<Job>,
    },
    /// To [`Topic::Audit`].
    Audit {
        /// Its last row.
        head: i64,
    },
    /// To [`Topic::Templates`].
    Templates {
        /// Another number whenever something is another; counted from the server's start.
        revision: u64,
    },
    /// To [`Topic::Shelf`].
    Shelf(ShelfWindow),
}

/// What changed in a subscription. Small topics are sent whole again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "topic", rename_all = "kebab-case")]
pub enum Delta {
    /// To [`Topic::Containers`].
    Containers(ContainerDelta),
    /// To [`Topic::Hosts`].
    Hosts {
        /// All of them, by name.
        hosts: Vec<Host>,
    },
    /// To [`Topic::Home`].
    Home(Box<HomeDelta>),
    /// To [`Topic::Events`]: the new ones, newest first.
    Events(EventWindow),
    /// To [`Topic::Stacks`]: all of them again.
    Stacks(Stacks),
    /// To [`Topic::Stack`]: the whole again.
    Stack(Box<Stack>),
    /// To [`Topic::Container`]: the whole again.
    Container(Box<Followed>),
    /// To [`Topic::Jobs`].
    Jobs {
        /// All of them again, newest first.
        jobs: Vec<Job>,
    },
    /// To [`Topic::Audit`].
    Audit {
        /// Its last row.
        head: i64,
    },
    /// To [`Topic::Templates`].
    Templates {
        /// Another number whenever something is another; counted from the server's start.
        revision: u64,
    },
    /// To [`Topic::Shelf`].
    Shelf(ShelfWindow),
}
