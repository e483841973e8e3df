//! The one writer of the audit log.

use std::{
    io,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use longshore_api::web::audit::AuditCheck;
use sqlx::{Sqlite, Transaction};
use tokio::sync::watch;

use super::{
    HEAD_FILE,
    chain::{Chain, Head, same},
    check::{Report, check_with},
    entry::{Draft, SINGLE, UNKNOWN},
    head::HeadFile,
    queries,
    refusals::Refusals,
};
use crate::{
    keys::{self, Key, KeyError},
    seldom::Seldom,
    store::{Store, now},
};

/// The head goes to the log after so many rows, besides every hour.
const TELL_EVERY: u64 = 1_000;
/// That the table is not as it was left is said so often.
const SAY_EVERY: Duration = Duration::from_secs(60);
/// What a start is called.
const START: &str = "server-start";
/// What an orderly end is called.
const STOP: &str = "server-stop";
/// What the beginning of the chain is called, where there was a log without one.
const CARRIED: &str = "audit-carried-over";

/// Why the audit log cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// There is no key of it, or it cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The file with its head cannot be used.
    #[error("the head of the audit log")]
    File(#[from] io::Error),
    /// Its table cannot.
    #[error("the audit log")]
    Store(#[from] sqlx::Error),
    /// After its last row there is no number for another one.
    #[error(
        "the audit log ends with the highest number that a row can have, which Longshore did not write: someone has \
         changed its table or its head. longshore admin audit verify names what is wrong; put back the database from a \
         backup"
    )]
    NoNumberLeft,
}

/// Adds rows.
pub struct Ledger {
    pub(super) inner: Arc<Inner>,
    refusals: Refusals,
}

/// What the ledger shares with who writes refusals for it.
pub(super) struct Inner {
    pub(super) store: Store,
    pub(super) chain: Chain,
    /// The last row that is known to be written.
    known: Mutex<Head>,
    file: HeadFile,
    untold: AtomicU64,
    news: watch::Sender<i64>,
    not_as_left: Seldom,
    /// What the last walk found.
    checked: Mutex<AuditCheck>,
}

/// A row that is written once its transaction is. To be handed to [`Ledger::committed`] then.
#[must_use = "the head is known once the transaction is committed"]
#[derive(Debug)]
pub struct Noted(Head);

impl Noted {
    /// The number of the row.
    pub fn seq(&self) -> i64 {
        self.0.seq
    }
}

impl Ledger {
    /// Opens the log of a data folder, and chains what was written before there was a chain.
    ///
    /// # Errors
    /// The key or the table cannot be used.
    pub async fn open(store: Store, data: &Path) -> Result<Self, LedgerError> {
        let key = keys::open(Key::Audit, data, &store).await?;
        let (file, left) = HeadFile::open(&data.join(HEAD_FILE))?;
        let mut connection = store.read().acquire().await?;
        let found = queries::head(&mut connection).await?;
        drop(connection);
        let empty = found.is_none() && left.is_none();
        let found = found.unwrap_or_else(Head::none);
        let known = match left {
            Some(left) if left.seq > found.seq => {
                tracing::error!(
                    last = found.seq,
                    head = left.seq,
                    "the audit log ends before its head: rows were cut off, or an older database was put back"
                );
                left
            }
            _ => found,
        };
        if known.seq == i64::MAX {
            return Err(LedgerError::NoNumberLeft);
        }
        let inner = Arc::new(Inner {
            store,
            chain: Chain::new(&key),
            known: Mutex::new(known.clone()),
            file,
            untold: AtomicU64::new(0),
            news: watch::Sender::new(known.seq),
            not_as_left: Seldom::every(SAY_EVERY),
            checked: Mutex::default(),
        });
        if empty {
            inner.carry_over().await?;
        }
        Ok(Self { refusals: Refusals::start(Arc::clone(&inner)), inner })
    }

    /// Adds a row in the transaction of what it tells of.
    ///
    /// # Errors
    /// The database takes no row: what it tells of must not happen.
    pub async fn append(&self, tx: &mut Transaction<'_, Sqlite>, draft: &Draft) -> sqlx::Result<Noted> {
        self.inner.append(tx, draft).await
    }

    /// The transaction of this row is committed.
    pub fn committed(&self, noted: Noted) {
        self.inner.committed(noted);
    }

    /// Adds a row by itself; its number.
    ///
    /// # Errors
    /// As [`Ledger::append`].
    pub async fn write(&self, draft: &Draft) -> sqlx::Result<i64> {
        self.inner.write(std::slice::from_ref(draft)).await
    }

    /// Notes that someone was refused; many like it become one row with a count. Written soon, and not waited for.
    pub fn refused(&self, draft: Draft) {
        self.refusals.note(draft, now());
    }

