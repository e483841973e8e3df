//! Stacks: what belongs together on a host by the labels of `docker compose`, and the files that we keep for it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Millis,
    access::{ShareWith, Whose},
    adopt::DriftHead,
    container::State,
};
use crate::sentence::Sentence;

/// All files and variables of a stack have together at most so many bytes.
pub const SOURCE_MAX: usize = 1024 * 1024;
/// A stack has at most so many files.
pub const FILES_MAX: usize = 100;
/// A request with a source has at most so many bytes: JSON writes a line end as two.
pub const REQUEST_MAX: usize = 3 * 1024 * 1024;
/// A release says of itself at most so many bytes.
pub const MESSAGE_MAX: usize = 500;

/// The stacks of a host (`GET /hosts/{host}/stacks`), by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stacks {
    /// Those that whoever asks may see.
    pub stacks: Vec<StackRow>,
}

/// A stack, as far as whoever asks may see it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StackRow {
    /// The project's name.
    pub name: String,
    /// How many of its services have containers.
    pub services: u32,
    /// How many containers it has, without those for a single command.
    pub containers: u32,
    /// Those of them that run.
    pub running: u32,
    /// Those of them that are in trouble.
    pub failing: u32,
    /// The newest release, for who may read it; absent also where another tool made the stack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<ReleaseHead>,
    /// Whether its release was applied, nobody took it down through us, and nothing of it is there.
    #[serde(default)]
    pub gone: bool,
    /// Whether it was changed by hand since, where somebody has looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<DriftHead>,
    /// Whose all of its containers are that may be seen, where they are of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whose: Option<Whose>,
}

/// What a release is, in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReleaseHead {
    /// From 1. The newest 200 of a stack are kept, and the newest that was applied.
    pub number: u64,
    /// Who made it.
    pub author: String,
    /// What they said of it.
    pub message: String,
    /// When it was asked for.
    pub at: Millis,
    /// What became of it.
    pub state: ReleaseState,
    /// The job that applied it.
    pub job: String,
    /// Which images its services ran, once it was applied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<ReleaseImage>,
}

/// An image of a release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReleaseImage {
    /// The service.
    pub service: String,
    /// By which reference.
    pub image: String,
    /// Its id, or the digest by which its registry knows it.
    pub digest: String,
    /// Whether no registry knows it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub local: bool,
}

/// What became of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseState {
    /// It is being applied.
    Applying,
    /// All of it was done.
    Applied,
    /// It was begun and not finished; what was done stays.
    Failed,
    /// It was begun, failed, and what was before is back.
    Undone,
}

impl ReleaseState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Applying, Self::Applied, Self::Failed, Self::Undone];

    /// The word on the wire and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::Failed => "failed",
            Self::Undone => "undone",
        }
    }

    /// The state of a word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// One stack (`GET /hosts/{host}/stacks/{stack}`, and live).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stack {
    /// The same as in the list.
    pub row: StackRow,
    /// Whether there is such a stack at all.
    pub is_there: bool,
    /// Whether whoever asks may read its files, plan and apply: they may deploy on the host, and see all of it.
    pub may_deploy: bool,
    /// Whether they may forget it: it is theirs, or they manage the host.
    #[serde(default)]
    pub may_forget: bool,
    /// Its services that have containers, by name.
    pub services: Vec<StackService>,
    /// The ids of the networks that its containers are on, by name, as far as they may be seen.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub networks: BTreeMap<String, String>,
}

/// A service of a stack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StackService {
    /// Its name.
    pub name: String,
    /// Its containers, by name.
    pub containers: Vec<StackContainer>,
}

/// A container of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StackContainer {
    /// Its full id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its image, as it was asked for.
    pub image: String,
    /// How it is.
    pub state: State,
    /// Of the last run, where there was one that ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i64>,
    /// Since when it is in its state, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Millis>,
    /// The ports of the host that lead to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<u16>,
    /// The services of the stack that it waits for when it starts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// The networks that it is on, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<String>,
    /// The volumes that are mounted in it, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<String>,
    /// Whether it was made for a single command, and is none of those that run on.
    #[serde(default)]
    pub once: bool,
}

/// What a stack is made of, as somebody writes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StackSource {
    /// The files by their path from the stack's folder.
    pub files: BTreeMap<String, String>,
    /// Which of them are compose files, each laid over the ones before; found by the usual names, if empty.
    #[serde(default)]
    pub main: Vec<String>,
    /// Active profiles.
    #[serde(default)]
    pub profiles: Vec<String>,
    /// The variables that the files are filled in with.
    #[serde(default)]
    pub variables: Vec<Variable>,
}

/// A variable of a stack.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value; a secret one is never answered, and keeps the value that it has where none is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Whether it is secret.
    #[serde(default)]
    pub secret: bool,
}

/// What is to be done with a stack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StackWish {
    /// What.
    pub deed: StackDeed,
    /// The services that it is done to; all, if empty.
    #[serde(default)]
    pub services: Vec<String>,
    /// Up: makes anew also what does not differ.
    #[serde(default)]
    pub recreate: bool,
    /// Up: asks the registries for newer images, whatever the file says.
    #[serde(default)]
    pub pull: bool,
    /// Up: builds images anew that are there already.
    #[serde(default)]
    pub build: bool,
    /// Up and down: removes the stack's containers that no service of the file has.
    #[serde(default)]
    pub orphans: bool,
    /// Down: removes its volumes with all that is in them.
    #[serde(default)]
    pub volumes: bool,
    /// Up: how many containers a service is to have, instead of what the file says.
    #[serde(default)]
    pub scale: BTreeMap<String, u32>,
}

