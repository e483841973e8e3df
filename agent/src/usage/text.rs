//! Reading the kernel's small files: often, so without making anything anew, and always whole, for a file that is read
//! in two parts may tell of two moments.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use super::UsageError;

/// No file that we read is longer than a few thousand bytes; /proc/stat on a machine with hundreds of cores is.
const FIRST: usize = 16 * 1024;
const MOST: usize = 4 * 1024 * 1024;
/// The kernel's words for a process or a cgroup that ended between opening and reading.
const ESRCH: i32 = 3;
const ENODEV: i32 = 19;

/// Room for one file, used again and again.
pub(super) struct Buffer(Vec<u8>);

impl Buffer {
    pub(super) fn new() -> Self {
        Self(vec![0; FIRST])
    }

    /// The text of a file; none if what it tells of is gone.
    pub(super) fn read(&mut self, path: &Path) -> Result<Option<&str>, UsageError> {
        match self.fill(path) {
            Ok(length) => {
                let text = std::str::from_utf8(&self.0[..length])
                    .map_err(|_| UsageError::Garbled { path: path.to_owned(), wanted: "text" })?;
                Ok(Some(text))
            }
            Err(e) if is_gone(&e) => Ok(None),
            Err(cause) => Err(UsageError::Unreadable { path: path.to_owned(), cause }),
        }
    }

    /// The same of a file that is there on every machine.
    pub(super) fn must(&mut self, path: &Path) -> Result<&str, UsageError> {
        self.read(path)?.ok_or_else(|| UsageError::Unreadable {
            path: path.to_owned(),
            cause: io::ErrorKind::NotFound.into(),
        })
    }

    fn fill(&mut self, path: &Path) -> io::Result<usize> {
        let mut file = File::open(path)?;
        let mut length = 0;
        loop {
            if length == self.0.len() {
                if length >= MOST {
                    return Err(io::ErrorKind::FileTooLarge.into());
                }
                self.0.resize(length * 2, 0);
            }
            match file.read(&mut self.0[length..])? {
                0 => return Ok(length),
                n => length += n,
            }
        }
    }
}

fn is_gone(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound || matches!(error.raw_os_error(), Some(ESRCH | ENODEV))
}

/// The number after a word at the beginning of a line: `inactive_file 4096`.
pub(super) fn number_after(text: &str, word: &str) -> Option<u64> {
    text.lines().find_map(|line| {
        let rest = line.strip_prefix(word)?;
        // The word must end here: `cpu` is not `cpu0`.
        rest.starts_with([' ', '\t']).then(|| rest.split_ascii_whitespace().next()?.parse().ok())?
    })
}
