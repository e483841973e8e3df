//! Jobs: long work that goes on without the page that asked for it.

use serde::{Deserialize, Serialize};

use super::{FieldMissing, Millis, container::Verb, stack::StackDeed};
use crate::sentence::Sentence;

/// `GET /jobs/{id}/earlier` answers at most so many.
pub const EARLIER: u32 = 100;
/// A job has at most so many targets.
pub const TARGETS_MAX: usize = 500;
/// [`super::live::Topic::Jobs`] and `GET /jobs` show at most so many, newest first.
pub const RECENT: u32 = 20;

/// `POST /jobs/containers`: one verb for many containers; answered 202 with [`StartedJob`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewContainerJob {
    /// What is done to each.
    pub verb: Verb,
    /// To whom: 1 to [`TARGETS_MAX`]; one named twice counts once.
    pub targets: Vec<ContainerTarget>,
}

/// `POST /hosts/{host}/containers/{id}/recreate`; answered 202 with [`StartedJob`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Recreate {
    /// With the image that its name stands for at its registry now; else with the one that it has.
    pub newer: bool,
}

/// What a job is about: in a request a container; in a job also an image, or a thing without an id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ContainerTarget {
    /// The host's slug.
    pub host: String,
    /// A container's full id (64 hex characters), an image's reference or, of a job on a stack, the stack's name; empty for a
    /// new container and a host's disk.
    pub id: String,
}

/// The answer to a new job: it has begun, or waits for its turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StartedJob {
    /// For `GET /jobs/{id}` and [`super::live::Topic::Jobs`].
    pub id: String,
}

/// A job of the caller's own (`GET /jobs`, newest first, and `GET /jobs/{id}`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Job {
    /// UUIDv7.
    pub id: String,
    /// What it does.
    pub kind: JobKind,
    /// How far it is.
    pub state: JobState,
    /// Targets that have ended, well or not.
    pub done: u32,
    /// All targets.
    pub total: u32,
    /// Those of `done` that failed or whose outcome is not known.
    pub failed: u32,
    /// Each target with what became of it, in the order of the request.
    pub targets: Vec<JobTarget>,
    /// The layers of the image that is being pulled, in the order in which the engine began with them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<Layer>,
    /// When it was asked for.
    pub created_at: Millis,
    /// When it began; not yet, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Millis>,
    /// When it ended; not yet, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Millis>,
    /// So many lines its log has had so far: whoever shows the log asks for it again when this changes.
    #[serde(default)]
    pub lines: u32,
    /// Whether `POST /jobs/{id}/again` can do what it left undone.
    #[serde(default)]
    pub again: bool,
    /// Its newest log lines, oldest first; only in `GET /jobs/{id}`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<JobLine>,
}

impl Job {
    /// Whether it has ended and left something undone.
    pub fn is_undone(&self) -> bool {
        self.state.has_ended() && self.targets.iter().any(|target| target.outcome != JobOutcome::Done)
    }

    /// Whether it has ended otherwise than it should, and nobody asked it to.
    pub fn went_wrong(&self) -> bool {
        matches!(self.state, JobState::Failed | JobState::Interrupted)
    }

    /// Brings the counts in line with the targets.
    pub fn count(&mut self) {
        let count = |of: fn(&JobOutcome) -> bool| {
            let n = self.targets.iter().filter(|target| of(&target.outcome)).count();
            u32::try_from(n).unwrap_or(u32::MAX)
        };
        let done = count(JobOutcome::has_ended);
        let failed = count(|o| matches!(o, JobOutcome::Failed { .. } | JobOutcome::Unknown));
        self.total = u32::try_from(self.targets.len()).unwrap_or(u32::MAX);
        (self.done, self.failed) = (done, failed);
    }
}

/// A layer of an image that is being pulled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Layer {
    /// Its short id.
    pub id: String,
    /// What the engine does with it, in the engine's words.
    pub doing: String,
    /// Bytes of this that are done.
    pub done: u64,
    /// All of them; 0 where that is not known.
    pub total: u64,
}

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "kebab-case", try_from = "JobKindFields")]
pub enum JobKind {
    /// One verb for many containers.
    Containers {
        /// What is done to each.
        verb: Verb,
    },
    /// An image is pulled: the one target.
    Pull,
    /// A container is made: its image and then itself are the targets.
    Create,
    /// A container made anew.
    Recreate {
        /// Of the image that its name stands for at its registry now.
        newer: bool,
    },
    /// What takes the room on a host is measured: the one target.
    DiskUse,
    /// A plan of a stack is carried out: its services, networks and volumes are the targets.
    Stack {
        /// What is done with it.
        deed: StackDeed,
    },
}

