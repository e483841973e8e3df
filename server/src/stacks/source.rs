//! What a stack is made of: checked as it comes from somebody, with the secrets that it keeps, read to a project.

use std::collections::{BTreeMap, BTreeSet};

use longshore_api::{
    web::{
        create::with_tag,
        stack::{FILES_MAX, SOURCE_MAX, StackSource},
    },
    words::say,
};
use longshore_compose::{
    canon::words,
    config,
    load::{FileError, Files, Loaded, Request, discover, load},
    model::Project,
    names,
};
use serde_json::Value;

use crate::fault::Fault;

/// A file is called by so many bytes.
const PATH_MAX: usize = 255;
/// It has at most so many variables.
const VARIABLES_MAX: usize = 1000;

/// What stands for a secret.
pub(super) const HIDDEN: &str = "***";

/// A source that is known to be within its bounds, with its secrets.
#[derive(Clone)]
pub(super) struct Source {
    sent: StackSource,
    /// The images that a release had which was returned to, each by the reference that the files have for it: that may stand
    /// for another one now.
    pub(super) held: BTreeMap<String, String>,
}

/// What else is kept of a source beside what somebody sent.
const HELD: &str = "held";

impl Source {
    /// Checks what somebody sent. Secret variables without a value keep the one that they have in `base`.
    pub(super) fn read(mut sent: StackSource, base: Option<&Self>) -> Result<Self, Fault> {
        let files = sent.files.iter().map(|(path, text)| path.len() + text.len());
        let variables =
            sent.variables.iter().map(|it| it.name.len() + it.value.as_ref().map_or(0, String::len));
        let names = sent.main.iter().chain(&sent.profiles).map(String::len);
        let bytes = files.sum::<usize>() + variables.sum::<usize>() + names.sum::<usize>();
        if bytes > SOURCE_MAX {
            let (most, bytes) = (SOURCE_MAX as u64, bytes as u64);
            return Err(Fault::bad_request(say::stack_source_large(bytes, most)).at("files"));
        }
        if sent.files.len() > FILES_MAX || sent.main.len() > FILES_MAX {
            return Err(Fault::bad_request(say::stack_files_many(FILES_MAX)).at("files"));
        }
        if let Some(path) = sent.files.keys().chain(&sent.main).find(|path| !is_beneath(path)) {
            return Err(Fault::bad_request(say::stack_file_path(path)).at("files"));
        }
        let mut main = BTreeSet::new();
        if let Some(twice) = sent.main.iter().find(|path| !main.insert(path.as_str())) {
            return Err(Fault::bad_request(say::stack_main_twice(twice)).at("main"));
        }
        if sent.variables.len() > VARIABLES_MAX {
            return Err(Fault::bad_request(say::stack_variables_many(VARIABLES_MAX as u64)).at("variables"));
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
        Ok(Self { sent, held: BTreeMap::new() })
    }

    /// As it is sealed.
    pub(super) fn keep(&self) -> serde_json::Result<Vec<u8>> {
        let mut kept = serde_json::to_value(&self.sent)?;
        if !self.held.is_empty() {
            kept[HELD] = serde_json::to_value(&self.held)?;
        }
        serde_json::to_vec(&kept)
    }

    /// What was kept of a release.
    pub(super) fn kept(text: &[u8]) -> serde_json::Result<Self> {
        let mut kept: Value = serde_json::from_slice(text)?;
        let held = kept.as_object_mut().and_then(|kept| kept.remove(HELD));
        let held = held.map(serde_json::from_value).transpose()?.unwrap_or_default();
        Ok(Self { sent: serde_json::from_value(kept)?, held })
    }

    /// Whether somebody has sent the same.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        self.sent == other.sent
    }

    /// With its secrets, for what is sealed.
    pub(super) fn whole(&self) -> &StackSource {
        &self.sent
    }

    /// Without its secrets, for who reads it.
    pub(super) fn shown(&self) -> StackSource {
        let mut shown = self.sent.clone();
        for variable in shown.variables.iter_mut().filter(|variable| variable.secret) {
            variable.value = None;
        }
        shown
    }

    fn secret(&self, name: &str) -> Option<String> {
        self.sent.variables.iter().find(|it| it.secret && it.name == name)?.value.clone()
    }

