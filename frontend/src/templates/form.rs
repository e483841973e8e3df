//! The form of a template: where, under which name, and the answers to its questions.

use std::{collections::BTreeMap, time::Duration};

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use longshore_api::{
    sentence::Sentence,
    web::{
        access::Sharing,
        create::{CheckContainer, CheckedContainer, WantedPort},
        stack::StackPlan,
    },
    words::say,
};
use longshore_compose::load::project_name_of;
use longshore_templates::{
    fill,
    variable::{Kind, Variable, port},
    volumes,
    web::{OneTemplate, Resolved, TemplateKind},
};

use crate::{
    api::{self, Failure},
    parts::memo,
    session::{Session, session},
};

/// What is typed is asked about when it rests this long.
const REST: Duration = Duration::from_millis(250);

/// A question with its answer.
#[derive(Clone, Copy)]
pub(super) struct Question {
    pub(super) variable: StoredValue<Variable>,
    pub(super) answer: RwSignal<String>,
}

/// What is filled in, and what is known of it. In the context of the page.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) one: StoredValue<OneTemplate>,
    pub(super) host: RwSignal<String>,
    pub(super) name: RwSignal<String>,
    pub(super) questions: StoredValue<Vec<Question>>,
    /// The volumes that it makes, each with the one that is there already and taken instead; empty where none is.
    pub(super) volumes: RwSignal<Vec<(String, RwSignal<String>)>>,
    /// What the host said of name and ports last.
    pub(super) checked: RwSignal<CheckedContainer>,
    /// What would be deployed, as the server said.
    pub(super) resolved: RwSignal<Option<Resolved>>,
    /// What would be made of a stack, as the server planned it last.
    pub(super) plan: RwSignal<Option<StackPlan>>,
    /// The stacks that are on the host.
    pub(super) stacks: RwSignal<Vec<String>>,
    /// Stacks of which no release was ever applied, with the newest of those: a first try that is gone on with.
    pub(super) left: RwSignal<BTreeMap<String, u64>>,
    /// The secrets that were made for what was begun, by host and name.
    pub(super) made: StoredValue<BTreeMap<(String, String), BTreeMap<String, String>>>,
    /// Whether secrets of a try before this page are gone on with, which nobody is told.
    pub(super) keeps: RwSignal<bool>,
    /// Who else may see what is deployed.
    pub(super) sharing: RwSignal<Sharing>,
    /// The teams among them.
    pub(super) teams: RwSignal<Vec<String>>,
    /// The job that deploys it.
    pub(super) job: RwSignal<Option<String>>,
    pub(super) failure: RwSignal<Option<Failure>>,
    pub(super) busy: RwSignal<bool>,
    pub(super) session: Session,
    /// Of the page: what is made later lives as long.
    pub(super) owner: StoredValue<Owner>,
}

impl Form {
    /// The form of a template, with what it proposes.
    pub(super) fn new(one: OneTemplate) -> Self {
        let proposed = fill::proposal(&one.template, &|_, _| false);
        let asked = one.template.variables.iter().filter(|variable| variable.asked);
        let questions = asked.map(|variable| Question {
            answer: RwSignal::new(proposed.get(&variable.name).cloned().unwrap_or_default()),
            variable: StoredValue::new(variable.clone()),
        });
        let name = match project_name_of(&one.template.name) {
            name if name.is_empty() => "app".to_owned(),
            name => name,
        };
        Self {
            volumes: RwSignal::new(chosen_of(volumes::named(&one.template))),
            questions: StoredValue::new(questions.collect()),
            one: StoredValue::new(one),
            host: RwSignal::new(String::new()),
            name: RwSignal::new(name),
            checked: RwSignal::default(),
            resolved: RwSignal::new(None),
            plan: RwSignal::new(None),
            stacks: RwSignal::default(),
            left: RwSignal::default(),
            made: StoredValue::default(),
            keeps: RwSignal::new(false),
            sharing: RwSignal::default(),
            teams: RwSignal::default(),
            job: RwSignal::new(None),
            failure: RwSignal::new(None),
            busy: RwSignal::new(false),
            session: session(),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        }
    }

    /// What it deploys.
    pub(super) fn kind(self) -> TemplateKind {
        self.one.with_value(|one| one.row.kind)
    }

    /// The ports of the host that are asked for, each with its protocol.
    fn ports(self) -> Vec<WantedPort> {
        let wanted = |question: &Question| {
            let Kind::Port { protocol } = question.variable.with_value(|variable| variable.kind.clone())
            else {
                return None;
            };
            let port = question.answer.with(|answer| port(answer.trim()))?;
            Some(WantedPort { ip: String::new(), port, protocol: protocol.word().to_owned() })
        };
        self.questions.with_value(|all| all.iter().filter_map(wanted).collect())
    }

    /// What is wrong with an answer: what the server said of it, or what is plain to see.
    pub(super) fn wrong(self, question: Question) -> Option<Sentence> {
        let answer = question.answer.get();
        let name = question.variable.with_value(|variable| variable.name.clone());
        let said = self.resolved.with(|resolved| {
            let refused = &resolved.as_ref()?.refused;
            refused.iter().find(|one| one.variable == name).map(|one| one.why.clone())
        });
        let plain = || {
            let check = question.variable.with_value(|variable| variable.check(&answer));
            check.err().filter(|_| !answer.is_empty()).map(|why| why.sentence())
        };
        said.or_else(plain)
    }

