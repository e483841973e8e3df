//! Which files of its own folder a project names besides those that it was read from.

use crate::{model::Project, paths};

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

/// The same for what images are built of: contexts, and Dockerfiles wherever they are.
pub fn built(project: &Project, folder: &str) -> Vec<String> {
    let builds = project.services.values().filter_map(|service| service.build.as_ref());
    let here = builds.filter(|build| !build.context.is_empty() && !paths::is_elsewhere(&build.context));
    let named = here.flat_map(|build| {
        let dockerfile =
            (!build.dockerfile.is_empty()).then(|| paths::join(&build.context, &build.dockerfile));
        [Some(build.context.clone()), dockerfile].into_iter().flatten()
    });
    named.filter_map(|path| paths::below(folder, &path).map(str::to_owned)).collect()
}