    /// The values that nobody is to be told.
    pub(super) fn secrets(&self) -> Vec<String> {
        let secret = self.sent.variables.iter().filter(|it| it.secret);
        secret.filter_map(|it| it.value.clone()).filter(|value| !value.is_empty()).collect()
    }

    /// The same with a word in the place of each secret, so that nothing that is made of it has one in it, in whatever form.
    /// Nothing, if there is none.
    fn masked(&self) -> Option<Self> {
        let mut masked = self.clone();
        let mut any = false;
        let secret = masked.sent.variables.iter_mut().filter(|it| it.secret);
        for value in secret.filter_map(|it| it.value.as_mut()).filter(|value| !value.is_empty()) {
            HIDDEN.clone_into(value);
            any = true;
        }
        any.then_some(masked)
    }

    /// The project as a file without its secrets, and the services that have one in them. A secret that stands where
    /// a word cannot, such as that of a port, leaves nothing that could be shown.
    pub(super) fn veiled(
        &self,
        project: &Project,
        (name, services): (&str, &[String]),
        folder: &str,
    ) -> (String, BTreeSet<String>) {
        let Some(masked) = self.masked() else { return (config::yaml(project), BTreeSet::new()) };
        let masked = masked.load(name, folder, services).project;
        let shown = masked.as_ref().map_or_else(|| HIDDEN.to_owned(), config::yaml);
        let services = project.services.iter().filter(|(name, service)| {
            masked.as_ref().and_then(|masked| masked.services.get(*name)) != Some(*service)
        });
        (shown, services.map(|(name, _)| name.clone()).collect())
    }

    /// What is not to be told of them where it stands alone: each, and the words that a command makes of it.
    pub(super) fn untold(&self) -> BTreeSet<String> {
        let whole = self.secrets();
        let words = whole.iter().flat_map(|secret| {
            let split = words::split(secret).unwrap_or_default();
            secret.split_whitespace().map(str::to_owned).chain(split).collect::<Vec<_>>()
        });
        let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
        whole.into_iter().chain(words).collect()
    }

    /// Its variables. Nothing comes from the server's own environment.
    pub(super) fn variables(&self) -> BTreeMap<String, String> {
        let set = self.sent.variables.iter().filter_map(|it| Some((it.name.clone(), it.value.clone()?)));
        set.collect()
    }

    /// Reads the project of this name, whose files are in that folder of its host. The profiles of services that are asked
    /// for by name are active.
    pub(super) fn load(&self, name: &str, folder: &str, services: &[String]) -> Loaded {
        let variables = self.variables();
        let main = if self.sent.main.is_empty() {
            let found = discover(".", &variables, self).map(|main| main.files);
            found.unwrap_or_else(|| vec!["compose.yaml".to_owned()])
        } else {
            self.sent.main.clone()
        };
        let secret = self.sent.variables.iter().filter(|it| it.secret).map(|it| it.name.clone()).collect();
        let request = Request {
            root: folder.to_owned(),
            folder: None,
            files: main,
            name: Some(name.to_owned()),
            variables,
            secret,
            env_files: None,
            profiles: self.sent.profiles.clone(),
            services: services.to_vec(),
        };
        let mut loaded = load(&request, self);
        if let Some(project) = &mut loaded.project {
            let of = project.name.clone();
            for (name, service) in &mut project.services {
                if let Some(held) = self.held.get(&with_tag(&names::image(&of, name, service))) {
                    service.image.clone_from(held);
                    // It is what it is: nothing is built by its name, and nothing newer is asked for.
                    service.build = None;
                    if service.pull_policy != "never" {
                        service.pull_policy.clear();
                    }
                }
            }
        }
        loaded
    }
}

impl Files for Source {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.sent.files.read(path)
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

    /// With a variable that is secret and has this value, in a project that says this.
    fn shown(text: &str, value: &str) -> (String, BTreeSet<String>) {
        let mut sent = source("compose.yaml");
        sent.files.insert("compose.yaml".to_owned(), text.to_owned());
        sent.variables.push(secret(Some(value)));
        let source = Source::read(sent, None).expect("a source");
        let project = source.load("shop", "/srv/shop", &[]).project.expect("a project");
        source.veiled(&project, ("shop", &[]), "/srv/shop")
    }

