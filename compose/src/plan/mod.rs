//! From a project and what is on the host, what is to be done: steps that know what each of them waits for and why it is
//! taken. Nothing is done here, and nothing is asked: [`There`] is what the engine said, [`Wish`] what somebody asks for.
//! What does not differ is not touched; whether it does is decided field by field and never by a hash.

mod compare;
mod deed;
mod down;
mod draft;
mod obstacle;
mod there;
mod up;
mod verbs;
mod why;
mod wish;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{model::Project, order};
use draft::Draft;

pub use deed::{Attached, Condition, Deed, Kept, Step};
pub use obstacle::Obstacle;
pub use there::{Container, Questions, There};
pub use why::{Field, Kind, Unchanged, Warning, Why};
pub use wish::{Down, Pull, Recreate, Up, Wish};

/// A service has at most so many containers, and all services of a project together.
pub const MOST: u64 = 1000;

/// What is said of a project that has more services, or is to have more containers, than are looked at. The engine need
/// not be asked about one of those.
pub fn too_many(project: &Project, wish: &Wish) -> Option<Obstacle> {
    let nothing = BTreeMap::new();
    let scale = match wish {
        Wish::Up(up) => &up.scale,
        _ => &nothing,
    };
    let up = matches!(wish, Wish::Up(_));
    let each = project.services.iter().map(|(name, service)| {
        let count = scale.get(name).copied().unwrap_or_else(|| service.replicas());
        // More of one than there can be is said of that one.
        if up { count.clamp(1, MOST) } else { 1 }
    });
    let count = each.sum::<u64>() + project.disabled.len() as u64;
    (count > MOST).then_some(Obstacle::TooManyInAll { count, most: MOST })
}

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
    /// the same wish is planned again, with [`Pull::Never`] and no build: policies that pull or build each time are not
    /// followed twice.
    pub again: bool,
    /// The digest of all that the plan rests on: what is asked for, whole, and what was found of it.
    pub basis: String,
}

impl Plan {
    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Changes whenever the steps, their objects or the state that they were planned from change. It covers the values of
    /// secrets too: do not show it to anyone who may not guess at them.
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
    let scaled;
    let project = match wish {
        Wish::Up(up) if !up.scale.is_empty() => {
            scaled = scale(project, up);
            &scaled
        }
        _ => project,
    };
    if let Some(obstacle) = too_many(project, wish) {
        return Err(vec![obstacle]);
    }
    let mut draft = Draft::new(project, there);
    if let Some(services) = order::cycle(project) {
        draft.obstacle(Obstacle::Circle { services });
        return draft.finish(wish);
    }
    // What no active profile has can be stopped, and is not made.
    let makes = matches!(wish, Wish::Up(_) | Wish::Pull { .. } | Wish::Build { .. });
    for service in wish.services() {
        let disabled = !makes && project.disabled.contains_key(service);
        if !project.services.contains_key(service) && !disabled {
            draft.obstacle(Obstacle::NoSuchService { service: service.clone() });
        }
    }
    match wish {
        Wish::Up(it) => up::plan(&mut draft, it, secret),
        Wish::Down(it) => down::plan(&mut draft, it),
        Wish::Start { services } => verbs::start(&mut draft, services),
        Wish::Stop { services } => verbs::stop(&mut draft, services),
        Wish::Restart { services } => verbs::restart(&mut draft, services),
        Wish::Pull { services } => verbs::pull(&mut draft, services),
        Wish::Build { services } => verbs::build(&mut draft, services),
    }
    draft.finish(wish)
}

/// A project with so many containers of its services as are asked for.
fn scale(project: &Project, up: &Up) -> Project {
    let mut project = project.clone();
    for (name, scale) in &up.scale {
        if let Some(service) = project.services.get_mut(name) {
            service.scale = Some(*scale);
        }
    }
    project
}
