//! What is waited for between the containers of one service and those of another.

use std::collections::{BTreeMap, BTreeSet};

use super::Making;
use crate::{
    model::Service,
    plan::{Condition, Deed, Why},
};

/// What is waited for: the service, until what, whether it has to come true; and who waits.
pub(super) type Waits = BTreeMap<(String, Condition, bool), BTreeSet<String>>;

impl Making<'_, '_> {
    /// The keys of what a service waits for. One that is only made waits for what is made.
    pub(super) fn dependencies(&mut self, name: &str, service: &Service, start: bool) -> Vec<String> {
        let mut after = Vec::new();
        for (other, dependency) in &service.depends_on {
            if !self.can_come_true(other) {
                continue;
            }
            let condition = Condition::of(&dependency.condition);
            match condition.filter(|_| start) {
                Some(condition) => {
                    let wait = (other.clone(), condition, dependency.required);
                    after.push(condition.key(other, dependency.required));
                    self.waits.entry(wait).or_default().insert(name.to_owned());
                }
                None => after.extend(self.keys.get(other.as_str()).into_iter().flatten().cloned()),
            }
        }
        after
    }

    /// Whether it makes sense to wait for a service: it is brought up, or runs already.
    fn can_come_true(&self, service: &str) -> bool {
        let to_be = self.given.get(service).is_some_and(|all| !all.is_empty());
        let there = self.draft.by_service.get(service);
        let runs = there.is_some_and(|all| all.iter().any(|container| container.is_up()));
        self.draft.project.services.contains_key(service)
            && if self.scope.contains(service) { to_be } else { runs }
    }

    /// Adds the steps that wait. A one-shot that has completed is started again where a dependant waits for its completion.
    pub(super) fn finish_waits(&mut self) {
        // Who waits comes later than what is waited for.
        for container in std::mem::take(&mut self.done).into_iter().rev() {
            let service = container.service();
            let completed = |wait: &(&(String, Condition, bool), _)| {
                let ((other, condition, _), _) = wait;
                other == service && *condition == Condition::Completed
            };
            let by: BTreeSet<String> =
                self.waits.iter().filter(completed).flat_map(|(_, by)| by).cloned().collect();
            let Some((name, of)) = self.draft.project.services.get_key_value(service) else { continue };
            if by.is_empty() {
                self.draft.container_unchanged(container);
                continue;
            }
            let after = self.dependencies(name, of, true);
            let why = Why::WaitedFor { by: by.into_iter().collect() };
            self.start(container, after, vec![why]);
        }
        for (wait, by) in std::mem::take(&mut self.waits) {
            let after = self.keys.get(wait.0.as_str()).cloned().unwrap_or_default();
            let (service, condition, required) = wait;
            let key = condition.key(&service, required);
            let why = Why::WaitedFor { by: by.into_iter().collect() };
            self.draft.step(key, after, Deed::WaitFor { service, condition, required }, vec![why]);
        }
    }
}