    #[test]
    fn no_part_of_a_secret_is_shown_in_whatever_form_it_stands() {
        let text = "services:
  web: {image: busybox, command: \"echo ${PASSWORD}\", environment: {A: \"x$PASSWORD\", B: \"${PASSWORD:-b}\"}}
  db: {image: busybox, environment: {A: \"${NONE:-a}\"}}
";
        for value in
            ["har$bour", "har\"bour", "har\\bour", "har\nbour\n", "har\tbour", "har bour", "'har bour'"]
        {
            // A quote alone makes no command.
            let text = if value.contains('"') {
                text.replace("command: \"echo ${PASSWORD}\", ", "")
            } else {
                text.to_owned()
            };
            let (shown, veiled) = shown(&text, value);
            assert!(!shown.contains("har") && !shown.contains("bour"), "{value:?}: {shown}");
            assert!(shown.contains("B: \"***\"") && shown.contains("A: a\n"), "{shown}");
            assert!(veiled.iter().eq(["web"]), "{veiled:?}");
        }
        let (shown, veiled) = shown(text, "");
        assert!(shown.contains("B: b\n") && veiled.is_empty(), "what is empty is no secret: {shown}");
    }

    #[test]
    fn a_secret_where_no_word_can_stand_leaves_nothing_to_show() {
        let (shown, veiled) = shown("services: {web: {image: busybox, ports: [\"$PASSWORD:80\"]}}", "8417");
        assert_eq!((shown.as_str(), veiled.len()), ("***", 1));
    }

    #[test]
    fn the_words_that_a_command_makes_of_a_secret_are_not_told_either() {
        let mut sent = source("compose.yaml");
        sent.variables.push(secret(Some("a 'b c'")));
        let untold = Source::read(sent, None).expect("a source").untold();
        assert!(untold.iter().eq(["'b", "a", "a 'b c'", "b c", "c'"]), "{untold:?}");
    }

    #[test]
    fn images_that_are_held_are_kept_and_used() {
        let mut source = Source::read(source("compose.yaml"), None).expect("a source");
        let image = |source: &Source| {
            let project = source.load("shop", "/srv/shop", &[]).project.expect("a project");
            project.services["web"].image.clone()
        };
        assert_eq!(image(&Source::kept(&source.keep().expect("a text")).expect("kept")), "busybox");
        source.held = BTreeMap::from([("busybox:latest".to_owned(), "busybox@sha256:1".to_owned())]);
        let kept = Source::kept(&source.keep().expect("a text")).expect("kept");
        assert_eq!((image(&kept).as_str(), kept.says_the_same(&source)), ("busybox@sha256:1", true));
    }

    #[test]
    fn what_is_held_is_neither_built_nor_asked_for_anew() {
        for (policy, held) in [("build", ""), ("always", ""), ("never", "never")] {
            let mut sent = source("compose.yaml");
            let text = format!("services: {{web: {{image: app, build: ., pull_policy: {policy}}}}}");
            sent.files.insert("compose.yaml".to_owned(), text);
            sent.files.insert("Dockerfile".to_owned(), "FROM busybox\n".to_owned());
            let mut source = Source::read(sent, None).expect("a source");
            let web = |source: &Source| {
                let project = source.load("shop", "/srv/shop", &[]).project.expect("a project");
                project.services["web"].clone()
            };
            let before = web(&source);
            assert_eq!((before.build.is_some(), before.pull_policy.as_str()), (true, policy));
            source.held = BTreeMap::from([("app:latest".to_owned(), "sha256:1".to_owned())]);
            let now = web(&source);
            let now = (now.image.as_str(), now.build.is_none(), now.pull_policy.as_str());
            assert_eq!(now, ("sha256:1", true, held));
        }
    }

    #[test]
    fn no_file_is_laid_over_itself_and_there_are_so_many_variables() {
        let mut sent = source("compose.yaml");
        sent.main = vec!["compose.yaml".to_owned(); 2];
        assert!(Source::read(sent, None).is_err());
        let mut sent = source("compose.yaml");
        let variable = |n: usize| Variable { name: format!("V{n}"), ..Variable::default() };
        sent.variables = (0..VARIABLES_MAX).map(variable).collect();
        assert!(Source::read(sent.clone(), None).is_ok());
        sent.variables.push(variable(VARIABLES_MAX));
        assert!(Source::read(sent, None).is_err());
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
