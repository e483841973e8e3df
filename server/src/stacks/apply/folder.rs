//! The files of a stack, on the machine that we run on: where its labels say that they are.

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use http::StatusCode;
use longshore_api::{web::stack::StackSource, words::say};

use crate::fault::Fault;

/// Brings the folder in line with what the stack is made of. What lies beside its files stays; variables are not written
/// there.
pub(super) async fn write(folder: &Path, source: &StackSource) -> Result<(), Fault> {
    let (folder, files) = (folder.to_owned(), source.files.clone());
    let shown = folder.display().to_string();
    let written = tokio::task::spawn_blocking(move || {
        files.iter().try_for_each(|(path, text)| write_one(&folder, path, text))
    });
    let written = written.await.map_err(Fault::internal)?;
    written.map_err(|error| {
        Fault::new(StatusCode::INSUFFICIENT_STORAGE, say::stack_files_unwritten(shown)).because(error)
    })
}

/// Writes a file beside its place and moves it there: whoever reads it reads the old or the new one.
fn write_one(folder: &Path, path: &str, text: &str) -> io::Result<()> {
    let mut at = folder.to_owned();
    make(&at)?;
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        at.push(part);
        if parts.peek().is_some() {
            make(&at)?;
        }
    }
    if fs::read(&at).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(());
    }
    let beside = beside(&at);
    let mut open = fs::OpenOptions::new();
    let mut file = open.write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    io::Write::write_all(&mut file, text.as_bytes())?;
    if let Ok(was) = fs::metadata(&at) {
        // What others read there they read on.
        file.set_permissions(was.permissions())?;
        std::os::unix::fs::fchown(&file, Some(was.uid()), Some(was.gid()))?;
    }
    fs::rename(&beside, &at)
}

/// Makes a folder. What is there and is none, a link that somebody has put there too, is refused.
fn make(folder: &Path) -> io::Result<()> {
    match fs::symlink_metadata(folder) {
        Ok(there) if there.is_dir() => Ok(()),
        Ok(_) => Err(io::Error::new(io::ErrorKind::NotADirectory, folder.display().to_string())),
        Err(_) => fs::DirBuilder::new().recursive(true).mode(0o700).create(folder),
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".longshore-new");
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn files_are_replaced_and_a_link_leads_nowhere() {
        let outer = tempfile::tempdir().expect("a folder");
        let folder = outer.path().join("stacks/local/shop");
        write_one(&folder, "compose.yaml", "one").expect("written");
        write_one(&folder, "db/init.sql", "two").expect("written");
        write_one(&folder, "compose.yaml", "three").expect("written");
        assert_eq!(fs::read_to_string(folder.join("compose.yaml")).expect("read"), "three");
        // What is there keeps who may read it.
        let mode = || fs::metadata(folder.join("compose.yaml")).expect("there").mode() & 0o777;
        assert_eq!(mode(), 0o600);
        fs::set_permissions(folder.join("compose.yaml"), fs::Permissions::from_mode(0o644)).expect("opened");
        write_one(&folder, "compose.yaml", "four").expect("written");
        assert_eq!(mode(), 0o644);
        let elsewhere = outer.path().join("elsewhere");
        fs::create_dir(&elsewhere).expect("made");
        std::os::unix::fs::symlink(&elsewhere, folder.join("out")).expect("linked");
        assert!(write_one(&folder, "out/x", "").is_err());
        assert!(!elsewhere.join("x").exists());
    }
}
