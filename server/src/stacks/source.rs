//! What a stack is made of: checked as it comes from somebody, with the secrets that it keeps, read to a project.

use std::collections::{BTreeMap, BTreeSet};

use longshore_api::{
    web::stack::{FILES_MAX, SOURCE_MAX, StackSource},
    words::say,
};
use longshore_compose::load::{FileError, Files, Loaded, Request, discover, load};

use crate::fault::Fault;

/// A file is called by so many bytes.
const PATH_MAX: usize = 255;

/// A source that is known to be within its bounds, with its secrets.
#[derive(Clone)]
pub(super) struct Source(StackSource);

impl Source {
    /// Checks what somebody sent. Secret variables without a value keep the one that they have in `base`.
    pub(super) fn read(mut sent: StackSource, base: Option<&Self>) -> Result<Self, Fault> {
        let files = sent.files.iter().map(|(path, text)| path.len() + text.len());
        let variables =
            sent.variables.iter().map(|it| it.name.len() + it.value.as_ref().map_or(0, String::len));
        let bytes = files.sum::<usize>() + variables.sum::<usize>();
        if bytes > SOURCE_MAX {
            let (most, bytes) = (SOURCE_MAX as u64, bytes as u64);
            return Err(Fault::bad_request(say::stack_source_large(bytes, most)).at("files"));
        }
        if sent.files.len() > FILES_MAX {
            return Err(Fault::bad_request(say::stack_files_many(FILES_MAX)).at("files"));
        }
        if let Some(path) = sent.files.keys().chain(&sent.main).find(|path| !is_beneath(path)) {
            return Err(Fault::bad_request(say::stack_file_path(path)).at("files"));
        }
        let mut names = BTreeSet::new();
        for variable in &mut sent.variables {
            if !is_variable(&variable.name) {
                return Err(Fault::bad_request(say::stack_variable_name(&variable.name)).at("variables"));
            }
            if !names.insert(variable.name.clone()) {
                return Err(Fault::bad_request(say::stack_variable_twice(&variable.name)).at("variables"));
            }
            if variable.secret && variable.value.is_none() {
                variable.value = base.and_then(|base| base.secret(&variable.name));
            }
        }
        Ok(Self(sent))
    }

    /// What was kept of a release.
    pub(super) fn kept(source: StackSource) -> Self {
        Self(source)
    }

    /// With its secrets, for what is sealed.
    pub(super) fn whole(&self) -> &StackSource {
        &self.0
    }

    /// Without its secrets, for who reads it.
    pub(super) fn shown(&self) -> StackSource {
        let mut shown = self.0.clone();
        for variable in shown.variables.iter_mut().filter(|variable| variable.secret) {
            variable.value = None;
        }
        shown
    }

    fn secret(&self, name: &str) -> Option<String> {
        self.0.variables.iter().find(|it| it.secret && it.name == name)?.value.clone()
    }

    /// The values that nobody is to be told.
    pub(super) fn secrets(&self) -> Vec<String> {
        let secret = self.0.variables.iter().filter(|it| it.secret);
        secret.filter_map(|it| it.value.clone()).filter(|value| !value.is_empty()).collect()
    }

    /// Its variables. Nothing comes from the server's own environment.
    pub(super) fn variables(&self) -> BTreeMap<String, String> {
        let set = self.0.variables.iter().filter_map(|it| Some((it.name.clone(), it.value.clone()?)));
        set.collect()
    }

    /// Reads the project of this name, whose files are in that folder of its host. The profiles of services that are asked
    /// for by name are active.
    pub(super) fn load(&self, name: &str, folder: &str, services: &[String]) -> Loaded {
        let variables = self.variables();
        let main = if self.0.main.is_empty() {
            let found = discover(".", &variables, self).map(|main| main.files);
            found.unwrap_or_else(|| vec!["compose.yaml".to_owned()])
        } else {
            self.0.main.clone()
        };
        let secret = self.0.variables.iter().filter(|it| it.secret).map(|it| it.name.clone()).collect();
        let request = Request {
            root: folder.to_owned(),
            folder: None,
            files: main,
            name: Some(name.to_owned()),
            variables,
            secret,
            env_files: None,
            profiles: self.0.profiles.clone(),
            services: services.to_vec(),
        };
        load(&request, self)
    }
}

impl Files for Source {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.0.files.read(path)
    }
}

/// Whether a path stays beneath the folder that it starts from, and says so plainly.
fn is_beneath(path: &str) -> bool {
    path.len() <= PATH_MAX
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && !path.contains(|c: char| c.is_control() || c == '\\')
}

fn is_variable(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && name.len() <= PATH_MAX
}

#[cfg(test)]
mod tests {
    use longshore_api::web::stack::Variable;

    use super::*;

    fn source(path: &str) -> StackSource {
        let files = BTreeMap::from([(path.to_owned(), "services: {web: {image: busybox}}".to_owned())]);
        StackSource { files, ..StackSource::default() }
    }

    fn secret(value: Option<&str>) -> Variable {
        Variable { name: "PASSWORD".to_owned(), value: value.map(str::to_owned), secret: true }
    }

    #[test]
    fn no_file_is_called_so_that_it_would_be_elsewhere() {
        for path in ["../x", "/etc/passwd", "a/../../x", "a//b", "./a", "a\0b", "a\\b", ""] {
            assert!(Source::read(source(path), None).is_err(), "{path:?}");
        }
        for path in ["compose.yaml", "db/pass word.txt", ".env"] {
            assert!(Source::read(source(path), None).is_ok(), "{path:?}");
        }
    }

    #[test]
    fn a_secret_is_kept_and_not_shown() {
        let mut sent = source("compose.yaml");
        sent.variables.push(secret(Some("harbour")));
        let base = Source::read(sent.clone(), None).expect("a source");
        assert_eq!(base.shown().variables, [secret(None)]);
        sent.variables = vec![secret(None)];
        let kept = Source::read(sent.clone(), Some(&base)).expect("a source");
        assert_eq!(kept.variables()["PASSWORD"], "harbour");
        sent.variables = vec![secret(Some(""))];
        assert_eq!(Source::read(sent, Some(&base)).expect("a source").variables()["PASSWORD"], "");
    }

    #[test]
    fn a_variable_is_called_as_one_is_and_once() {
        for names in [vec!["A-B"], vec![""], vec!["1A"], vec!["A", "A"]] {
            let mut sent = source("compose.yaml");
            sent.variables = names
                .iter()
                .map(|name| Variable { name: (*name).to_owned(), ..Variable::default() })
                .collect();
            assert!(Source::read(sent, None).is_err(), "{names:?}");
        }
    }
}
