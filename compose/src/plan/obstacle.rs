//! What stands in the way of a plan.

use serde::{Deserialize, Serialize};

/// What stands in the way of a plan, with the way out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Obstacle {
    /// A service is asked for that is not there.
    #[error("there is no service `{service}`")]
    NoSuchService {
        /// Which.
        service: String,
    },
    /// Services wait for one another.
    #[error("these services wait for one another in a circle: {}", .services.join(" -> "))]
    Circle {
        /// The circle, the first one at both ends.
        services: Vec<String>,
    },
    /// What a service asks for is not done here.
    #[error("`{key}` of `{service}` is not supported")]
    Unsupported {
        /// The service.
        service: String,
        /// What it asks for.
        key: String,
    },
    /// A service uses what a container of another has, and there is to be none.
    #[error("`{service}` needs a container of `{needs}`, and there is to be none")]
    NothingToShare {
        /// The service.
        service: String,
        /// The other one.
        needs: String,
    },
    /// A container has the name that one of the project is to have.
    #[error("the name `{name}` that `{service}` needs is taken by a container{}; remove or rename it", of(.project))]
    NameTaken {
        /// The service.
        service: String,
        /// The name.
        name: String,
        /// Whose it is.
        id: String,
        /// The project of that container; empty, if none.
        project: String,
    },
    /// An external network is not there.
    #[error("the external network `{name}` is not there; make it, or remove `external` from `{network}`")]
    NetworkMissing {
        /// Its key in the project.
        network: String,
        /// Its name.
        name: String,
    },
    /// A network by the name that is wanted was not made for this one of the project.
    #[error("the network `{name}` was made{}, not for `{network}` of this one; write `external: true` if it is meant, or another `name`", made(.project))]
    NetworkNotOurs {
        /// The key in the project.
        network: String,
        /// The name.
        name: String,
        /// The project that it was made for; empty, if none.
        project: String,
    },
    /// Several networks have the name that is wanted.
    #[error("{count} networks are named `{name}`; remove or rename those that `{network}` is not")]
    NetworkAmbiguous {
        /// The key in the project.
        network: String,
        /// The name.
        name: String,
        /// How many.
        count: usize,
    },
    /// A network has to be made anew, and a container that is not the project's is on it.
    #[error(
        "the network `{name}` has to be made anew, and `{container}`, which is not of this project, is on it; take it off first"
    )]
    NetworkInUse {
        /// The key in the project.
        network: String,
        /// The name.
        name: String,
        /// The container.
        container: String,
    },
    /// An external volume is not there.
    #[error("the external volume `{name}` is not there; make it, or remove `external` from `{volume}`")]
    VolumeMissing {
        /// Its key in the project.
        volume: String,
        /// Its name.
        name: String,
    },
    /// An image is not there and must not be pulled.
    #[error(
        "the image `{image}` of `{service}` is not there and is not to be pulled; pull it first, or change `pull_policy`"
    )]
    ImageMissing {
        /// The service.
        service: String,
        /// The image.
        image: String,
    },
    /// An image is to be built, and nothing says how.
    #[error("the image of `{service}` is to be built, and the service has no `build`")]
    NoBuild {
        /// The service.
        service: String,
    },
    /// A service has more containers than are made.
    #[error("{scale} containers of `{service}` are too many; there can be {most}")]
    TooMany {
        /// The service.
        service: String,
        /// How many there are to be.
        scale: u64,
        /// How many there can be.
        most: u64,
    },
    /// The services have more containers together than a project can have.
    #[error("{count} containers are too many; there can be {most}")]
    TooManyInAll {
        /// How many there are to be, one for each service at least.
        count: u64,
        /// How many there can be.
        most: u64,
    },
    /// Several containers cannot have one name.
    #[error("{scale} containers of `{service}` cannot all be named `{name}`; remove `container_name`")]
    ScaleNamed {
        /// The service.
        service: String,
        /// The name.
        name: String,
        /// How many there are to be.
        scale: u64,
    },
    /// Several containers cannot have one port of the host.
    #[error(
        "{scale} containers of `{service}` cannot all have port {port} of the host; publish a range, or no port"
    )]
    ScalePort {
        /// The service.
        service: String,
        /// The port or the range.
        port: String,
        /// How many there are to be.
        scale: u64,
    },
    /// A service has no container that could be started.
    #[error("`{service}` has no container; bring it up")]
    NoContainer {
        /// The service.
        service: String,
    },
}

/// "of the project x", if it is of one.
fn of(project: &str) -> String {
    if project.is_empty() { String::new() } else { format!(" of the project `{project}`") }
}

fn made(project: &str) -> String {
    if project.is_empty() { " by somebody else".to_owned() } else { format!(" for the project `{project}`") }
}
