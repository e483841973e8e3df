//! The files of a stack that another tool made, read where they are: on this machine, beneath folders that an administrator
//! has named, and not on a label's word.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::Read as _,
    os::fd::OwnedFd,
};

use http::StatusCode;
use longshore_api::{
    web::{
        adopt::FoundFiles,
        stack::{FILES_MAX, SOURCE_MAX, StackSource, Variable},
    },
    words::say,
};
use longshore_compose::{
    beside::{self, Context},
    dotenv::{self, Format},
    load::{FileError, Files, Request, discover, load},
    paths,
    problem::Findings,
    room::Room,
};
use rustix::{
    fs::{AtFlags, Dir, FileType, Mode, OFlags, ResolveFlags, openat2, statat},
    io::Errno,
};

use super::{
    logic::{self, Standing},
    place::{self, Granted, Said},
};
use crate::{access::Pass, fault::Fault, house::House};

/// In a folder that an image is built of, so many things are looked at, with those that are left out.
const LOOKED_MAX: usize = 10_000;

/// Where the files of a stack are that the caller is about to read.
pub(super) struct Found {
    name: String,
    said: Said,
    granted: Granted,
}

/// Finds the folder of a stack.
///
/// # Errors
/// Nothing says where it is, or it is not ours to read.
pub(super) async fn find(house: &House, pass: &Pass, name: &str) -> Result<Found, Fault> {
    let standing: Standing = logic::whole(house, pass, name)?;
    let conflict = |what| Fault::new(StatusCode::CONFLICT, what);
    let said = place::said(house, pass, &standing).await?;
    let said = said.ok_or_else(|| conflict(say::stack_no_folder(name)))?;
    let granted = place::granted(house, pass.host()?, &said.folder).await?;
    let granted = granted.ok_or_else(|| conflict(say::stack_folder_unnamed(&said.folder)))?;
    Ok(Found { name: name.to_owned(), said, granted })
}

impl Found {
    /// The folder, as labels name it.
    pub(super) fn folder(&self) -> &str {
        &self.said.folder
    }

    /// Reads the files.
    pub(super) async fn read(self) -> Result<FoundFiles, Fault> {
        let read = tokio::task::spawn_blocking(move || self.read_now());
        read.await.map_err(Fault::internal)?
    }

    fn read_now(self) -> Result<FoundFiles, Fault> {
        let Self { name, said, granted } = self;
        let conflict = |what| Fault::new(StatusCode::CONFLICT, what);
        let unread = |file: &str| conflict(say::stack_file_unread(file));
        let disk = Disk::open(&granted).map_err(|error| unread(&said.folder).because(error))?;
        let within = |files: &[String]| -> Result<Vec<String>, Fault> {
            let one = |file: &String| match paths::below(&said.folder, file) {
                Some(below) if !below.is_empty() => Ok(below.to_owned()),
                _ => Err(conflict(say::stack_file_elsewhere(file, &said.folder))),
            };
            files.iter().map(one).collect()
        };
        let mut main = within(&said.files)?;
        if main.is_empty() {
            main = discover(".", &BTreeMap::new(), &disk).map(|main| main.files).unwrap_or_default();
        }
        for file in &main {
            disk.read(file).map_err(|why| match why {
                FileError::Outside => conflict(say::stack_file_elsewhere(file, &said.folder)),
                FileError::TooLarge { bytes, limit } => {
                    conflict(say::stack_source_large(bytes as u64, limit as u64))
                }
                FileError::Missing | FileError::Other(_) => unread(&paths::join(&said.folder, file)),
            })?;
        }
        if main.is_empty() {
            return Err(unread(&said.folder));
        }
        let variables = disk.variables(&within(&said.env_files)?);
        let request = Request {
            files: main.clone(),
            name: Some(name),
            variables: variables.clone(),
            profiles: vec!["*".to_owned()],
            ..Request::new(&said.folder, "")
        };
        // All that the files name beside them is read on the way; what is wrong with them the editor says.
        let loaded = load(&request, &disk);
        let contexts =
            loaded.project.map(|project| beside::built(&project, &said.folder)).unwrap_or_default();
        let left_out = contexts.into_iter().filter(|it| !disk.take(it)).map(|it| it.folder).collect();
        let secret = |name: &str| longshore_compose::saved::is_secret(name);
        let variables = variables.into_iter();
        let variables =
            variables.map(|(name, value)| Variable { secret: secret(&name), name, value: Some(value) });
        let source = StackSource {
            files: disk.taken.into_inner(),
            main,
            profiles: Vec::new(),
            variables: variables.collect(),
        };
        Ok(FoundFiles { folder: said.folder, source, left_out })
    }
}

