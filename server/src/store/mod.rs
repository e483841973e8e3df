//! The database: opened and brought up to date at start, one writer, many readers. Tables belong to the features that
//! own them; only their `queries.rs` hold SQL.

use std::{
    fs, io,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{
    ConnectOptions as _, Connection as _, Sqlite, SqliteConnection, SqlitePool, Transaction,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

/// What leads from each earlier database to that of today.
static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

/// Milliseconds since 1970, UTC.
pub fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// A new id: UUIDv7, so that rows sort by age.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Both ends of the database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    read: SqlitePool,
    write: SqlitePool,
    file: Arc<Path>,
    /// When something could be written beside the file for the last time.
    room: Arc<Mutex<Option<Instant>>>,
}

/// Whoever asks whether there is room makes the disk work at most so often.
const ROOM_EVERY: Duration = Duration::from_secs(5);
/// So much must fit beside the database: a page of it in its log, and more.
const ROOM: usize = 64 * 1024;

/// Why the database cannot be used at start. Each reads as the sentence that the server exits with.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file is there but cannot be opened, is no database, or cannot be created.
    #[error("the database {path} cannot be opened")]
    Unusable {
        /// The file.
        path: String,
        /// SQLite's own words.
        #[source]
        cause: sqlx::Error,
    },
    /// A newer Longshore has been here.
    #[error(
        "the database {path} was written by a newer Longshore (migration {version}): start that one, or restore a backup"
    )]
    Newer {
        /// The file.
        path: String,
        /// The migration that this build does not have.
        version: i64,
    },
    /// A migration failed; the database is as it was before it.
    #[error("the database {path} could not be brought up to date")]
    Migration {
        /// The file.
        path: String,
        /// What failed.
        #[source]
        cause: MigrateError,
    },
}

impl Store {
    /// Opens `longshore.db` in the data folder, makes it where there is none, and runs the migrations.
    pub async fn open(data: &Path) -> Result<Self, OpenError> {
        let file = data.join("longshore.db");
        let path = file.display().to_string();
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5))
            .foreign_keys(true)
            .pragma("cache_size", "-1000");
        let unusable = |cause| OpenError::Unusable { path: path.clone(), cause };
        // The writer first: it makes the file and its WAL, which readers need.
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            // A full disk undoes the change by itself, and the connection goes on believing that it is in the midst of
            // one: such a connection is closed and another opened, or nothing could be written ever after.
            .before_acquire(|connection, _| {
                let clean = !connection.is_in_transaction();
                Box::pin(async move { Ok(clean) })
            })
            .connect_with(options.clone())
            .await
            .map_err(unusable)?;
        MIGRATIONS.run(&write).await.map_err(|cause| match cause {
            MigrateError::VersionMissing(version) => OpenError::Newer { path: path.clone(), version },
            cause => OpenError::Migration { path: path.clone(), cause },
        })?;
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .min_connections(1)
            .connect_with(options.read_only(true))
            .await
            .map_err(unusable)?;
        Ok(Self { read, write, file: file.into(), room: Arc::default() })
    }

    /// For questions.
    pub fn read(&self) -> &SqlitePool {
        &self.read
    }

    /// For a change: begins at once as the one writer, so that it cannot fail half-way for a reader's sake. Nothing is
    /// written unless it is committed.
    pub async fn begin(&self) -> sqlx::Result<Transaction<'static, Sqlite>> {
        self.write.begin_with("BEGIN IMMEDIATE").await
    }

    /// Whether it can be read.
    pub async fn check(&self) -> sqlx::Result<()> {
        sqlx::query("SELECT COUNT(*) FROM sqlite_master").execute(&self.read).await.map(drop)
    }

    /// Whether it takes changes. SQLite goes on for a while on a full disk, as long as its files need not grow, and a
    /// change of nothing writes nothing: so it is tried beside it.
    pub async fn can_write(&self) -> sqlx::Result<()> {
        self.begin().await?.rollback().await?;
        let known = *self.room.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_some_and(|at| at.elapsed() < ROOM_EVERY) {
            return Ok(());
        }
        let beside = self.file.with_extension("room");
        let tried = tokio::task::spawn_blocking(move || {
            let written = write_through(&beside);
            let gone = fs::remove_file(&beside);
            written.and(gone)
        });
        tried.await.map_err(io::Error::other)??;
        *self.room.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        Ok(())
    }

    /// Bytes of the database and of what is not yet moved into it.
    pub fn size(&self) -> u64 {
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
        size(&self.file) + size(&self.file.with_extension("db-wal"))
    }

    /// A connection of one's own for questions: `PRAGMA data_version` compares only within one.
    pub async fn connect_reader(&self) -> sqlx::Result<SqliteConnection> {
        self.read.connect_options().as_ref().connect().await
    }

    /// A number that changes whenever another connection has committed something.
    pub async fn data_version(connection: &mut SqliteConnection) -> sqlx::Result<i64> {
        sqlx::query_scalar("PRAGMA data_version").fetch_one(connection).await
    }

    /// As on a disk that has become read-only.
    #[cfg(test)]
    pub async fn refuse_writes(&self) {
        sqlx::query("PRAGMA query_only = TRUE").execute(&self.write).await.expect("the one writer");
    }

    /// Writes what is outstanding and closes the files.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

fn write_through(path: &Path) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    io::Write::write_all(&mut file, &[0; ROOM])?;
    file.sync_data()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_migrations_have_one_number() {
        let mut versions: Vec<i64> = MIGRATIONS.iter().map(|migration| migration.version).collect();
        versions.dedup();
        assert_eq!(
            versions.len(),
            MIGRATIONS.iter().count(),
            "two branches took the same second: {versions:?}"
        );
    }

    #[tokio::test]
    async fn a_newer_database_is_refused_with_its_version() {
        let data = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(data.path()).await.expect("a new database");
        sqlx::query(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (20990101000000, 'of tomorrow', TRUE, '', 0)",
        )
        .execute(&store.write)
        .await
        .expect("the row of tomorrow");
        store.close().await;
        match Store::open(data.path()).await {
            Err(OpenError::Newer { version, .. }) => assert_eq!(version, 20_990_101_000_000),
            other => panic!("opened, or another error: {:?}", other.err()),
        }
    }

    #[tokio::test]
    async fn what_is_no_database_is_refused_and_left_as_it_is() {
        let data = tempfile::tempdir().expect("a temporary folder");
        let file = data.path().join("longshore.db");
        let garbage = b"this is no database, whatever its name says".repeat(200);
        std::fs::write(&file, &garbage).expect("the file");
        assert!(matches!(Store::open(data.path()).await, Err(OpenError::Unusable { .. })));
        assert_eq!(std::fs::read(&file).expect("the file"), garbage);
    }

    #[tokio::test]
    async fn a_change_that_sqlite_undid_by_itself_does_not_end_all_writing() {
        let data = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(data.path()).await.expect("a new database");
        let mut change = store.begin().await.expect("a change");
        // As when the disk is full in the middle of it.
        sqlx::query("ROLLBACK").execute(&mut *change).await.expect("undone");
        change.commit().await.expect_err("there is nothing to commit");
        store.begin().await.expect("the next change").commit().await.expect("written");
    }
}
