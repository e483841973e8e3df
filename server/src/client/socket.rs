//! The local socket: its owner's alone, taken over from one that is dead, never from one that lives, and gone afterwards.

use std::{
    env,
    fs::{self, Permissions},
    io,
    os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process,
};

use anyhow::{Context as _, bail};
use tokio::net::{UnixListener, UnixStream};

use super::kept::{self, private_folder};

/// A listening socket, removed when this is dropped.
pub struct Socket {
    listener: UnixListener,
    path: PathBuf,
    inode: (u64, u64),
}

impl Socket {
    /// Listens at a path.
    pub async fn at(path: PathBuf) -> anyhow::Result<Self> {
        let shown = path.display();
        // Known under its own name only once it is closed to others.
        let mut aside = path.clone().into_os_string();
        aside.push(format!(".{}", process::id()));
        let aside = PathBuf::from(aside);
        let _ = fs::remove_file(&aside);
        let listener = UnixListener::bind(&aside).with_context(|| {
            format!("no socket can be made at {shown}; another place is named by --socket")
        })?;
        let named = async {
            fs::set_permissions(&aside, Permissions::from_mode(0o600))?;
            let meta = fs::symlink_metadata(&aside)?;
            if let Err(error) = fs::hard_link(&aside, &path) {
                if error.kind() != io::ErrorKind::AlreadyExists {
                    return Err(error.into());
                }
                make_room(&path).await?;
                fs::hard_link(&aside, &path)?;
            }
            Ok::<_, anyhow::Error>((meta.dev(), meta.ino()))
        };
        let named = named.await;
        let _ = fs::remove_file(&aside);
        let inode = named.with_context(|| format!("the socket {shown} cannot be had"))?;
        Ok(Self { listener, path, inode })
    }

    /// The next client; only the user's own are let in.
    pub async fn next(&self) -> io::Result<UnixStream> {
        loop {
            let (stream, _) = self.listener.accept().await?;
            if stream.peer_cred().is_ok_and(|peer| peer.uid() == rustix::process::geteuid().as_raw()) {
                return Ok(stream);
            }
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // Another may have taken the place since.
        let ours = |meta: fs::Metadata| (meta.dev(), meta.ino()) == self.inode;
        if fs::symlink_metadata(&self.path).is_ok_and(ours) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Removes a socket on which nobody listens any more.
async fn make_room(path: &Path) -> anyhow::Result<()> {
    if !fs::symlink_metadata(path)?.file_type().is_socket() {
        bail!("something else is there that is no socket");
    }
    match UnixStream::connect(path).await {
        Ok(_) => bail!("somebody listens there already; name another place by --socket"),
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(fs::remove_file(path)?),
        Err(error) => Err(error.into()),
    }
}

/// Where the socket of a host is, if nothing else is said: in `$XDG_RUNTIME_DIR`, else beside the keys.
pub fn usual(host: &str) -> anyhow::Result<PathBuf> {
    let runtime =
        env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|path| path.is_absolute() && path.is_dir());
    let folder = match runtime {
        Some(runtime) => runtime.join("longshore"),
        None => kept::folder()?.join("run"),
    };
    private_folder(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    Ok(folder.join(format!("{host}.sock")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_dead_socket_is_taken_over_and_a_living_one_is_not() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("h.sock");
        drop(std::os::unix::net::UnixListener::bind(&path).expect("a socket"));
        assert!(path.exists(), "it is left behind");
        let socket = Socket::at(path.clone()).await.expect("it is dead");
        let mode = fs::metadata(&path).expect("a socket").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let refused = Socket::at(path.clone()).await.map(drop).expect_err("it lives");
        assert!(format!("{refused:#}").contains("listens there already"), "{refused:#}");
        assert_eq!(fs::read_dir(dir.path()).expect("a folder").count(), 1, "nothing is left aside");
        drop(socket);
        assert!(!path.exists());
        fs::write(&path, "thesis").expect("a file");
        assert!(Socket::at(path.clone()).await.is_err(), "it is no socket");
        assert_eq!(fs::read_to_string(&path).expect("the file"), "thesis");
    }

    #[tokio::test]
    async fn one_that_another_has_taken_since_is_left_to_them() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("h.sock");
        let socket = Socket::at(path.clone()).await.expect("a socket");
        fs::remove_file(&path).expect("it is there");
        let other = Socket::at(path.clone()).await.expect("another");
        drop(socket);
        assert!(path.exists());
        drop(other);
        assert!(!path.exists());
    }
}
