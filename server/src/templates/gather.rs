//! The files of a source, from where they are: an address, a folder of this machine.

use std::{fs, io::Read as _, path::Path};

use longshore_templates::web::SOURCE_MAX;
use url::Url;

use super::error::{NotHad, named};
use crate::{
    fetch::{Asking, Sent, fetch},
    git,
};

/// So many files of a folder are read.
const FILES_MAX: usize = 500;

/// The text at an address.
pub(super) async fn at_address(url: &Url, private: bool) -> Result<String, NotHad> {
    let asking =
        Asking { url, named: named(private), authorization: None, sent: Sent::Nothing, most: SOURCE_MAX };
    let answer = fetch(asking).await?;
    if !answer.status.is_success() {
        return Err(NotHad::Status { url: url.to_string(), status: answer.status.as_u16() });
    }
    String::from_utf8(answer.body.into()).map_err(|_| NotHad::NotText(url.to_string()))
}

/// The text of a file of a Git repository.
pub(super) async fn in_repository(url: &Url, path: &str, private: bool) -> Result<String, NotHad> {
    let file = git::file(url, path, named(private), SOURCE_MAX).await;
    let file = file.map_err(|error| NotHad::of_repository(error, url))?;
    String::from_utf8(file).map_err(|_| NotHad::NotText(path.to_owned()))
}

/// The files of templates in a folder, by name; not those of folders in it. Blocks.
pub(super) fn in_folder(path: &str) -> Result<Vec<(String, String)>, NotHad> {
    let failed = |path: &Path, cause| NotHad::Folder { path: path.display().to_string(), cause };
    let folder = Path::new(path);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(|cause| failed(folder, cause))? {
        let entry = entry.map_err(|cause| failed(folder, cause))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let fits = [".yaml", ".yml", ".json"].iter().any(|end| name.to_ascii_lowercase().ends_with(end));
        // What is a pipe would be waited for.
        if fits && !name.starts_with('.') && entry.path().is_file() {
            names.push(name);
        }
    }
    if names.is_empty() {
        return Err(NotHad::NoFiles(path.to_owned()));
    }
    names.sort_unstable();
    names.truncate(FILES_MAX);
    let mut left = SOURCE_MAX as u64;
    let mut files = Vec::with_capacity(names.len());
    for name in names {
        let file = folder.join(&name);
        let mut bytes = Vec::new();
        let opened = fs::File::open(&file).map_err(|cause| failed(&file, cause))?;
        opened.take(left + 1).read_to_end(&mut bytes).map_err(|cause| failed(&file, cause))?;
        left = left.checked_sub(bytes.len() as u64).ok_or(NotHad::Large)?;
        let text = String::from_utf8(bytes).map_err(|_| NotHad::NotText(file.display().to_string()))?;
        files.push((name, text));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_files_of_templates_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().display().to_string();
        assert!(matches!(in_folder(&path), Err(NotHad::NoFiles(_))));
        for name in ["b.yaml", "a.json", "c.txt", ".d.yaml"] {
            fs::write(folder.path().join(name), name).expect("written");
        }
        fs::create_dir(folder.path().join("e.yaml")).expect("made");
        let files = in_folder(&path).expect("files");
        assert_eq!(files, [("a.json", "a.json"), ("b.yaml", "b.yaml")].map(|(a, b)| (a.into(), b.into())));
        fs::write(folder.path().join("f.yaml"), "x".repeat(SOURCE_MAX)).expect("written");
        assert!(matches!(in_folder(&path), Err(NotHad::Large)));
        assert!(matches!(in_folder("/nowhere/at/all"), Err(NotHad::Folder { .. })));
    }
}
