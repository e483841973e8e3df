//! The files of a stack in a Git repository: its own, and all that it names there. They are of one commit, beneath the
//! repository's root, within the bounds of a stack; no link is followed.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use gix_hash::ObjectId;
use longshore_api::web::stack::{FILES_MAX, SOURCE_MAX as STACK_MAX};
use longshore_compose::{
    beside::{self, Context},
    ignore::Ignored,
    load::{FileError, Files},
    paths,
};
use longshore_templates::{
    fill::Filled,
    single::{self, FILE},
    web::SOURCE_MAX,
};
use url::Url;

use super::error::{NotHad, named};
use crate::git::{Commit, Entry, GitError};

/// What is read may name more, and that again; so often it is asked for.
const ROUNDS_MAX: usize = 12;

/// A folder that an image is built of has so many files, with those that are left out.
const LISTED_MAX: usize = 10_000;

/// The files of a stack.
pub(super) struct Gathered {
    /// The path of its own from the stack's folder.
    pub(super) at: String,
    /// What is written in it.
    pub(super) file: String,
    /// The others by their paths.
    pub(super) beside: BTreeMap<String, String>,
}

impl Gathered {
    /// One without others.
    pub(super) fn alone(file: String) -> Self {
        Self { at: FILE.to_owned(), file, beside: BTreeMap::new() }
    }
}

/// Whether a file names no other: but for the variables beside it, which need not be there.
pub(super) fn is_alone(name: &str, at: &str, text: &str, filled: &Filled) -> bool {
    let at = paths::clean(at);
    let alone = Alone { at: &at, text, others: RefCell::default() };
    let loaded = single::read(name, &at, &alone, filled);
    let root = format!("/{name}");
    let names =
        |project| !beside::mounted(project, &root).is_empty() || !beside::built(project, &root).is_empty();
    alone.others.into_inner().is_empty() && !loaded.project.as_ref().is_some_and(names)
}

struct Alone<'a> {
    at: &'a str,
    text: &'a str,
    others: RefCell<BTreeSet<String>>,
}

impl Files for Alone<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        if path == self.at {
            return Ok(self.text.as_bytes().to_vec());
        }
        if paths::last(path) != ".env" {
            self.others.borrow_mut().insert(path.to_owned());
        }
        Err(FileError::Missing)
    }
}

/// Reads a stack's file of a repository with all that it names of it.
pub(super) async fn gather(
    url: &Url,
    at: &str,
    private: bool,
    name: &str,
    filled: &Filled,
) -> Result<Gathered, NotHad> {
    let failed = |error| NotHad::of_repository(error, url);
    let commit = Commit::newest(url, named(private), SOURCE_MAX).await.map_err(failed)?;
    let at = paths::clean(at.trim_start_matches('/'));
    let mut looked = Looked { commit, had: BTreeMap::new() };
    looked.want(&at).map_err(failed)?;
    for _ in 0..ROUNDS_MAX {
        let (name, own, filled) = (name.to_owned(), at.clone(), filled.clone());
        let round = tokio::task::spawn_blocking(move || {
            let wanted = looked.look(&name, &own, &filled);
            (looked, wanted)
        });
        let (back, wanted) =
            round.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        looked = back;
        let wanted = wanted.map_err(|error| match error {
            // What was read fits; what it names does not.
            GitError::Large => NotHad::StackLarge,
            error => failed(error),
        })?;
        if wanted.is_empty() {
            return looked.end(&at);
        }
        looked.commit.ask_for(&wanted).await.map_err(failed)?;
    }
    Err(NotHad::Repository { url: url.to_string(), said: "its files name each other too deep".to_owned() })
}

/// What was read so far.
struct Looked {
    commit: Commit,
    /// The files that belong to the stack, with their contents once these are here.
    had: BTreeMap<String, (ObjectId, Option<Vec<u8>>)>,
}

impl Looked {
    /// A file belongs to it.
    fn want(&mut self, path: &str) -> Result<(), GitError> {
        match self.commit.entry(path)? {
            Entry::File(id) => self.take(path.to_owned(), id),
            _ => Err(GitError::NoFile(path.to_owned())),
        }
    }

    fn take(&mut self, path: String, id: ObjectId) -> Result<(), GitError> {
        if self.had.contains_key(&path) {
            return Ok(());
        }
        if self.had.len() == FILES_MAX {
            return Err(GitError::Large);
        }
        let text = self.commit.text(id)?;
        self.had.insert(path, (id, text));
        Ok(())
    }

    /// A file belongs to it, or all of a folder but for what is left out.
    fn take_all(
        &mut self,
        path: &str,
        most: usize,
        out: Option<(&Context, &Ignored)>,
    ) -> Result<(), GitError> {
        match self.commit.entry(path)? {
            Entry::File(id) => self.take(path.to_owned(), id),
            Entry::Folder(_) => {
                let all = self.commit.beneath(path, most)?;
                if let Some((_, ignored)) = out
                    && !ignored.is_quick(all.iter().map(|it| it.path.len()).sum())
                {
                    return Err(GitError::Large);
                }
                for listed in all {
                    let of_it = out.and_then(|(of, ignored)| Some((of.within(&listed.path)?, ignored)));
                    if !of_it.is_some_and(|(path, ignored)| ignored.has(path)) {
                        self.take(listed.path, listed.id)?;
                    }
                }
                Ok(())
            }
            // The engine makes a folder of what is not there.
            Entry::Link | Entry::Missing => Ok(()),
        }
    }

