//! Which files of its own folder a project names besides those that it was read from.

use crate::{
    ignore::{self, Ignored},
    model::{Build, Project},
    paths,
};

/// The paths beneath a folder, from that folder, that are files or folders: what services mount of it, secrets and configs
/// that are files. The folder itself is empty. What is elsewhere is the host's.
pub fn mounted(project: &Project, folder: &str) -> Vec<String> {
    let mounts = project.services.values().flat_map(|service| &service.volumes);
    let binds = mounts.filter(|mount| mount.r#type == "bind").map(|mount| mount.source.as_str());
    let secrets = project.secrets.values().map(|secret| secret.file.as_str());
    let configs = project.configs.values().map(|config| config.file.as_str());
    let all = binds.chain(secrets).chain(configs).filter(|path| !path.is_empty());
    all.filter_map(|path| paths::below(folder, path)).map(str::to_owned).collect()
}

/// What an image is built of, in paths from the stack's folder, which itself is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// The folder whose files the builder gets.
    pub folder: String,
    /// Its Dockerfile, wherever that is; none where it stands in the compose file.
    pub dockerfile: Option<String>,
}

/// What images are built of that is beneath a folder. What is elsewhere is the engine's to fetch.
pub fn built(project: &Project, folder: &str) -> Vec<Context> {
    let builds = project.services.values().filter_map(|service| service.build.as_ref());
    // Services may share one.
    let mut all: Vec<Context> = Vec::new();
    for context in builds.filter_map(|build| Context::of(build, folder)) {
        if !all.contains(&context) {
            all.push(context);
        }
    }
    all
}

impl Context {
    /// That of a build, if it is beneath a folder.
    pub fn of(build: &Build, folder: &str) -> Option<Self> {
        if build.context.is_empty() || paths::is_elsewhere(&build.context) {
            return None;
        }
        let below = |path: &str| paths::below(folder, path).map(str::to_owned);
        let dockerfile = match build.dockerfile_inline.is_empty() {
            true => below(&paths::join(&build.context, build.dockerfile_name())),
            false => None,
        };
        Some(Self { folder: below(&build.context)?, dockerfile })
    }

    /// A path from the stack's folder as it reads from the context; nothing, if it is not in it.
    pub fn within<'a>(&self, path: &'a str) -> Option<&'a str> {
        match self.folder.as_str() {
            "" => Some(path),
            folder => paths::below(folder, path),
        }
    }

    /// Where what is left out may be written: what stands beside the Dockerfile comes before what the context has.
    pub fn ignore_files(&self) -> Vec<String> {
        let beside = self.dockerfile.iter().map(|file| format!("{file}{}", ignore::FILE));
        beside.chain([paths::join(&self.folder, ignore::FILE)]).collect()
    }

    /// What is left out of it, by the first of those files that can be read; nothing, if that is beyond its bounds.
    pub fn ignored(&self, read: impl FnMut(&str) -> Option<String>) -> Option<Ignored> {
        let text = self.ignore_files().iter().map(String::as_str).find_map(read);
        text.map_or_else(|| Some(Ignored::default()), |text| Ignored::read(&text))
    }
}