    /// At the start of the server: what was under way when it last ended has an unknown outcome. How many that are.
    ///
    /// # Errors
    /// The database takes no row.
    pub async fn begin(&self) -> sqlx::Result<usize> {
        let mut tx = self.inner.store.begin().await?;
        let open = queries::open_intents(&mut tx, START).await?;
        for intent in &open {
            let noted = self.append(&mut tx, &intent.draft.ended(intent.seq, UNKNOWN, None)).await?;
            drop(noted);
        }
        let noted = self.append(&mut tx, &Draft::of_the_house(START, crate::BUILD)).await?;
        tx.commit().await?;
        self.committed(noted);
        self.tell();
        Ok(open.len())
    }

    /// Wakes with the number of the last row whenever there is a new one.
    pub fn listen(&self) -> watch::Receiver<i64> {
        self.inner.news.subscribe()
    }

    /// Writes the head to the log of the server, which others keep.
    pub fn tell(&self) {
        self.inner.tell();
    }

    /// Writes the counts of refusals whose minute is over.
    pub fn settle(&self) {
        self.refusals.settle(now());
    }

    /// Walks the whole chain, up to what is known to be written.
    ///
    /// # Errors
    /// The table cannot be read.
    pub async fn check(&self) -> sqlx::Result<AuditCheck> {
        let inner = &self.inner;
        let known = inner.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Report { entries, sealed, since, faults, more, .. } =
            check_with(&inner.chain, &inner.store, &[known]).await?;
        let check = AuditCheck { at: now(), entries, sealed, since, damage: faults, more };
        inner.checked.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&check);
        Ok(check)
    }

    /// What the last walk found; none if there was none yet.
    pub fn checked(&self) -> Option<AuditCheck> {
        let last = self.inner.checked.lock().unwrap_or_else(PoisonError::into_inner).clone();
        (last.at > 0).then_some(last)
    }

    /// Waits until refusals that were noted are written.
    pub async fn finish(&self) {
        self.refusals.finish().await;
    }

    /// At the end of the server.
    pub async fn end(&self) {
        self.finish().await;
        if let Err(error) = self.write(&Draft::of_the_house(STOP, crate::BUILD)).await {
            tracing::warn!(%error, "the end of the server is not in the audit log");
        }
        self.tell();
    }
}

impl Inner {
    async fn append(&self, tx: &mut Transaction<'_, Sqlite>, draft: &Draft) -> sqlx::Result<Noted> {
        let found = queries::head(&mut *tx).await?.unwrap_or_else(Head::none);
        let last = self.after(found);
        // Whoever writes to the table may have done so since the start.
        let seq = last.seq.checked_add(1);
        let seq = seq.ok_or_else(|| sqlx::Error::Protocol(LedgerError::NoNumberLeft.to_string()))?;
        let mac = self.chain.entry(&last.mac, seq, draft);
        queries::insert(tx, seq, draft, &mac).await?;
        Ok(Noted(Head { seq, mac }))
    }

    /// What the next row is chained to. Where the table ends before what we know to be written, rows were cut off: to go
    /// on behind them leaves a gap that everyone can see.
    fn after(&self, found: Head) -> Head {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let cut = found.seq < known.seq;
        if (cut || found.seq == known.seq && !same(&found.mac, &known.mac))
            && let Some(left_out) = self.not_as_left.due()
        {
            tracing::error!(
                last = found.seq,
                head = known.seq,
                left_out,
                "the audit log is not as it was left: someone else has written to its table"
            );
        }
        if cut { known } else { found }
    }

    fn committed(&self, Noted(head): Noted) {
        let seq = head.seq;
        {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if head.seq <= known.seq {
                return;
            }
            // Under the lock: no older one may take its place.
            self.file.write(&head);
            *known = head;
        }
        self.news.send_replace(seq);
        if self.untold.fetch_add(1, Ordering::Relaxed) + 1 >= TELL_EVERY {
            self.tell();
        }
    }

    /// Adds rows by themselves; the number of the last.
    pub(super) async fn write(&self, drafts: &[Draft]) -> sqlx::Result<i64> {
        let mut tx = self.store.begin().await?;
        let mut last = None;
        for draft in drafts {
            last = Some(self.append(&mut tx, draft).await?);
        }
        tx.commit().await?;
        let seq = last.as_ref().map_or(0, Noted::seq);
        last.into_iter().for_each(|noted| self.committed(noted));
        Ok(seq)
    }

    fn tell(&self) {
        self.untold.store(0, Ordering::Relaxed);
        let head = self.known.lock().unwrap_or_else(PoisonError::into_inner).to_string();
        tracing::info!(head, "the head of the audit log");
    }

    /// Takes what was written before there was a chain into it. That nobody had changed it until then cannot be known,
    /// and the first row says so.
    async fn carry_over(&self) -> sqlx::Result<()> {
        let mut tx = self.store.begin().await?;
        let old = queries::unchained(&mut tx).await?;
        if old.is_empty() {
            return Ok(());
        }
        let mut last = self.append(&mut tx, &Draft::of_the_house(CARRIED, old.len().to_string())).await?;
        for draft in &old {
            debug_assert_eq!(draft.kind, SINGLE);
            last = self.append(&mut tx, draft).await?;
        }
        queries::forget_unchained(&mut tx).await?;
        tx.commit().await?;
        self.committed(last);
        Ok(())
    }
}
