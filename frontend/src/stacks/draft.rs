//! What is being written: files, variables, and what becomes of them.

use std::{collections::BTreeMap, time::Duration};

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use longshore_api::web::{
    adopt::SaveContainers,
    stack::{
        NewPlan, Release, ReleaseState, Stack, StackDeed, StackFinding, StackPlan, StackSource, StackWish,
        Variable,
    },
};

use super::{check, feed};
use crate::{
    api::{self, Failure},
    jobs::{Jobs, jobs},
    session::{Session, session},
};

/// The file that a stack begins with.
pub(super) const MAIN: &str = "compose.yaml";
/// What is typed is planned once nothing was typed for so long.
const PAUSE: Duration = Duration::from_millis(700);

/// The stack of the page and its draft. In its context.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    pub(super) host: StoredValue<String>,
    pub(super) name: StoredValue<String>,
    /// How it is, live.
    pub(super) stack: RwSignal<Option<Stack>>,
    pub(super) files: RwSignal<BTreeMap<String, String>>,
    /// The one that is shown.
    pub(super) open: RwSignal<String>,
    pub(super) variables: RwSignal<Vec<Variable>>,
    main: StoredValue<Vec<String>>,
    profiles: StoredValue<Vec<String>>,
    /// The release that the draft was made of.
    pub(super) base: RwSignal<Option<u64>>,
    /// What it was made of, to tell what was changed since.
    was: RwSignal<StackSource>,
    /// Rises where the text of the open file comes from elsewhere than its editor.
    pub(super) anew: RwSignal<u32>,
    pub(super) findings: RwSignal<Vec<StackFinding>>,
    pub(super) plan: RwSignal<Option<StackPlan>>,
    pub(super) planning: RwSignal<bool>,
    pub(super) failure: RwSignal<Option<Failure>>,
    pub(super) wish: RwSignal<StackWish>,
    /// The release that it returns to, while nothing was changed.
    pub(super) returns_to: RwSignal<Option<u64>>,
    /// What does on a command line what was done last.
    pub(super) line: RwSignal<Option<String>>,
    pub(super) session: Session,
    jobs: Jobs,
    asked: StoredValue<u32>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

/// What is asked for where nothing else is.
pub(super) fn up() -> StackWish {
    StackWish { orphans: true, ..StackWish::new(StackDeed::Up) }
}

impl Draft {
    /// Follows the stack and reads its newest release, if there is one.
    pub(super) fn start(host: String, name: String) -> Self {
        let stack = feed::stack(host.clone(), name.clone());
        let draft = Self {
            host: StoredValue::new(host),
            name: StoredValue::new(name),
            stack,
            files: RwSignal::new(BTreeMap::from([(MAIN.to_owned(), String::new())])),
            open: RwSignal::new(MAIN.to_owned()),
            variables: RwSignal::default(),
            main: StoredValue::default(),
            profiles: StoredValue::default(),
            base: RwSignal::new(None),
            was: RwSignal::default(),
            anew: RwSignal::new(0),
            findings: RwSignal::default(),
            plan: RwSignal::new(None),
            planning: RwSignal::new(false),
            failure: RwSignal::new(None),
            wish: RwSignal::new(up()),
            returns_to: RwSignal::new(None),
            line: RwSignal::new(None),
            session: session(),
            jobs: jobs(),
            asked: StoredValue::new(0),
            timer: StoredValue::default(),
        };
        let newest = Memo::new(move |_| {
            stack.with(|stack| stack.as_ref().and_then(|it| it.row.release.as_ref().map(|head| head.number)))
        });
        Effect::new(move |_| {
            // A newer one does not take away what is being written.
            if let Some(number) = newest.get()
                && draft.base.get_untracked() != Some(number)
                && !draft.is_changed_untracked()
            {
                draft.read(number, false);
            }
        });
        let applying = Memo::new(move |_| draft.applying());
        Effect::new(move |before: Option<Option<u64>>| {
            let now = applying.get();
            // While it goes on there is nothing to compare with; then there is something else than before.
            if before.is_some_and(|before| before != now) {
                untrack(|| draft.look());
            }
            now
        });
        draft
    }

    /// What is being written, as the server takes it.
    pub(super) fn source(self) -> StackSource {
        StackSource {
            files: self.files.get_untracked(),
            main: self.main.get_value(),
            profiles: self.profiles.get_value(),
            variables: self.variables.get_untracked(),
        }
    }

    /// Whether it is other than the release that it was made of.
    pub(super) fn is_changed(self) -> bool {
        self.files.track();
        self.variables.track();
        self.was.track();
        self.is_changed_untracked()
    }

    fn is_changed_untracked(self) -> bool {
        let source = self.source();
        let untouched =
            source.files.values().all(|text| text.trim().is_empty()) && source.variables.is_empty();
        !untouched && self.was.with_untracked(|was| *was != source)
    }

    /// Takes what was written back: the newest release is what there is.
    pub(super) fn discard(self) {
        let was = self.was.get_untracked();
        self.base.set(self.newest());
        self.take(was);
    }

    /// The number of the newest release.
    fn newest(self) -> Option<u64> {
        self.stack.with_untracked(|stack| {
            stack.as_ref().and_then(|it| it.row.release.as_ref().map(|head| head.number))
        })
    }

