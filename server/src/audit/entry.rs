//! A row of the audit log.

use crate::{accounts::Principal, store::now};

/// Kinds of rows: before a change, after it, and what is over when it is written.
pub const INTENT: &str = "intent";
pub const OUTCOME: &str = "outcome";
pub const SINGLE: &str = "single";

/// What an intent says until its outcome is there.
pub const INTENDED: &str = "intended";
/// It was done.
pub const DONE: &str = "done";
/// Someone had no right to it, or was not who they said.
pub const REFUSED: &str = "refused";
/// It was begun and went wrong.
pub const FAILED: &str = "failed";
/// The server ended in the middle of it.
pub const UNKNOWN: &str = "unknown";

/// So many characters are kept of a text that someone else wrote.
const TEXT_MAX: usize = 200;

/// What a row says. Its number and its MAC are the ledger's.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Draft {
    /// When, in milliseconds.
    pub at: i64,
    /// [`INTENT`], [`OUTCOME`] or [`SINGLE`].
    pub kind: String,
    /// Of an outcome: the number of its intent.
    pub intent: Option<i64>,
    /// Which request asked.
    pub request_id: String,
    /// Who; empty where it is nobody's account.
    pub account_id: String,
    /// What they are called, or said they are.
    pub account_name: String,
    /// How they came in.
    pub door: String,
    /// By which key, where it was one: what it is called, and how it begins.
    pub key: String,
    /// From where.
    pub address: String,
    /// What: an operation of the table, or a deed of ours.
    pub operation: String,
    /// On which host, by slug.
    pub host: Option<String>,
    /// On what.
    pub target: String,
    /// What else there is to know, never a secret.
    pub detail: String,
    /// How it ended.
    pub outcome: String,
    /// The same as an HTTP status.
    pub status: Option<i64>,
    /// How many attempts it stands for.
    pub times: i64,
}

impl Draft {
    /// Something that is done.
    pub fn of(principal: &Principal, operation: &str, request_id: &str) -> Self {
        Self {
            account_id: principal.account_id().to_owned(),
            account_name: principal.name().to_owned(),
            door: principal.door().code().to_owned(),
            key: principal.key().to_owned(),
            address: principal.address().to_string(),
            ..Self::plain(operation, request_id)
        }
    }

    /// Something that the server did by itself.
    pub fn of_the_house(operation: &str, detail: impl Into<String>) -> Self {
        Self {
            account_name: "Longshore".to_owned(),
            door: "server".to_owned(),
            target: "longshore".to_owned(),
            detail: detail.into(),
            ..Self::plain(operation, "")
        }
    }

    /// Something of somebody whom nobody knows yet. `name` is what they said.
    pub fn of_stranger(name: &str, address: String, operation: &str, request_id: &str) -> Self {
        Self {
            account_name: capped(name),
            door: "none".to_owned(),
            address,
            ..Self::plain(operation, request_id)
        }
    }

    fn plain(operation: &str, request_id: &str) -> Self {
        Self {
            at: now(),
            kind: SINGLE.to_owned(),
            intent: None,
            request_id: request_id.to_owned(),
            account_id: String::new(),
            account_name: String::new(),
            door: String::new(),
            key: String::new(),
            address: String::new(),
            operation: operation.to_owned(),
            host: None,
            target: "account".to_owned(),
            detail: String::new(),
            outcome: DONE.to_owned(),
            status: None,
            times: 1,
        }
    }

    /// The same, refused with this status.
    pub fn refused(self, status: u16) -> Self {
        Self { outcome: REFUSED.to_owned(), status: Some(status.into()), ..self }
    }

    /// The outcome of this intent, whose number is `seq`.
    pub fn ended(&self, seq: i64, outcome: &str, status: Option<u16>) -> Self {
        Self {
            at: now(),
            kind: OUTCOME.to_owned(),
            intent: Some(seq),
            outcome: outcome.to_owned(),
            status: status.map(i64::from),
            ..self.clone()
        }
    }
}

/// How something ended that has this status.
pub fn outcome_of(status: u16) -> &'static str {
    match status {
        ..=399 => DONE,
        401 | 403 => REFUSED,
        _ => FAILED,
    }
}

/// What someone else wrote, in a row of ours: so long at most, and on one line.
pub fn capped(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(TEXT_MAX).collect()
}

/// What is kept of a command: its first word, and whether there is more. The rest may hold secrets.
pub fn first_word(command: &[impl AsRef<str>]) -> String {
    let mut words = command.iter().flat_map(|part| part.as_ref().split_whitespace());
    let word = words.next().unwrap_or_default();
    let word = capped(word.split('=').next().unwrap_or_default());
    if words.next().is_some() { format!("{word} …") } else { word }
}

/// A row as it stands in the table.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Entry {
    /// Its number: one more than that of the row before it.
    pub seq: i64,
    /// What it says.
    #[sqlx(flatten)]
    pub draft: Draft,
    /// Proves that, and its place.
    pub mac: Vec<u8>,
}

/// What retention has removed.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Segment {
    /// The number of its first row.
    pub from_seq: i64,
    /// That of its last.
    pub to_seq: i64,
    /// How many rows there were.
    pub entries: i64,
    /// How many places of it were not as they had been written.
    pub faults: i64,
    /// When its first row was written.
    pub from_at: i64,
    /// When its last row was.
    pub to_at: i64,
    /// The MAC of its last row, which the first row that is left is chained to.
    pub last_mac: Vec<u8>,
    /// When it was sealed.
    pub sealed_at: i64,
    /// Proves all this.
    pub mac: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_command_its_first_word_is_kept_and_nothing_that_follows() {
        assert_eq!(first_word(&["psql"]), "psql");
        assert_eq!(first_word(&["psql", "postgres://shop:secret@db"]), "psql …");
        assert_eq!(first_word(&["sh -c 'echo secret'"]), "sh …");
        assert_eq!(first_word(&["PASSWORD=secret"]), "PASSWORD");
        assert_eq!(first_word(&[""; 0]), "");
    }

    #[test]
    fn what_others_wrote_is_one_short_line() {
        assert_eq!(capped("a\nb\u{1b}[31m"), "a\u{fffd}b\u{fffd}[31m");
        assert_eq!(capped(&"x".repeat(70_000)).len(), TEXT_MAX);
    }
}
