//! Walks the log and says where it is not as it was written.

use std::{fmt, io, path::Path, pin::pin};

use futures_util::TryStreamExt as _;
use longshore_api::web::audit::AuditDamage as Damage;
use sqlx::SqliteConnection;

use super::{
    chain::{Chain, GENESIS, Head, same},
    entry::{Entry, Segment},
    ledger::LedgerError,
    queries::{self, Read},
};

use crate::{
    keys::{self, Key},
    store::Store,
};

/// So many faults are told one by one.
const FAULTS_TOLD: usize = 100;

/// A line of `longshore admin audit verify`.
pub struct Told<'a>(pub &'a Damage);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Damage::Changed { at } => {
                write!(f, "row {at} was changed, or is none that Longshore has written")
            }
            Damage::Moved { at, from } => {
                write!(f, "row {at} is not in its place: it was written as row {from}")
            }
            Damage::Missing { from, to } if from == to => write!(f, "row {from} is missing"),
            Damage::Missing { from, to } => write!(f, "rows {from} to {to} are missing"),
            Damage::Cut { last, head } => {
                write!(f, "the log ends with row {last}, and its head was row {head}: the end was cut off")
            }
            Damage::Head { at } => write!(f, "row {at} is not the one that was noted as the head"),
            Damage::Segment { from, to } => {
                write!(f, "the seal of rows {from} to {to} was changed, or is none that Longshore has made")
            }
            Damage::Sealed { from, to, faults } => {
                write!(f, "rows {from} to {to} had {faults} faults already when they were sealed")
            }
        }
    }
}

/// What was found.
#[derive(Debug)]
pub struct Report {
    /// Rows that were read.
    pub entries: u64,
    /// Rows that were sealed before.
    pub sealed: i64,
    /// When the first row was written that is left.
    pub since: Option<i64>,
    /// What is wrong, in the order of rows.
    pub faults: Vec<Damage>,
    /// How many more faults there are than are told.
    pub more: u64,
    /// The last row.
    pub head: Head,
    /// A head that was to be compared and is of rows that were sealed since.
    pub beyond: Option<i64>,
}

/// Checks all of the log of a data folder, in a stream. `heads` were noted elsewhere.
///
/// # Errors
/// The key or the table cannot be read.
pub async fn check(data: &Path, store: &Store, heads: &[Head]) -> Result<Report, LedgerError> {
    // To make a new one here would have every row look changed.
    let key = keys::read(Key::Audit, data)?;
    let chain = Chain::new(&key.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?);
    Ok(check_with(&chain, store, heads).await?)
}

/// The same with the key that is read already.
pub(super) async fn check_with(chain: &Chain, store: &Store, heads: &[Head]) -> sqlx::Result<Report> {
    // One transaction: what is added meanwhile is not seen, and neither is half of a sealing.
    let mut tx = store.read().begin().await?;
    let segments = queries::segments(&mut tx).await?;
    let mut walk = Walk::after(&segments, chain);
    walk.sealed_heads(&segments, heads);
    walk.rows(&mut tx, heads).await?;
    Ok(walk.report(heads))
}

/// A walk along the chain.
pub(super) struct Walk<'a> {
    chain: &'a Chain,
    /// The row before, where it is known what its MAC was.
    before: Head,
    proven: bool,
    pub(super) entries: u64,
    sealed: i64,
    since: Option<i64>,
    faults: Vec<Damage>,
    more: u64,
    /// Rows whose MAC is not theirs, each with the MAC before it.
    broken: Vec<(Entry, Vec<u8>)>,
    beyond: Option<i64>,
}

impl<'a> Walk<'a> {
    /// Begins behind what was sealed, which is checked first.
    pub(super) fn after(segments: &[Segment], chain: &'a Chain) -> Self {
        let mut walk = Self::of(Head::none(), chain);
        let mut before = GENESIS.to_vec();
        for segment in segments {
            let Segment { from_seq: from, to_seq: to, .. } = *segment;
            let due = walk.before.seq.saturating_add(1);
            if from != due {
                walk.fault(Damage::Missing { from: due, to: from.saturating_sub(1) });
            }
            // A seal after one that is missing is chained to what nobody knows: it is told by the gap.
            if from == due && !same(&chain.segment(&before, segment), &segment.mac) {
                walk.fault(Damage::Segment { from, to });
            }
            if segment.faults > 0 {
                walk.fault(Damage::Sealed { from, to, faults: segment.faults });
            }
            walk.sealed = walk.sealed.saturating_add(segment.entries);
            before.clone_from(&segment.mac);
            walk.before = Head { seq: to, mac: segment.last_mac.clone() };
        }
        walk
    }

    /// Begins behind a row.
    pub(super) fn of(before: Head, chain: &'a Chain) -> Self {
        Self {
            chain,
            before,
            proven: true,
            entries: 0,
            sealed: 0,
            since: None,
            faults: Vec::new(),
            more: 0,
            broken: Vec::new(),
            beyond: None,
        }
    }

