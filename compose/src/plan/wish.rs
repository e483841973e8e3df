//! What somebody asks for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What somebody asks for. Without services it is asked for all of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "wish", rename_all = "kebab-case")]
pub enum Wish {
    /// Bring the project up.
    Up(Up),
    /// Take it down.
    Down(Down),
    /// Start containers, and those that they wait for.
    Start {
        /// Of which services.
        services: Vec<String>,
    },
    /// That containers do not run.
    Stop {
        /// Of which services.
        services: Vec<String>,
    },
    /// That containers begin anew, and those that are restarted with them.
    Restart {
        /// Of which services.
        services: Vec<String>,
    },
    /// That images are pulled.
    Pull {
        /// Of which services.
        services: Vec<String>,
    },
    /// That images are built, also those that are there.
    Build {
        /// Of which services.
        services: Vec<String>,
    },
}

impl Wish {
    /// The services that are named.
    pub fn services(&self) -> &[String] {
        match self {
            Self::Up(up) => &up.services,
            Self::Down(_) => &[],
            Self::Start { services }
            | Self::Stop { services }
            | Self::Restart { services }
            | Self::Pull { services }
            | Self::Build { services } => services,
        }
    }
}

/// Bring the project up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Up {
    /// These services and those that they wait for; all, if empty.
    pub services: Vec<String>,
    /// What is made anew.
    pub recreate: Recreate,
    /// What is pulled.
    pub pull: Pull,
    /// Whether images are built although they are there.
    pub build: bool,
    /// How many containers services have, over what the project says.
    pub scale: BTreeMap<String, u64>,
    /// Whether containers of the project that no service has are removed.
    pub remove_orphans: bool,
    /// Whether containers are started, and not only made.
    pub start: bool,
}

impl Default for Up {
    fn default() -> Self {
        Self {
            services: Vec::new(),
            recreate: Recreate::default(),
            pull: Pull::default(),
            build: false,
            scale: BTreeMap::new(),
            remove_orphans: false,
            start: true,
        }
    }
}

/// What is made anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Recreate {
    /// What differs from what it is to be.
    #[default]
    WhatDiffers,
    /// Every container.
    Always,
}

/// What is pulled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Pull {
    /// As `pull_policy` of each service says: what is missing, if it says nothing.
    #[default]
    AsPolicySays,
    /// Every image that is not built.
    Always,
    /// Nothing; and nothing is built that is there, whatever its policy says.
    Never,
}

/// That what the project has made is gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Down {
    /// Whether its volumes go too, with all that is in them.
    pub volumes: bool,
    /// Whether its containers that no service has go too.
    pub orphans: bool,
}