impl StackWish {
    /// A verb, with nothing said besides.
    pub fn new(deed: StackDeed) -> Self {
        Self {
            deed,
            services: Vec::new(),
            recreate: false,
            pull: false,
            build: false,
            orphans: false,
            volumes: false,
            scale: BTreeMap::new(),
        }
    }
}

/// A verb on a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum StackDeed {
    /// What is in the files is made true.
    Up,
    /// Containers and networks are removed.
    Down,
    /// Containers are started.
    Start,
    /// Containers are stopped.
    Stop,
    /// Containers are restarted.
    Restart,
    /// Images are pulled.
    Pull,
    /// Images are built, also those that are there.
    Build,
}

impl StackDeed {
    /// Its word, as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Restart => "restart",
            Self::Pull => "pull",
            Self::Build => "build",
        }
    }
}

/// `POST /hosts/{host}/stacks/{stack}/plan`: what would be done, answered with [`StackPlan`]. Nothing is changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPlan {
    /// The files; those of the newest release, if absent.
    #[serde(default)]
    pub source: Option<StackSource>,
    /// The release whose secret variables are kept where the source sends none; the newest, if absent.
    #[serde(default)]
    pub base: Option<u64>,
    /// What is to be done.
    pub wish: StackWish,
}

/// What would be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StackPlan {
    /// What was found in the files, in their order. With an error among them there is no plan.
    pub findings: Vec<StackFinding>,
    /// What stands in the way of it on the host.
    pub obstacles: Vec<Sentence>,
    /// The steps by what they are about, in the order in which they begin.
    pub rows: Vec<PlanRow>,
    /// The services that stay as they are.
    pub unchanged: Vec<String>,
    /// What it is known by: applied is this very plan or none.
    pub digest: String,
    /// The files as one, filled in and written out; secret values are not in it.
    pub resolved: String,
    /// The variables that the files ask for.
    pub asked: Vec<String>,
}

/// Something that was found in a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StackFinding {
    /// What, with the way out.
    pub what: Sentence,
    /// Whether a plan is made all the same.
    pub warning: bool,
    /// The file, from the stack's folder.
    pub file: String,
    /// Its line, from 1.
    pub line: u32,
    /// Its column, from 1, in characters.
    pub column: u32,
    /// The keys that lead there: `services.web.ports.0`; empty where there are none.
    pub path: String,
}

/// Something of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanRow {
    /// Known by this within the plan. The job that applies it tells of services, networks and volumes by their names.
    pub key: String,
    /// What is done.
    pub act: PlanAct,
    /// To what.
    pub on: PlanThing,
    /// What that is called on the host.
    pub name: String,
    /// The service that it belongs to; empty where there is none.
    pub service: String,
    /// Why.
    pub why: Vec<Sentence>,
    /// What differs.
    pub fields: Vec<PlanField>,
    /// The keys of the steps that it waits for.
    pub after: Vec<String>,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PlanAct {
    /// An image is pulled.
    Pull,
    /// It is made.
    Create,
    /// It is made anew; the old one goes when all is done.
    Replace,
    /// It is removed.
    Remove,
    /// It is started.
    Start,
    /// It is stopped.
    Stop,
    /// It is restarted.
    Restart,
    /// It is waited for.
    Wait,
}

/// What a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PlanThing {
    /// A container.
    Container,
    /// A network.
    Network,
    /// A volume.
    Volume,
    /// An image.
    Image,
    /// A service as a whole.
    Service,
}

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanField {
    /// Which: `environment.LOG_LEVEL`.
    pub path: String,
    /// What it is; absent where it is not there or not to be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// What it will be, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub will: Option<String>,
    /// Whether its values are not to be told.
    pub hidden: bool,
}

/// `POST /hosts/{host}/stacks/{stack}/apply`: what was planned is done, as a job; answered 202 with
/// [`super::job::StartedJob`], or 409 where the plan of now is not the one that was shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApplyPlan {
    /// As it was planned.
    pub plan: NewPlan,
    /// [`StackPlan::digest`].
    pub digest: String,
    /// What the release says of itself.
    #[serde(default)]
    pub message: String,
    /// What is done where a step fails.
    #[serde(default)]
    pub on_failure: OnFailure,
    /// The release that it returns to, if that is what it is: said in the audit log and in its message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returns_to: Option<u64>,
    /// With whom the services, networks and volumes are shared that it makes; as the stack is, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<ShareWith>,
}

/// What is done where a step fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum OnFailure {
    /// What was done is taken back.
    #[default]
    Undo,
    /// What was done stays, nothing more is begun.
    Stop,
}

/// The releases of a stack, newest first (`GET /hosts/{host}/stacks/{stack}/releases`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Releases {
    /// All that are kept: [`ReleaseHead::number`] says which.
    pub releases: Vec<ReleaseHead>,
}

/// One release with what it was made of (`POST /hosts/{host}/stacks/{stack}/releases/{number}`); secret variables
/// without their values. It leaves a row in the audit log: files may hold secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Release {
    /// What it is.
    pub head: ReleaseHead,
    /// What it was made of.
    pub source: StackSource,
}
