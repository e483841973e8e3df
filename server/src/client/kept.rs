//! The servers that a user has signed in to, with their keys, in the user's config folder: for its owner alone.

use std::{
    env,
    fs::{self, DirBuilder, OpenOptions, Permissions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process,
};

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

use super::address::Address;

/// The file in the folder.
const FILE: &str = "servers.toml";

/// All of them.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The address of the one that is meant where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    /// In the order of the first sign-in.
    #[serde(default, rename = "server")]
    servers: Vec<Server>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Its address, in its one spelling.
    pub url: String,
    /// Whose key it is.
    pub account: String,
    /// The API key.
    pub key: String,
    /// A file with the certificate of whoever signed the server's, in PEM form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
}

impl Kept {
    /// What is kept in a folder; nothing, if there is none.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let file = folder.join(FILE);
        match fs::read_to_string(&file) {
            Ok(text) => {
                toml::from_str(&text).with_context(|| format!("{} is not as it should be", file.display()))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", file.display())),
        }
    }

    /// Keeps them: written aside and renamed, so that the file is always whole. Returns where.
    pub fn write(&self, folder: &Path) -> anyhow::Result<PathBuf> {
        let file = folder.join(FILE);
        let text = toml::to_string(self).context("the servers cannot be written down")?;
        private_folder(folder)
            .and_then(|()| {
                let aside = folder.join(format!("{FILE}.{}", process::id()));
                // What a process of this number left behind is half a file.
                let _ = fs::remove_file(&aside);
                let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
                out.write_all(text.as_bytes())?;
                out.sync_all()?;
                fs::rename(&aside, &file)
            })
            .with_context(|| format!("{} cannot be written", file.display()))?;
        Ok(file)
    }

    /// Takes one in, or its new key, and makes it the one that is meant where none is named.
    pub fn keep(&mut self, server: Server) {
        self.default = Some(server.url.clone());
        match self.servers.iter_mut().find(|known| known.url == server.url) {
            Some(known) => *known = server,
            None => self.servers.push(server),
        }
    }

    /// Forgets one; the only one that is left is then meant where none is named. Returns whether it was there.
    pub fn forget(&mut self, url: &str) -> bool {
        let before = self.servers.len();
        self.servers.retain(|server| server.url != url);
        if self.default.as_deref() == Some(url) {
            self.default = match self.servers.as_slice() {
                [only] => Some(only.url.clone()),
                _ => None,
            };
        }
        self.servers.len() < before
    }

    /// The one that is meant: by its address, or without.
    pub fn meant(&self, named: Option<&Address>) -> anyhow::Result<&Server> {
        let url = named.map(Address::to_string).or_else(|| self.default.clone());
        match url {
            Some(url) => {
                let known = self.servers.iter().find(|server| server.url == url);
                known.with_context(|| format!("you are not signed in to {url}: longshore login {url}"))
            }
            None if self.servers.is_empty() => {
                bail!("you are signed in to no Longshore: longshore login https://longshore.example")
            }
            None => {
                let all: Vec<&str> = self.servers.iter().map(|server| server.url.as_str()).collect();
                bail!("you are signed in to several: name one of {}", all.join(", "))
            }
        }
    }
}

/// The user's config folder for Longshore: `$XDG_CONFIG_HOME/longshore`, or `~/.config/longshore`.
pub fn folder() -> anyhow::Result<PathBuf> {
    let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let config = absolute("XDG_CONFIG_HOME").or_else(|| absolute("HOME").map(|home| home.join(".config")));
    let config =
        config.context("there is no home folder to keep anything in: set HOME or XDG_CONFIG_HOME")?;
    Ok(config.join("longshore"))
}

/// Makes a folder where there is none, and closes it to others.
pub fn private_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    if fs::metadata(folder)?.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str, key: &str) -> Server {
        Server { url: url.to_owned(), account: "ada".to_owned(), key: key.to_owned(), ca: None }
    }

    #[test]
    fn what_is_kept_is_its_owners_alone_and_read_again() {
        let outer = tempfile::tempdir().expect("a folder");
        let folder = outer.path().join("deep/longshore");
        assert_eq!(Kept::read(&folder).expect("nothing"), Kept::default());
        let mut kept = Kept::default();
        kept.keep(server("https://a", "lsk_1"));
        let file = kept.write(&folder).expect("a file");
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(&folder)), (0o600, 0o700));
        assert_eq!(Kept::read(&folder).expect("the same"), kept);
        fs::set_permissions(&folder, Permissions::from_mode(0o755)).expect("it is ours");
        kept.write(&folder).expect("a file");
        assert_eq!(mode(&folder), 0o700, "it is closed again");
        assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 1, "nothing is left aside");
    }

    #[test]
    fn the_one_meant_is_the_one_named_or_the_last_signed_in_to() {
        let mut kept = Kept::default();
        assert!(kept.meant(None).is_err());
        kept.keep(server("https://a", "lsk_1"));
        kept.keep(server("https://b", "lsk_2"));
        kept.keep(server("https://c", "lsk_3"));
        let key = |kept: &Kept, named: Option<&str>| {
            let named = named.map(|url| url.parse().expect("an address"));
            kept.meant(named.as_ref()).map(|server| server.key.clone()).ok()
        };
        assert_eq!(key(&kept, None).as_deref(), Some("lsk_3"));
        assert_eq!(key(&kept, Some("A")).as_deref(), Some("lsk_1"));
        assert_eq!(key(&kept, Some("https://d")), None);
        assert!(kept.forget("https://c") && !kept.forget("https://c"));
        assert_eq!(key(&kept, None), None, "two are left");
        assert!(kept.forget("https://b"));
        kept.keep(server("https://a", "lsk_4"));
        assert_eq!(key(&kept, None).as_deref(), Some("lsk_4"));
    }
}
