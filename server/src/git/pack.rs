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
#[derive(Debug)]
pub(super) enum Found {
    /// The file.
    File(Vec<u8>),
    /// A file whose contents are not in the pack.
    Elsewhere(ObjectId),
}

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
        assert_eq!(read.blob(id).expect("the last"), 3999_u32.to_be_bytes());
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
        assert_eq!(read.blob(id).expect("the file"), b"shop");
        let other = compute_hash(Hash::Sha1, Kind::Blob, b"other").expect("an id");
        assert!(matches!(read.blob(other), Err(GitError::Broken(_))));
        assert!(matches!(read.find(id, "a.yml"), Err(GitError::Broken(_))), "a file is no commit");
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
