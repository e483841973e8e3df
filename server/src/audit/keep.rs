//! What happens to the audit log by itself: counts of refusals are written, its head is told, and rows that are older than
//! is wanted are sealed: one row with what is to be known of them takes their place.

use std::{pin::pin, sync::Arc, time::Duration};

use futures_util::TryStreamExt as _;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::task::TaskTracker;

use super::{
    chain::{GENESIS, Head},
    check::{Told, Walk},
    entry::{Draft, Segment},
    ledger::Ledger,
    queries::{self, Read},
};
use crate::{house::House, store::now};

/// Counts of refusals are written so often.
const SETTLE_EVERY: Duration = Duration::from_secs(15);
/// The head is told so often.
const TELL_EVERY: Duration = Duration::from_secs(3_600);
/// What is too old is sealed, and the whole chain walked, so often.
const DAY: Duration = Duration::from_secs(24 * 3_600);
/// A segment has at most so many rows: they go in one transaction, and others wait for that.
const SEGMENT_MAX: u64 = 5_000;

/// Looks after it until the server stops.
pub fn keep(house: &Arc<House>, watchers: &TaskTracker) {
    let house = Arc::clone(house);
    watchers.spawn(async move {
        tokio::select! {
            () = look_after(&house) => {}
            () = house.stopping.cancelled() => {}
        }
    });
}

async fn look_after(house: &House) {
    let every = |period| {
        let mut ticks = interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks
    };
    let (mut settle, mut tell, mut day) = (every(SETTLE_EVERY), every(TELL_EVERY), every(DAY));
    // Told at the start already.
    tell.tick().await;
    loop {
        tokio::select! {
            _ = settle.tick() => house.ledger.settle(),
            _ = tell.tick() => house.ledger.tell(),
            _ = day.tick() => {
                seal_old(house).await;
                check(house).await;
            }
        }
    }
}

async fn check(house: &House) {
    match house.ledger.check().await {
        Ok(check) if check.damage.is_empty() => {}
        Ok(check) => {
            let first = check.damage.first().map(|damage| Told(damage).to_string()).unwrap_or_default();
            tracing::error!(
                first,
                "the audit log is not as it was written: see longshore admin audit verify"
            );
        }
        Err(error) => tracing::error!(%error, "the audit log could not be checked"),
    }
}

async fn seal_old(house: &House) {
    let Some(keep) = house.settings.audit_keep else { return };
    let before = now().saturating_sub(i64::try_from(keep.as_millis()).unwrap_or(i64::MAX));
    match house.ledger.seal(before).await {
        Ok(0) => {}
        Ok(rows) => tracing::info!(rows, "rows of the audit log that are older than is kept were sealed"),
        Err(error) => {
            tracing::error!(%error, "old rows of the audit log could not be sealed; it is tried again")
        }
    }
}

impl Ledger {
    /// Seals all rows that were written before this time, and returns how many there were. Each segment says how many
    /// places of it were not as they had been written: what was tampered with does not become sound by being old.
    ///
    /// # Errors
    /// The database takes no row.
    pub async fn seal(&self, before: i64) -> sqlx::Result<u64> {
        let mut all = 0;
        loop {
            let rows = self.seal_segment(before).await?;
            all += rows;
            if rows < SEGMENT_MAX {
                return Ok(all);
            }
        }
    }

    async fn seal_segment(&self, before: i64) -> sqlx::Result<u64> {
        let mut tx = self.inner.store.begin().await?;
        let last = queries::last_segment(&mut tx).await?;
        let start = last
            .as_ref()
            .map_or_else(Head::none, |last| Head { seq: last.to_seq, mac: last.last_mac.clone() });
        let mut walk = Walk::of(start.clone(), &self.inner.chain);
        let (mut first, mut end) = (None, None);
        {
            let mut rows = pin!(queries::rows(&mut tx, start.seq.saturating_add(1)));
            while walk.entries < SEGMENT_MAX
                && let Some(row) = rows.try_next().await?
            {
                match row {
                    Read::Whole(entry) if entry.draft.at >= before => break,
                    Read::Whole(entry) => {
                        first.get_or_insert(entry.draft.at);
                        end = Some((entry.seq, entry.draft.at, entry.mac.clone()));
                        walk.step(*entry);
                    }
                    Read::Spoilt(seq) => walk.spoilt(seq),
                }
            }
        }
        // A segment ends with a row that can be read: the next is chained to it.
        let Some((to_seq, to_at, last_mac)) = end else { return Ok(0) };
        let entries = walk.entries;
        let mut segment = Segment {
            from_seq: start.seq.saturating_add(1),
            to_seq,
            entries: i64::try_from(entries).unwrap_or(i64::MAX),
            faults: i64::try_from(walk.count()).unwrap_or(i64::MAX),
            from_at: first.unwrap_or(to_at),
            to_at,
            last_mac,
            sealed_at: now(),
            mac: Vec::new(),
        };
        let chained_to = last.map_or_else(|| GENESIS.to_vec(), |last| last.mac);
        segment.mac = self.inner.chain.segment(&chained_to, &segment);
        queries::seal(&mut tx, &segment).await?;
        let said = Draft::of_the_house("audit-seal", format!("{}–{to_seq}", segment.from_seq));
        let noted = self.append(&mut tx, &said).await?;
        tx.commit().await?;
        self.committed(noted);
        Ok(entries)
    }
}
