//! The files of a stack, on the machine that we run on: where its labels say that they are. A program in one of its
//! containers may have that folder too, and put links in our way at any time: everything is opened from the folder down,
//! part by part, and no link is followed.

use std::{
    fs::File,
    io::{self, Read as _, Write as _},
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::fs::MetadataExt as _,
    },
};

use http::StatusCode;
use longshore_api::{web::stack::StackSource, words::say};
use longshore_compose::engine;
use rustix::{
    fs::{
        AtFlags, Gid, Mode, OFlags, ResolveFlags, Uid, fchmod, fchown, linkat, mkdirat, openat2, renameat,
        statat, unlinkat,
    },
    io::Errno,
};

use serde::{Deserialize, Serialize};

use crate::{fault::Fault, stacks::place::Folder};

/// No link, and nothing above.
const WITHIN: ResolveFlags = ResolveFlags::BENEATH.union(ResolveFlags::NO_SYMLINKS);

/// What a file is called beside its place while what a job has put there may still be taken back. Two stacks may have one
/// folder: none takes what is the other's.
fn aside(name: &str, job_id: &str) -> String {
    // A name has 255 bytes at most, and chance has made the end of an id.
    let (_, short) = job_id.split_at_checked(job_id.len().saturating_sub(12)).unwrap_or_default();
    format!("{name}.longshore-was-{short}")
}

/// What writing the files of a stack changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Changes {
    /// Something else is in their places, and is put aside.
    pub(super) replaced: Vec<String>,
    /// Nothing is in their places.
    pub(super) made: Vec<String>,
}

impl Changes {
    pub(super) fn is_none(&self) -> bool {
        self.replaced.is_empty() && self.made.is_empty()
    }
}

