//! What is mounted into a container, and what is put into it before it starts.

use std::{collections::BTreeMap, fmt};

use longshore_api::ops::spec::{BindOptions, CreateBody, ImageOptions, Mount, TmpfsOptions, VolumeOptions};

use serde_json::{Value as Json, json};

use super::Maker;
use crate::{
    model::{self, Project, Service, VolumeMount},
    paths,
};

impl Maker<'_> {
    pub(super) fn mounts(&self, body: &mut CreateBody) {
        for tmpfs in &self.service.tmpfs {
            let (path, options) = tmpfs.split_once(':').unwrap_or((tmpfs, ""));
            body.host.tmpfs.insert(path.to_owned(), options.to_owned());
        }
        for mount in &self.service.volumes {
            if is_put(self.project, self.service, mount) {
                continue;
            }
            match self.bind(mount) {
                Some(bind) => body.host.binds.push(bind),
                None => body.host.mounts.push(self.mount(mount)),
            }
        }
        for (target, file) in granted_files(self.project, self.service) {
            let mount = Mount {
                kind: "bind".to_owned(),
                source: file.to_owned(),
                target,
                read_only: true,
                ..Mount::default()
            };
            body.host.mounts.push(mount);
        }
    }

    /// A mount as a text, as compose says those that need no more: it makes missing folders of the host.
    fn bind(&self, mount: &VolumeMount) -> Option<String> {
        let mut options = vec![if mount.read_only { "ro" } else { "rw" }];
        let source = match mount.r#type.as_str() {
            "bind" => {
                let bind = mount.bind.as_ref()?;
                if !bind.create_host_path || !bind.propagation.is_empty() || !bind.recursive.is_empty() {
                    return None;
                }
                options.extend((!bind.selinux.is_empty()).then_some(bind.selinux.as_str()));
                &mount.source
            }
            "volume" => {
                let plain =
                    |it: &model::VolumeOptions| it.labels.is_empty() && it.subpath.is_empty() && !it.nocopy;
                if !mount.volume.as_ref().is_none_or(plain) {
                    return None;
                }
                &self.project.volumes.get(&mount.source)?.name
            }
            _ => return None,
        };
        Some(format!("{source}:{}:{}", mount.target, options.join(",")))
    }

    fn mount(&self, mount: &VolumeMount) -> Mount {
        let source = match self.project.volumes.get(&mount.source) {
            Some(volume) if mount.r#type == "volume" => &volume.name,
            _ => &mount.source,
        };
        let mut made = Mount {
            kind: mount.r#type.clone(),
            source: source.clone(),
            target: mount.target.clone(),
            read_only: mount.read_only,
            consistency: mount.consistency.clone(),
            ..Mount::default()
        };
        if let Some(bind) = &mount.bind {
            made.bind = BindOptions {
                propagation: bind.propagation.clone(),
                create: bind.create_host_path,
                non_recursive: bind.recursive == "disabled",
                non_recursive_read_only: bind.recursive == "writable",
                force_recursive_read_only: bind.recursive == "readonly",
            };
        }
        if let Some(volume) = &mount.volume {
            made.volume = VolumeOptions {
                no_copy: volume.nocopy,
                labels: volume.labels.clone(),
                subpath: volume.subpath.clone(),
                ..VolumeOptions::default()
            };
        }
        if let Some(tmpfs) = &mount.tmpfs {
            let mode = tmpfs.mode.map_or(0, |mode| mode.0.into());
            made.tmpfs = TmpfsOptions { size: tmpfs.size.0, mode };
        }
        if let Some(image) = &mount.image {
            made.image = ImageOptions { subpath: image.subpath.clone() };
        }
        made
    }
}

/// Where a secret or a config is in the container.
fn target(grant: &model::Grant, folder: &str) -> String {
    let name = if grant.target.is_empty() { &grant.source } else { &grant.target };
    if name.starts_with('/') { name.clone() } else { format!("{folder}{name}") }
}

const SECRETS: &str = "/run/secrets/";

/// A secret or a config that is a file of the host.
struct OfFile<'a> {
    grant: &'a model::Grant,
    /// Where it is in the container.
    target: String,
    path: &'a str,
}

/// Those of a service, but for those in whose place something else is mounted.
fn of_files<'a>(project: &'a Project, service: &'a Service) -> Vec<OfFile<'a>> {
    let secrets = service.secrets.iter().filter_map(|grant| {
        let path = project.secrets.get(&grant.source)?.file.as_str();
        Some(OfFile { grant, target: target(grant, SECRETS), path })
    });
    let configs = service.configs.iter().filter_map(|grant| {
        let path = project.configs.get(&grant.source)?.file.as_str();
        Some(OfFile { grant, target: target(grant, "/"), path })
    });
    let taken = |it: &OfFile<'_>| service.volumes.iter().any(|mount| mount.target == it.target);
    secrets.chain(configs).filter(|it| !it.path.is_empty() && !taken(it)).collect()
}

/// Nothing is put into a container whose file system cannot be written to, nor beneath what is mounted there: a file system in
/// memory would hide it, and what is anybody's volume or folder would have it for good.
fn can_put(service: &Service, target: &str) -> bool {
    let covers = |at: &str| paths::below(at, target).is_some_and(|rest| !rest.is_empty());
    let tmpfs = service.tmpfs.iter().map(|it| it.split_once(':').map_or(it.as_str(), |(path, _)| path));
    let mounts = service.volumes.iter().map(|mount| mount.target.as_str());
    !service.read_only && !tmpfs.chain(mounts).any(covers)
}