/// A folder whose files are read once each, within bounds; no link leads out of it.
struct Disk {
    folder: OwnedFd,
    taken: RefCell<BTreeMap<String, String>>,
    left: Cell<usize>,
}

impl Disk {
    fn open(granted: &Granted) -> Result<Self, Errno> {
        Ok(Self { folder: granted.open()?, taken: RefCell::default(), left: Cell::new(SOURCE_MAX) })
    }

    fn text(&self, path: &str) -> Result<String, FileError> {
        // What is a pipe is not waited for.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        let opened = openat2(&self.folder, path, flags, Mode::empty(), ResolveFlags::BENEATH);
        let file = File::from(opened.map_err(|error| match error {
            Errno::NOENT | Errno::NOTDIR => FileError::Missing,
            Errno::XDEV => FileError::Outside,
            other => FileError::Other(other.to_string()),
        })?);
        let failed = |error: std::io::Error| FileError::Other(error.to_string());
        if !file.metadata().map_err(failed)?.is_file() {
            return Err(FileError::Other(Errno::INVAL.to_string()));
        }
        let limit = self.left.get();
        let mut bytes = Vec::new();
        file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() > limit || self.taken.borrow().len() >= FILES_MAX {
            return Err(FileError::TooLarge { bytes: SOURCE_MAX + 1, limit: SOURCE_MAX });
        }
        self.left.set(limit - bytes.len());
        String::from_utf8(bytes).map_err(|error| FileError::Other(error.to_string()))
    }

    /// Takes in what an image is built of, all or nothing of it: of a part something else would be built. Returns whether
    /// it has.
    fn take(&self, context: &Context) -> bool {
        let (before, left) = (self.taken.borrow().clone(), self.left.get());
        let has = self.context(context);
        if has.is_err() {
            self.taken.replace(before);
            self.left.set(left);
        }
        has.is_ok()
    }

