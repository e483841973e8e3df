//! Where the files of a stack are: in a folder of ours, or where they were before we kept them.

use std::{
    fmt,
    fs::DirBuilder,
    io,
    os::{fd::OwnedFd, unix::fs::DirBuilderExt as _},
    path::{Path, PathBuf},
};

use http::StatusCode;
use longshore_api::{
    ops::{Kind, Permission},
    words::say,
};
use longshore_compose::{labels, paths};
use rustix::{
    fs::{Mode, OFlags, ResolveFlags, open, openat2},
    io::Errno,
};
use serde_json::Value;
use tokio::fs;

use super::{beside, logic::Standing, there::Look};
use crate::{access::Pass, fault::Fault, house::House};

/// A path has at most so many bytes.
const PATH_MAX: usize = 4096;

/// What a stack that another tool made says of its files. It is a label's word: paths of the host are told from it, and
/// nothing is read or written by it but beneath folders that an administrator has named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// The folder that relative paths start from.
    pub(super) folder: String,
    /// The compose files, absolute.
    pub(super) files: Vec<String>,
    /// Env files that were named, absolute.
    pub(super) env_files: Vec<String>,
}

impl Said {
    /// By the labels of a container; none where they name no folder that a stack's files could be in.
    fn of(container: &Value) -> Option<Self> {
        let label = |key: &str| container["Config"]["Labels"][key].as_str().unwrap_or_default();
        let folder = label(labels::WORKING_DIR).trim_end_matches('/');
        let plain = folder.starts_with('/') && folder.len() <= PATH_MAX && paths::clean(folder) == folder;
        if !plain || folder.chars().any(char::is_control) {
            return None;
        }
        // The first compose names its files from the folder.
        let all = |key: &str| {
            let each = label(key).split(',').map(str::trim).filter(|file| !file.is_empty());
            each.map(|file| paths::join(folder, file)).collect()
        };
        let (files, env_files) = (all(labels::CONFIG_FILES), all(labels::ENVIRONMENT_FILE));
        Some(Self { folder: folder.to_owned(), files, env_files })
    }
}

/// What a stack says of its files by the labels of its containers.
pub(super) async fn said(house: &House, pass: &Pass, standing: &Standing) -> Result<Option<Said>, Fault> {
    let look = Look { house, pass };
    let (host, account) = (pass.host()?, pass.principal().account_id());
    for container in standing.parts.values().flatten() {
        // Whoever makes a container through us writes labels as they like, also in a stack that managers share. What was
        // made outside, and given to nobody, is nobody's.
        let owned = house.owners.of(host, Kind::Container, &container.id);
        if owned.is_some_and(|owned| owned.account.as_deref() != Some(account)) {
            continue;
        }
        let name = format!("container {}", container.name);
        let found = look.object("container-inspect", &container.id, name).await?;
        if let Some(said) = found.as_ref().and_then(Said::of) {
            return Ok(Some(said));
        }
    }
    Ok(None)
}

/// The folder of its host that the files of a stack start from, where that is not one of ours.
pub(super) async fn root(
    house: &House,
    pass: &Pass,
    name: &str,
    standing: &Standing,
) -> Result<Option<String>, Fault> {
    if let Some(known) = &standing.known {
        return Ok(known.kept.root.clone());
    }
    // It is kept, and written to by the managers that come later: no folder that a developer's label names.
    if !pass.principal().roles().allow(pass.host()?, Permission::Manage) {
        return Ok(None);
    }
    let said = said(house, pass, standing).await?.map(|said| said.folder);
    // One that was forgotten says that it is where its files of ours still are.
    let host = pass.host()?;
    let ours = [Some(house.stacks.folder(host, name)), beside::ours(house, host, name)?];
    let is_ours = |folder: &String| ours.iter().flatten().any(|ours| ours.as_os_str() == folder.as_str());
    Ok(said.filter(|folder| !is_ours(folder)))
}

/// A folder that is ours to read and to write in: it is on this machine, beneath one of those that an administrator has
/// named.
#[derive(Clone, Debug)]
pub(super) struct Granted {
    /// The one that was named, without links.
    pub(super) named: PathBuf,
    /// The folder, without links.
    pub(super) folder: PathBuf,
}

