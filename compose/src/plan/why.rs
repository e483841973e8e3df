//! Why a step is taken, and what a plan says besides.

use serde::{Deserialize, Serialize};

/// Why a step is taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Why {
    /// It is asked for.
    Asked,
    /// It is not there.
    Missing,
    /// It is not what it is to be.
    Differs {
        /// In what.
        fields: Vec<Field>,
    },
    /// The name of its image stands for another image now.
    ImageNewer {
        /// The id of the container's.
        was: String,
        /// The id of that of now.
        will: String,
    },
    /// The file says that its image is pulled or built each time.
    Policy {
        /// The service's `pull_policy`.
        policy: String,
    },
    /// The image that is there is for another platform.
    OtherPlatform {
        /// For which.
        was: String,
        /// Which is asked for.
        will: String,
    },
    /// No service of the project has it.
    Orphan,
    /// Its service is to have fewer.
    ScaledDown,
    /// There is another one of its service with its number.
    Twice,
    /// It uses what another service's container has, or asks to be restarted with it, and that one is made anew.
    DependsOnRecreated {
        /// The other service.
        service: String,
    },
    /// It asks to be restarted with another service, and that one is restarted.
    DependsOnRestarted {
        /// The other service.
        service: String,
    },
    /// A network that it is on is made anew, or was.
    NetworkRecreated {
        /// The network's key in the project.
        network: String,
    },
    /// It does not run.
    Stopped {
        /// How it ended, if it ever ran.
        code: Option<i64>,
    },
    /// It is paused.
    Paused,
    /// It can be started no more.
    Dead,
    /// Others begin once it has come to that.
    WaitedFor {
        /// The services that wait.
        by: Vec<String>,
    },
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Field {
    /// Of what, by the words of a compose file: `environment.LOG_LEVEL`, `ports`, `image`.
    pub path: String,
    /// What it is; nothing, if it is not there or not told.
    pub was: Option<String>,
    /// What it is to be; nothing, if it is to be gone or is not told.
    pub will: Option<String>,
    /// Whether values are not told: they are secret, or of an environment.
    pub hidden: bool,
}

/// What something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A container.
    Container,
    /// A network.
    Network,
    /// A volume.
    Volume,
}

/// Something that stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unchanged {
    /// What it is.
    pub kind: Kind,
    /// Its service, or its key in the project.
    pub of: String,
    /// Its name.
    pub name: String,
    /// Its id; a volume's name.
    pub id: String,
}

/// What is good to know before a plan is carried out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Warning {
    /// Containers of the project that no service has stay.
    #[error("`{name}` is of this project and of no service of it; it stays unless orphans are removed")]
    Orphan {
        /// The container.
        name: String,
        /// The service that it was of.
        service: String,
    },
    /// A volume is not what the file says, and what is in it is kept.
    #[error("the volume `{name}` is not what `{volume}` says, and stays: made anew it would be empty")]
    VolumeDiffers {
        /// Its key in the project.
        volume: String,
        /// Its name.
        name: String,
        /// In what it differs.
        fields: Vec<Field>,
    },
    /// A volume by the name that is wanted was not made for this project, and is used or kept.
    #[error(
        "the volume `{name}` was not made for `{volume}` of this project; write `external: true` if it is meant"
    )]
    VolumeNotOurs {
        /// Its key in the project.
        volume: String,
        /// Its name.
        name: String,
    },
    /// A volume stays, as a container that stays uses it.
    #[error("the volume `{name}` stays: `{container}` uses it")]
    VolumeInUse {
        /// Its name.
        name: String,
        /// The container.
        container: String,
    },
    /// A network stays, as a container that stays is on it.
    #[error("the network `{name}` stays: `{container}` is on it")]
    NetworkInUse {
        /// Its name.
        name: String,
        /// The container.
        container: String,
    },
    /// A network by the name that is meant was not made for this project, and stays.
    #[error("the network `{name}` was not made for `{network}` of this project, and stays")]
    NetworkNotOurs {
        /// Its key in the project.
        network: String,
        /// Its name.
        name: String,
    },
}
