//! What is on the host, as the engine says it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::{model::Project, names};

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
    /// What is asked for a project. `most` is how many containers a service has, where the wish scales it.
    pub fn of(project: &Project, scale: &BTreeMap<String, u64>) -> Self {
        let mut all = Self::default();
        for (name, service) in &project.services {
            let count = scale.get(name).copied().unwrap_or_else(|| service.replicas());
            let each = (1..=count).map(|number| names::container(&project.name, name, service, number));
            all.containers.extend(each);
            all.images.insert(names::image(&project.name, name, service));
        }
        all.networks.extend(project.networks.values().map(|it| it.name.clone()));
        all.volumes.extend(project.volumes.values().map(|it| it.name.clone()));
        all
    }
}
