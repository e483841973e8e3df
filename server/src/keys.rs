//! The keys of the data folder. Each is made with what it is for and never again by itself: where the database holds what
//! only the lost one can sign, open or prove, a new one in its place would hide the loss until somebody needs it.

use std::{io, path::Path};

use crate::{
    accounts, audit, removed, secret,
    store::{Store, now},
};

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Key {
    /// Signs sessions.
    Signing,
    /// Seals secrets that must be read again.
    Seal,
    /// Chains the rows of the audit log.
    Audit,
}

/// Why there is no key. Each reads as the sentence that the program exits with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file is gone, and what it was for is still there.
    #[error(
        "the data folder {data} has no {} any more, and its database holds {}: put it back from your backup. To go on \
         without it: longshore admin new-key {} --data {data}; {}",
        .key.file(), .key.holds(), .key.word(), .key.costs()
    )]
    Gone {
        /// Which.
        key: Key,
        /// The data folder.
        data: String,
    },
    /// The file can be neither read nor made.
    #[error("the data folder {data} cannot be used: {}", .key.file())]
    File {
        /// Which.
        key: Key,
        /// The data folder.
        data: String,
        /// The system's own words.
        #[source]
        cause: io::Error,
    },
    /// Whether it is needed could not be asked.
    #[error("the database cannot be read")]
    Store(#[from] sqlx::Error),
}

impl Key {
    /// The name of its file.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Signing => "signing.key",
            Self::Seal => "seal.key",
            Self::Audit => audit::KEY_FILE,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Signing => "signing",
            Self::Seal => "seal",
            Self::Audit => "audit",
        }
    }

    const fn holds(self) -> &'static str {
        match self {
            Self::Signing => "sessions that it has signed",
            Self::Seal => "secrets that it has sealed",
            Self::Audit => "an audit log that it has chained",
        }
    }

    const fn costs(self) -> &'static str {
        match self {
            Self::Signing => "everybody is signed out then",
            Self::Seal => {
                "what it has sealed is forgotten then: authenticator apps, client secrets of providers, what removed \
                 containers were"
            }
            Self::Audit => "of the log until then nothing can be checked any more",
        }
    }

    /// Whether the database holds something that only the key that was there is of use for.
    async fn is_needed(self, store: &Store) -> sqlx::Result<bool> {
        match self {
            Self::Signing => accounts::has_sessions(store, now()).await,
            Self::Seal => Ok(accounts::has_sealed(store).await? || removed::has_sealed(store).await?),
            Self::Audit => audit::has_rows(store).await,
        }
    }
}

/// The key of a data folder; made, where there is nothing yet that it is for.
///
/// # Errors
/// It is gone although it is needed, or cannot be read or made.
pub async fn open(key: Key, data: &Path, store: &Store) -> Result<[u8; 32], KeyError> {
    if let Some(known) = read(key, data)? {
        return Ok(known);
    }
    if key.is_needed(store).await? {
        let gone = KeyError::Gone { key, data: data.display().to_string() };
        tracing::error!("{gone}");
        return Err(gone);
    }
    secret::new_key(&data.join(key.file())).map_err(|cause| broken(key, data, cause))
}

/// The key of a data folder, if it is there.
///
/// # Errors
/// It cannot be read.
pub fn read(key: Key, data: &Path) -> Result<Option<[u8; 32]>, KeyError> {
    secret::read_key(&data.join(key.file())).map_err(|cause| broken(key, data, cause))
}

fn broken(key: Key, data: &Path, cause: io::Error) -> KeyError {
    KeyError::File { key, data: data.display().to_string(), cause }
}
