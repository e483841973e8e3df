//! Which files a project consists of, where nobody says it.

use std::collections::BTreeMap;

use super::{FileError, Files};
use crate::{
    dotenv::{self, Format},
    paths,
    problem::Findings,
    room::Room,
};

/// What a project is called by compose where it looks for one, the one that counts first.
const NAMES: &[&str] = &["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/// The files of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Main {
    /// The files, from the stack's folder, each laid over the ones before it.
    pub files: Vec<String>,
    /// Others by which it could be called too, and which do not count.
    pub beside: Vec<String>,
}

/// The files of the project in a folder: those that `COMPOSE_FILE` names, by the variables or by `.env`; else the first
/// that is there, with its override beside it. Nothing, if there is none.
pub fn discover(folder: &str, variables: &BTreeMap<String, String>, files: &dyn Files) -> Option<Main> {
    let there = |path: &str| !matches!(files.read(path), Err(FileError::Missing));
    let in_folder = |name: &str| paths::join(folder, name);
    let env = files
        .read(&in_folder(".env"))
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default();
    let mut known = dotenv::read(
        ".env",
        &env,
        Format::Compose,
        variables,
        &mut Findings::default(),
        &mut Room::default(),
    );
    known.extend(variables.iter().map(|(name, value)| (name.clone(), value.clone())));
    if let Some(said) = known.get("COMPOSE_FILE").filter(|said| !said.is_empty()) {
        let separator = known.get("COMPOSE_PATH_SEPARATOR").map_or(":", String::as_str);
        let files = said.split(separator).filter(|file| !file.is_empty()).map(in_folder);
        return Some(Main { files: files.collect(), beside: Vec::new() });
    }
    let mut found = NAMES.iter().map(|name| in_folder(name)).filter(|path| there(path));
    let first = found.next()?;
    let beside = found.collect();
    let (stem, _) = first.rsplit_once('.').unwrap_or((&first, ""));
    let over =
        ["yml", "yaml"].iter().map(|ending| format!("{stem}.override.{ending}")).find(|path| there(path));
    Some(Main { files: [Some(first.clone()), over].into_iter().flatten().collect(), beside })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str], env: &str) -> Option<(String, String)> {
        let mut files: BTreeMap<String, String> =
            names.iter().map(|&name| (name.to_owned(), String::new())).collect();
        files.insert("app/.env".to_owned(), env.to_owned());
        discover("app", &BTreeMap::new(), &files).map(|main| (main.files.join(" "), main.beside.join(" ")))
    }

    #[test]
    fn in_the_stacks_own_folder_they_are_called_as_they_are() {
        let files = BTreeMap::from([("docker-compose.yml".to_owned(), String::new())]);
        let found = discover("", &BTreeMap::new(), &files).expect("it is there");
        assert_eq!(found.files, ["docker-compose.yml"]);
    }

    #[test]
    fn the_first_file_counts_with_its_override() {
        let is = |files: &str, beside: &str| Some((files.to_owned(), beside.to_owned()));
        assert_eq!(found(&[], ""), None);
        assert_eq!(found(&["app/docker-compose.yml"], ""), is("app/docker-compose.yml", ""));
        assert_eq!(
            found(&["app/docker-compose.yml", "app/compose.yaml", "app/docker-compose.override.yml"], ""),
            is("app/compose.yaml", "app/docker-compose.yml")
        );
        assert_eq!(
            found(&["app/docker-compose.yml", "app/docker-compose.override.yml"], ""),
            is("app/docker-compose.yml app/docker-compose.override.yml", "")
        );
        assert_eq!(found(&["app/compose.yaml"], "COMPOSE_FILE=a.yml:../b.yml\n"), is("app/a.yml b.yml", ""));
        assert_eq!(
            found(&[], "COMPOSE_FILE=a.yml;b.yml\nCOMPOSE_PATH_SEPARATOR=;"),
            is("app/a.yml app/b.yml", "")
        );
    }
}
