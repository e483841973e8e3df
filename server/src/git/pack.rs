//! A pack in memory, and what is found in it by a path.

use std::{collections::HashMap, path::PathBuf};

use gix_hash::{Kind as Hash, ObjectId};
use gix_object::{CommitRefIter, Kind, TreeRefIter, compute_hash};
use gix_pack::{
    cache::Never,
    data::{self, decode::entry::ResolvedBase},
};

use super::error::GitError;

/// All that is unpacked of one pack has together at most so many bytes, what it is put together of included.
const UNPACKED_MAX: u64 = 256 << 20;
/// The head of a pack, before its first entry.
const HEAD: u64 = 12;

/// A pack with where in it everything is.
pub(super) struct Pack {
    file: data::File<Vec<u8>>,
    at: HashMap<ObjectId, u64>,
}

/// What there is at a path.
#[derive(Debug)]
pub(super) enum Found {
    /// The file.
    File(Vec<u8>),
    /// A file whose contents are not in the pack.
    Elsewhere(ObjectId),
}

impl Pack {
    /// Reads one, of which no thing has more than `most` bytes.
    pub(super) fn read(bytes: Vec<u8>, most: usize) -> Result<Self, GitError> {
        let file = data::File::from_data(bytes, PathBuf::new(), Hash::Sha1).map_err(GitError::broken)?;
        let mut pack = Self { file: file.with_alloc_limit_bytes(Some(most)), at: HashMap::new() };
        let (mut offset, mut unpacked) = (HEAD, 0_u64);
        for _ in 0..pack.file.num_objects() {
            let entry = pack.file.entry(offset).map_err(GitError::broken)?;
            let size = usize::try_from(entry.decompressed_size).map_err(|_| GitError::Large)?;
            if size > most {
                return Err(GitError::Large);
            }
            let mut raw = vec![0; size];
            let mut inflate = gix_zlib::Inflate::default();
            let read =
                pack.file.decompress_entry(&entry, &mut inflate, &mut raw).map_err(GitError::broken)?;
            let next = entry.data_offset + read as u64;
            let (kind, whole, cost) = match entry.header.as_kind() {
                Some(kind) => (kind, raw, size as u64),
                None => pack.whole(offset)?,
            };
            unpacked = unpacked.saturating_add(cost);
            if unpacked > UNPACKED_MAX {
                return Err(GitError::Large);
            }
            let id = compute_hash(Hash::Sha1, kind, &whole).map_err(GitError::broken)?;
            pack.at.insert(id, offset);
            offset = next;
        }
        Ok(pack)
    }

    /// A thing at a place in the pack, and how much was unpacked for it.
    fn whole(&self, offset: u64) -> Result<(Kind, Vec<u8>, u64), GitError> {
        let entry = self.file.entry(offset).map_err(GitError::broken)?;
        let (mut out, mut inflate) = (Vec::new(), gix_zlib::Inflate::default());
        let decoded = self.file.decode_entry(
            entry,
            &mut out,
            &mut inflate,
            &|id, _| {
                let at = self.at.get(id).map(|at| self.file.entry(*at)).transpose()?;
                Ok(at.map(ResolvedBase::InPack))
            },
            &mut Never,
        );
        let decoded = decoded.map_err(GitError::broken)?;
        Ok((decoded.kind, out, decoded.decompressed_size.max(decoded.object_size)))
    }

    fn object(&self, id: ObjectId) -> Result<Option<(Kind, Vec<u8>)>, GitError> {
        let Some(offset) = self.at.get(&id) else { return Ok(None) };
        self.whole(*offset).map(|(kind, whole, _)| Some((kind, whole)))
    }

