//! Refused attempts. The first of its kind is a row at once; those like it within a minute are counted, and their count is
//! one more row: a flood fills no disk, and hides nothing.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::{mpsc, oneshot};

use super::{entry::Draft, ledger::Inner};
use crate::{accounts::network_of, seldom::Seldom};

/// Attempts are gathered for so long.
const WINDOW_MS: i64 = 60_000;
/// So many kinds of attempts of nobody's are told apart within it; what goes beyond counts as of many.
const STRANGERS: usize = 60;
/// So many of people who are signed in. Apart, so that a flood from outside hides nothing that they try.
const ACCOUNTS: usize = 240;
/// So many rows wait to be written.
const WAITING: usize = 1_024;
/// So many are written at once.
const AT_ONCE: usize = 64;
/// That some could not be is said so often.
const SAY_EVERY: Duration = Duration::from_secs(60);
/// Who tries, where they are too many to name.
const MANY: &str = "…";

/// What makes two attempts the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Kind {
    account_id: String,
    account_name: String,
    network: String,
    operation: String,
    host: Option<String>,
}

#[derive(Default)]
struct Counts {
    since: i64,
    of_strangers: HashMap<Kind, (Draft, i64)>,
    of_accounts: HashMap<Kind, (Draft, i64)>,
}

enum Wanted {
    Row(Box<Draft>),
    /// Answered once all before it are written.
    Word(oneshot::Sender<()>),
}

/// Notes them and has them written.
pub(super) struct Refusals {
    counts: Mutex<Counts>,
    queue: mpsc::Sender<Wanted>,
    lost: Seldom,
}

impl Refusals {
    pub(super) fn start(ledger: Arc<Inner>) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        tokio::spawn(write(ledger, waiting));
        Self { counts: Mutex::default(), queue, lost: Seldom::every(SAY_EVERY) }
    }

    /// Notes one, at this time.
    pub(super) fn note(&self, draft: Draft, at: i64) {
        let due = {
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            let mut due = counts.over(at);
            due.extend(counts.count(draft, at));
            due
        };
        self.send(due);
    }

    /// Writes the counts, if their time is over.
    pub(super) fn settle(&self, at: i64) {
        let due = self.counts.lock().unwrap_or_else(PoisonError::into_inner).over(at);
        self.send(due);
    }

    /// Writes all counts and waits until everything is written.
    pub(super) async fn finish(&self) {
        self.settle(i64::MAX);
        let (written, word) = oneshot::channel();
        if self.queue.send(Wanted::Word(written)).await.is_ok() {
            _ = word.await;
        }
    }

    fn send(&self, due: Vec<Draft>) {
        for draft in due {
            if self.queue.try_send(Wanted::Row(Box::new(draft))).is_err()
                && let Some(left_out) = self.lost.due()
            {
                tracing::error!(left_out, "refused attempts are not in the audit log: it takes no row");
            }
        }
    }
}

impl Counts {
    /// What was counted, if its time is over.
    fn over(&mut self, at: i64) -> Vec<Draft> {
        // A clock that was set back is no reason to wait for it.
        if (self.since..self.since.saturating_add(WINDOW_MS)).contains(&at) {
            return Vec::new();
        }
        self.since = at;
        let counted = self.of_strangers.drain().chain(self.of_accounts.drain());
        counted
            .filter(|(_, (_, times))| *times > 0)
            .map(|(_, (draft, times))| Draft { times, ..draft })
            .collect()
    }

    /// Counts one; it comes back if it is the first of its kind.
    fn count(&mut self, draft: Draft, at: i64) -> Option<Draft> {
        let mut draft = Draft { at, ..draft };
        let (counts, most) = match draft.account_id.as_str() {
            "" => (&mut self.of_strangers, STRANGERS),
            _ => (&mut self.of_accounts, ACCOUNTS),
        };
        let mut kind = Kind {
            account_id: draft.account_id.clone(),
            account_name: draft.account_name.clone(),
            network: draft.address.parse::<IpAddr>().map(|a| network_of(a).to_string()).unwrap_or_default(),
            operation: draft.operation.clone(),
            host: draft.host.clone(),
        };
        if counts.len() >= most && !counts.contains_key(&kind) {
            (draft.account_id, draft.account_name, draft.address) =
                (String::new(), MANY.to_owned(), MANY.to_owned());
            (draft.host, draft.detail) = (None, String::new());
            kind = Kind {
                account_id: String::new(),
                account_name: MANY.to_owned(),
                network: String::new(),
                operation: draft.operation.clone(),
                host: None,
            };
        }
        if let Some((last, times)) = counts.get_mut(&kind) {
            *last = draft;
            *times += 1;
            return None;
        }
        counts.insert(kind, (draft.clone(), 0));
        Some(draft)
    }
}

/// Writes what is due, many rows in one transaction where many wait.
async fn write(ledger: Arc<Inner>, mut waiting: mpsc::Receiver<Wanted>) {
    let mut batch = Vec::with_capacity(AT_ONCE);
    while waiting.recv_many(&mut batch, AT_ONCE).await > 0 {
        let (mut rows, mut words) = (Vec::new(), Vec::new());
        for wanted in batch.drain(..) {
            match wanted {
                Wanted::Row(draft) => rows.push(*draft),
                Wanted::Word(word) => words.push(word),
            }
        }
        if !rows.is_empty()
            && let Err(error) = ledger.write(&rows).await
        {
            tracing::error!(%error, rows = rows.len(), "refused attempts could not be written to the audit log");
        }
        words.into_iter().for_each(|word| _ = word.send(()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(name: &str, address: &str) -> Draft {
        Draft::of_stranger(name, address.to_owned(), "sign-in", "r").refused(403)
    }

    #[test]
    fn the_first_is_a_row_and_the_rest_of_the_minute_a_count() {
        let mut counts = Counts::default();
        assert!(counts.over(100_000).is_empty());
        assert_eq!(counts.count(attempt("ada", "10.0.0.1"), 100_000).unwrap().times, 1);
        for at in 100_001..100_006 {
            assert!(counts.count(attempt("ada", "10.0.0.1"), at).is_none());
        }
        assert!(counts.count(attempt("bob", "10.0.0.1"), 100_001).is_some());
        assert!(counts.over(159_999).is_empty());
        let due = counts.over(160_000);
        assert_eq!(due.len(), 1, "bob's only one is a row already");
        assert_eq!((due[0].account_name.as_str(), due[0].times, due[0].at), ("ada", 5, 100_005));
        assert!(counts.count(attempt("ada", "10.0.0.1"), 160_001).is_some());
    }

    #[test]
    fn a_flood_of_addresses_and_names_stays_a_few_rows_and_hides_no_account() {
        let mut counts = Counts::default();
        let rows = (0..20_000u32)
            .filter_map(|n| counts.count(attempt(&format!("user{n}"), &format!("10.0.{}.1", n % 250)), 1))
            .count();
        assert_eq!(rows, STRANGERS + 1);
        let insider = Draft { account_id: "id".to_owned(), ..attempt("mara", "10.0.0.1") };
        assert!(counts.count(insider, 2).is_some());
        let due = counts.over(i64::MAX);
        let all: i64 = due.iter().map(|draft| draft.times).sum();
        assert_eq!(usize::try_from(all).unwrap() + rows, 20_000);
    }
}
