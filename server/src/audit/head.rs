//! The head of the log in a file beside its key: what tells that rows were cut off the end of the table.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _},
    os::unix::fs::{FileExt as _, OpenOptionsExt as _},
    path::Path,
    time::Duration,
};

use super::chain::Head;
use crate::seldom::Seldom;

/// The number is written with so many digits, so that each head takes the place of the one before byte by byte.
const DIGITS: usize = 20;
/// That it cannot be written is said so often.
const SAY_EVERY: Duration = Duration::from_secs(60);

/// The file.
pub struct HeadFile {
    file: File,
    unwritten: Seldom,
}

impl HeadFile {
    /// Opens it, and says which head it holds: none where it is new or was spoilt.
    pub fn open(path: &Path) -> io::Result<(Self, Option<Head>)> {
        let mut file =
            OpenOptions::new().create(true).truncate(false).read(true).write(true).mode(0o600).open(path)?;
        let mut text = String::new();
        let head = match (&mut file).take(256).read_to_string(&mut text) {
            Ok(0) => None,
            Ok(_) => text.parse().ok(),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => None,
            Err(error) => return Err(error),
        };
        if head.is_none() && file.metadata()?.len() > 0 {
            tracing::error!(file = %path.display(), "the file with the head of the audit log is spoilt");
        }
        Ok((Self { file, unwritten: Seldom::every(SAY_EVERY) }, head))
    }

    /// Writes a head in the place of the one before: a few bytes of one block, handed to the system and not waited for.
    /// Called once its row is safe, so that the file is never ahead of the table.
    pub fn write(&self, head: &Head) {
        let text = head.to_string();
        let line = format!("{text:0>width$}\n", width = DIGITS + text.len() - head.seq.to_string().len());
        if let Err(error) = self.file.write_all_at(line.as_bytes(), 0)
            && let Some(left_out) = self.unwritten.due()
        {
            tracing::error!(%error, left_out, "the head of the audit log cannot be written beside its key");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_head_is_read_again_and_a_spoilt_one_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.head");
        let (file, none) = HeadFile::open(&path).unwrap();
        assert_eq!(none, None);
        for seq in [9, 10, 123_456] {
            let head = Head { seq, mac: vec![u8::try_from(seq % 256).unwrap(); 32] };
            file.write(&head);
            assert_eq!(HeadFile::open(&path).unwrap().1, Some(head));
        }
        std::fs::write(&path, b"\xff\xfe and so on").unwrap();
        assert_eq!(HeadFile::open(&path).unwrap().1, None);
    }
}
