//! Files beside the compose file: whether the engine's machine has the folder that they are in, and which of them are put
//! into containers instead of mounted.

use std::{collections::BTreeSet, path::PathBuf};

use longshore_api::{sentence::Sentence, words::say};
use longshore_compose::{
    beside, engine,
    model::Project,
    paths,
    plan::{Deed, Plan},
};
use serde_json::json;

use super::{place, source::Source};
use crate::{access::Pass, fault::Fault, house::House};

/// Where the files of a stack are.
#[derive(Clone, Debug)]
pub(super) struct Beside {
    /// The folder that paths start from, as the engine is told.
    pub(super) folder: String,
    /// Whether that is a folder of ours, and the engine's machine does not have it.
    elsewhere: bool,
    /// Whether files that are mounted read-only are put into containers: their folder is not ours to write in, or whoever
    /// asks may not mount what is on the host.
    puts: bool,
}

impl Beside {
    /// Where those of a stack are that start from `root`, if that is said, else from our own folder of it.
    pub(super) async fn of(
        house: &House,
        pass: &Pass,
        name: &str,
        root: Option<&str>,
    ) -> Result<Self, Fault> {
        let host = pass.host()?;
        let (folder, elsewhere, written) = match root {
            Some(root) => (root.to_owned(), false, place::granted(house, host, root).await?.is_some()),
            None => {
                let there = ours(house, host, name)?;
                let is_there = there.is_some();
                let folder = there.unwrap_or_else(|| house.stacks.folder(host, name));
                (folder.to_string_lossy().into_owned(), !is_there, is_there)
            }
        };
        let bind = json!({ "HostConfig": { "Binds": ["/file:/file:ro"] } });
        let puts = !written || pass.judge_container(bind).is_err();
        Ok(Self { folder, elsewhere, puts })
    }

    /// Tells a project what is in the files that it names.
    pub(super) fn tell(&self, project: &mut Project, source: &Source) {
        let files = &source.whole().files;
        let named = beside::mounted(project, &self.folder).into_iter();
        let known =
            named.filter_map(|path| Some((paths::join(&self.folder, &path), files.get(&path)?.clone())));
        project.beside = known.collect();
        project.puts_mounts = self.puts;
    }

    /// What a plan would mount of a folder that the engine's machine does not have: it would make an empty one there.
    pub(super) fn missing(&self, project: &Project, plan: &Plan) -> Vec<Sentence> {
        if !self.elsewhere {
            return Vec::new();
        }
        let services: BTreeSet<&String> = plan
            .steps
            .iter()
            .filter_map(|step| match &step.deed {
                Deed::CreateContainer { service, .. } | Deed::RecreateContainer { service, .. } => {
                    Some(service)
                }
                _ => None,
            })
            .collect();
        let each = services.into_iter().filter_map(|name| Some((name, project.services.get(name)?)));
        each.flat_map(|(name, service)| {
            let below = engine::mounted(project, service).into_iter();
            let below = below.filter_map(|path| paths::below(&self.folder, path)).map(move |path| {
                let path = if path.is_empty() { ".".to_owned() } else { format!("./{path}") };
                say::stack_files_elsewhere(path, name)
            });
            below.collect::<Vec<_>>()
        })
        .collect()
    }
}

/// Where our own folder of a stack is on the machine of its host; nothing, where that machine does not have it.
pub(super) fn ours(house: &House, host: &str, name: &str) -> Result<Option<PathBuf>, Fault> {
    let own = house.access.own();
    let is_here = house.hosts.get(host)?.line.is_local() || own.is_machine(host);
    Ok(if is_here { own.on_machine(&house.stacks.folder(host, name)) } else { None })
}