    /// The release that is being applied, which nothing can be planned beside.
    pub(super) fn applying(self) -> Option<u64> {
        let head = self.stack.with(|stack| stack.as_ref().and_then(|it| it.row.release.clone()))?;
        let goes_on = head.state == ReleaseState::Applying
            && self.jobs.one(&head.job).is_none_or(|job| !job.state.has_ended());
        goes_on.then_some(head.number)
    }

    /// Reads a release into the draft; to return to it, if that is meant.
    pub(super) fn read(self, number: u64, to_return: bool) {
        let session = self.session;
        leptos::task::spawn_local(async move {
            let answer = api::release(&self.host.get_value(), &self.name.get_value(), number).await;
            match answer {
                Ok(Release { source, .. }) => {
                    if !to_return {
                        self.was.try_set(source.clone());
                    }
                    if self.base.try_set(Some(number)).is_some() {
                        return;
                    }
                    self.take(source);
                    self.returns_to.set(to_return.then_some(number));
                }
                Err(why) => {
                    session.noticed(&why);
                    _ = self.failure.try_set(Some(why));
                }
            }
        });
    }

    /// Whether another tool made the stack, and nothing of it is kept yet.
    pub(super) fn is_others(self) -> bool {
        self.stack.with(|stack| {
            stack.as_ref().is_some_and(|it| it.is_there && it.row.release.is_none() && it.row.containers > 0)
        })
    }

    /// Whether what is planned takes over what another tool made, as it is.
    pub(super) fn adopts(self) -> bool {
        self.is_others() && self.plan.with(|plan| plan.as_ref().is_none_or(|plan| plan.rows.is_empty()))
    }

    /// Writes containers that run into the draft.
    pub(super) fn save_from(self, containers: &str) {
        let session = self.session;
        let containers = containers.split(',').map(str::to_owned).collect();
        let form = SaveContainers { containers, name: String::new() };
        leptos::task::spawn_local(async move {
            match api::saved_containers(&self.host.get_value(), &form).await {
                Ok(saved) if self.base.try_get_untracked() == Some(None) => self.take(saved.source),
                Ok(_) => {}
                Err(why) => {
                    session.noticed(&why);
                    _ = self.failure.try_set(Some(why));
                }
            }
        });
    }

    /// Puts other files in the place of what was written.
    pub(super) fn take(self, source: StackSource) {
        let StackSource { mut files, main, profiles, variables } = source;
        if files.is_empty() {
            files.insert(MAIN.to_owned(), String::new());
        }
        let first = main.first().or_else(|| files.keys().next()).cloned().unwrap_or_else(|| MAIN.to_owned());
        self.main.set_value(main);
        self.profiles.set_value(profiles);
        self.variables.set(variables);
        if !files.contains_key(&self.open.get_untracked()) {
            self.open.set(first);
        }
        self.files.set(files);
        self.anew.update(|anew| *anew = anew.wrapping_add(1));
        self.changed();
    }

    /// Something was typed into a file.
    pub(super) fn typed(self, text: String) {
        let open = self.open.get_untracked();
        self.files.update(|files| _ = files.insert(open, text));
        self.changed();
    }

    /// Something was changed: what there is now is checked, and planned after a pause.
    pub(super) fn changed(self) {
        // What was edited is no return any more.
        self.returns_to.set(None);
        // The plan that is shown is of what was there before.
        self.planning.set(true);
        let source = self.source();
        self.findings.set(check::findings(&self.name.get_value(), &source));
        if let Some(before) = self.timer.get_value() {
            before.clear();
        }
        let later = set_timeout_with_handle(move || self.look(), PAUSE).ok();
        self.timer.set_value(later);
    }

    /// What is asked of the server.
    pub(super) fn question(self) -> NewPlan {
        NewPlan {
            source: Some(self.source()),
            base: self.base.get_untracked(),
            wish: self.wish.get_untracked(),
        }
    }

    /// What is written was handed over: it is what the stack is made of from now on.
    pub(super) fn settled(self) {
        self.was.set(self.source());
        self.returns_to.set(None);
        self.base.set(Some(self.newest().unwrap_or_default() + 1));
    }

    /// Asks what would be done.
    pub(super) fn look(self) {
        let Some(asked) = self.asked.try_update_value(|asked| {
            *asked = asked.wrapping_add(1);
            *asked
        }) else {
            return;
        };
        let empty = self.files.with_untracked(|files| files.values().all(|text| text.trim().is_empty()));
        if empty || untrack(|| self.applying()).is_some() {
            self.planning.set(false);
            self.plan.set(None);
            return;
        }
        self.planning.set(true);
        let question = self.question();
        let session = self.session;
        leptos::task::spawn_local(async move {
            let answer = api::plan_stack(&self.host.get_value(), &self.name.get_value(), &question).await;
            // An older answer says nothing of what is written now.
            if self.asked.try_get_value() != Some(asked) {
                return;
            }
            self.planning.set(false);
            match answer {
                Ok(plan) => {
                    self.failure.set(None);
                    self.plan.set(Some(plan));
                }
                Err(why) => {
                    session.noticed(&why);
                    self.plan.set(None);
                    self.failure.set(Some(why));
                }
            }
        });
    }
}

/// The draft, from the context.
pub(super) fn draft() -> Draft {
    expect_context()
}