/// Whether a file that is mounted is put into the container instead.
fn is_put(project: &Project, service: &Service, mount: &VolumeMount) -> bool {
    project.puts_mounts
        && can_put(service, &mount.target)
        && mount.r#type == "bind"
        && mount.read_only
        && project.beside.contains_key(&mount.source)
}

/// The secrets and configs that are mounted, by where they are in the container.
fn granted_files<'a>(project: &'a Project, service: &'a Service) -> Vec<(String, &'a str)> {
    let put = |it: &OfFile<'_>| can_put(service, &it.target) && project.beside.contains_key(it.path);
    let all = of_files(project, service).into_iter().filter(|it| !put(it));
    all.map(|it| (it.target, it.path)).collect()
}

/// The files and folders of the host that are mounted into a service's containers.
pub fn mounted<'a>(project: &'a Project, service: &'a Service) -> Vec<&'a str> {
    let mounts = service.volumes.iter().filter(|it| it.r#type == "bind" && !is_put(project, service, it));
    let granted = granted_files(project, service).into_iter().map(|(_, path)| path);
    mounts.map(|it| it.source.as_str()).chain(granted).collect()
}

/// A file of the project's folder that a service's containers have, of which it is known what is in it.
pub(crate) struct Beside<'a> {
    /// Where it is on the host.
    pub(crate) path: &'a str,
    /// Whether it is put into the container, and not mounted.
    pub(crate) put: bool,
    /// Whether nothing can be written to it where it is mounted.
    pub(crate) read_only: bool,
    /// What is there.
    pub(crate) file: Injected,
}

/// Those of a service.
pub(crate) fn beside<'a>(project: &'a Project, service: &'a Service) -> Vec<Beside<'a>> {
    let granted = of_files(project, service).into_iter().filter_map(|OfFile { grant, target, path }| {
        let text = project.beside.get(path)?;
        let mode = if mode_of(text) & 0o111 == 0 { 0o444 } else { 0o555 };
        let put = can_put(service, &target);
        let file = granted(service, grant, target, text.clone(), mode);
        Some(Beside { path, put, read_only: true, file })
    });
    let mounts = service.volumes.iter().filter(|mount| mount.r#type == "bind").filter_map(|mount| {
        let text = project.beside.get(&mount.source)?;
        let (target, mode) = (mount.target.clone(), mode_of(text));
        let file = Injected { target, content: text.clone(), mode, uid: 0, gid: 0 };
        let put = is_put(project, service, mount);
        Some(Beside { path: &mount.source, put, read_only: mount.read_only, file })
    });
    granted.chain(mounts).collect()
}

/// Who may do what with a file of which only its text is known: a script is one that can be run.
pub fn mode_of(text: &str) -> u32 {
    if text.starts_with("#!") { 0o755 } else { 0o644 }
}

/// A file that is put into a container before it starts: a secret, a config, or what is mounted read-only elsewhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Injected {
    /// Where it is in the container.
    pub target: String,
    /// What is in it. Never printed.
    pub content: String,
    /// Its permissions.
    pub mode: u32,
    /// Whose it is: whom the file names, else the user of the service where that is a number, else root.
    pub uid: u64,
    /// Which group's it is, by the same rule.
    pub gid: u64,
}

impl fmt::Debug for Injected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.target, self.content.len())
    }
}

/// The digest of the files that a service's containers have of the project, put into them or mounted, by which a later plan
/// sees that they differ; nothing, if there are none. It is keyed, so that nobody who reads the label can try values
/// against it.
pub(super) fn digest(project: &Project, service: &Service) -> Option<String> {
    let mut files = values(project, service, &project.variables);
    files.extend(beside(project, service).into_iter().map(|it| it.file));
    let each = files.iter().map(|it| json!([it.target, it.content, it.mode, it.uid, it.gid]));
    let all = Json::Array(each.collect());
    (!files.is_empty()).then(|| project.key.digest(&all.to_string()))
}

fn owner(asked: &str, of_service: Option<&str>) -> u64 {
    let asked = if asked.is_empty() { of_service.unwrap_or_default() } else { asked };
    asked.parse().unwrap_or(0)
}

/// A secret or a config, with its content.
fn granted(service: &Service, grant: &model::Grant, target: String, content: String, mode: u32) -> Injected {
    Injected {
        target,
        content,
        mode: grant.mode.map_or(mode, |mode| mode.0),
        uid: owner(&grant.uid, service.user.split(':').next()),
        gid: owner(&grant.gid, service.user.split(':').nth(1)),
    }
}

/// The files that are put into a service's containers. What comes from a variable that is not set is left out.
pub fn injected(project: &Project, service: &Service, variables: &BTreeMap<String, String>) -> Vec<Injected> {
    let beside = beside(project, service).into_iter().filter(|it| it.put).map(|it| it.file);
    values(project, service, variables).into_iter().chain(beside).collect()
}

/// The secrets and configs that are no files of the host.
fn values(project: &Project, service: &Service, variables: &BTreeMap<String, String>) -> Vec<Injected> {
    let put = |grant: &model::Grant, folder: &str, content: String| {
        granted(service, grant, target(grant, folder), content, 0o444)
    };
    let secrets = service.secrets.iter().filter_map(|grant| {
        let secret = project.secrets.get(&grant.source)?;
        Some(put(grant, SECRETS, variables.get(&secret.environment)?.clone()))
    });
    let configs = service.configs.iter().filter_map(|grant| {
        let config = project.configs.get(&grant.source)?;
        let content = config.content.as_ref().or_else(|| variables.get(&config.environment))?;
        Some(put(grant, "/", content.clone()))
    });
    secrets.chain(configs).collect()
}
