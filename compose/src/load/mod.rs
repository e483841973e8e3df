//! From the files of a stack to its project.

mod discover;
mod extends;
mod include;
mod model;
mod name;
mod resolve;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    rc::Rc,
};

use indexmap::IndexMap;
use serde::Serialize;

use crate::{
    interpolate::Asked,
    model::Project,
    paths,
    place::Place,
    problem::{Finding, Findings, Problem},
    room::Room,
    tree::Node,
    yaml::{self, Limits},
};

pub use discover::{Main, discover};
pub use name::{is_project_name, is_stack_name, project_name_of};
pub(crate) use resolve::{SERVICE, seccomp_file};

/// How a project is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The stack's folder on the host, absolute: nothing outside of it is read.
    pub root: String,
    /// The project's folder beneath it: relative paths start there. That of the first file, if nothing is said.
    pub folder: Option<String>,
    /// The files, each laid over the ones before it, relative to the root.
    pub files: Vec<String>,
    /// The project's name, if it is decided.
    pub name: Option<String>,
    /// The stack's variables. What env files say counts only where these say nothing.
    pub variables: BTreeMap<String, String>,
    /// Which of them are secret: no finding says their values.
    pub secret: BTreeSet<String>,
    /// Env files relative to the project's folder; `.env` if it is there, if nothing is said.
    pub env_files: Option<Vec<String>>,
    /// The active profiles, `*` for all; those that `COMPOSE_PROFILES` names, if there are none.
    pub profiles: Vec<String>,
    /// Services that are asked for by name: their profiles are active.
    pub services: Vec<String>,
}

impl Request {
    /// One file in a folder.
    pub fn new(root: &str, file: &str) -> Self {
        Self {
            root: root.to_owned(),
            folder: None,
            files: vec![file.to_owned()],
            name: None,
            variables: BTreeMap::new(),
            secret: BTreeSet::new(),
            env_files: None,
            profiles: Vec::new(),
            services: Vec::new(),
        }
    }
}

/// What came of it.
#[derive(Debug)]
pub struct Loaded {
    /// The project, unless an error stands in its way.
    pub project: Option<Project>,
    /// What was found, in the order of files and lines.
    pub findings: Vec<Finding>,
    /// The variables that the files ask for, with what they say of them.
    pub asked: IndexMap<String, Asked>,
    /// The merged files in canonical form, for the place of any value.
    pub tree: Option<Node>,
}

impl Loaded {
    /// Where a value of the project is written.
    pub fn place<'a>(&'a self, path: impl IntoIterator<Item = &'a str>) -> Option<&'a Place> {
        self.tree.as_ref().map(|tree| tree.place(path))
    }
}

/// Why a file was not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum FileError {
    /// It is not there.
    Missing,
    /// It is, or a link on the way leads, outside of the stack's folder.
    Outside,
    /// It is larger than this many bytes.
    TooLarge {
        /// How large it is.
        bytes: usize,
        /// What is read.
        limit: usize,
    },
    /// Anything else.
    Other(String),
}

/// The files of a stack.
pub trait Files {
    /// Reads a file by its path from the stack's folder: `compose.yaml`, `db/password.txt`; never absolute, never with
    /// `..`. Whoever implements it sees that no link leads out of the folder.
    ///
    /// # Errors
    /// The file is not there, not within the folder, or cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError>;
}

impl Files for BTreeMap<String, String> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.get(path).map(|text| text.clone().into_bytes()).ok_or(FileError::Missing)
    }
}

/// Reads a project.
pub fn load(request: &Request, files: &dyn Files) -> Loaded {
    let root = paths::clean(&format!("/{}", request.root));
    let secrets = request.secret.iter().filter_map(|name| request.variables.get(name)).cloned();
    let mut loader = Loader {
        files,
        root,
        limits: Limits::default(),
        findings: Findings::without(secrets),
        asked: IndexMap::new(),
        read: 0,
        nodes: 0,
        room: Room::default(),
        texts: HashMap::new(),
    };
    let made = loader.project(request);
    let (mut project, tree) = made.map_or((None, None), |(project, tree)| (project, Some(tree)));
    if loader.findings.any_error() {
        project = None;
    }
    Loaded { project, findings: loader.findings.into_sorted(), asked: loader.asked, tree }
}

