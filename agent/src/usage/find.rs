//! Where a container has its cgroup. The full id is always in its name (`docker/ID`, `docker-ID.scope`,
//! `libpod-ID.scope`), below whatever parent the engine, its driver or a person chose; and as no other machine has
//! that id, finding it also proves that the container runs here.

use std::{
    collections::HashMap,
    fs,
    path::{Component, Path, PathBuf},
};

use super::{
    UsageError,
    text::Buffer,
    tree::{Mounts, Tree},
};

const ID_LENGTH: usize = 64;
/// A walk goes so deep: rootless Podman is six levels down, a container within a container twice that.
const DEPTH_MAX: usize = 14;
/// And to so many folders, whatever the machine has.
const FOLDERS_MAX: usize = 50_000;

/// The folders of a container.
pub(super) enum Place {
    V1 { cpuacct: PathBuf, memory: Option<PathBuf>, blkio: Option<PathBuf>, pids: Option<PathBuf> },
    V2 { folder: PathBuf, root: PathBuf },
}

impl Place {
    /// The folder that is there as long as the container runs.
    pub(super) fn folder(&self) -> &Path {
        match self {
            Self::V1 { cpuacct, .. } => cpuacct,
            Self::V2 { folder, .. } => folder,
        }
    }
}

/// The id in a folder's name.
fn container_id(name: &str) -> Option<&str> {
    let name = name.strip_suffix(".scope").unwrap_or(name);
    let (kind, id) = name.rsplit_once('-').unwrap_or(("", name));
    let is_id = id.len() == ID_LENGTH && id.bytes().all(|b| b.is_ascii_hexdigit());
    // Podman's monitor of a container has a cgroup with the container's id too.
    (is_id && !kind.ends_with("conmon")).then_some(id)
}

/// By the cgroups of its main process. None if that process has ended, is not in a cgroup of this id, or is shown
/// relative to a cgroup namespace that does not hold it.
pub(super) fn by_pid(
    tree: &Tree,
    proc: &Path,
    id: &str,
    pid: u32,
    buffer: &mut Buffer,
) -> Result<Option<Place>, UsageError> {
    let Some(text) = buffer.read(&proc.join(pid.to_string()).join("cgroup"))? else { return Ok(None) };
    let path_of = |controller: &str| {
        text.lines().find_map(|line| {
            let mut parts = line.splitn(3, ':').skip(1);
            let (controllers, path) = (parts.next()?, parts.next()?);
            controllers.split(',').any(|one| one == controller).then(|| up_to(path, id))?
        })
    };
    Ok(match tree {
        Tree::V2(root) => path_of("")
            .and_then(|path| below(root, &path))
            .map(|folder| Place::V2 { folder, root: root.clone() }),
        Tree::V1(mounts) => {
            let folder = |mount: Option<&PathBuf>, controller| below(mount?, &path_of(controller)?);
            folder(Some(&mounts.cpuacct), "cpuacct").map(|cpuacct| Place::V1 {
                cpuacct,
                memory: folder(mounts.memory.as_ref(), "memory"),
                blkio: folder(mounts.blkio.as_ref(), "blkio"),
                pids: folder(mounts.pids.as_ref(), "pids"),
            })
        }
    })
}

/// The path up to the container's own cgroup: its main process may be in one further below.
fn up_to(path: &str, id: &str) -> Option<PathBuf> {
    let mut own = PathBuf::new();
    for component in Path::new(path.trim_start_matches('/')).components() {
        let Component::Normal(name) = component else { return None };
        own.push(name);
        if name.to_str().and_then(container_id) == Some(id) {
            return Some(own);
        }
    }
    None
}

/// The path below a mount. In a machine that is itself a container, the mount may begin further down than the path.
fn below(mount: &Path, path: &Path) -> Option<PathBuf> {
    let mut path = path.components();
    while path.clone().next().is_some() {
        let folder = mount.join(path.as_path());
        if folder.is_dir() {
            return Some(folder);
        }
        path.next();
    }
    None
}

/// All containers in the tree: the path below its top, by id.
pub(super) fn walk(tree: &Tree) -> HashMap<String, PathBuf> {
    let top = tree.top();
    let mut found = HashMap::new();
    let mut folders = vec![(PathBuf::new(), 0)];
    let mut seen = 0;
    while let Some((folder, depth)) = folders.pop() {
        // What cannot be read or has just ended holds nothing that we could show.
        let Ok(entries) = fs::read_dir(top.join(&folder)) else { continue };
        for entry in entries.flatten() {
            if !entry.file_type().is_ok_and(|kind| kind.is_dir()) || seen == FOLDERS_MAX {
                continue;
            }
            seen += 1;
            let name = entry.file_name();
            let path = folder.join(&name);
            if let Some(id) = name.to_str().and_then(container_id) {
                found.insert(id.to_owned(), path.clone());
            }
            if depth < DEPTH_MAX {
                folders.push((path, depth + 1));
            }
        }
    }
    found
}

/// The place of a path that a walk has found.
pub(super) fn at(tree: &Tree, path: &Path) -> Place {
    match tree {
        Tree::V2(root) => Place::V2 { folder: root.join(path), root: root.clone() },
        Tree::V1(Mounts { cpuacct, memory, blkio, pids }) => {
            // The other controllers' mounts may begin elsewhere.
            let folder = |mount: &Option<PathBuf>| below(mount.as_ref()?, path);
            Place::V1 {
                cpuacct: cpuacct.join(path),
                memory: folder(memory),
                blkio: folder(blkio),
                pids: folder(pids),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cgroup_s_name_tells_which_container_it_is() {
        let id = "0123456789abcdef".repeat(4);
        for name in [
            id.clone(),
            format!("docker-{id}.scope"),
            format!("libpod-{id}.scope"),
            format!("libpod-{id}"),
            format!("cri-containerd-{id}.scope"),
        ] {
            assert_eq!(container_id(&name), Some(id.as_str()), "{name}");
        }
        for name in [
            format!("libpod-conmon-{id}.scope"),
            id[1..].to_owned(),
            format!("{id}.mount"),
            "docker".to_owned(),
        ] {
            assert_eq!(container_id(&name), None, "{name}");
        }
    }

    #[test]
    fn the_main_process_may_be_further_below() {
        let id = "0123456789abcdef".repeat(4);
        assert_eq!(
            up_to(&format!("/user.slice/libpod-{id}.scope/container"), &id),
            Some(format!("user.slice/libpod-{id}.scope").into())
        );
        // Seen from another cgroup namespace, and another container's.
        assert_eq!(up_to(&format!("/../{id}"), &id), None);
        assert_eq!(up_to("/docker/0123", &id), None);
    }
}
