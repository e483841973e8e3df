//! What a job does to each of its targets, and what of it is kept so that it can be done again.

use longshore_api::web::job::JobKind;

use super::JobError;
use crate::{
    creation::{Creation, Pull},
    stacks::Apply,
};

/// A spec that is larger is not kept for another try: what many jobs keep must stay small.
const KEPT_MAX: usize = 256 * 1024;

/// What is done to each target.
pub(super) enum Deed {
    /// What the job's kind says.
    Kind,
    /// It is pulled.
    Pull(Pull),
    /// First its image is seen to, then it is made.
    Create(Box<Creation>),
    /// What takes its room is measured.
    Measure,
    /// A plan of a stack is carried out.
    Stack(Box<Apply>),
}

impl Deed {
    /// As it is written down. The environment of a new container holds secrets: a spec is kept in memory only.
    pub(super) fn written(&self) -> Result<Option<String>, JobError> {
        Ok(match self {
            Self::Kind | Self::Create(_) | Self::Measure | Self::Stack(_) => None,
            Self::Pull(pull) => Some(serde_json::to_string(pull)?),
        })
    }

    /// What was written down, of a job of this kind.
    pub(super) fn read(kind: JobKind, written: Option<&str>) -> Option<Self> {
        match kind {
            JobKind::Containers { .. } | JobKind::Recreate { .. } => Some(Self::Kind),
            // A row of an older build, or of a newer one: then it cannot be done again.
            JobKind::Pull => serde_json::from_str(written?).ok().map(Self::Pull),
            JobKind::DiskUse => Some(Self::Measure),
            JobKind::Create | JobKind::Stack { .. } => None,
        }
    }

    /// Whether it is small enough to be kept for as long as the job is remembered.
    pub(super) fn is_small(&self) -> bool {
        match self {
            Self::Kind | Self::Pull(_) | Self::Measure => true,
            // What is there has changed since it was planned: it is planned anew, on its page.
            Self::Stack(_) => false,
            Self::Create(creation) => {
                serde_json::to_vec(&creation.spec.to_engine()).is_ok_and(|spec| spec.len() <= KEPT_MAX)
            }
        }
    }
}
