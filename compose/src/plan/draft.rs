//! A plan that is being made.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use super::{Deed, Kind, Obstacle, Plan, Step, There, Unchanged, Warning, Why, Wish, there::Container};
use crate::{hash, labels, model::Project};

/// A plan that is being made.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub(super) project: &'a Project,
    pub(super) there: &'a There,
    /// Containers of the project that are not for one command, by service, in the order of their numbers.
    pub(super) by_service: BTreeMap<&'a str, Vec<Container<'a>>>,
    pub(super) warnings: Vec<Warning>,
    pub(super) again: bool,
    steps: Vec<Step>,
    unchanged: Vec<Unchanged>,
    obstacles: BTreeSet<Obstacle>,
    /// What was found and the plan rests on.
    facts: BTreeSet<String>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(project: &'a Project, there: &'a There) -> Self {
        let mut by_service: BTreeMap<&str, Vec<Container<'_>>> = BTreeMap::new();
        for container in there.of(&project.name).filter(|it| !it.is_one_off()) {
            by_service.entry(container.service()).or_default().push(container);
        }
        for all in by_service.values_mut() {
            all.sort_by_key(|it| (it.number(), !it.is_up(), it.id()));
        }
        let (steps, unchanged, warnings) = Default::default();
        let (obstacles, facts) = Default::default();
        Self { project, there, by_service, warnings, again: false, steps, unchanged, obstacles, facts }
    }

    /// The containers of a service, of which the plan takes note.
    pub(super) fn containers(&mut self, service: &str) -> Vec<Container<'a>> {
        let all = self.by_service.get(service).cloned().unwrap_or_default();
        all.iter().for_each(|it| self.saw(*it));
        all
    }

    /// Takes note of a container, and not of what changes while nothing happens.
    pub(super) fn saw(&mut self, container: Container<'_>) {
        let how = match container.status() {
            "restarting" => "running",
            other => other,
        };
        let fact = format!("container {} {} {how} {}", container.id(), container.name(), container.image());
        self.facts.insert(fact);
    }

    /// Takes note of a network or a volume.
    pub(super) fn saw_thing(&mut self, thing: &Json) {
        let fact = ["Name", "Id", "CreatedAt"].map(|key| thing[key].as_str().unwrap_or_default());
        self.facts.insert(fact.join(" "));
    }

    /// Takes note of an image.
    pub(super) fn saw_image(&mut self, reference: &str, id: &str) {
        self.facts.insert(format!("image {reference} {id}"));
    }

    pub(super) fn obstacle(&mut self, obstacle: Obstacle) {
        self.obstacles.insert(obstacle);
    }

    /// Adds a step. Keys that no step has are left out of `after` in the end.
    pub(super) fn step(
        &mut self,
        key: impl Into<String>,
        after: impl IntoIterator<Item = String>,
        deed: Deed,
        why: Vec<Why>,
    ) {
        self.steps.push(Step { key: key.into(), after: after.into_iter().collect(), deed, why });
    }

    /// Lets a step wait for another.
    pub(super) fn wait(&mut self, key: &str, after: String) {
        if let Some(step) = self.steps.iter_mut().find(|step| step.key == key) {
            step.after.push(after);
        }
    }

    /// Whether a step is done after another, directly or through others.
    pub(super) fn is_after(&self, key: &str, other: &str) -> bool {
        let steps: BTreeMap<&str, &Step> = self.steps.iter().map(|step| (step.key.as_str(), step)).collect();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut next = vec![key];
        while let Some(key) = next.pop() {
            if key == other {
                return true;
            }
            if seen.insert(key) {
                next.extend(steps.get(key).into_iter().flat_map(|step| &step.after).map(String::as_str));
            }
        }
        false
    }

    pub(super) fn steps_mut(&mut self) -> &mut Vec<Step> {
        &mut self.steps
    }

    pub(super) fn unchanged(&mut self, kind: Kind, of: &str, name: &str, id: &str) {
        let [of, name, id] = [of, name, id].map(str::to_owned);
        self.unchanged.push(Unchanged { kind, of, name, id });
    }

    pub(super) fn container_unchanged(&mut self, container: Container<'_>) {
        self.unchanged(Kind::Container, container.service(), container.name(), container.id());
    }

    /// The plan, or all that stands in its way.
    pub(super) fn finish(mut self, wish: &Wish) -> Result<Plan, Vec<Obstacle>> {
        let (steps, circle) = in_order(std::mem::take(&mut self.steps));
        if !circle.is_empty() {
            self.obstacle(Obstacle::Circle { services: circle });
        }
        if !self.obstacles.is_empty() {
            return Err(self.obstacles.into_iter().collect());
        }
        self.unchanged.sort_by(|one, other| (one.kind, &one.name).cmp(&(other.kind, &other.name)));
        let (project, unchanged, warnings, again) = (self.project, self.unchanged, self.warnings, self.again);
        let read = json!([project.variables, project.beside, project.puts_mounts]);
        let beside = json!([project.working_dir, project.files, project.seccomp, project.disabled, read]);
        let basis = json!([wish, project, beside, self.facts]);
        let basis = hash::digest(&basis.to_string());
        Ok(Plan { project: project.name.clone(), steps, unchanged, warnings, again, basis })
    }
}

/// Steps so that none waits for a later one, in the order in which they were added as far as that goes; and the keys of
/// those that wait for one another.
fn in_order(mut steps: Vec<Step>) -> (Vec<Step>, Vec<String>) {
    let known: BTreeMap<String, usize> =
        steps.iter().enumerate().map(|(n, step)| (step.key.clone(), n)).collect();
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    let mut left = vec![0_usize; steps.len()];
    for (n, step) in steps.iter_mut().enumerate() {
        let unique: BTreeSet<String> = std::mem::take(&mut step.after).into_iter().collect();
        step.after = unique.into_iter().filter(|key| known.contains_key(key)).collect();
        left[n] = step.after.len();
        for other in step.after.iter().filter_map(|key| known.get(key)) {
            waiting[*other].push(n);
        }
    }
    let mut ready: BTreeSet<usize> = (0..steps.len()).filter(|n| left[*n] == 0).collect();
    let mut order = Vec::with_capacity(steps.len());
    while let Some(n) = ready.pop_first() {
        order.push(n);
        for other in &waiting[n] {
            left[*other] -= 1;
            if left[*other] == 0 {
                ready.insert(*other);
            }
        }
    }
    let circle = (0..steps.len()).filter(|n| left[*n] > 0).map(|n| steps[n].key.clone()).collect();
    let mut taken: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    (order.into_iter().filter_map(|n| taken[n].take()).collect(), circle)
}

/// Whether a network or a volume was made for this very one of the project.
pub(super) fn is_ours(project: &Project, thing: &Json, label: &str, key: &str) -> bool {
    super::there::label(thing, labels::PROJECT) == project.name && super::there::label(thing, label) == key
}
