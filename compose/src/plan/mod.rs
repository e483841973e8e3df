//! From a project and what is on the host, what is to be done: steps that know what each of them waits for and why it is
//! taken. Nothing is done here, and nothing is asked: [`There`] is what the engine said, [`Wish`] what somebody asks for.
//! What does not differ is not touched; whether it does is decided field by field and never by a hash.

mod deed;
mod obstacle;
mod there;
mod why;
mod wish;
mod words;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::Project;

pub use deed::{Attached, Condition, Deed, Kept, Step};
pub use obstacle::Obstacle;
pub use there::{Questions, There};
pub use why::{Field, Kind, Unchanged, Warning, Why};
pub use wish::{Down, Pull, Recreate, Up, Wish};

/// What is to be done, in an order in which it can be done one step after the other; steps that do not wait for one
/// another can be done at once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Plan {
    /// The project.
    pub project: String,
    /// The steps; none waits for a later one.
    pub steps: Vec<Step>,
    /// What was looked at and stays as it is.
    pub unchanged: Vec<Unchanged>,
    /// What is good to know before it is done.
    pub warnings: Vec<Warning>,
    /// Whether images are pulled or built: which containers are made anew for them is known once they are there. Then
    /// the same wish, without its pull and build, is planned again.
    pub again: bool,
    /// The digest of all that the plan rests on: what is asked for, whole, and what was found of it.
    pub basis: String,
}

impl Plan {
    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// What the plan is known by: another one where it does anything else, does it to anything else, or rests on
    /// anything else. It is taken over values that are not told too; who must not guess at them must not be told it.
    pub fn digest(&self) -> String {
        crate::hash::digest(&serde_json::to_string(self).unwrap_or_default())
    }
}

/// Plans what is wished for. Values that are one of `secret`, or have one in them, are not told.
///
/// # Errors
/// All that stands in the way of it.
pub fn plan(
    project: &Project,
    there: &There,
    wish: &Wish,
    secret: &BTreeSet<String>,
) -> Result<Plan, Vec<Obstacle>> {
    let _ = (project, there, wish, secret);
    Err(Vec::new())
}
