//! How an image is built.

use std::collections::BTreeMap;

use super::{Grant, Hosts, MaybePairs, Pairs, Ulimit, record};
use crate::units::Size;

record! {
    /// `build`.
    Build {
        additional_contexts: Pairs,
        args: MaybePairs,
        cache_from: Vec<String>,
        cache_to: Vec<String>,
        context: String,
        dockerfile: String,
        dockerfile_inline: String,
        entitlements: Vec<String>,
        extra_hosts: Hosts,
        isolation: String,
        labels: Pairs,
        network: String,
        no_cache: bool,
        platforms: Vec<String>,
        privileged: bool,
        provenance: String,
        pull: bool,
        sbom: String,
        secrets: Vec<Grant>,
        shm_size: Size,
        ssh: Pairs,
        tags: Vec<String>,
        target: String,
        ulimits: BTreeMap<String, Ulimit>,
    }
}

impl Build {
    /// What its Dockerfile is called.
    pub fn dockerfile_name(&self) -> &str {
        if self.dockerfile.is_empty() { "Dockerfile" } else { &self.dockerfile }
    }
}
