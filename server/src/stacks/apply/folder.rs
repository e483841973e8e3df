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
use rustix::{
    fs::{
        AtFlags, Gid, Mode, OFlags, ResolveFlags, Uid, fchmod, fchown, mkdirat, openat2, renameat, unlinkat,
    },
    io::Errno,
};

use crate::{fault::Fault, stacks::place::Folder};

/// No link, and nothing above.
const WITHIN: ResolveFlags = ResolveFlags::BENEATH.union(ResolveFlags::NO_SYMLINKS);

/// Brings the folder in line with what the stack is made of. What lies beside its files stays; variables are not written
/// there.
pub(super) async fn write(folder: Folder, source: &StackSource) -> Result<(), Fault> {
    let (shown, files) = (folder.to_string(), source.files.clone());
    let written = tokio::task::spawn_blocking(move || -> io::Result<()> {
        let folder = folder.open()?;
        files.iter().try_for_each(|(path, text)| write_one(folder.as_fd(), path, text))
    });
    let written = written.await.map_err(Fault::internal)?;
    written.map_err(|error| {
        Fault::new(StatusCode::INSUFFICIENT_STORAGE, say::stack_files_unwritten(shown)).because(error)
    })
}

/// Writes a file beside its place and moves it there: whoever reads it reads the old or the new one.
fn write_one(folder: BorrowedFd<'_>, path: &str, text: &str) -> io::Result<()> {
    let (parents, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut at: OwnedFd = folder.try_clone_to_owned()?;
    for part in parents.split('/').filter(|part| !part.is_empty()) {
        at = beneath(at.as_fd(), part)?;
    }
    let there = existing(at.as_fd(), name)?;
    if let Some((_, known)) = &there
        && known.as_bytes() == text.as_bytes()
    {
        return Ok(());
    }
    let beside = format!("{name}.longshore-new");
    match unlinkat(&at, &beside, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => {}
        Err(error) => return Err(error.into()),
    }
    // Made by us and nobody else, or it is refused.
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    let mut file = File::from(openat2(&at, &beside, flags, Mode::from_raw_mode(0o600), WITHIN)?);
    file.write_all(text.as_bytes())?;
    if let Some((was, _)) = &there {
        // What others read there they read on.
        fchown(&file, Some(Uid::from_raw(was.uid())), Some(Gid::from_raw(was.gid())))?;
        fchmod(&file, Mode::from_raw_mode(was.mode() & 0o777))?;
    }
    Ok(renameat(&at, &beside, &at, name)?)
}

/// A folder in a folder, made if there is none. What is there and is none, a link too, is refused.
fn beneath(folder: BorrowedFd<'_>, name: &str) -> io::Result<OwnedFd> {
    match mkdirat(folder, name, Mode::from_raw_mode(0o700)) {
        Ok(()) | Err(Errno::EXIST) => {}
        Err(error) => return Err(error.into()),
    }
    let flags = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC;
    Ok(openat2(folder, name, flags, Mode::empty(), WITHIN)?)
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
        let write = |path: &str, text: &str| write_one(opened.as_fd(), path, text);
        write("compose.yaml", "one").expect("written");
        write("db/init.sql", "two").expect("written");
        write("compose.yaml", "three").expect("written");
        let read = || fs::read_to_string(folder.join("compose.yaml")).expect("read");
        assert_eq!(read(), "three");
        // What is there keeps who may read it.
        let mode = || fs::metadata(folder.join("compose.yaml")).expect("there").mode() & 0o777;
        assert_eq!(mode(), 0o600);
        fs::set_permissions(folder.join("compose.yaml"), fs::Permissions::from_mode(0o644)).expect("opened");
        write("compose.yaml", "four").expect("written");
        assert_eq!(mode(), 0o644);
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
}
