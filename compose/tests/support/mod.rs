//! Stacks of texts.
#![allow(dead_code, reason = "not every test that shares this room needs all of it")]

use std::collections::BTreeMap;

use longshore_compose::{
    config,
    load::{Loaded, Request, load},
};

/// A stack under `/srv/shop`, whose first file is the one that is loaded.
pub struct Stack {
    files: BTreeMap<String, String>,
    pub request: Request,
}

impl Stack {
    /// A stack of these files.
    pub fn of<const N: usize>(files: [(&str, &str); N]) -> Self {
        let first = files.first().map_or("", |(name, _)| name);
        let files = files.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        Self { request: Request::new("/srv/shop", first), files }
    }

    /// With more files laid over the first.
    pub fn over(mut self, files: &[&str]) -> Self {
        self.request.files.extend(files.iter().map(|file| (*file).to_owned()));
        self
    }

    pub fn load(&self) -> Loaded {
        load(&self.request, &self.files)
    }

    /// What is wrong, a line each.
    pub fn said(&self) -> Vec<String> {
        self.load().findings.iter().map(ToString::to_string).collect()
    }

    /// The whole project as a file, which has to be one.
    pub fn config(&self) -> String {
        let loaded = self.load();
        match loaded.project {
            Some(project) => config::yaml(&project),
            None => panic!("no project: {:#?}", loaded.findings),
        }
    }
}
