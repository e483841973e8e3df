//! The files of a source, from where they are: an address, a folder of this machine.

use std::{fs, io::Read as _, path::Path};

use longshore_templates::web::SOURCE_MAX;
use url::Url;

use super::error::{NotHad, named};
use crate::{
    fetch::{Asking, Sent, fetch},
    git::{Commit, Entry, GitError},
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

/// The files of templates of a Git repository: the one at a path, or those of the folder at it; not those of folders in it.
pub(super) async fn in_repository(
    url: &Url,
    path: &str,
    private: bool,
) -> Result<Vec<(String, String)>, NotHad> {
    let failed = |error| NotHad::of_repository(error, url);
    let mut commit = Commit::newest(url, named(private), SOURCE_MAX).await.map_err(failed)?;
    let wanted = match commit.entry(path).map_err(failed)? {
        Entry::File(id) => vec![(path.to_owned(), id)],
        Entry::Folder(_) => {
            let files = commit.files_in(path).map_err(failed)?;
            let fit = files.into_iter().filter(|file| is_of_templates(&file.path));
            fit.take(FILES_MAX).map(|file| (file.path, file.id)).collect()
        }
        Entry::Link | Entry::Missing => return Err(failed(GitError::NoFile(path.to_owned()))),
    };
    if wanted.is_empty() {
        return Err(NotHad::NoFiles(format!("{url} {path}").trim_end().to_owned()));
    }
    let mut missing = Vec::new();
    for (_, id) in &wanted {
        if commit.text(*id).map_err(failed)?.is_none() {
            missing.push(*id);
        }
    }
    if !missing.is_empty() {
        commit.ask_for(&missing).await.map_err(failed)?;
    }
    let (mut left, mut files) = (SOURCE_MAX, Vec::with_capacity(wanted.len()));
    for (path, id) in wanted {
        let text = commit.text(id).map_err(failed)?.unwrap_or_default();
        left = left.checked_sub(text.len()).ok_or(NotHad::Large)?;
        let text = String::from_utf8(text).map_err(|_| NotHad::NotText(path.clone()))?;
        files.push((path, text));
    }
    Ok(files)
}

/// Whether a file is called as one of templates.
fn is_of_templates(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    !name.starts_with('.') && [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end))
}

/// The files of templates in a folder, by name; not those of folders in it. Blocks.
pub(super) fn in_folder(path: &str) -> Result<Vec<(String, String)>, NotHad> {
    let failed = |path: &Path, cause| NotHad::Folder { path: path.display().to_string(), cause };
    let folder = Path::new(path);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(|cause| failed(folder, cause))? {
        let entry = entry.map_err(|cause| failed(folder, cause))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // What is a pipe would be waited for.
        if is_of_templates(&name) && entry.path().is_file() {
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