/// The folder as one of those, if it is. A link below the folder that was named leads nowhere.
pub(super) async fn granted(house: &House, host: &str, folder: &str) -> Result<Option<Granted>, Fault> {
    if !house.hosts.get(host)?.line.is_local() {
        return Ok(None);
    }
    let folder = Path::new(folder);
    for named in &house.settings.compose_folders {
        let Ok(real) = fs::canonicalize(named).await else {
            tracing::warn!(folder = %named.display(), "a folder that was named for stacks is not there");
            continue;
        };
        let Ok(below) = folder.strip_prefix(named).or_else(|_| folder.strip_prefix(&real)) else { continue };
        let granted = Granted { folder: real.join(below), named: real };
        let opened = granted.clone();
        let is_there = tokio::task::spawn_blocking(move || opened.open().is_ok());
        if is_there.await.map_err(Fault::internal)? {
            return Ok(Some(granted));
        }
    }
    Ok(None)
}

impl Granted {
    /// Opens it. No link is followed below the folder that was named.
    pub(super) fn open(&self) -> Result<OwnedFd, Errno> {
        let flags = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC;
        let named = open(&self.named, flags, Mode::empty())?;
        let below = self.folder.strip_prefix(&self.named).unwrap_or(Path::new(""));
        let below = if below.as_os_str().is_empty() { Path::new(".") } else { below };
        openat2(named, below, flags, Mode::empty(), ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS)
    }
}

/// A folder that files of a stack are written to.
#[derive(Clone, Debug)]
pub(super) enum Folder {
    /// In our data folder.
    Ours(PathBuf),
    /// Where they were before we kept them.
    Granted(Granted),
}

impl Folder {
    /// The one in which files were written: in `root`, where that is said, else in ours.
    ///
    /// # Errors
    /// It is ours to write in no more.
    pub(super) async fn again(
        house: &House,
        host: &str,
        name: &str,
        root: Option<&str>,
    ) -> Result<Self, Fault> {
        let Some(root) = root else { return Ok(Self::Ours(house.stacks.folder(host, name))) };
        let granted = granted(house, host, root).await?;
        let gone = || Fault::new(StatusCode::CONFLICT, say::stack_files_unwritten(root));
        granted.map(Self::Granted).ok_or_else(gone)
    }

    /// Opens it; ours is made, if it is not there.
    pub(super) fn open(&self) -> io::Result<OwnedFd> {
        match self {
            Self::Granted(granted) => Ok(granted.open()?),
            Self::Ours(path) => {
                DirBuilder::new().recursive(true).mode(0o700).create(path)?;
                let flags = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
                Ok(open(path, flags, Mode::empty())?)
            }
        }
    }
}

impl fmt::Display for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ours(path) => path.display().fmt(f),
            Self::Granted(granted) => granted.folder.display().fmt(f),
        }
    }
}

/// Where the files of a stack are written that start from `root`: there, if that is ours to write in, else in our own
/// folder.
///
/// # Errors
/// It is somebody else's folder, and whoever applies is no manager.
pub(super) async fn written(
    house: &House,
    pass: &Pass,
    name: &str,
    root: Option<&str>,
) -> Result<Folder, Fault> {
    let host = pass.host()?;
    let there = match root {
        Some(root) => granted(house, host, root).await?,
        None => None,
    };
    match there {
        Some(there) if pass.principal().roles().allow(host, Permission::Manage) => Ok(Folder::Granted(there)),
        Some(_) => Err(Fault::new(StatusCode::FORBIDDEN, say::stack_in_place(root.unwrap_or_default()))),
        None => Ok(Folder::Ours(house.stacks.folder(host, name))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(folder: &str, files: &str) -> Option<Said> {
        let labels = json!({ labels::WORKING_DIR: folder, labels::CONFIG_FILES: files });
        Said::of(&json!({ "Config": { "Labels": labels } }))
    }

    #[test]
    fn labels_name_a_plain_folder_or_none() {
        let shop = said("/srv/shop/", "docker-compose.yml,/srv/shop/b.yml").expect("a folder");
        assert_eq!(shop.folder, "/srv/shop");
        assert_eq!(shop.files, ["/srv/shop/docker-compose.yml", "/srv/shop/b.yml"]);
        for folder in ["", "/", "srv", "/srv/../etc", "/srv//x", "/srv/a\nb", r"C:\shop"] {
            assert_eq!(said(folder, ""), None, "{folder:?}");
        }
    }
}
