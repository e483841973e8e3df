//! The entries that the browser holds, newest first: a page of them, what is older when it is asked for, and what comes.

use leptos::prelude::*;
use longshore_api::web::{
    audit::{AuditEntry, AuditQuery},
    problem::Problem,
};
use serde::Deserialize;

use crate::{
    api::{self, Failure},
    live::{Body, Listener},
    session::{Session, session},
};

/// So many are held at most; older ones are asked for again.
const HELD: usize = 2_000;

/// The feed.
#[derive(Clone, Copy)]
pub(super) struct Feed {
    entries: RwSignal<Vec<AuditEntry>>,
    paused: RwSignal<Option<Vec<AuditEntry>>>,
    more: RwSignal<bool>,
    loaded: RwSignal<bool>,
    asking: RwSignal<bool>,
    pub(super) failure: RwSignal<Option<Failure>>,
    question: StoredValue<AuditQuery>,
    /// Counts questions: the answer to an older one is old.
    number: StoredValue<u32>,
    /// The last row of the log that the entries show, and the last that there is.
    head: StoredValue<i64>,
    newest: StoredValue<i64>,
    session: Session,
}

impl Feed {
    pub(super) fn new() -> Self {
        Self {
            entries: RwSignal::default(),
            paused: RwSignal::new(None),
            more: RwSignal::new(false),
            loaded: RwSignal::new(false),
            asking: RwSignal::new(false),
            failure: RwSignal::new(None),
            question: StoredValue::default(),
            number: StoredValue::new(0),
            head: StoredValue::new(0),
            newest: StoredValue::new(0),
            session: session(),
        }
    }

    /// What the list shows, newest first.
    pub(super) fn shown(self) -> Vec<AuditEntry> {
        self.paused.get().unwrap_or_else(|| self.entries.get())
    }

    /// One of them as it is now.
    pub(super) fn one(self, seq: i64) -> Option<AuditEntry> {
        self.entries.with(|entries| entries.iter().find(|entry| entry.seq == seq).cloned())
    }

    /// Whether the server has answered that there are none.
    pub(super) fn is_empty(self) -> bool {
        self.loaded.get() && self.entries.with(Vec::is_empty)
    }

    /// Whether there are older ones.
    pub(super) fn has_more(self) -> bool {
        self.more.get()
    }

    /// Whether an answer is waited for.
    pub(super) fn is_asking(self) -> Signal<bool> {
        self.asking.into()
    }

    /// Whether the list is held still.
    pub(super) fn is_paused(self) -> bool {
        self.paused.with(Option::is_some)
    }

    /// How many came since it was held.
    pub(super) fn waiting(self) -> usize {
        let newest = self.paused.with(|held| held.as_ref().map(|held| held.first().map(|entry| entry.seq)));
        newest.map_or(0, |newest| {
            self.entries.with(|all| {
                all.iter().take_while(|entry| newest.is_none_or(|newest| entry.seq > newest)).count()
            })
        })
    }

    /// Holds the list still, or lets it run.
    pub(super) fn pause(self, hold: bool) {
        self.paused.set(hold.then(|| self.entries.get_untracked()));
    }

    /// Another question.
    pub(super) fn ask(self, question: AuditQuery) {
        self.question.set_value(question);
        self.pause(false);
        self.begin();
    }

    /// What is older than what is shown.
    pub(super) fn older(self) {
        let last = self.entries.with_untracked(|entries| entries.last().map(|entry| entry.seq));
        let (number, question) = (self.number.get_value(), self.question.get_value());
        if self.asking.get_untracked() {
            return;
        }
        self.asking.set(true);
        leptos::task::spawn_local(async move {
            let answer = api::audit(&AuditQuery { before: last, ..question }).await;
            if self.number.try_get_value() != Some(number) {
                return;
            }
            self.asking.set(false);
            match answer {
                Ok(page) => {
                    self.more.set(page.more);
                    self.entries.update(|entries| entries.extend(page.entries));
                    if self.paused.with_untracked(Option::is_some) {
                        self.pause(true);
                    }
                }
                Err(why) => self.failed(why),
            }
        });
    }