/// How many files belong to one project.
const MOST_FILES: usize = 200;

/// How many values all files of a project have together, with what they extend.
const MOST_NODES: usize = 400_000;

struct Loader<'a> {
    files: &'a dyn Files,
    root: String,
    limits: Limits,
    findings: Findings,
    asked: IndexMap<String, Asked>,
    read: usize,
    nodes: usize,
    room: Room,
    texts: HashMap<String, Option<Rc<str>>>,
}

/// What one project, or one that is included, is read with.
struct Around<'a> {
    /// The folder that relative paths of its files start from.
    folder: &'a str,
    /// The variables.
    variables: &'a BTreeMap<String, String>,
    /// Which files led here.
    chain: &'a [String],
}

impl Loader<'_> {
    /// The text of a file by its absolute path; why not, at the place that names it.
    fn text(&mut self, path: &str, at: &Place) -> Option<Rc<str>> {
        if let Some(known) = self.texts.get(path) {
            return known.clone();
        }
        let text =
            self.fresh(path).map_err(|problem| self.findings.add(Finding::new(problem, at.clone()))).ok();
        self.texts.insert(path.to_owned(), text.clone());
        text
    }

    /// The text of a file that need not be there.
    fn optional(&mut self, path: &str, at: &Place) -> Option<Rc<str>> {
        let known = self.texts.contains_key(path);
        match self.fresh(path) {
            Err(Problem::FileMissing { .. }) if !known => None,
            _ => self.text(path, at),
        }
    }

    fn fresh(&mut self, path: &str) -> Result<Rc<str>, Problem> {
        self.read += 1;
        let file = || self.shown(path);
        if self.read > MOST_FILES {
            return Err(Problem::TooManyFiles { limit: MOST_FILES });
        }
        let Some(relative) = paths::below(&self.root, path) else {
            return Err(Problem::FileOutside { file: path.to_owned() });
        };
        match self.files.read(relative) {
            Ok(bytes) if bytes.len() > self.limits.bytes => {
                Err(Problem::FileTooLarge { bytes: bytes.len(), limit: self.limits.bytes })
            }
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Ok(text.into()),
                Err(_) => Err(Problem::FileNotText { file: file() }),
            },
            Err(FileError::Missing) => Err(Problem::FileMissing { file: file() }),
            Err(FileError::Outside) => Err(Problem::FileOutside { file: file() }),
            Err(FileError::TooLarge { bytes, limit }) => Err(Problem::FileTooLarge { bytes, limit }),
            Err(FileError::Other(said)) => Err(Problem::FileUnreadable { file: file(), said }),
        }
    }

    /// A path as messages name it: from the stack's folder, where that is possible.
    fn shown(&self, path: &str) -> String {
        paths::below(&self.root, path).unwrap_or(path).to_owned()
    }

    /// The documents of a file, as they are written.
    fn documents(&mut self, path: &str, at: &Place) -> Option<Vec<Node>> {
        let text = self.text(path, at)?;
        let shown = self.shown(path);
        match yaml::read(&shown, &text, self.limits) {
            Ok(documents) => {
                documents.iter().try_for_each(|document| self.spend(document, at))?;
                Some(documents)
            }
            Err(finding) => {
                self.findings.add(*finding);
                None
            }
        }
    }

    /// Takes what is about to be made from the room.
    fn room_for(&mut self, bytes: usize, at: &Place) -> Option<()> {
        if !self.room.take(bytes) {
            let problem = Problem::VariablesTooLarge { limit: Room::MOST };
            self.findings.add(Finding::new(problem, at.clone()));
            return None;
        }
        Some(())
    }

    /// Counts what is about to be added.
    fn spend(&mut self, node: &Node, at: &Place) -> Option<()> {
        self.room_for(node.bytes(), at)?;
        self.nodes += node.count();
        if self.nodes > MOST_NODES {
            self.findings.add(Finding::new(Problem::TooMuch { nodes: MOST_NODES }, at.clone()));
            return None;
        }
        Some(())
    }
}
