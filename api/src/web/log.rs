//! The log of a container, on a websocket of its own: `GET /hosts/{host}/containers/{container}/logs/live`, JSON in text
//! frames. The browser says what it wants to read ([`LogAsk::Read`]); lines come in batches of bounded size, of which no
//! more than [`BATCHES_MAX`] are on their way: the browser says when it has taken them. Whoever does not read on lets the
//! engine wait. One websocket is one reading; to read something else, another is opened.

use serde::{Deserialize, Serialize};

use super::{Millis, problem::Problem};

/// So many batches may wait for the browser.
pub const BATCHES_MAX: u32 = 4;
/// A batch has at most so many lines.
pub const BATCH_LINES_MAX: usize = 500;
/// A line is shown up to so many bytes.
pub const LINE_MAX: usize = 16 * 1024;
/// What is searched for has at most so many characters.
pub const FIND_MAX: usize = 500;
/// Of the newest lines at most so many are asked for at once.
pub const LAST_MAX: u32 = 2_000;

/// The last words of a container are at most so many lines.
pub const LAST_WORDS: usize = 5;

/// `GET /hosts/{host}/containers/{id}/last-words`: the end of a log, for whoever wants to know why the container ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LastWords {
    /// Its last lines, oldest first, without colours, each cut where it is long.
    pub lines: Vec<String>,
}

/// From the browser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogAsk {
    /// The first message: what is to be read.
    Read(LogQuery),
    /// So many more batches are taken.
    Took(u32),
}

/// What is to be read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogQuery {
    /// Not what was written before.
    pub since: Option<Millis>,
    /// Not what was written after.
    pub until: Option<Millis>,
    /// Only the last so many lines of what is there. Without it everything, from the front.
    pub last: Option<u32>,
    /// Only what comes after this place: what the browser read last before its line was lost.
    pub after: Option<LogPlace>,
    /// Only what is older than this, nanoseconds since 1970.
    pub before: Option<i64>,
    /// And then what is written from now on.
    pub follow: bool,
    /// Only what is written to the standard error.
    pub stderr_only: bool,
    /// What is searched for.
    pub find: Option<LogFind>,
}

/// What is searched for in the text of lines, without their colours.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogFind {
    /// The text, or the expression.
    pub text: String,
    /// It is a regular expression.
    #[serde(default)]
    pub regex: bool,
    /// With so many lines around every hit; without it, hits are marked and nothing is left out.
    #[serde(default)]
    pub around: Option<u8>,
}

/// A place in a log: behind the `nth` line that bears this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogPlace {
    /// Nanoseconds since 1970.
    pub at: i64,
    /// Lines may bear the same time. 0 where no line is known, only the time.
    pub nth: u32,
}

/// From the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogTell {
    /// The next lines.
    Lines(LogBatch),
    /// Between what the browser had and what comes now there was more.
    Missed(LogMissed),
    /// How far the search for older lines is.
    Progress {
        /// Bytes of the log that were read.
        read: u64,
    },
    /// All that was there has been said. What follows is new.
    Caught {
        /// There are older lines than those that were said.
        more: bool,
        /// How many hits there were, where something is searched for.
        found: Option<u64>,
    },
    /// The container does not run; what it writes when it does again follows.
    Stopped {
        /// How it ended.
        exit_code: Option<i32>,
        /// The kernel ended it for want of memory.
        out_of_memory: bool,
        /// That was a failure: nobody had asked for it.
        failed: bool,
    },
    /// It runs again.
    Started,
    /// The container is no more, and its log with it.
    Removed,
    /// This reading is at its end.
    Over,
    /// It cannot go on.
    Problem(Problem),
}

/// Lines, with the place behind the last that was read for them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogBatch {
    /// The lines, oldest first.
    pub lines: Vec<LogLine>,
    /// Where to go on after the line was lost.
    pub place: Option<LogPlace>,
}

/// What the browser will not see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogMissed {
    /// How many lines were left out, where that is known: the engine does not say how many it has thrown away.
    pub lines: Option<u64>,
    /// The time of the line before them, nanoseconds since 1970.
    pub from: i64,
    /// The time of the line behind them.
    pub until: i64,
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LogLine {
    /// When the engine took it, nanoseconds since 1970.
    #[serde(rename = "a")]
    pub at: i64,
    /// Some of the constants below.
    #[serde(rename = "f", default, skip_serializing_if = "is_zero")]
    pub flags: u8,
    /// What was written, with its colours.
    #[serde(rename = "t")]
    pub text: String,
    /// Where in the text without colours the hits are: from, until.
    #[serde(rename = "m", default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<(u32, u32)>,
}

impl LogLine {
    /// It was written to the standard error.
    pub const STDERR: u8 = 1;
    /// It was longer.
    pub const CUT: u8 = 2;
    /// It is a hit.
    pub const HIT: u8 = 4;
    /// Lines before it were left out.
    pub const BREAK: u8 = 8;

    /// Whether it is one of those.
    pub fn is(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(flags: &u8) -> bool {
    *flags == 0
}
