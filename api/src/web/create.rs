//! A container that is to be made: what the form sends, and what it is told while it is filled in.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{access::ShareWith, container::State};
use crate::{
    ops::spec::{ContainerSpec, once},
    sentence::Sentence,
};

/// The form has at most so many bytes: an engine starts nothing with more in its environment.
pub const NEW_CONTAINER_MAX: usize = 2 * 1024 * 1024;

/// `POST /hosts/{host}/containers`: a container is made, its image pulled before where that is wanted; answered 202 with
/// [`super::job::StartedJob`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewContainer {
    /// Its name; one after its image, if empty.
    #[serde(default)]
    pub name: String,
    /// `os/arch[/variant]` of the image; the engine's own, if empty.
    #[serde(default)]
    pub platform: String,
    /// When the image is pulled: `always`, `missing`, `never`; `missing`, if empty.
    #[serde(default)]
    pub pull: String,
    /// Whether it is started.
    pub start: bool,
    /// With whom it is shared; with nobody whom its name is not shared with, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<ShareWith>,
    /// The body of the engine's create.
    #[serde(deserialize_with = "once::deserialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub body: Value,
}

impl NewContainer {
    /// What a spec asks for.
    pub fn of(spec: &ContainerSpec, start: bool) -> Self {
        Self {
            name: spec.name.clone(),
            platform: spec.platform.clone(),
            pull: spec.pull.clone(),
            start,
            share: None,
            body: spec.to_body(),
        }
    }

    /// The spec that it is.
    ///
    /// # Errors
    /// As [`ContainerSpec::asked`].
    pub fn spec(self) -> Result<ContainerSpec, Sentence> {
        let spec = ContainerSpec::asked(self.body)?;
        Ok(ContainerSpec { name: self.name, platform: self.platform, pull: self.pull, ..spec })
    }
}

/// `POST /hosts/{host}/images`: an image is pulled; answered 202 with [`super::job::StartedJob`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewImage {
    /// Its reference; the tag `latest`, where it has neither tag nor digest.
    pub image: String,
    /// `os/arch[/variant]`; the engine's own, if empty.
    #[serde(default)]
    pub platform: String,
}

/// What the form asks about while it is filled in: `POST /hosts/{host}/new-container/check`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckContainer {
    /// The name.
    pub name: String,
    /// The image.
    pub image: String,
    /// Ports of the host; at most [`PORTS_MAX`].
    pub ports: Vec<WantedPort>,
}

/// So many ports are looked at.
pub const PORTS_MAX: usize = 200;

/// A port of the host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WantedPort {
    /// Its address; all, if empty.
    #[serde(default)]
    pub ip: String,
    /// The port.
    pub port: u16,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
}

/// What is known on the host, from memory.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckedContainer {
    /// Who has the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<NameHeld>,
    /// A name that is free: after the name, or after the image where there is none.
    pub free_name: String,
    /// Whether the image is here; nothing, where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_here: Option<bool>,
    /// Ports that somebody has.
    pub ports: Vec<PortHeld>,
    /// Images that are here, by tag: those that the text of the image is in.
    pub images: Vec<String>,
    /// Networks.
    pub networks: Vec<String>,
    /// Volumes with a name.
    pub volumes: Vec<String>,
}

/// Who has a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NameHeld {
    /// In which state it is.
    pub state: State,
    /// Of which stack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stack: Option<String>,
}

/// Who has a port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortHeld {
    /// Which.
    pub port: u16,
    /// Of which protocol.
    pub protocol: String,
    /// The container; empty where it is one that whoever asks does not see, or a program of the machine.
    pub by: String,
    /// The next one that nobody has, as far as one knows.
    pub next: u16,
}

/// A spec on the wire, beside what is not part of the body: the answer to `POST /hosts/{host}/containers/{id}/spec`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Spec {
    /// The name.
    pub name: String,
    /// The body of the engine's create that made it, less what the image gives.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub body: Value,
}

/// The reference of an image has at most so many bytes: 255 of its name, 128 of its tag, its digest.
pub const REFERENCE_MAX: usize = 500;

/// Name, and tag or digest, of a reference: `latest`, where it has neither. A colon before a slash is that of a
/// registry's port.
pub fn name_and_tag(reference: &str) -> (&str, &str) {
    if let Some((name, digest)) = reference.split_once('@') {
        return (name, digest);
    }
    match reference.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, tag),
        _ => (reference, "latest"),
    }
}

/// A reference with a tag: `latest`, where it has neither tag nor digest.
pub fn with_tag(image: &str) -> String {
    let last = image.rsplit('/').next().unwrap_or(image);
    if image.contains('@') || last.contains(':') { image.to_owned() } else { format!("{image}:latest") }
}

/// A reference as the engine lists it.
pub fn familiar(image: &str) -> String {
    let image = image.strip_prefix("docker.io/").unwrap_or(image);
    let image = image.strip_prefix("index.docker.io/").unwrap_or(image);
    with_tag(image.strip_prefix("library/").unwrap_or(image))
}

/// A name for a container of an image.
pub fn name_of_image(image: &str) -> String {
    let last = image.split('@').next().unwrap_or(image).rsplit('/').next().unwrap_or(image);
    let name = last.split(':').next().unwrap_or(last);
    if ContainerSpec::is_name(name) { name.to_owned() } else { "container".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_has_a_name_and_a_tag() {
        assert_eq!(name_and_tag("busybox"), ("busybox", "latest"));
        assert_eq!(name_and_tag("registry:5000/shop/web"), ("registry:5000/shop/web", "latest"));
        assert_eq!(name_and_tag("registry:5000/shop/web:1.2"), ("registry:5000/shop/web", "1.2"));
        assert_eq!(name_and_tag("web:1@sha256:aa"), ("web:1", "sha256:aa"));
    }

    #[test]
    fn a_reference_has_one_form() {
        for (written, listed) in [
            ("nginx", "nginx:latest"),
            ("docker.io/library/nginx:1", "nginx:1"),
            ("localhost:5000/a/b", "localhost:5000/a/b:latest"),
            ("docker.io/grafana/loki", "grafana/loki:latest"),
            ("a@sha256:00", "a@sha256:00"),
        ] {
            assert_eq!(familiar(written), listed);
        }
        assert_eq!(name_of_image("localhost:5000/shop/web:1@sha256:00"), "web");
        assert_eq!(name_of_image("sha256:00"), "sha256");
    }
}
