//! What of a plan was done, written down before it is done wherever it can be taken back: what the next start needs to
//! finish it or to take it back.

use std::time::Duration;

use longshore_api::{ops::Kind, web::access::ShareWith};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{FromRow, SqliteConnection};
use tokio::time::sleep;

use super::folder::Changes;
use crate::{
    house::House,
    store::{Store, now},
};

/// What could not be written is tried again so soon.
const PAUSE: Duration = Duration::from_secs(5);

/// A plan that is being applied.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Entry {
    pub(super) job_id: String,
    /// Its release, where it is one.
    pub(super) release_id: Option<String>,
    pub(super) host: String,
    pub(super) stack: String,
    /// All of it is done; what is left is to remove what was put aside.
    pub(super) proved: bool,
    /// What was done stays where something fails.
    pub(super) stays: bool,
    /// With whom what it makes is shared, if somebody has said so.
    #[sqlx(try_from = "Option<String>")]
    pub(super) share: Shared,
}

/// With whom something is shared, as a column has it.
#[derive(Clone, Debug, Default)]
pub(super) struct Shared(pub(super) Option<ShareWith>);

impl TryFrom<Option<String>> for Shared {
    type Error = serde_json::Error;

    fn try_from(text: Option<String>) -> Result<Self, Self::Error> {
        text.map(|text| serde_json::from_str(&text)).transpose().map(Self)
    }
}

/// Something that was begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "kebab-case")]
pub(super) enum Note {
    /// Files of the stack are written: in that folder of the host, else in our own of the stack.
    Writes {
        stack: String,
        root: Option<String>,
        #[serde(flatten)]
        changes: Changes,
    },
    /// A container is made under this name; the label of the job tells it from others.
    Makes { name: String },
    /// It has this id.
    Made { id: String, name: String },
    /// A container makes room: it is stopped and called otherwise, and goes at the end.
    Parks {
        id: String,
        name: String,
        parked: String,
        /// What is called so takes its place.
        takes: String,
        ran: bool,
    },
    /// A container that ran is stopped.
    Stops { id: String, name: String },
    /// A container that did not run is started.
    Starts { id: String, name: String },
    /// One that goes at the end leaves its name to one that is made.
    LeavesName { id: String, name: String, parked: String },
    /// A network is made under this name; there was none of it.
    MakesNetwork { name: String },
    /// It was not made: the engine, or the policy, has refused it.
    MadeNoNetwork { name: String },
    /// It has this id.
    MadeNetwork { id: String, name: String },
    /// A volume was made. It stays: what is in it may be all there is.
    MadeVolume { name: String },
    /// Something goes at the end.
    Goes {
        kind: Gone,
        id: String,
        name: String,
        /// Whether its unnamed volumes go with it.
        volumes: bool,
    },
    /// A container is taken off a network, on which it was so.
    Detaches { network: String, id: String, name: String, endpoint: Value },
    /// A network is removed in order to be made anew; what would make it again.
    Unmakes { name: String, body: Value },
    /// It was made again, with this id.
    MadeAgain { id: String, name: String },
    /// A container is put on a network.
    Attaches { network: String, id: String, name: String },
    /// What was made is shared as somebody has asked for, or that was refused: it is done once, so that nobody's later word
    /// about who sees it is undone by another try.
    Shared,
}

/// A kind of thing that goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Gone {
    Container,
    Network,
    Volume,
}

impl Gone {
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Container => Kind::Container,
            Self::Network => Kind::Network,
            Self::Volume => Kind::Volume,
        }
    }

    /// The operation that removes it.
    pub(super) fn removal(self) -> &'static str {
        match self {
            Self::Container => "container-remove",
            Self::Network => "network-remove",
            Self::Volume => "volume-remove",
        }
    }
}