    /// Compares heads that were sealed since, where a segment ends with them.
    fn sealed_heads(&mut self, segments: &[Segment], heads: &[Head]) {
        let sealed = 1..=self.before.seq;
        for head in heads.iter().filter(|head| sealed.contains(&head.seq)) {
            match segments.iter().find(|segment| segment.to_seq == head.seq) {
                Some(segment) if same(&segment.last_mac, &head.mac) => {}
                Some(_) => self.fault(Damage::Head { at: head.seq }),
                None => self.beyond = Some(head.seq),
            }
        }
    }

    /// Walks all rows.
    async fn rows(&mut self, db: &mut SqliteConnection, heads: &[Head]) -> sqlx::Result<()> {
        let mut rows = pin!(queries::rows(db, i64::MIN));
        while let Some(row) = rows.try_next().await? {
            match row {
                Read::Whole(entry) => {
                    if heads.iter().any(|head| head.seq == entry.seq && !same(&head.mac, &entry.mac)) {
                        self.fault(Damage::Head { at: entry.seq });
                    }
                    self.step(*entry);
                }
                Read::Spoilt(seq) => self.spoilt(seq),
            }
        }
        Ok(())
    }

    /// The next row.
    pub(super) fn step(&mut self, entry: Entry) {
        self.entries += 1;
        self.since.get_or_insert(entry.draft.at);
        self.gap(entry.seq);
        if entry.seq == i64::MAX {
            // None of ours: nothing could be written after it.
            self.fault(Damage::Changed { at: entry.seq });
        }
        let seen = Head { seq: entry.seq, mac: entry.mac.clone() };
        let before = std::mem::replace(&mut self.before, seen);
        if self.proven && !same(&self.chain.entry(&before.mac, entry.seq, &entry.draft), &entry.mac) {
            if self.broken.len() < FAULTS_TOLD {
                self.broken.push((entry, before.mac));
            } else {
                self.more += 1;
            }
        }
        self.proven = true;
    }

    /// A row with values that are never written.
    pub(super) fn spoilt(&mut self, seq: i64) {
        self.entries += 1;
        self.gap(seq);
        self.fault(Damage::Changed { at: seq });
        // What the next is chained to is not known.
        self.before = Head { seq, mac: Vec::new() };
        self.proven = false;
    }

    fn gap(&mut self, seq: i64) {
        let due = self.before.seq.saturating_add(1);
        if seq > due {
            self.fault(Damage::Missing { from: due, to: seq.saturating_sub(1) });
            // Chained to a row that is gone, so nothing can be said of it; those after it are chained to it.
            self.proven = false;
        }
    }

    fn fault(&mut self, fault: Damage) {
        if self.faults.len() < FAULTS_TOLD {
            self.faults.push(fault);
        } else {
            self.more += 1;
        }
    }

    /// How many faults there were on the way.
    pub(super) fn count(mut self) -> u64 {
        self.settle();
        self.faults.len() as u64 + self.more
    }

    fn report(mut self, heads: &[Head]) -> Report {
        self.settle();
        let last = self.before.clone();
        if let Some(head) = heads.iter().filter(|head| head.seq > last.seq).max_by_key(|head| head.seq) {
            self.fault(Damage::Cut { last: last.seq, head: head.seq });
        }
        self.faults.sort_by_key(place);
        Report {
            entries: self.entries,
            sealed: self.sealed,
            since: self.since,
            faults: self.faults,
            more: self.more,
            head: last,
            beyond: self.beyond,
        }
    }

    /// Tells rows that were moved from those that were changed, and from those that only stand behind one that was moved.
    fn settle(&mut self) {
        let broken = std::mem::take(&mut self.broken);
        let macs: Vec<&[u8]> =
            broken.iter().flat_map(|(entry, before)| [entry.mac.as_slice(), before.as_slice()]).collect();
        let was = |entry: &Entry, seq: i64| {
            macs.iter().any(|before| same(&self.chain.entry(before, seq, &entry.draft), &entry.mac))
        };
        let found: Vec<Damage> = broken
            .iter()
            .filter(|(entry, _)| !was(entry, entry.seq))
            .map(|(entry, _)| {
                let home = broken.iter().map(|(other, _)| other.seq).find(|seq| was(entry, *seq));
                match home {
                    Some(from) => Damage::Moved { at: entry.seq, from },
                    None => Damage::Changed { at: entry.seq },
                }
            })
            .collect();
        found.into_iter().for_each(|fault| self.fault(fault));
    }
}

/// By which faults are sorted.
fn place(fault: &Damage) -> i64 {
    match *fault {
        Damage::Changed { at } | Damage::Moved { at, .. } | Damage::Head { at } => at,
        Damage::Missing { from, .. } | Damage::Segment { from, .. } | Damage::Sealed { from, .. } => from,
        Damage::Cut { last, .. } => last,
    }
}
