//! What comes of the files of one source, in whichever format each is: ours has a template a file, Portainer's has many.

use std::collections::BTreeSet;

use longshore_compose::place::Place;

use crate::{
    format, portainer,
    problem::{At, Finding, Problem, Said},
    template::Template,
};

/// How many findings are kept; files that are wrong everywhere say nothing more with the rest.
const FINDINGS: usize = 2_000;

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Collection {
    /// The version that a file of Portainer's says it has; 1 for a bare list.
    pub version: Option<u8>,
    /// The good ones, each with an id of its own.
    pub templates: Vec<Template>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// Reads files, each with its name. What is JSON is Portainer's, all else is ours.
pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Collection {
    let mut all = Collection::default();
    let mut ids = BTreeSet::new();
    for (file, text) in files {
        let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']);
        let read = match is_json {
            true => portainer::read(text),
            false => {
                let format::Read { template, findings } = format::read(file, text);
                Collection { version: None, templates: template.into_iter().collect(), findings }
            }
        };
        all.version = all.version.or(read.version);
        all.hear(read.findings);
        for mut template in read.templates {
            if all.templates.len() == portainer::MOST {
                all.say(Problem::TooManyTemplates { limit: portainer::MOST }, At::File, "");
                return all;
            }
            if ids.contains(&template.id) {
                let problem = Problem::IdTaken { id: template.id.clone(), other: template.title.en.clone() };
                all.say(problem, At::Place(Place::start(file)), "id");
                let free = (2..).map(|n: usize| format!("{}-{n}", template.id)).find(|id| !ids.contains(id));
                template.id = free.unwrap_or_default();
            }
            ids.insert(template.id.clone());
            all.templates.push(template);
        }
    }
    all
}

impl Collection {
    pub(crate) fn say(&mut self, problem: impl Into<Said>, at: At, field: &str) {
        self.hear([Finding::new(problem, at, field)]);
    }

    pub(crate) fn hear(&mut self, findings: impl IntoIterator<Item = Finding>) {
        let room = FINDINGS.saturating_sub(self.findings.len());
        self.findings.extend(findings.into_iter().take(room));
    }

    pub(crate) fn refused(mut self, problem: impl Into<Said>) -> Self {
        self.say(problem, At::File, "");
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin;

    #[test]
    fn files_of_both_formats_are_one_collection_with_ids_of_their_own() {
        let ours = builtin::files().next().expect("one of ours").1;
        let theirs = r#"[{"title": "A", "image": "a:1"}, {"title": "B"}]"#;
        let all = read([("a.yaml", ours), ("b.json", theirs), ("c.yaml", ours), ("d.yaml", "id: x\n")]);
        let ids: Vec<_> = all.templates.iter().map(|template| template.id.as_str()).collect();
        assert_eq!((ids.len(), ids[0], ids[2]), (3, "adminer", "adminer-2"));
        assert_eq!(all.version, Some(1));
        let said: Vec<_> = all.findings.iter().map(ToString::to_string).collect();
        assert!(said.iter().any(|said| said.starts_with("Template 2, B: ")), "{said:#?}");
        assert!(said.iter().any(|said| said.starts_with("c.yaml:1:1: id: ")), "{said:#?}");
        assert!(said.iter().any(|said| said.starts_with("d.yaml:")), "{said:#?}");
    }
}
