//! A console: one websocket for each, at `GET /hosts/{host}/containers/{container}/console`.
//!
//! Binary frames are what the terminal types and what it is to show, of at most [`FRAME_MAX`] bytes, in both directions.
//! Text frames are the messages below, JSON. The browser speaks first. Neither side has more than [`WINDOW`] bytes on
//! the way that the other has not acknowledged, so that nobody ever holds more for somebody slow. Bytes are counted from
//! the beginning of the console in each direction: by these counts a line that broke is taken up again with nothing lost
//! and nothing twice.

use serde::{Deserialize, Serialize};

use super::{FieldMissing, problem::Problem};
use crate::sentence::Sentence;

/// A frame has at most so many bytes.
pub const FRAME_MAX: usize = 64 * 1024;
/// So many bytes are on the way at most, in each direction.
pub const WINDOW: u64 = 256 * 1024;
/// A terminal has at most so many columns, and so many rows.
pub const SIZE_MAX: u16 = 1_000;

/// From the browser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum FromBrowser {
    /// Begins a console.
    Open {
        /// What is run.
        run: Run,
        /// The size of the terminal.
        size: Size,
    },
    /// Comes back to one whose line broke.
    Resume {
        /// Its id.
        id: String,
        /// So many bytes of it were shown.
        shown: u64,
        /// The size of the terminal now.
        size: Size,
    },
    /// The terminal has another size.
    Size {
        /// Which.
        size: Size,
    },
    /// So many bytes were shown, since the beginning.
    Ack {
        /// How many.
        bytes: u64,
    },
    /// The person is done with it: what runs in it ends.
    End,
}

/// What is run in a container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Program and arguments; empty means the best shell that is there.
    #[serde(default)]
    pub command: Vec<String>,
    /// As whom: name or number, and group after a colon. Empty means the container's own user.
    #[serde(default)]
    pub user: String,
    /// Where; empty means the container's own folder.
    #[serde(default)]
    pub folder: String,
    /// `NAME=value`, in addition to the container's own.
    #[serde(default)]
    pub env: Vec<String>,
    /// The container's own program instead, which runs already; all else is not looked at.
    #[serde(default)]
    pub attach: bool,
}

/// The size of a terminal in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// Columns.
    pub cols: u16,
    /// Rows.
    pub rows: u16,
}

impl Size {
    /// A size that a terminal can have.
    #[must_use]
    pub fn sane(self) -> Self {
        Self { cols: self.cols.clamp(1, SIZE_MAX), rows: self.rows.clamp(1, SIZE_MAX) }
    }
}

/// From the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", try_from = "Fields")]
pub enum FromServer {
    /// It runs.
    Opened {
        /// What does.
        about: About,
    },
    /// The line is taken up again.
    Resumed {
        /// What runs.
        about: About,
        /// So many bytes of the browser's arrived; what came after is sent again.
        typed: u64,
        /// So many of them have been taken by the program.
        taken: u64,
        /// What follows begins at this byte of the output.
        from: u64,
        /// Up to this byte it came before now.
        until: u64,
        /// So many bytes before it were neither shown nor kept.
        missed: u64,
    },
    /// So many bytes that were typed have been taken, since the beginning.
    Ack {
        /// How many.
        bytes: u64,
    },
    /// Its engine does not answer, or answers again. The console is kept: what is typed waits.
    Away {
        /// Why it does not; none where it does.
        why: Option<Sentence>,
    },
    /// It is over.
    Ended {
        /// With which code, where it is known.
        exit: Option<i64>,
        /// Why, where it did not end by itself.
        why: Option<Sentence>,
    },
    /// It could not begin, or not be taken up again.
    Problem {
        /// Why.
        problem: Problem,
    },
}

/// What a console is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// By which it is found again when the line breaks.
    pub id: String,
    /// What runs, as it was called.
    pub command: String,
    /// Whether it is a shell that was found by trying.
    pub found: bool,
    /// As whom; empty means the container's own user.
    pub user: String,
    /// So long it is kept when the line breaks, in milliseconds.
    pub grace: u64,
    /// Whether it is ended for certain when nobody comes back. Elsewhere than on the server's machine there is no way to.
    pub ends: bool,
    /// Whether it is the container's own program, which goes on without us.
    pub attached: bool,
    /// Whether it reads what is typed.
    pub reads: bool,
}

/// [`FromServer`] as it is read, see [`super`].
#[derive(Deserialize)]
struct Fields {
    #[serde(rename = "type")]
    kind: String,
    about: Option<About>,
    typed: Option<u64>,
    taken: Option<u64>,
    from: Option<u64>,
    until: Option<u64>,
    missed: Option<u64>,
    bytes: Option<u64>,
    exit: Option<i64>,
    why: Option<Sentence>,
    problem: Option<Problem>,
}

impl TryFrom<Fields> for FromServer {
    type Error = FieldMissing;

    fn try_from(fields: Fields) -> Result<Self, FieldMissing> {
        Ok(match fields.kind.as_str() {
            "opened" => Self::Opened { about: fields.about.ok_or(FieldMissing)? },
            "resumed" => Self::Resumed {
                about: fields.about.ok_or(FieldMissing)?,
                typed: fields.typed.ok_or(FieldMissing)?,
                taken: fields.taken.ok_or(FieldMissing)?,
                from: fields.from.ok_or(FieldMissing)?,
                until: fields.until.ok_or(FieldMissing)?,
                missed: fields.missed.ok_or(FieldMissing)?,
            },
            "ack" => Self::Ack { bytes: fields.bytes.ok_or(FieldMissing)? },
            "away" => Self::Away { why: fields.why },
            "ended" => Self::Ended { exit: fields.exit, why: fields.why },
            "problem" => Self::Problem { problem: fields.problem.ok_or(FieldMissing)? },
            _ => return Err(FieldMissing),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::say;

    #[test]
    fn what_the_server_says_is_read_as_it_was_said() {
        let about = About {
            id: "c".to_owned(),
            command: "bash".to_owned(),
            found: true,
            user: String::new(),
            grace: 60_000,
            ends: true,
            attached: false,
            reads: true,
        };
        for said in [
            FromServer::Opened { about: about.clone() },
            FromServer::Resumed { about, typed: 1, taken: 1, from: 2, until: 9, missed: 3 },
            FromServer::Ack { bytes: 4 },
            FromServer::Away { why: Some(say::internal()) },
            FromServer::Away { why: None },
            FromServer::Ended { exit: Some(137), why: Some(say::internal()) },
            FromServer::Ended { exit: None, why: None },
        ] {
            let text = serde_json::to_string(&said).unwrap();
            assert_eq!(serde_json::from_str::<FromServer>(&text).unwrap(), said, "{text}");
        }
    }

    #[test]
    fn a_size_is_one_that_a_terminal_can_have() {
        assert_eq!(Size { cols: 0, rows: 9_999 }.sane(), Size { cols: 1, rows: SIZE_MAX });
    }
}