impl JobKind {
    /// Whether each target waits for the one before it, and comes to nothing without it.
    pub fn is_in_order(self) -> bool {
        matches!(self, Self::Create)
    }
}

/// [`JobKind`] as it is read, see [`super`].
#[derive(Deserialize)]
struct JobKindFields {
    kind: JobKindName,
    verb: Option<Verb>,
    newer: Option<bool>,
    deed: Option<StackDeed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum JobKindName {
    Containers,
    Pull,
    Create,
    Recreate,
    DiskUse,
    Stack,
}

impl TryFrom<JobKindFields> for JobKind {
    type Error = FieldMissing;

    fn try_from(fields: JobKindFields) -> Result<Self, FieldMissing> {
        Ok(match fields.kind {
            JobKindName::Containers => Self::Containers { verb: fields.verb.ok_or(FieldMissing)? },
            JobKindName::Pull => Self::Pull,
            JobKindName::Create => Self::Create,
            JobKindName::Recreate => Self::Recreate { newer: fields.newer.ok_or(FieldMissing)? },
            JobKindName::DiskUse => Self::DiskUse,
            JobKindName::Stack => Self::Stack { deed: fields.deed.ok_or(FieldMissing)? },
        })
    }
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum JobState {
    /// Waits for its turn.
    Queued,
    /// Under way.
    Running,
    /// Ended, every target well.
    Done,
    /// Ended, at least one target not.
    Failed,
    /// Ended by a person, or because the right of whoever asked is gone; what was done stays done.
    Cancelled,
    /// The server ended in the middle of it.
    Interrupted,
}

impl JobState {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled, Self::Interrupted];

    /// The word on the wire and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Interrupted => "interrupted",
        }
    }

    /// The state of a word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether nothing more happens.
    pub fn has_ended(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// A target of a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobTarget {
    /// The host's slug.
    pub host: String,
    /// As in [`ContainerTarget`].
    pub id: String,
    /// The name when the job was made: a container's, an image's, a host's; its id where nobody knew it.
    pub name: String,
    /// What became of it.
    pub outcome: JobOutcome,
}

/// What became of a target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "outcome", rename_all = "kebab-case", try_from = "JobOutcomeFields")]
pub enum JobOutcome {
    /// Not begun.
    Waiting,
    /// Under way.
    Running,
    /// As asked, or it was so already.
    Done,
    /// Refused or failed.
    Failed {
        /// Why, in a sentence that a person can act on.
        why: Sentence,
        /// The engine's own words, if it was the engine that refused.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        engine: Option<String>,
    },
    /// Not begun: the job was cancelled or interrupted before, or the target before it, which it waits for, failed.
    Skipped,
    /// Begun, and the server ended before the answer came.
    Unknown,
}

/// [`JobOutcome`] as it is read, see [`super`].
#[derive(Deserialize)]
struct JobOutcomeFields {
    outcome: JobOutcomeName,
    why: Option<Sentence>,
    engine: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum JobOutcomeName {
    Waiting,
    Running,
    Done,
    Failed,
    Skipped,
    Unknown,
}

impl TryFrom<JobOutcomeFields> for JobOutcome {
    type Error = FieldMissing;

    fn try_from(fields: JobOutcomeFields) -> Result<Self, FieldMissing> {
        Ok(match fields.outcome {
            JobOutcomeName::Waiting => Self::Waiting,
            JobOutcomeName::Running => Self::Running,
            JobOutcomeName::Done => Self::Done,
            JobOutcomeName::Failed => {
                Self::Failed { why: fields.why.ok_or(FieldMissing)?, engine: fields.engine }
            }
            JobOutcomeName::Skipped => Self::Skipped,
            JobOutcomeName::Unknown => Self::Unknown,
        })
    }
}

impl JobOutcome {
    /// Whether nothing more happens to the target.
    pub fn has_ended(&self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }
}

/// A line of a job's log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobLine {
    /// When.
    pub at: Millis,
    /// The target it is about, by its place in [`Job::targets`]; the job as a whole, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<u32>,
    /// What happened.
    pub what: Sentence,
    /// The engine's own words, if it was the engine that refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
}