/// What would be changed to bring the folder in line with what the stack is made of. What lies beside its files stays;
/// variables are not written there.
pub(super) async fn changes(folder: Folder, source: &StackSource) -> Result<Changes, Fault> {
    let files = source.files.clone();
    within(folder, move |at| {
        let mut changes = Changes::default();
        for (path, text) in &files {
            let Some((parent, name)) = parent(at, path)? else {
                changes.made.push(path.clone());
                continue;
            };
            match statat(&parent, name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(_) if existing(parent.as_fd(), name)?.is_some_and(|(_, known)| known == *text) => {}
                Ok(_) => changes.replaced.push(path.clone()),
                Err(Errno::NOENT) => changes.made.push(path.clone()),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(changes)
    })
    .await
}

/// Writes the files that differ, with what was in their places aside.
pub(super) async fn write(
    folder: Folder,
    source: &StackSource,
    changes: Changes,
    job_id: &str,
) -> Result<(), Fault> {
    let (files, ours, job_id) = (source.files.clone(), matches!(folder, Folder::Ours(_)), job_id.to_owned());
    within(folder, move |at| {
        let differ = |path: &&String| changes.replaced.contains(path) || changes.made.contains(path);
        let mut differ = files.keys().filter(differ);
        differ.try_for_each(|path| write_one(at, path, &files[path], (ours, job_id.as_str())))
    })
    .await
}

/// Brings back what was in the places of files; those that were made are removed. What is so already stays so.
pub(super) async fn put_back(folder: Folder, changes: Changes, job_id: &str) -> Result<(), Fault> {
    let job_id = job_id.to_owned();
    within(folder, move |at| {
        for path in &changes.replaced {
            let Some((parent, name)) = parent(at, path)? else { continue };
            match renameat(&parent, aside(name, &job_id), &parent, name) {
                // By such a name nothing was ever put aside.
                Ok(()) | Err(Errno::NOENT | Errno::NAMETOOLONG) => {}
                Err(error) => return Err(error.into()),
            }
        }
        for path in &changes.made {
            if let Some((parent, name)) = parent(at, path)? {
                remove(parent.as_fd(), name)?;
            }
        }
        Ok(())
    })
    .await
}

/// What was put aside is of no use any more.
pub(super) async fn forget_aside(folder: Folder, replaced: Vec<String>, job_id: &str) -> Result<(), Fault> {
    let job_id = job_id.to_owned();
    within(folder, move |at| {
        replaced.iter().try_for_each(|path| match parent(at, path)? {
            Some((parent, name)) => remove(parent.as_fd(), &aside(name, &job_id)),
            None => Ok(()),
        })
    })
    .await
}

/// Does something in a folder, where waiting for a disk holds up nobody.
async fn within<T: Send + 'static>(
    folder: Folder,
    work: impl FnOnce(BorrowedFd<'_>) -> io::Result<T> + Send + 'static,
) -> Result<T, Fault> {
    let shown = folder.to_string();
    let done = tokio::task::spawn_blocking(move || work(folder.open()?.as_fd()));
    done.await.map_err(Fault::internal)?.map_err(|error| {
        Fault::new(StatusCode::INSUFFICIENT_STORAGE, say::stack_files_unwritten(shown)).because(error)
    })
}

/// Writes a file beside its place and moves it there: whoever reads it reads the old or the new one. In a folder of ours,
/// which nobody else can enter, containers may read what is mounted into them as whatever user; elsewhere it is ours alone.
fn write_one(folder: BorrowedFd<'_>, path: &str, text: &str, (ours, job_id): (bool, &str)) -> io::Result<()> {
    let (parents, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut at: OwnedFd = folder.try_clone_to_owned()?;
    for part in parents.split('/').filter(|part| !part.is_empty()) {
        at = beneath(at.as_fd(), part, ours)?;
    }
    let there = existing(at.as_fd(), name)?;
    if there.as_ref().is_some_and(|(_, known)| known == text) {
        return Ok(());
    }
    let beside = format!("{name}.longshore-new");
    remove(at.as_fd(), &beside)?;
    // Made by us and nobody else, or it is refused.
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    let mut file = File::from(openat2(&at, &beside, flags, Mode::from_raw_mode(0o600), WITHIN)?);
    file.write_all(text.as_bytes())?;
    if let Some((was, _)) = &there {
        // What others read there they read on.
        fchown(&file, Some(Uid::from_raw(was.uid())), Some(Gid::from_raw(was.gid())))?;
        fchmod(&file, Mode::from_raw_mode(was.mode() & 0o777))?;
    } else if ours {
        fchmod(&file, Mode::from_raw_mode(engine::mode_of(text)))?;
    }
    let aside = aside(name, job_id);
    remove(at.as_fd(), &aside)?;
    // An engine makes an empty folder where a file that it mounts is missing: that is nothing to keep. One with something in
    // it stays, and the file is refused.
    match unlinkat(&at, name, AtFlags::REMOVEDIR) {
        Ok(()) | Err(Errno::NOENT | Errno::NOTDIR) => {}
        Err(error) => return Err(error.into()),
    }
    match linkat(&at, name, &at, &aside, AtFlags::empty()) {
        // By such a name nothing was ever put aside.
        Ok(()) | Err(Errno::NOENT | Errno::NAMETOOLONG) => {}
        // Not every file system has a file under two names.
        Err(Errno::PERM | Errno::XDEV | Errno::MLINK | Errno::OPNOTSUPP | Errno::NOSYS) => {
            renameat(&at, name, &at, &aside)?;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(renameat(&at, &beside, &at, name)?)
}

fn remove(folder: BorrowedFd<'_>, name: &str) -> io::Result<()> {
    match unlinkat(folder, name, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT | Errno::NAMETOOLONG) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The folder in which a file stands, and what it is called there; none where there is no such folder.
fn parent<'a>(folder: BorrowedFd<'_>, path: &'a str) -> io::Result<Option<(OwnedFd, &'a str)>> {
    let (parents, name) = path.rsplit_once('/').unwrap_or((".", path));
    let flags = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC;
    match openat2(folder, parents, flags, Mode::empty(), WITHIN) {
        Ok(parent) => Ok(Some((parent, name))),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A folder in a folder, made if there is none. What is there and is none, a link too, is refused.
fn beneath(folder: BorrowedFd<'_>, name: &str, ours: bool) -> io::Result<OwnedFd> {
    let is_new = match mkdirat(folder, name, Mode::from_raw_mode(0o700)) {
        Ok(()) => true,
        Err(Errno::EXIST) => false,
        Err(error) => return Err(error.into()),
    };
    let flags = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC;
    let opened = openat2(folder, name, flags, Mode::empty(), WITHIN)?;
    if is_new && ours {
        fchmod(&opened, Mode::from_raw_mode(0o755))?;
    }
    Ok(opened)
}

/// A file that is there, as it is and with its text; none where what is there is no file of text.
fn existing(folder: BorrowedFd<'_>, name: &str) -> io::Result<Option<(std::fs::Metadata, String)>> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let opened = match openat2(folder, name, flags, Mode::empty(), WITHIN) {
        Ok(opened) => File::from(opened),
        // What is no file makes room for one.
        Err(Errno::NOENT | Errno::LOOP | Errno::NXIO) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let as_it_is = opened.metadata()?;
    if !as_it_is.is_file() {
        return Ok(None);
    }
    let mut text = Vec::new();
    let most = longshore_api::web::stack::SOURCE_MAX as u64;
    opened.take(most + 1).read_to_end(&mut text)?;
    Ok(Some((as_it_is, String::from_utf8(text).unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        os::unix::fs::{PermissionsExt as _, symlink},
    };

    use super::*;

    #[test]
    fn files_are_replaced_and_a_link_leads_nowhere() {
        let outer = tempfile::tempdir().expect("a folder");
        let folder = outer.path().join("stacks/local/shop");
        let opened = Folder::Ours(folder.clone()).open().expect("a folder");
        let write = |path: &str, text: &str| write_one(opened.as_fd(), path, text, (true, "0"));
        write("compose.yaml", "one").expect("written");
        write("db/init.sql", "two").expect("written");
        write("compose.yaml", "three").expect("written");
        let read = || fs::read_to_string(folder.join("compose.yaml")).expect("read");
        assert_eq!(read(), "three");
        // Nobody but containers comes there, and those may read it. What is there keeps who may read it.
        let mode = |path: &str| fs::metadata(folder.join(path)).expect("there").mode() & 0o777;
        assert_eq!((mode(""), mode("db"), mode("compose.yaml")), (0o700, 0o755, 0o644));
        fs::set_permissions(folder.join("compose.yaml"), fs::Permissions::from_mode(0o640)).expect("closed");
        write("compose.yaml", "four").expect("written");
        assert_eq!(mode("compose.yaml"), 0o640);
        let elsewhere = outer.path().join("elsewhere");
        fs::create_dir(&elsewhere).expect("made");
        fs::write(elsewhere.join("kept"), "kept").expect("written");
        symlink(&elsewhere, folder.join("out")).expect("linked");
        assert!(write("out/x", "").is_err());
        assert!(!elsewhere.join("x").exists());
        // A link in the place of the file, or of the one that is written beside it, is replaced and not followed.
        let kept = || fs::read_to_string(elsewhere.join("kept")).expect("read");
        for name in ["compose.yaml", "compose.yaml.longshore-new"] {
            _ = fs::remove_file(folder.join(name));
            symlink(elsewhere.join("kept"), folder.join(name)).expect("linked");
            write("compose.yaml", name).expect("written");
            assert_eq!((read().as_str(), kept().as_str()), (name, "kept"));
        }
    }

    #[tokio::test]
    async fn what_was_in_the_places_of_files_comes_back() {
        let outer = tempfile::tempdir().expect("a folder");
        let path = outer.path().join("shop");
        let folder = Folder::Ours(path.clone());
        let source = |files: &[(&str, &str)]| StackSource {
            files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect(),
            ..StackSource::default()
        };
        let put = async |source: &StackSource| {
            let changes = changes(folder.clone(), source).await.expect("read");
            write(folder.clone(), source, changes.clone(), "1").await.expect("written");
            changes
        };
        let all = || {
            let mut all: Vec<String> = fs::read_dir(&path)
                .expect("a folder")
                .map(|it| it.expect("an entry").file_name().into_string().expect("a name"))
                .collect();
            all.sort();
            all
        };
        let first = put(&source(&[("a", "one"), ("b", "same")])).await;
        assert_eq!(first.made, ["a", "b"]);
        let second = put(&source(&[("a", "two"), ("b", "same"), ("c/d", "new")])).await;
        assert_eq!(
            (&second.replaced[..], &second.made[..]),
            (&["a".to_owned()][..], &["c/d".to_owned()][..])
        );
        assert_eq!(fs::read_to_string(path.join("a")).expect("read"), "two");
        let was = fs::metadata(path.join("a.longshore-was-1")).expect("put aside").ino();
        // What is tried twice does no harm.
        for _ in 0..2 {
            put_back(folder.clone(), second.clone(), "1").await.expect("put back");
            assert_eq!(fs::read_to_string(path.join("a")).expect("read"), "one");
            assert!(!path.join("c/d").exists());
        }
        assert_eq!(fs::metadata(path.join("a")).expect("there").ino(), was, "it is the very file");
        let third = put(&source(&[("a", "three")])).await;
        forget_aside(folder.clone(), third.replaced, "1").await.expect("forgotten");
        assert_eq!(all(), ["a", "b", "c"]);
        assert!(put(&source(&[("a", "three")])).await.is_none());
        // What another job has put aside in the same folder stays that one's.
        fs::write(path.join("a.longshore-was-2"), "another's").expect("written");
        let fourth = put(&source(&[("a", "four")])).await;
        put_back(folder.clone(), fourth, "1").await.expect("put back");
        assert_eq!(fs::read_to_string(path.join("a")).expect("read"), "three");
        assert_eq!(fs::read_to_string(path.join("a.longshore-was-2")).expect("read"), "another's");
        assert_eq!(all(), ["a", "a.longshore-was-2", "b", "c"]);
    }

    #[tokio::test]
    async fn an_empty_folder_in_the_place_of_a_file_makes_room_and_a_full_one_stays() {
        let outer = tempfile::tempdir().expect("a folder");
        let path = outer.path().join("shop");
        let folder = Folder::Ours(path.clone());
        let source = StackSource {
            files: [("site.conf".to_owned(), "one".to_owned())].into(),
            ..StackSource::default()
        };
        let looked = async || changes(folder.clone(), &source).await.expect("read");
        fs::create_dir_all(path.join("site.conf")).expect("made");
        let first = looked().await;
        write(folder.clone(), &source, first.clone(), "1").await.expect("written");
        assert_eq!(fs::read_to_string(path.join("site.conf")).expect("read"), "one");
        // Neither way to an end stumbles over it, and nothing stands in the way of the next time.
        put_back(folder.clone(), first.clone(), "1").await.expect("put back");
        forget_aside(folder.clone(), first.replaced, "1").await.expect("forgotten");
        assert!(looked().await.is_none());
        fs::remove_file(path.join("site.conf")).expect("removed");
        fs::create_dir(path.join("site.conf")).expect("made");
        fs::write(path.join("site.conf/kept"), "kept").expect("written");
        let full = looked().await;
        assert!(write(folder.clone(), &source, full.clone(), "1").await.is_err());
        put_back(folder.clone(), full, "1").await.expect("put back");
        assert_eq!(fs::read_to_string(path.join("site.conf/kept")).expect("read"), "kept");
    }
}
