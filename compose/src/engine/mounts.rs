//! What is mounted into a container, and what is put into it before it starts.

use std::{collections::BTreeMap, fmt};

use longshore_api::ops::spec::{BindOptions, CreateBody, ImageOptions, Mount, TmpfsOptions, VolumeOptions};

use serde_json::{Value as Json, json};

use super::Maker;
use crate::model::{self, Project, Service, VolumeMount};

impl Maker<'_> {
    pub(super) fn mounts(&self, body: &mut CreateBody) {
        for tmpfs in &self.service.tmpfs {
            let (path, options) = tmpfs.split_once(':').unwrap_or((tmpfs, ""));
            body.host.tmpfs.insert(path.to_owned(), options.to_owned());
        }
        for mount in &self.service.volumes {
            match self.bind(mount) {
                Some(bind) => body.host.binds.push(bind),
                None => body.host.mounts.push(self.mount(mount)),
            }
        }
        for (grant, file) in granted_files(self.project, self.service) {
            let taken = self.service.volumes.iter().any(|mount| mount.target == grant);
            if !taken {
                let kind = "bind".to_owned();
                let mount = Mount {
                    kind,
                    source: file.to_owned(),
                    target: grant,
                    read_only: true,
                    ..Mount::default()
                };
                body.host.mounts.push(mount);
            }
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

/// The secrets and configs that are files of the host, by where they are in the container.
fn granted_files<'a>(project: &'a Project, service: &'a Service) -> Vec<(String, &'a str)> {
    let secrets = service.secrets.iter().filter_map(|grant| {
        let secret = project.secrets.get(&grant.source)?;
        Some((target(grant, SECRETS), secret.file.as_str()))
    });
    let configs = service.configs.iter().filter_map(|grant| {
        let config = project.configs.get(&grant.source)?;
        Some((target(grant, "/"), config.file.as_str()))
    });
    secrets.chain(configs).filter(|(_, file)| !file.is_empty()).collect()
}

/// A file that is put into a container before it starts: a secret or a config that is no file of the host.
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

/// The digest of the files that are put into a service's containers, by which a later plan sees that they differ; nothing,
/// if there are none. It is keyed, so that nobody who reads the label can try values against it.
pub(super) fn digest(project: &Project, service: &Service) -> Option<String> {
    let files = injected(project, service, &project.variables);
    let each = files.iter().map(|it| json!([it.target, it.content, it.mode, it.uid, it.gid]));
    let all = Json::Array(each.collect());
    (!files.is_empty()).then(|| project.key.digest(&all.to_string()))
}

fn owner(asked: &str, of_service: Option<&str>) -> u64 {
    let asked = if asked.is_empty() { of_service.unwrap_or_default() } else { asked };
    asked.parse().unwrap_or(0)
}

/// The files that are put into a service's containers. What comes from a variable that is not set is left out.
pub fn injected(project: &Project, service: &Service, variables: &BTreeMap<String, String>) -> Vec<Injected> {
    let put = |grant: &model::Grant, folder: &str, content: String| Injected {
        target: target(grant, folder),
        content,
        mode: grant.mode.map_or(0o444, |mode| mode.0),
        uid: owner(&grant.uid, service.user.split(':').next()),
        gid: owner(&grant.gid, service.user.split(':').nth(1)),
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
