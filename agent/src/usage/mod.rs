//! What containers of this machine use, read from cgroup files and /proc: an engine asked for the same burns more CPU
//! than many of its containers. cgroup v1 and v2, whichever driver the engine has.

mod figures;
mod find;
mod machine;
mod text;
mod tree;

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

pub use figures::{Figures, Traffic};
pub use machine::Machine;

use find::Place;
use text::Buffer;
use tree::Tree;

/// A walk through the whole cgroup tree costs milliseconds on a large machine: one is made at most so often.
const WALK_EVERY: Duration = Duration::from_secs(30);

/// Where the kernel's files are mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roots {
    /// The /proc of the machine.
    pub proc: PathBuf,
    /// The /sys/fs/cgroup of the machine.
    pub cgroup: PathBuf,
}

impl Roots {
    /// Those of the machine: in a container, where our own say little, the ones that were mounted below `/host`.
    pub fn detect() -> Self {
        Self::at("/host".as_ref())
            .unwrap_or_else(|| Self { proc: "/proc".into(), cgroup: "/sys/fs/cgroup".into() })
    }

    /// Those below a folder, if it has both.
    fn at(folder: &Path) -> Option<Self> {
        let roots = Self { proc: folder.join("proc"), cgroup: folder.join("sys/fs/cgroup") };
        (roots.proc.join("stat").is_file() && roots.cgroup.is_dir()).then_some(roots)
    }
}

/// Why usage could not be read.
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    /// There is no cgroup tree of version 1 or 2 with CPU figures.
    #[error("{} is no cgroup tree", .0.display())]
    NoTree(PathBuf),
    /// A file or folder is there and cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// A file does not say what the kernel's description promises.
    #[error("{} does not say {wanted}", path.display())]
    Garbled {
        /// Which one.
        path: PathBuf,
        /// What was looked for in it.
        wanted: &'static str,
    },
}

/// Reads the figures of containers, and remembers where each has its files.
pub struct Reader {
    roots: Roots,
    tree: Tree,
    /// Of the whole machine, bytes: a limit that is not below it is none.
    memory: u64,
    places: HashMap<String, Place>,
    /// What the last walk has found, by container id, and when it began.
    walked: Option<(Instant, HashMap<String, PathBuf>)>,
    buffer: Buffer,
}

impl Reader {
    /// A reader of the machine that has its files there.
    ///
    /// # Errors
    /// There is no cgroup tree, or /proc cannot be read.
    pub fn open(roots: Roots) -> Result<Self, UsageError> {
        let tree = Tree::open(&roots.cgroup)?;
        let memory = Machine::read(&roots)?.memory;
        Ok(Self { roots, tree, memory, places: HashMap::new(), walked: None, buffer: Buffer::new() })
    }

    /// The figures of a running container, by its full id and the process id of its main process, where that is known
    /// (it saves a walk). None if it has no cgroup here: it has ended, or its engine is on another machine.
    ///
    /// # Errors
    /// Its files are there and cannot be read or understood.
    pub fn read(&mut self, id: &str, pid: Option<u32>) -> Result<Option<Figures>, UsageError> {
        if !self.find(id, pid)? {
            return Ok(None);
        }
        let figures = figures::read(&self.places[id], &self.roots.proc, self.memory, &mut self.buffer)?;
        if figures.is_none() {
            self.places.remove(id);
        }
        Ok(figures)
    }

    /// What went in and out of a container that [`Self::read`] has found, and how many processes it has.
    ///
    /// # Errors
    /// Its files are there and cannot be read or understood.
    pub fn traffic(&mut self, id: &str) -> Result<Option<Traffic>, UsageError> {
        match self.places.get(id) {
            Some(place) => figures::traffic(place, &self.roots.proc, &mut self.buffer).map(Some),
            None => Ok(None),
        }
    }

    /// Forgets the containers that are not among these.
    pub fn keep(&mut self, wanted: impl Fn(&str) -> bool) {
        self.places.retain(|id, _| wanted(id));
    }

    /// Whether it is known where the container has its files.
    fn find(&mut self, id: &str, pid: Option<u32>) -> Result<bool, UsageError> {
        if self.places.contains_key(id) {
            return Ok(true);
        }
        let by_pid = match pid {
            Some(pid) => find::by_pid(&self.tree, &self.roots.proc, id, pid, &mut self.buffer)?,
            None => None,
        };
        let place = match by_pid {
            Some(place) => place,
            None => {
                if self.walked.as_ref().is_none_or(|(at, _)| at.elapsed() >= WALK_EVERY) {
                    self.walked = Some((Instant::now(), find::walk(&self.tree)));
                }
                let path = self.walked.as_ref().and_then(|(_, found)| found.get(id));
                match path {
                    Some(path) => find::at(&self.tree, path),
                    None => return Ok(false),
                }
            }
        };
        self.places.insert(id.to_owned(), place);
        Ok(true)
    }
}