    /// The file at a path of a commit. What is a link is none.
    pub(super) fn find(&self, commit: ObjectId, path: &str) -> Result<Found, GitError> {
        let not_whole = || GitError::broken("the pack is not whole");
        let (kind, text) = self.object(commit)?.ok_or_else(not_whole)?;
        if kind != Kind::Commit {
            return Err(GitError::broken("the main branch is at no commit"));
        }
        let tree = CommitRefIter::from_bytes(&text, Hash::Sha1).tree_id();
        let mut at = tree.map_err(GitError::broken)?;
        let no_file = || GitError::NoFile(path.to_owned());
        let mut parts = path.split('/').filter(|part| !matches!(*part, "" | ".")).peekable();
        while let Some(part) = parts.next() {
            let (kind, text) = self.object(at)?.ok_or_else(not_whole)?;
            if kind != Kind::Tree {
                return Err(no_file());
            }
            let mut entries = TreeRefIter::from_bytes(&text, Hash::Sha1);
            let entry = entries.find_map(|entry| match entry {
                Ok(entry) if entry.filename == part => Some(Ok(entry)),
                Ok(_) => None,
                Err(error) => Some(Err(GitError::broken(error))),
            });
            let entry = entry.ok_or_else(no_file)??;
            let is_last = parts.peek().is_none();
            let fits = if is_last { entry.mode.is_blob() } else { entry.mode.is_tree() };
            if !fits {
                return Err(no_file());
            }
            at = entry.oid.to_owned();
            if is_last {
                return Ok(match self.object(at)? {
                    Some((_, text)) => Found::File(text),
                    None => Found::Elsewhere(at),
                });
            }
        }
        Err(no_file())
    }

    /// A file by its id.
    pub(super) fn blob(&self, id: ObjectId) -> Result<Vec<u8>, GitError> {
        match self.object(id)? {
            Some((Kind::Blob, text)) => Ok(text),
            _ => Err(GitError::broken("the file that was asked for is not in the answer")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use gix_zlib::{Compression, stream::deflate::Write};

    use super::*;

    /// A pack of one thing that says to be of a size, whatever is in it.
    fn pack(kind: u8, size: u64, text: &[u8]) -> Vec<u8> {
        let mut out = b"PACK\0\0\0\x02\0\0\0\x01".to_vec();
        let (mut rest, mut byte) = (size >> 4, (kind << 4) | (size & 15) as u8);
        while rest > 0 {
            out.push(byte | 0x80);
            (byte, rest) = ((rest & 0x7f) as u8, rest >> 7);
        }
        out.push(byte);
        let mut deflated = Write::new(Vec::new(), Compression::BEST_SPEED);
        deflated.write_all(text).and_then(|()| deflated.flush()).expect("in memory");
        out.extend(deflated.into_inner());
        out.extend([0; 20]);
        out
    }

    #[test]
    fn what_is_in_a_pack_is_known_by_what_it_is() {
        let read = Pack::read(pack(3, 4, b"shop"), 100).expect("a pack");
        let id = compute_hash(Hash::Sha1, Kind::Blob, b"shop").expect("an id");
        assert_eq!(read.blob(id).expect("the file"), b"shop");
        let other = compute_hash(Hash::Sha1, Kind::Blob, b"other").expect("an id");
        assert!(matches!(read.blob(other), Err(GitError::Broken(_))));
        assert!(matches!(read.find(id, "a.yml"), Err(GitError::Broken(_))), "a file is no commit");
    }

    #[test]
    fn a_pack_is_no_larger_than_it_may_be_and_says_so() {
        assert!(matches!(Pack::read(pack(3, 200, &[b' '; 200]), 100), Err(GitError::Large)));
        // It says to be small and is not, says to be large and is not, or is cut off.
        assert!(matches!(Pack::read(pack(3, 4, &[b' '; 200]), 100), Err(GitError::Broken(_))));
        assert!(matches!(Pack::read(pack(3, 90, b"shop"), 100), Err(GitError::Broken(_))));
        let whole = pack(3, 4, b"shop");
        for end in 0..whole.len() - 20 {
            assert!(Pack::read(whole[..end].to_vec(), 100).is_err(), "{end}");
        }
        // What differs from nothing that is there.
        assert!(matches!(Pack::read(pack(7, 4, b"shop"), 100), Err(GitError::Broken(_))));
    }
}