    /// Another name: what was deployed by the one before is its own affair from now on.
    pub(super) fn call(self, name: String) {
        let before = self.name.get_untracked();
        self.name.set(name);
        if self.job.with_untracked(Option::is_some) {
            self.stacks.update(|stacks| stacks.push(before));
            self.job.set(None);
        }
        self.forget();
    }

    /// Another answer: what was said of the one before is old.
    pub(super) fn type_in(self, question: Question, text: String) {
        question.answer.set(text);
        let name = question.variable.with_value(|variable| variable.name.clone());
        // What was said of the other answers still holds.
        let others = self.resolved.with_untracked(|resolved| {
            let refused = resolved.iter().flat_map(|it| &it.refused);
            refused.filter(|one| one.variable != name).cloned().collect::<Vec<_>>()
        });
        self.forget();
        if !others.is_empty() {
            self.resolved.set(Some(Resolved { refused: others, ..Resolved::default() }));
        }
    }

    /// What was resolved no longer holds.
    pub(super) fn forget(self) {
        if self.resolved.with_untracked(Option::is_some) {
            self.resolved.set(None);
        }
        if self.plan.with_untracked(Option::is_some) {
            self.plan.set(None);
        }
        if self.failure.with_untracked(Option::is_some) {
            self.failure.set(None);
        }
    }

    /// Asks the host about the name and the ports whenever they rest. The first time, proposed ports that somebody has give
    /// way to the next that are free, and so does the name of a container.
    pub(super) fn check_live(self) {
        let rest = StoredValue::new(None::<TimeoutHandle>);
        let given_way = StoredValue::new(String::new());
        let question = memo(move || (self.host.get(), self.name.get(), self.ports()));
        Effect::new(move |_| {
            let (host, name, ports) = question.get();
            if let Some(waiting) = rest.get_value() {
                waiting.clear();
            }
            if host.is_empty() {
                return;
            }
            let is_first = given_way.with_value(|of| *of != host);
            if is_first && self.kind() == TemplateKind::Stack {
                self.look_for_stacks(host.clone());
            }
            let ask = move || {
                leptos::task::spawn_local(async move {
                    let asked = CheckContainer { name, image: String::new(), ports };
                    let Ok(checked) = api::check_container(&host, &asked).await else { return };
                    let is_now = question.try_with_untracked(|now| {
                        now.0 == host && now.1 == asked.name && now.2 == asked.ports
                    });
                    if is_now != Some(true) {
                        return;
                    }
                    if is_first {
                        given_way.set_value(host);
                        self.give_way(&checked);
                    }
                    self.checked.set(checked);
                });
            };
            match is_first {
                true => ask(),
                false => rest.set_value(set_timeout_with_handle(ask, REST).ok()),
            }
        });
    }

    /// A name that no stack has, where one has the name.
    pub(super) fn free_name_of_stack(self) -> Option<String> {
        let name = self.name.get_untracked();
        self.stacks.with(|stacks| {
            let mut others = (2..).map(|n| format!("{name}-{n}"));
            stacks.contains(&name).then(|| others.find(|name| !stacks.contains(name)))?
        })
    }

    /// A name that is free, where somebody has the name.
    pub(super) fn free_name(self) -> Option<String> {
        self.name.track();
        match self.kind() {
            TemplateKind::Container => {
                self.checked.with(|checked| checked.name.is_some().then(|| checked.free_name.clone()))
            }
            TemplateKind::Stack | TemplateKind::Swarm => self.free_name_of_stack(),
        }
    }

    fn give_way(self, checked: &CheckedContainer) {
        if self.kind() == TemplateKind::Container && checked.name.is_some() {
            self.name.set(checked.free_name.clone());
        }
        self.questions.with_value(|all| {
            for question in all {
                let Some(held) = self.held(*question, checked) else { continue };
                if held.1 != 0 {
                    question.answer.set(held.1.to_string());
                }
            }
        });
    }

    /// Who has the port that is the answer to a question, and the next one that is free.
    pub(super) fn held(self, question: Question, checked: &CheckedContainer) -> Option<(String, u16)> {
        let Kind::Port { protocol } = question.variable.with_value(|variable| variable.kind.clone()) else {
            return None;
        };
        let port = question.answer.with_untracked(|answer| port(answer.trim()))?;
        let held = checked.ports.iter().find(|held| held.port == port && held.protocol == protocol.word())?;
        Some((held.by.clone(), held.next))
    }

    /// What is wrong with the name: ours, or the server's.
    pub(super) fn name_wrong(self) -> Option<Sentence> {
        let name = self.name.get();
        let is_container = self.kind() == TemplateKind::Container;
        if !is_container && (name.is_empty() || project_name_of(&name) != name) {
            return Some(say::deploy_name_invalid());
        }
        if self.free_name().is_some() {
            return Some(say::name_taken_already(&name));
        }
        self.failure
            .with(|failure| failure.as_ref().filter(|why| why.field() == Some("name")).map(Failure::sentence))
    }
}

/// Volumes of which each is made.
pub(super) fn chosen_of(names: Vec<String>) -> Vec<(String, RwSignal<String>)> {
    names.into_iter().map(|name| (name, RwSignal::new(String::new()))).collect()
}

/// From the context.
pub(super) fn form() -> Form {
    expect_context()
}