    /// What an image is built of belongs to it, once it is known what is left out.
    fn take_context(&mut self, context: &Context) -> Result<(), GitError> {
        for path in context.ignore_files() {
            if let Entry::File(id) = self.commit.entry(&path)? {
                self.take(path.clone(), id)?;
                if self.had.get(&path).is_none_or(|(_, text)| text.is_none()) {
                    return Ok(());
                }
            }
        }
        let text = |path: &str| String::from_utf8(self.had.get(path)?.1.clone()?).ok();
        let ignored = context.ignored(text).ok_or(GitError::Large)?;
        self.take_all(&context.folder, LISTED_MAX, Some((context, &ignored)))?;
        match &context.dockerfile {
            Some(dockerfile) => self.take_all(dockerfile, FILES_MAX, None),
            None => Ok(()),
        }
    }

    /// Reads the project as far as that goes, and says of which files the contents are wanted.
    fn look(&mut self, name: &str, at: &str, filled: &Filled) -> Result<Vec<ObjectId>, GitError> {
        for (id, text) in self.had.values_mut().filter(|(_, text)| text.is_none()) {
            *text = self.commit.text(*id)?;
        }
        loop {
            let before = self.had.len();
            let reading = Reading { looked: self, asked: RefCell::default() };
            let loaded = single::read(name, at, &reading, filled);
            let asked = reading.asked.into_inner();
            for (path, id) in asked {
                self.take(path, id)?;
            }
            let root = format!("/{name}");
            if let Some(project) = &loaded.project {
                for path in beside::mounted(project, &root) {
                    self.take_all(&path, FILES_MAX, None)?;
                }
                for context in beside::built(project, &root) {
                    self.take_context(&context)?;
                }
            }
            let wanted: BTreeSet<ObjectId> =
                self.had.values().filter(|(_, text)| text.is_none()).map(|(id, _)| *id).collect();
            // What came with the commit may name more without anything to ask for.
            if !wanted.is_empty() || self.had.len() == before {
                return Ok(wanted.into_iter().collect());
            }
        }
    }

    /// The files from the folder of the stack's own, if they are all beneath it; from the root otherwise.
    fn end(self, at: &str) -> Result<Gathered, NotHad> {
        let mut files = BTreeMap::new();
        let mut bytes = 0;
        for (path, (_, text)) in self.had {
            let text = text.unwrap_or_default();
            bytes += text.len() + path.len();
            if bytes > STACK_MAX {
                return Err(NotHad::StackLarge);
            }
            let text = String::from_utf8(text).map_err(|_| NotHad::NotText(path.clone()))?;
            files.insert(path, text);
        }
        let folder = paths::folder(at);
        let within = |path: &str| match folder {
            "." => Some(path.to_owned()),
            folder => paths::below(folder, path).map(str::to_owned),
        };
        let (at, mut files) = match files.keys().all(|path| within(path).is_some()) {
            true => {
                let moved = files.into_iter().filter_map(|(path, text)| Some((within(&path)?, text)));
                (paths::last(at).to_owned(), moved.collect())
            }
            false => (at.to_owned(), files),
        };
        let file = files.remove(&at).unwrap_or_default();
        if files.is_empty() {
            return Ok(Gathered::alone(file));
        }
        Ok(Gathered { at, file, beside: files })
    }
}

/// The repository as a project is read from it. What is not here yet is noted.
struct Reading<'a> {
    looked: &'a Looked,
    asked: RefCell<BTreeMap<String, ObjectId>>,
}

impl Files for Reading<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        if let Some((_, Some(text))) = self.looked.had.get(path) {
            return Ok(text.clone());
        }
        match self.looked.commit.entry(path) {
            Ok(Entry::File(id)) => {
                self.asked.borrow_mut().insert(path.to_owned(), id);
                Err(FileError::Missing)
            }
            Ok(Entry::Link) => Err(FileError::Outside),
            Ok(_) => Err(FileError::Missing),
            Err(error) => Err(FileError::Other(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use longshore_templates::template::StackFile;

    use super::*;

    #[test]
    fn what_names_no_other_file_needs_no_repository() {
        let filled = Filled {
            file: StackFile::Text { text: String::new() },
            swarm: false,
            variables: BTreeMap::new(),
            sealed: BTreeSet::new(),
            made: BTreeSet::new(),
            pages: Vec::new(),
        };
        let alone = |more: &str| {
            let text = format!("services:\n  web:\n    image: shop\n{more}");
            is_alone("shop", "stacks/shop/compose.yml", &text, &filled)
        };
        for more in ["", "    volumes: ['data:/data', '/etc/localtime:/x']\nvolumes: {data: {}}\n"] {
            assert!(alone(more), "{more}");
        }
        for more in [
            "    env_file: [web.env]\n",
            "    env_file: [../common.env]\n",
            "    build: .\n",
            "    build: app\n",
            "    volumes: ['./conf:/etc/shop']\n",
            "    configs: [site]\nconfigs: {site: {file: ../site.conf}}\n",
            "    extends: {file: base.yml, service: base}\n",
            "include: [more.yml]\n",
        ] {
            assert!(!alone(more), "{more}");
        }
    }
}