    fn begin(self) {
        let number = self.number.get_value() + 1;
        self.number.set_value(number);
        let question = self.question.get_value();
        self.asking.set(true);
        leptos::task::spawn_local(async move {
            let answer = api::audit(&question).await;
            if self.number.try_get_value() != Some(number) {
                return;
            }
            self.asking.set(false);
            match answer {
                Ok(page) => {
                    self.failure.set(None);
                    self.head.set_value(page.head);
                    self.more.set(page.more);
                    self.entries.set(page.entries);
                    self.loaded.set(true);
                    self.follow();
                }
                Err(why) => self.failed(why),
            }
        });
    }

    /// Asks for what is new until nothing is.
    fn follow(self) {
        let (head, number) = (self.head.get_value(), self.number.get_value());
        if self.asking.get_untracked() || !self.loaded.get_untracked() || self.newest.get_value() <= head {
            return;
        }
        self.asking.set(true);
        let question = AuditQuery { after: Some(head), ..self.question.get_value() };
        leptos::task::spawn_local(async move {
            let answer = api::audit(&question).await;
            if self.number.try_get_value() != Some(number) {
                return;
            }
            self.asking.set(false);
            match answer {
                // So many at once that some are left out.
                Ok(page) if page.more => self.begin(),
                Ok(page) => {
                    // A head that did not rise would be asked for again and again.
                    self.head.set_value(page.head.max(self.newest.get_value()));
                    if !page.entries.is_empty() {
                        self.entries.update(|entries| merge(entries, page.entries));
                        if self.entries.with_untracked(Vec::len) == HELD {
                            self.more.set(true);
                        }
                    }
                    self.follow();
                }
                Err(why) => self.failed(why),
            }
        });
    }

    fn failed(self, why: Failure) {
        self.session.noticed(&why);
        self.failure.set(Some(why));
        self.loaded.set(true);
    }
}

/// Puts what is new in its place, and what has changed in the place of what it was.
fn merge(entries: &mut Vec<AuditEntry>, new: Vec<AuditEntry>) {
    let lowest = entries.last().map_or(0, |last| last.seq);
    for entry in new {
        match entries.binary_search_by(|other| entry.seq.cmp(&other.seq)) {
            Ok(at) => entries[at] = entry,
            // What is older than what is shown comes with its page.
            Err(_) if entry.seq < lowest => {}
            Err(at) => entries.insert(at, entry),
        }
    }
    entries.truncate(HELD);
}

/// What the line says.
#[derive(Deserialize)]
struct News {
    head: i64,
}

impl Listener for Feed {
    fn snapshot(&self, whole: Body<'_>) -> Option<()> {
        self.newest.set_value(whole.read::<News>()?.head);
        self.follow();
        Some(())
    }

    fn delta(&self, change: Body<'_>) -> Option<()> {
        self.snapshot(change)
    }

    fn refused(&self, _: Problem) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(seq: i64, outcome: &str) -> AuditEntry {
        AuditEntry {
            seq,
            at: seq,
            ended_at: None,
            account: String::new(),
            account_id: String::new(),
            door: String::new(),
            key: String::new(),
            address: String::new(),
            operation: String::new(),
            host: None,
            target: String::new(),
            detail: String::new(),
            outcome: outcome.to_owned(),
            status: None,
            times: 1,
            request_id: String::new(),
        }
    }

    #[test]
    fn an_outcome_takes_the_place_of_its_intent_and_what_is_new_stands_first() {
        let mut entries = vec![entry(7, "intended"), entry(5, "done")];
        merge(&mut entries, vec![entry(9, "done"), entry(7, "done"), entry(3, "done")]);
        let seen: Vec<(i64, &str)> = entries.iter().map(|e| (e.seq, e.outcome.as_str())).collect();
        assert_eq!(seen, [(9, "done"), (7, "done"), (5, "done")]);
    }
}
