//! The cgroup tree of a machine: one for all controllers (version 2), or one for each (version 1).

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::UsageError;

/// The tree's version with the folders that controllers are mounted at.
pub(super) enum Tree {
    V1(Mounts),
    V2(PathBuf),
}

/// Of version 1; all but the CPU figures may be missing (a Raspberry Pi starts without the memory controller).
pub(super) struct Mounts {
    pub(super) cpuacct: PathBuf,
    pub(super) memory: Option<PathBuf>,
    pub(super) blkio: Option<PathBuf>,
    pub(super) pids: Option<PathBuf>,
}

impl Tree {
    pub(super) fn open(root: &Path) -> Result<Self, UsageError> {
        if root.join("cgroup.controllers").is_file() {
            return Ok(Self::V2(root.to_owned()));
        }
        let unreadable = |cause: io::Error| UsageError::Unreadable { path: root.to_owned(), cause };
        let mut folders = Vec::new();
        match fs::read_dir(root) {
            Ok(entries) => {
                for entry in entries {
                    folders.push(entry.map_err(unreadable)?.path());
                }
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(unreadable(e)),
        }
        // A mount of two controllers has both names: `cpu,cpuacct`. Often there are links beside it, but not always.
        let mount = |controller: &str| {
            folders
                .iter()
                .find(|path| {
                    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                    name.split(',').any(|part| part == controller) && path.is_dir()
                })
                .cloned()
        };
        let cpuacct = mount("cpuacct").ok_or_else(|| UsageError::NoTree(root.to_owned()))?;
        Ok(Self::V1(Mounts { cpuacct, memory: mount("memory"), blkio: mount("blkio"), pids: mount("pids") }))
    }

    /// The folder whose tree is walked in search of containers.
    pub(super) fn top(&self) -> &Path {
        match self {
            Self::V1(mounts) => &mounts.cpuacct,
            Self::V2(root) => root,
        }
    }
}
