//! A pack in memory, and what is found in it by a path.

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, VecDeque},
    path::PathBuf,
};

use gix_hash::{Kind as Hash, ObjectId};
use gix_object::{CommitRefIter, Kind, TreeRefIter, compute_hash};
use gix_pack::{
    cache::DecodeEntry,
    data::{self, decode::entry::ResolvedBase, entry::Header},
};

use super::{Until, error::GitError};

/// All that is unpacked of one pack has together at most so many bytes: what it is put together of is counted, as often as
/// it is unpacked.
const UNPACKED_MAX: u64 = 256 << 20;
/// What each thing that another is put together of counts besides its size.
const EACH: u64 = 256;
/// A thing differs from one that differs from another, at most so often: as much as Git itself writes.
const CHAIN_MAX: u32 = 4095;
/// What was unpacked last is kept, so many bytes of it: mostly it is what the next thing differs from.
const KEPT_MAX: usize = 32 << 20;
/// The head of a pack, before its first entry.
const HEAD: u64 = 12;

/// A pack with where in it everything is.
pub(super) struct Pack {
    file: data::File<Vec<u8>>,
    at: HashMap<ObjectId, u64>,
    /// What is known of each place.
    read: HashMap<u64, Thing>,
    kept: RefCell<Kept>,
    unpacked: Cell<u64>,
}

/// What is known of a thing of a pack.
struct Thing {
    size: u64,
    /// How many others it is put together of.
    chain: u32,
}

/// What was unpacked last, by where its data begin, the oldest first.
#[derive(Default)]
struct Kept {
    things: HashMap<u64, (Kind, usize, Vec<u8>)>,
    order: VecDeque<u64>,
    bytes: usize,
}

