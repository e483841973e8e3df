//! The steps of a plan.

use serde::{Deserialize, Serialize};

use super::Why;

/// A step of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Step {
    /// What it is known by within the plan, and by the same from plan to plan: `container/web/2`, `network/front`,
    /// `volume/data`, `pull/nginx:1`, `build/web`, `wait/db/healthy`, `remove/NAME-OF-A-CONTAINER`.
    pub key: String,
    /// The keys of the steps that are done before it.
    pub after: Vec<String>,
    /// What is done.
    pub deed: Deed,
    /// Why.
    pub why: Vec<Why>,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "deed", rename_all = "kebab-case")]
pub enum Deed {
    /// An image is pulled.
    PullImage {
        /// By which reference.
        image: String,
        /// `os/arch[/variant]`; the engine's own, if empty.
        platform: String,
        /// For which services.
        services: Vec<String>,
    },
    /// An image is built.
    BuildImage {
        /// What it will be called.
        image: String,
        /// The service that says how.
        service: String,
    },
    /// A network is made.
    CreateNetwork {
        /// Its key in the project.
        network: String,
        /// Its name.
        name: String,
    },
    /// A network is made anew: what is on it is taken off, it is removed, and made. The containers that are made anew
    /// are put on it by their own steps; others are put back on by this one.
    RecreateNetwork {
        /// Its key in the project.
        network: String,
        /// The old one's id.
        id: String,
        /// Its name.
        name: String,
        /// What is on the old one.
        attached: Vec<Attached>,
    },
    /// A network is removed.
    RemoveNetwork {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
    },
    /// A volume is made.
    CreateVolume {
        /// Its key in the project.
        volume: String,
        /// Its name.
        name: String,
    },
    /// A volume is removed with all that is in it.
    RemoveVolume {
        /// Its name.
        name: String,
    },
    /// A container is made.
    CreateContainer {
        /// Its service.
        service: String,
        /// Which of the service's it is.
        number: u64,
        /// Its name.
        name: String,
        /// Its image.
        image: String,
        /// Whether it is started too.
        start: bool,
    },
    /// A container is made anew. The old one is stopped and renamed, and removed when the new one is there.
    RecreateContainer {
        /// Its service.
        service: String,
        /// Which of the service's it is.
        number: u64,
        /// The old one's id.
        id: String,
        /// The old one's name.
        was: String,
        /// The new one's name.
        name: String,
        /// Its image.
        image: String,
        /// Volumes without a name of their own that the new one is given.
        keep_volumes: Vec<Kept>,
        /// Whether the new one is started too.
        start: bool,
    },
    /// A container is started.
    StartContainer {
        /// Its service.
        service: String,
        /// Its id.
        id: String,
        /// Its name.
        name: String,
    },
    /// A paused container goes on.
    UnpauseContainer {
        /// Its service.
        service: String,
        /// Its id.
        id: String,
        /// Its name.
        name: String,
    },
    /// A container is stopped.
    StopContainer {
        /// Its service.
        service: String,
        /// Its id.
        id: String,
        /// Its name.
        name: String,
    },
    /// A container is restarted.
    RestartContainer {
        /// Its service.
        service: String,
        /// Its id.
        id: String,
        /// Its name.
        name: String,
    },
    /// A container is stopped if it runs, and removed once all else is done.
    RemoveContainer {
        /// The service that it says it is of; empty, if none.
        service: String,
        /// Its id.
        id: String,
        /// Its name.
        name: String,
        /// Whether volumes without a name of their own go with it.
        volumes: bool,
    },
    /// The containers of a service are waited for.
    WaitFor {
        /// Which service.
        service: String,
        /// Until what.
        condition: Condition,
        /// Whether those that wait do not begin if it does not come true.
        required: bool,
    },
}

/// What is waited for. That a container is started needs no waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// Each is healthy.
    Healthy,
    /// Each has ended, and well.
    Completed,
}

impl Condition {
    /// That of a word of `depends_on`; nothing, where it is enough that it is started.
    pub(super) fn of(word: &str) -> Option<Self> {
        match word {
            "service_healthy" => Some(Self::Healthy),
            "service_completed_successfully" => Some(Self::Completed),
            _ => None,
        }
    }

    /// The key of the step that waits for it.
    pub(super) fn key(self, service: &str, required: bool) -> String {
        let condition = match self {
            Self::Healthy => "healthy",
            Self::Completed => "completed",
        };
        format!("wait/{service}/{condition}{}", if required { "" } else { "/optional" })
    }
}

/// What the key of a step begins with that removes a container.
pub(super) const REMOVAL: &str = "remove/";

/// The key of the step that removes a container of this name.
pub(super) fn removal_key(name: &str) -> String {
    format!("{REMOVAL}{name}")
}

impl Step {
    /// Whether it waits for the removal of a container of this name, so that the name is free by then. What is removed may
    /// be there until all else is done: whoever carries the plan out has it leave its name before.
    pub fn takes_name(&self, name: &str) -> bool {
        self.after.contains(&removal_key(name))
    }
}

/// The key of the step that pulls an image.
pub(super) fn pull_key(image: &str, platform: &str) -> String {
    if platform.is_empty() { format!("pull/{image}") } else { format!("pull/{image}@{platform}") }
}

/// The key of the step that builds the image of a service.
pub(super) fn build_key(service: &str) -> String {
    format!("build/{service}")
}

/// A container on a network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attached {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is put back on, as it was: it is not made anew by a step of its own.
    pub back: bool,
}

/// A volume without a name of its own that a new container is given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Kept {
    /// Where it is in the container.
    pub target: String,
    /// What the engine calls it.
    pub volume: String,
    /// Whether it cannot be written there.
    pub read_only: bool,
}