    fn context(&self, context: &Context) -> Result<(), FileError> {
        let ignored = context.ignored(|path| String::from_utf8(self.read(path).ok()?).ok());
        let ignored = ignored.ok_or(FileError::TooLarge { bytes: SOURCE_MAX + 1, limit: SOURCE_MAX })?;
        if let Some(dockerfile) = &context.dockerfile {
            self.read(dockerfile)?;
        }
        let mut folders = vec![context.folder.clone()];
        let mut looked = 0;
        while let Some(folder) = folders.pop() {
            for (name, kind) in self.listed(&folder, &mut looked)? {
                let path = paths::join(&folder, &name);
                let within = context.within(&path).unwrap_or_default();
                match kind {
                    // What a repository keeps for itself is no part of a stack.
                    FileType::Directory if name == ".git" || ignored.has_all_of(within) => {}
                    FileType::Directory => folders.push(path),
                    FileType::RegularFile if !ignored.has(within) => _ = self.read(&path)?,
                    FileType::Symlink if !ignored.has(within) => match self.read(&path) {
                        // To nothing.
                        Ok(_) | Err(FileError::Missing) => {}
                        Err(why) => return Err(why),
                    },
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// What is in a folder. So many things are looked at, and no more.
    fn listed(&self, folder: &str, looked: &mut usize) -> Result<Vec<(String, FileType)>, FileError> {
        let other = |error: Errno| FileError::Other(error.to_string());
        let path = if folder.is_empty() { "." } else { folder };
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::DIRECTORY;
        let opened =
            openat2(&self.folder, path, flags, Mode::empty(), ResolveFlags::BENEATH).map_err(other)?;
        let mut all = Vec::new();
        for entry in Dir::read_from(&opened).map_err(other)? {
            let entry = entry.map_err(other)?;
            let name = entry.file_name().to_str().map_err(|error| FileError::Other(error.to_string()))?;
            if matches!(name, "." | "..") {
                continue;
            }
            *looked += 1;
            if *looked > LOOKED_MAX {
                return Err(FileError::TooLarge { bytes: SOURCE_MAX + 1, limit: SOURCE_MAX });
            }
            let found = statat(&opened, name, AtFlags::SYMLINK_NOFOLLOW).map_err(other)?;
            all.push((name.to_owned(), FileType::from_raw_mode(found.st_mode)));
        }
        Ok(all)
    }

    /// What env files say that were named for it; `.env` is read with the files.
    fn variables(&self, files: &[String]) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for file in files.iter().filter(|file| *file != ".env" && seen.insert(file.as_str())) {
            let Ok(text) = self.text(file) else { continue };
            let read = dotenv::read(
                file,
                &text,
                Format::Compose,
                &all,
                &mut Findings::default(),
                &mut Room::default(),
            );
            all.extend(read);
        }
        all
    }
}

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        if let Some(known) = self.taken.borrow().get(path) {
            return Ok(known.clone().into_bytes());
        }
        let text = self.text(path)?;
        self.taken.borrow_mut().insert(path.to_owned(), text.clone());
        Ok(text.into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::symlink};

    use super::*;

    #[test]
    fn nothing_outside_of_the_folder_is_read() {
        let outer = tempfile::tempdir().expect("a folder");
        let named = outer.path().canonicalize().expect("its path").join("srv");
        let folder = named.join("shop");
        fs::create_dir_all(folder.join("db")).expect("made");
        fs::write(outer.path().join("secret"), "no").expect("written");
        fs::write(named.join("other.yaml"), "no").expect("written");
        fs::write(folder.join("compose.yaml"), "yes").expect("written");
        fs::write(folder.join("large.yaml"), "x".repeat(SOURCE_MAX + 1)).expect("written");
        symlink("../../secret", folder.join("up.yaml")).expect("linked");
        symlink(outer.path().join("secret"), folder.join("far.yaml")).expect("linked");
        symlink("compose.yaml", folder.join("near.yaml")).expect("linked");
        symlink("..", folder.join("out")).expect("linked");
        let disk = Disk::open(&Granted { named, folder }).expect("a folder");
        assert_eq!(disk.read("compose.yaml"), Ok(b"yes".to_vec()));
        assert_eq!(disk.read("near.yaml"), Ok(b"yes".to_vec()));
        for path in ["up.yaml", "far.yaml", "out/other.yaml", "../other.yaml"] {
            assert_eq!(disk.read(path), Err(FileError::Outside), "{path}");
        }
        assert_eq!(disk.read("none.yaml"), Err(FileError::Missing));
        assert!(matches!(disk.read("db"), Err(FileError::Other(_))));
        assert!(matches!(disk.read("large.yaml"), Err(FileError::TooLarge { .. })));
        assert_eq!(disk.taken.into_inner().len(), 2);
    }

    #[test]
    fn what_an_image_is_built_of_is_read_whole_or_not_at_all() {
        let named = tempfile::tempdir().expect("a folder");
        let named = named.path().canonicalize().expect("its path");
        let folder = named.join("shop");
        fs::create_dir_all(folder.join("web/node_modules")).expect("made");
        fs::create_dir_all(folder.join("web/.git")).expect("made");
        fs::create_dir_all(folder.join("db")).expect("made");
        for (path, text) in [
            ("web/Dockerfile", "FROM scratch"),
            ("web/.dockerignore", "node_modules\nDockerfile\n"),
            ("web/main.c", "int main;"),
            ("web/node_modules/a.js", "no"),
            ("web/.git/config", "no"),
            ("db/Dockerfile", "FROM scratch"),
        ] {
            fs::write(folder.join(path), text).expect("written");
        }
        fs::write(folder.join("db/data.bin"), [0xff, 0xfe]).expect("written");
        symlink("main.c", folder.join("web/link.c")).expect("linked");
        symlink("none", folder.join("web/nothing")).expect("linked");
        for (context, to) in [("far", "../db"), ("bytes", "../db/data.bin")] {
            fs::create_dir_all(folder.join(context)).expect("made");
            fs::write(folder.join(context).join("Dockerfile"), "FROM scratch").expect("written");
            symlink(to, folder.join(context).join("link")).expect("linked");
        }
        let disk = Disk::open(&Granted { named, folder }).expect("a folder");
        let context = |folder: &str| Context {
            folder: folder.to_owned(),
            dockerfile: Some(format!("{folder}/Dockerfile")),
        };
        assert!(disk.take(&context("web")));
        let left = disk.left.get();
        // What is not text cannot be kept.
        assert!(!disk.take(&context("db")) && !disk.take(&context("none")));
        // Nor can a link be to a folder, or to what is not text.
        assert!(!disk.take(&context("far")) && !disk.take(&context("bytes")));
        assert_eq!(disk.left.get(), left);
        let taken = disk.taken.into_inner();
        let names: Vec<&str> = taken.keys().map(String::as_str).collect();
        assert_eq!(names, ["web/.dockerignore", "web/Dockerfile", "web/link.c", "web/main.c"]);
    }
}
