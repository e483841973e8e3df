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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A file.
    File(ObjectId),
    /// A folder.
    Folder(ObjectId),
    /// A link, or another repository: neither is followed.
    Link,
    /// Nothing.
    Missing,
}

/// A file with its path from the repository's root.
#[derive(Debug, PartialEq, Eq)]
pub struct Listed {
    /// The path.
    pub path: String,
    /// Its contents by their id.
    pub id: ObjectId,
}

/// Folders are looked into so deep.
const DEEP_MAX: usize = 64;

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

    /// What there is at a path of a commit.
    pub(super) fn entry(&self, commit: ObjectId, path: &str) -> Result<Entry, GitError> {
        let (kind, text) = self.object(commit)?.ok_or_else(not_whole)?;
        if kind != Kind::Commit {
            return Err(GitError::broken("the main branch is at no commit"));
        }
        let tree = CommitRefIter::from_bytes(&text, Hash::Sha1).tree_id();
        let mut at = Entry::Folder(tree.map_err(GitError::broken)?);
        for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
            // What is beneath a link is somewhere else.
            let Entry::Folder(tree) = at else {
                return Ok(if at == Entry::Link { at } else { Entry::Missing });
            };
            let entries = self.entries(tree)?;
            let named = entries.into_iter().find(|(name, _)| name == part.as_bytes());
            at = named.map_or(Entry::Missing, |(_, entry)| entry);
        }
        Ok(at)
    }

    /// The files beneath a folder, at most so many; links are none.
    pub(super) fn beneath(&self, tree: ObjectId, path: &str, most: usize) -> Result<Vec<Listed>, GitError> {
        let (mut found, mut looked) = (Vec::new(), 0_usize);
        let mut folders = vec![(tree, path.to_owned(), 0)];
        while let Some((tree, path, depth)) = folders.pop() {
            for (name, entry) in self.entries(tree)? {
                // A few trees that name each other's contents many times are a forest.
                looked += 1;
                if looked > most.saturating_mul(8) || depth > DEEP_MAX {
                    return Err(GitError::Large);
                }
                let name = String::from_utf8(name).map_err(GitError::broken)?;
                let path = within(&path, name);
                match entry {
                    Entry::File(id) => found.push(Listed { path, id }),
                    Entry::Folder(tree) => folders.push((tree, path, depth + 1)),
                    Entry::Link | Entry::Missing => {}
                }
                if found.len() > most {
                    return Err(GitError::Large);
                }
            }
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    /// The files in a folder.
    pub(super) fn files_in(&self, tree: ObjectId, path: &str) -> Result<Vec<Listed>, GitError> {
        let mut found = Vec::new();
        for (name, entry) in self.entries(tree)? {
            let Entry::File(id) = entry else { continue };
            let name = String::from_utf8(name).map_err(GitError::broken)?;
            found.push(Listed { path: within(path, name), id });
        }
        Ok(found)
    }

    fn entries(&self, tree: ObjectId) -> Result<Vec<(Vec<u8>, Entry)>, GitError> {
        let (kind, text) = self.object(tree)?.ok_or_else(not_whole)?;
        if kind != Kind::Tree {
            return Err(GitError::broken("a folder is none"));
        }
        let one = |entry: Result<gix_object::tree::EntryRef<'_>, _>| {
            let entry = entry.map_err(GitError::broken)?;
            let id = entry.oid.to_owned();
            let is = match () {
                () if entry.mode.is_blob() => Entry::File(id),
                () if entry.mode.is_tree() => Entry::Folder(id),
                () => Entry::Link,
            };
            Ok((entry.filename.to_vec(), is))
        };
        TreeRefIter::from_bytes(&text, Hash::Sha1).map(one).collect()
    }

    /// A file by its id, if it is here.
    pub(super) fn blob(&self, id: ObjectId) -> Result<Option<Vec<u8>>, GitError> {
        match self.object(id)? {
            Some((Kind::Blob, text)) => Ok(Some(text)),
            Some(_) => Err(GitError::broken("a file is none")),
            None => Ok(None),
        }
    }
}

/// The path of what is in a folder.
fn within(folder: &str, name: String) -> String {
    match folder.trim_end_matches('/') {
        "" => name,
        folder => format!("{folder}/{name}"),
    }
}

fn not_whole() -> GitError {
    GitError::broken("the pack is not whole")
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
        assert_eq!(read.blob(id).expect("a pack").as_deref(), Some(&b"shop"[..]));
        let other = compute_hash(Hash::Sha1, Kind::Blob, b"other").expect("an id");
        assert_eq!(read.blob(other).expect("a pack"), None);
        assert!(matches!(read.entry(id, "a.yml"), Err(GitError::Broken(_))), "a file is no commit");
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