/// Before the first change.
pub(super) async fn begin(store: &Store, entry: &Entry) -> sqlx::Result<()> {
    let share = entry.share.0.as_ref().map(serde_json::to_string).transpose();
    let share = share.map_err(|e| sqlx::Error::Encode(e.into()))?;
    let mut tx = store.begin().await?;
    sqlx::query(
        "INSERT INTO stack_apply (job_id, release_id, host, stack, proved, at, stays, share)
         VALUES ($1, $2, $3, $4, FALSE, $5, $6, $7)",
    )
    .bind(&entry.job_id)
    .bind(&entry.release_id)
    .bind(&entry.host)
    .bind(&entry.stack)
    .bind(now())
    .bind(entry.stays)
    .bind(share)
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Adds a note, before what it tells of is done.
pub(super) async fn note(store: &Store, job_id: &str, note: &Note) -> sqlx::Result<()> {
    let text = serde_json::to_string(note).map_err(|e| sqlx::Error::Encode(e.into()))?;
    let mut tx = store.begin().await?;
    sqlx::query(
        "INSERT INTO stack_apply_step (job_id, number, note)
         SELECT $1, COALESCE(MAX(number), 0) + 1, $2 FROM stack_apply_step WHERE job_id = $1",
    )
    .bind(job_id)
    .bind(text)
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// The notes of a job, in their order.
pub(super) async fn notes(store: &Store, job_id: &str) -> sqlx::Result<Vec<Note>> {
    let rows: Vec<String> =
        sqlx::query_scalar("SELECT note FROM stack_apply_step WHERE job_id = $1 ORDER BY number")
            .bind(job_id)
            .fetch_all(store.read())
            .await?;
    rows.iter().map(|row| serde_json::from_str(row).map_err(|e| sqlx::Error::Decode(e.into()))).collect()
}

/// Everything is done; from here on it is only finished.
pub(super) async fn proved(store: &Store, job_id: &str) -> sqlx::Result<()> {
    let mut tx = store.begin().await?;
    sqlx::query("UPDATE stack_apply SET proved = TRUE WHERE job_id = $1")
        .bind(job_id)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// Ends as soon as that can be written: an entry that stayed would be taken back at the next start. The stop of the server
/// ends the waiting.
pub(super) async fn end_patiently(house: &House, job_id: &str) {
    while let Err(error) = end(&house.store, job_id).await {
        tracing::warn!(job.id = job_id, %error, "that a plan is at its end is not written yet");
        tokio::select! {
            () = sleep(PAUSE) => {}
            () = house.stopping.cancelled() => return,
        }
    }
}

/// It is finished or taken back.
async fn end(store: &Store, job_id: &str) -> sqlx::Result<()> {
    let mut tx = store.begin().await?;
    sqlx::query("DELETE FROM stack_apply_step WHERE job_id = $1").bind(job_id).execute(&mut *tx).await?;
    sqlx::query("DELETE FROM stack_apply WHERE job_id = $1").bind(job_id).execute(&mut *tx).await?;
    tx.commit().await
}

/// Forgets what is open of a stack: nothing of it is taken back from whoever has its name next.
pub(in crate::stacks) async fn forget(
    db: &mut SqliteConnection,
    host: &str,
    stack: &str,
) -> sqlx::Result<()> {
    const OF: &str = "SELECT job_id FROM stack_apply WHERE host = $1 AND stack = $2";
    let steps = format!("DELETE FROM stack_apply_step WHERE job_id IN ({OF})");
    sqlx::query(sqlx::AssertSqlSafe(steps)).bind(host).bind(stack).execute(&mut *db).await?;
    let applies = "DELETE FROM stack_apply WHERE host = $1 AND stack = $2";
    sqlx::query(applies).bind(host).bind(stack).execute(db).await?;
    Ok(())
}

/// Those in the midst of which the server ended.
pub(super) async fn open(store: &Store) -> sqlx::Result<Vec<Entry>> {
    let sql = format!("SELECT {COLUMNS} FROM stack_apply ORDER BY at, job_id");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(store.read()).await
}

/// That of a job.
pub(super) async fn entry(store: &Store, job_id: &str) -> sqlx::Result<Option<Entry>> {
    let sql = format!("SELECT {COLUMNS} FROM stack_apply WHERE job_id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(job_id).fetch_optional(store.read()).await
}

const COLUMNS: &str = "job_id, release_id, host, stack, proved, stays, share";