impl DecodeEntry for Kept {
    fn put(&mut self, _: u32, at: u64, text: &[u8], kind: Kind, packed: usize) {
        if text.len() > KEPT_MAX || self.things.contains_key(&at) {
            return;
        }
        self.things.insert(at, (kind, packed, text.to_vec()));
        self.order.push_back(at);
        self.bytes += text.len();
        while self.bytes > KEPT_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.bytes -= self.things.remove(&oldest).map_or(0, |(_, _, text)| text.len());
        }
    }

    fn get(&mut self, _: u32, at: u64, out: &mut Vec<u8>) -> Option<(Kind, usize)> {
        let (kind, packed, text) = self.things.get(&at)?;
        text.clone_into(out);
        Some((*kind, *packed))
    }
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
    pub(super) fn read(bytes: Vec<u8>, most: usize, until: &Until) -> Result<Self, GitError> {
        let file = data::File::from_data(bytes, PathBuf::new(), Hash::Sha1).map_err(GitError::broken)?;
        let mut pack = Self {
            file: file.with_alloc_limit_bytes(Some(most)),
            at: HashMap::new(),
            read: HashMap::new(),
            kept: RefCell::default(),
            unpacked: Cell::new(0),
        };
        let mut offset = HEAD;
        for _ in 0..pack.file.num_objects() {
            if until.is_over() {
                return Err(GitError::Large);
            }
            let entry = pack.file.entry(offset).map_err(GitError::broken)?;
            let size = usize::try_from(entry.decompressed_size).map_err(|_| GitError::Large)?;
            if size > most {
                return Err(GitError::Large);
            }
            pack.count(size as u64)?;
            let mut raw = vec![0; size];
            let mut inflate = gix_zlib::Inflate::default();
            let read =
                pack.file.decompress_entry(&entry, &mut inflate, &mut raw).map_err(GitError::broken)?;
            let next = entry.data_offset + read as u64;
            let (chain, (kind, whole)) = match entry.header.as_kind() {
                Some(kind) => (0, (kind, raw)),
                None => (pack.chain(&entry)?, pack.whole(offset)?),
            };
            let id = compute_hash(Hash::Sha1, kind, &whole).map_err(GitError::broken)?;
            pack.at.insert(id, offset);
            pack.read.insert(offset, Thing { size: whole.len() as u64, chain });
            offset = next;
        }
        Ok(pack)
    }

    /// Counts what is about to be unpacked.
    fn count(&self, bytes: u64) -> Result<(), GitError> {
        let unpacked = self.unpacked.get().saturating_add(bytes);
        self.unpacked.set(unpacked);
        if unpacked > UNPACKED_MAX { Err(GitError::Large) } else { Ok(()) }
    }

    /// Where the thing is that another differs from; nothing, if it is whole.
    fn base(&self, entry: &data::Entry) -> Result<Option<u64>, GitError> {
        let base = match entry.header {
            Header::OfsDelta { base_distance } => entry.pack_offset().checked_sub(base_distance),
            Header::RefDelta { base_id } => self.at.get(&base_id).copied(),
            _ => return Ok(None),
        };
        let there = base.filter(|base| self.read.contains_key(base));
        there.map(Some).ok_or_else(|| GitError::broken("it differs from what is not there"))
    }

    /// Of how many others a thing is put together.
    fn chain(&self, entry: &data::Entry) -> Result<u32, GitError> {
        let base = self.base(entry)?.and_then(|base| self.read.get(&base));
        let chain = base.map_or(0, |base| base.chain + 1);
        if chain > CHAIN_MAX { Err(GitError::Large) } else { Ok(chain) }
    }

    /// Counts what has to be unpacked again for a thing that differs from others: down to one that is kept.
    fn count_chain(&self, entry: &data::Entry) -> Result<(), GitError> {
        let mut entry = entry.clone();
        while let Some(base) = self.base(&entry)? {
            entry = self.file.entry(base).map_err(GitError::broken)?;
            if entry.header.is_delta() && self.kept.borrow().things.contains_key(&entry.data_offset) {
                break;
            }
            self.count(self.read.get(&base).map_or(0, |thing| thing.size) + EACH)?;
        }
        Ok(())
    }

    /// A thing at a place in the pack.
    fn whole(&self, offset: u64) -> Result<(Kind, Vec<u8>), GitError> {
        let entry = self.file.entry(offset).map_err(GitError::broken)?;
        self.count_chain(&entry)?;
        let (mut out, mut inflate) = (Vec::new(), gix_zlib::Inflate::default());
        let decoded = self.file.decode_entry(
            entry,
            &mut out,
            &mut inflate,
            &|id, _| {
                let at = self.at.get(id).map(|at| self.file.entry(*at)).transpose()?;
                Ok(at.map(ResolvedBase::InPack))
            },
            &mut *self.kept.borrow_mut(),
        );
        let decoded = decoded.map_err(GitError::broken)?;
        self.count(decoded.object_size)?;
        Ok((decoded.kind, out))
    }

    fn object(&self, id: ObjectId) -> Result<Option<(Kind, Vec<u8>)>, GitError> {
        let Some(offset) = self.at.get(&id) else { return Ok(None) };
        self.whole(*offset).map(Some)
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

    fn read(bytes: Vec<u8>, most: usize) -> Result<Pack, GitError> {
        Pack::read(bytes, most, &Until::default())
    }

    /// A pack of one thing that says to be of a size, whatever is in it.
    fn pack(kind: u8, size: u64, text: &[u8]) -> Vec<u8> {
        let mut out = b"PACK\0\0\0\x02\0\0\0\x01".to_vec();
        put(&mut out, kind, size, &[], text);
        out.extend([0; 20]);
        out
    }

    /// One thing: of what kind, how large it says to be, how far before it what it differs from is, and what is in it.
    fn put(out: &mut Vec<u8>, kind: u8, size: u64, base: &[u8], text: &[u8]) {
        let (mut rest, mut byte) = (size >> 4, (kind << 4) | (size & 15) as u8);
        while rest > 0 {
            out.push(byte | 0x80);
            (byte, rest) = ((rest & 0x7f) as u8, rest >> 7);
        }
        out.push(byte);
        out.extend(base);
        let mut deflated = Write::new(Vec::new(), Compression::BEST_SPEED);
        deflated.write_all(text).and_then(|()| deflated.flush()).expect("in memory");
        out.extend(deflated.into_inner());
    }

    /// A text, and so many others of which each says to differ from the one before it, or from the first.
    fn chain(count: u32, first: &[u8], from_first: bool) -> Vec<u8> {
        let mut out = b"PACK\0\0\0\x02".to_vec();
        out.extend((count + 1).to_be_bytes());
        let begin = out.len();
        put(&mut out, 3, first.len() as u64, &[], first);
        let (mut base, mut base_size) = (begin, first.len());
        for n in 0..count {
            let (at, text) = (out.len(), n.to_be_bytes());
            let mut delta = Vec::new();
            while base_size >= 0x80 {
                delta.push((base_size & 0x7f) as u8 | 0x80);
                base_size >>= 7;
            }
            delta.extend([base_size as u8, 4, 4]);
            delta.extend(text);
            // How far back, in sevens of bits, the first ones first, each but the last less by one.
            let mut far = at - base;
            let mut distance = vec![(far & 0x7f) as u8];
            while far >> 7 > 0 {
                far = (far >> 7) - 1;
                distance.insert(0, (far & 0x7f) as u8 | 0x80);
            }
            put(&mut out, 6, delta.len() as u64, &distance, &delta);
            (base, base_size) = if from_first { (begin, first.len()) } else { (at, text.len()) };
        }
        out.extend([0; 20]);
        out
    }

    #[test]
    fn things_that_differ_from_one_another_are_unpacked_once_each() {
        // Unpacked from the first on each time, these would be eight million.
        let read = read(chain(4000, b"shop", false), 100_000).expect("a pack");
        let id = compute_hash(Hash::Sha1, Kind::Blob, &3999_u32.to_be_bytes()).expect("an id");
        assert_eq!(read.blob(id).expect("a pack").as_deref(), Some(&3999_u32.to_be_bytes()[..]));
    }

    #[test]
    fn there_is_an_end_to_what_differs_from_one_another() {
        assert!(read(chain(CHAIN_MAX, b"shop", false), 1_000_000).is_ok());
        assert!(matches!(read(chain(CHAIN_MAX + 1, b"shop", false), 1_000_000), Err(GitError::Large)));
    }

    #[test]
    fn what_is_unpacked_again_and_again_counts_each_time() {
        let large = vec![b' '; 1 << 20];
        assert!(read(chain(10, &large, true), 8 << 20).is_ok());
        assert!(matches!(read(chain(300, &large, true), 8 << 20), Err(GitError::Large)));
    }

    #[test]
    fn nothing_is_read_for_one_who_has_left() {
        let until = Until::default();
        drop(until.left.clone().drop_guard());
        assert!(matches!(Pack::read(pack(3, 4, b"shop"), 100, &until), Err(GitError::Large)));
    }

    #[test]
    fn what_is_in_a_pack_is_known_by_what_it_is() {
        let read = read(pack(3, 4, b"shop"), 100).expect("a pack");
        let id = compute_hash(Hash::Sha1, Kind::Blob, b"shop").expect("an id");
        assert_eq!(read.blob(id).expect("a pack").as_deref(), Some(&b"shop"[..]));
        let other = compute_hash(Hash::Sha1, Kind::Blob, b"other").expect("an id");
        assert_eq!(read.blob(other).expect("a pack"), None);
        assert!(matches!(read.entry(id, "a.yml"), Err(GitError::Broken(_))), "a file is no commit");
    }

    #[test]
    fn a_pack_is_no_larger_than_it_may_be_and_says_so() {
        assert!(matches!(read(pack(3, 200, &[b' '; 200]), 100), Err(GitError::Large)));
        // It says to be small and is not, says to be large and is not, or is cut off.
        assert!(matches!(read(pack(3, 4, &[b' '; 200]), 100), Err(GitError::Broken(_))));
        assert!(matches!(read(pack(3, 90, b"shop"), 100), Err(GitError::Broken(_))));
        let whole = pack(3, 4, b"shop");
        for end in 0..whole.len() - 20 {
            assert!(read(whole[..end].to_vec(), 100).is_err(), "{end}");
        }
        // What differs from nothing that is there.
        assert!(matches!(read(pack(7, 4, b"shop"), 100), Err(GitError::Broken(_))));
    }
}
