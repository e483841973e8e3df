//! A project with every field of the specification, in canonical form: what short forms stand for, paths absolute, spans
//! and sizes as numbers. The names are the specification's own; what it says of a field is not repeated here.
#![expect(missing_docs, reason = "the fields are those of the specification, by its names")]

mod build;
mod deploy;
mod resources;
mod service;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::hash::Key;

pub use build::Build;
pub use deploy::{
    Deploy, DeviceRequest, Discrete, Generic, Limits, Placement, Preference, Reservations, Resources,
    RestartPolicy, Update,
};
pub use resources::{Config, Ipam, Model, Network, Pool, Secret, Volume};
pub use service::{
    Bind, Blkio, Credential, Dependency, Develop, Device, EnvFile, Grant, Health, Hook, ImageMount, Logging,
    Port, Provider, Service, ServiceModel, ServiceNetwork, Throttle, Tmpfs, VolumeMount, VolumeOptions,
    Watch, Weight,
};
pub use values::{Hosts, Mode, Ulimit};

/// Keys that begin with `x-`, and whatever stands beneath them.
pub type Extra = BTreeMap<String, Json>;

/// Names with texts.
pub type Pairs = BTreeMap<String, String>;

/// Names with texts, or nothing where the value was to come from around and is not there.
pub type MaybePairs = BTreeMap<String, Option<String>>;

/// A struct of the specification: each field may be left out, and is left out of what is written if it says nothing.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident : $kind:ty,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $($(#[$field_meta])* #[serde(default, skip_serializing_if = "crate::model::unsaid")] pub $field: $kind,)*
            /// Keys that begin with `x-`.
            #[serde(flatten)]
            pub extra: $crate::model::Extra,
        }
    };
}
pub(crate) use record;

/// Whether a value is what it is when nothing is said.
pub(crate) fn unsaid<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A project: all that belongs together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Project {
    pub name: String,
    #[serde(default)]
    pub services: BTreeMap<String, Service>,
    #[serde(default, skip_serializing_if = "unsaid")]
    pub networks: BTreeMap<String, Network>,
    #[serde(default, skip_serializing_if = "unsaid")]
    pub volumes: BTreeMap<String, Volume>,
    #[serde(default, skip_serializing_if = "unsaid")]
    pub secrets: BTreeMap<String, Secret>,
    #[serde(default, skip_serializing_if = "unsaid")]
    pub configs: BTreeMap<String, Config>,
    #[serde(default, skip_serializing_if = "unsaid")]
    pub models: BTreeMap<String, Model>,
    /// Services that no active profile has.
    #[serde(skip)]
    pub disabled: BTreeMap<String, Service>,
    /// The profiles of system calls that services name by their files, as the engine takes them.
    #[serde(skip)]
    pub seccomp: BTreeMap<String, String>,
    /// The variables that secrets and configs are made of, as far as they are set.
    #[serde(skip)]
    pub variables: BTreeMap<String, String>,
    /// What digests in labels are keyed with, where they are of secrets.
    #[serde(skip)]
    pub key: Key,
    /// Services that have a secret variable's value somewhere: their configuration's hash is keyed too.
    #[serde(skip)]
    pub veiled: BTreeSet<String>,
    /// What is in files of the project's folder that services name, where that is known; by their path on the host.
    #[serde(skip)]
    pub beside: BTreeMap<String, String>,
    /// Whether such a file is put into a container where it is mounted read-only, and not mounted. Secrets and configs are
    /// put into it in any case.
    #[serde(skip)]
    pub puts_mounts: bool,
    /// The project's folder on the host.
    #[serde(skip)]
    pub working_dir: String,
    /// Its files on the host.
    #[serde(skip)]
    pub files: Vec<String>,
    /// Keys that begin with `x-`.
    #[serde(flatten)]
    pub extra: Extra,
}
