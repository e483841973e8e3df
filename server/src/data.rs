//! The data folder: made for its owner alone, and held by one server at a time.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

use rustix::fs::{FlockOperation, flock};

/// The file that a running server holds locked.
const LOCK: &str = "longshore.lock";
/// What tells a data folder of ours from any other.
const DATABASE: &str = "longshore.db";

/// Why a folder cannot be the data folder. Each reads as the sentence that the server exits with.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// It can be neither made nor read.
    #[error("the data folder {path} cannot be used")]
    Unusable {
        /// The folder.
        path: String,
        /// The system's own words.
        #[source]
        cause: io::Error,
    },
    /// It holds other things and is open to others: it is not ours to close.
    #[error(
        "{path} holds other files and is open to other users: name a folder for Longshore alone, by --data"
    )]
    NotOurs {
        /// The folder.
        path: String,
    },
    /// Another server has it.
    #[error("another Longshore is running on the data folder {path}")]
    Taken {
        /// The folder.
        path: String,
    },
}

/// Holds the data folder until it is dropped, or the process ends, however it ends.
pub struct Held(#[expect(dead_code, reason = "the open file is the lock")] File);

/// Makes the folder where there is none, closes it to others, and takes it for this server.
pub fn hold(data: &Path) -> Result<Held, DataError> {
    let path = data.display().to_string();
    let unusable = |cause| DataError::Unusable { path: path.clone(), cause };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(data).map_err(unusable)?;
    let mode = fs::metadata(data).map_err(unusable)?.permissions().mode();
    if mode & 0o077 != 0 {
        let empty = fs::read_dir(data).map_err(unusable)?.next().is_none();
        if !empty && !data.join(DATABASE).exists() {
            return Err(DataError::NotOurs { path });
        }
        fs::set_permissions(data, fs::Permissions::from_mode(0o700)).map_err(unusable)?;
    }
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(data.join(LOCK))
        .map_err(unusable)?;
    match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Held(lock)),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(DataError::Taken { path }),
        Err(error) => Err(unusable(error.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_folder_is_its_owners_alone_and_held_once() {
        let outer = tempfile::tempdir().unwrap();
        let data = outer.path().join("a/b");
        let held = hold(&data).unwrap();
        assert_eq!(mode(&data), 0o700);
        assert!(matches!(hold(&data), Err(DataError::Taken { .. })));
        drop(held);
        assert!(hold(&data).is_ok());
    }

    #[test]
    fn an_open_folder_is_closed_if_it_is_ours_and_refused_if_it_is_not() {
        let data = tempfile::tempdir().unwrap();
        fs::set_permissions(data.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(data.path().join("thesis.txt"), "").unwrap();
        assert!(matches!(hold(data.path()), Err(DataError::NotOurs { .. })));
        assert_eq!(mode(data.path()), 0o755, "it is left as it was");
        fs::write(data.path().join(DATABASE), "").unwrap();
        assert!(hold(data.path()).is_ok());
        assert_eq!(mode(data.path()), 0o700);
    }
}
