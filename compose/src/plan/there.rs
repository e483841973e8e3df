//! What is on the host, as the engine says it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::{
    labels,
    model::{Project, Service},
    names,
};

/// What is on the host: inspections, as the engine gives them.
#[derive(Clone, Debug, Default)]
pub struct There {
    /// Those of the project by their label, those for one command too, and those that have a name of
    /// [`Questions::containers`].
    pub containers: Vec<Json>,
    /// Those that have a name of [`Questions::networks`], and those of the project by their label.
    pub networks: Vec<Json>,
    /// Those that have a name of [`Questions::volumes`], and those of the project by their label.
    pub volumes: Vec<Json>,
    /// Those of [`Questions::images`] by that reference, and those of the project's containers by their id.
    pub images: BTreeMap<String, Json>,
    /// The engine's `/info`, where it is known: what it does where nothing is asked for.
    pub info: Json,
}

impl There {
    /// All containers.
    pub fn all(&self) -> impl Iterator<Item = Container<'_>> {
        self.containers.iter().map(Container)
    }

    /// The containers of a project.
    pub fn of<'a>(&'a self, project: &'a str) -> impl Iterator<Item = Container<'a>> {
        self.all().filter(move |it| it.label(labels::PROJECT) == project)
    }

    /// The container of a full id, of its first twelve digits, or of a name.
    pub fn container(&self, reference: &str) -> Option<Container<'_>> {
        let reference = reference.trim_start_matches('/');
        let short = |it: &Container<'_>| reference.len() >= 12 && it.id().starts_with(reference);
        let named = self.all().find(|it| it.name() == reference);
        named.or_else(|| self.all().find(short))
    }

    /// The networks of a name, or the one of an id.
    pub fn networks_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Json> {
        self.networks.iter().filter(move |it| it["Name"] == name || it["Id"] == name)
    }

    /// The volume of a name.
    pub fn volume(&self, name: &str) -> Option<&Json> {
        self.volumes.iter().find(|it| it["Name"] == name)
    }

    /// The image of a reference or of an id.
    pub fn image(&self, reference: &str) -> Option<&Json> {
        self.images.get(reference).or_else(|| self.images.values().find(|it| it["Id"] == reference))
    }
}

/// A label of a network or a volume.
pub(super) fn label<'a>(thing: &'a Json, key: &str) -> &'a str {
    thing["Labels"][key].as_str().unwrap_or_default()
}

/// A container that is there.
#[derive(Clone, Copy, Debug)]
pub struct Container<'a>(pub &'a Json);

impl<'a> Container<'a> {
    /// Its id.
    pub fn id(self) -> &'a str {
        self.0["Id"].as_str().unwrap_or_default()
    }

    /// Its name.
    pub fn name(self) -> &'a str {
        self.0["Name"].as_str().unwrap_or_default().trim_start_matches('/')
    }

    /// One of its labels; empty, if it has none such.
    pub fn label(self, key: &str) -> &'a str {
        self.0["Config"]["Labels"][key].as_str().unwrap_or_default()
    }

    /// The service that it says it is of.
    pub fn service(self) -> &'a str {
        self.label(labels::SERVICE)
    }

    /// Which of its service's it is; 0, if it does not say so.
    pub fn number(self) -> u64 {
        self.label(labels::NUMBER).parse().unwrap_or(0)
    }

    /// Whether it was made for one command.
    pub fn is_one_off(self) -> bool {
        self.label(labels::ONE_OFF).eq_ignore_ascii_case("true")
    }

    /// The id of its image.
    pub fn image(self) -> &'a str {
        self.0["Image"].as_str().unwrap_or_default()
    }

    /// The engine's word for how it is.
    pub fn status(self) -> &'a str {
        self.0["State"]["Status"].as_str().unwrap_or_default()
    }

    /// Whether its process is there, or is about to be again.
    pub fn is_up(self) -> bool {
        matches!(self.status(), "running" | "restarting" | "paused")
    }

    /// Whether it is paused.
    pub fn is_paused(self) -> bool {
        self.status() == "paused"
    }

    /// Whether it can be started no more.
    pub fn is_dead(self) -> bool {
        matches!(self.status(), "dead" | "removing")
    }

    /// How it ended; nothing, if it never ran.
    pub fn exit_code(self) -> Option<i64> {
        let ran = !matches!(self.status(), "created" | "configured" | "initialized");
        self.0["State"]["ExitCode"].as_i64().filter(|_| ran)
    }

    /// The names of its networks with the ids that they had when it was put on them.
    pub fn networks(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let all = self.0["NetworkSettings"]["Networks"].as_object();
        all.into_iter()
            .flatten()
            .map(|(name, it)| (name.as_str(), it["NetworkID"].as_str().unwrap_or_default()))
    }

    /// What is mounted into it.
    pub fn mounts(self) -> impl Iterator<Item = &'a Json> {
        self.0["Mounts"].as_array().into_iter().flatten()
    }

    /// The containers whose networks, processes, memory or volumes it shares, as it names them.
    pub fn shares(self) -> impl Iterator<Item = &'a str> {
        let host = &self.0["HostConfig"];
        let modes = ["NetworkMode", "PidMode", "IpcMode"].into_iter();
        let modes = modes.filter_map(move |key| host[key].as_str()?.strip_prefix("container:"));
        let from = host["VolumesFrom"].as_array().into_iter().flatten().filter_map(Json::as_str);
        modes.chain(from.map(|from| from.split(':').next().unwrap_or_default()))
    }
}

/// By which names the image of a service may be known: `docker-compose` 1 wrote those of built ones otherwise.
pub(super) fn spellings(project: &Project, name: &str, service: &Service) -> Vec<String> {
    let image = names::image(&project.name, name, service);
    let old = service.image.is_empty().then(|| format!("{}_{name}", project.name));
    [image].into_iter().chain(old).collect()
}

/// What an engine has to be asked before a plan is made, besides what bears the project's label.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Questions {
    /// Names of containers.
    pub containers: BTreeSet<String>,
    /// Names of networks.
    pub networks: BTreeSet<String>,
    /// Names of volumes.
    pub volumes: BTreeSet<String>,
    /// References of images.
    pub images: BTreeSet<String>,
}

impl Questions {
    /// What is asked for a project, with so many containers of a service where the wish says how many.
    pub fn of(project: &Project, scale: &BTreeMap<String, u64>) -> Self {
        let mut all = Self::default();
        for (name, service) in &project.services {
            let count = scale.get(name).copied().unwrap_or_else(|| service.replicas());
            // A project of more is not planned.
            let left = super::MOST.saturating_sub(all.containers.len() as u64);
            let each =
                (1..=count.min(left)).map(|number| names::container(&project.name, name, service, number));
            all.containers.extend(each);
            all.images.extend(spellings(project, name, service));
        }
        all.networks.extend(project.networks.values().map(|it| it.name.clone()));
        all.volumes.extend(project.volumes.values().map(|it| it.name.clone()));
        all
    }
}
