//! From a template and answers to what is to be deployed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    container::compose,
    refusal::{Refusal, Refused},
    secret,
    template::{Deploys, StackFile, Template},
    variable::{Kind, Protocol, Variable},
    words::Words,
};

/// What comes from outside: chance, and what the host has.
pub struct Around<'a> {
    /// Fills bytes with chance, good enough for keys.
    pub random: &'a mut dyn FnMut(&mut [u8]),
    /// Whether something on the host has a port.
    pub taken: &'a dyn Fn(u16, Protocol) -> bool,
}

/// What is to be deployed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Filled {
    /// The stack's file, or where it is.
    pub file: StackFile,
    /// Whether it needs a manager of a swarm.
    pub swarm: bool,
    /// The stack's variables.
    pub variables: BTreeMap<String, String>,
    /// Which of them are kept sealed.
    pub sealed: BTreeSet<String>,
    /// Which of them were made rather than entered.
    pub made: BTreeSet<String>,
    /// The pages that there are when all runs.
    pub pages: Vec<Page>,
}

/// A page of what was deployed. The host's name is known to who shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// What the link says; its address, if empty.
    pub label: Words,
    /// `http` or `https`.
    pub scheme: String,
    /// The port of the host.
    pub port: u16,
    /// The path.
    pub path: String,
}

/// Checks answers and says what is to be deployed. What is not answered is what is proposed: the default, a free port, a
/// secret that is made.
///
/// # Errors
/// All invalid answers.
pub fn fill(
    template: &Template,
    answers: &BTreeMap<String, String>,
    around: &mut Around<'_>,
) -> Result<Filled, Vec<Refused>> {
    let mut refused = Vec::new();
    let mut variables = BTreeMap::new();
    let mut made = BTreeSet::new();
    for name in answers.keys() {
        if template.variable(name).is_none_or(|variable| !variable.asked) {
            refused.push(Refused { variable: name.clone(), why: Refusal::NotAsked });
        }
    }
    let mut ports = Ports { taken: around.taken, given: Vec::new() };
    // What a person wrote comes before what is proposed, so that a proposal never takes a port that was asked for.
    let (written, proposed): (Vec<_>, Vec<_>) = template.variables.iter().partition(|variable| {
        variable.asked && answers.get(&variable.name).is_some_and(|answer| !answer.is_empty())
    });
    for variable in written.into_iter().chain(proposed) {
        let answer = answers.get(&variable.name).map(String::as_str).filter(|_| variable.asked);
        match one(variable, answer, &mut ports, &mut *around.random) {
            Ok((value, new)) => {
                if new {
                    made.insert(variable.name.clone());
                }
                variables.insert(variable.name.clone(), value);
            }
            Err(why) => refused.push(Refused { variable: variable.name.clone(), why }),
        }
    }
    if !refused.is_empty() {
        let order = |name: &str| template.variables.iter().position(|variable| variable.name == name);
        refused.sort_by_key(|refused| order(&refused.variable));
        return Err(refused);
    }
    let sealed =
        template.variables.iter().filter(|variable| variable.sealed).map(|variable| variable.name.clone());
    let pages = pages(template, &variables);
    let (file, swarm) = match &template.deploys {
        Deploys::Stack { file, swarm } => (file.clone(), *swarm),
        Deploys::Container(container) => {
            (StackFile::Text { text: compose(container, &template.name) }, false)
        }
    };
    Ok(Filled { file, swarm, sealed: sealed.collect(), made, pages, variables })
}

/// The pages that the template names; of a container of which none is named, what its ports lead to.
fn pages(template: &Template, variables: &BTreeMap<String, String>) -> Vec<Page> {
    let port = |variable: &str| variables.get(variable)?.parse().ok();
    let named = template.open.iter().filter_map(|open| {
        let (label, scheme, path) = (open.label.clone(), open.scheme.clone(), open.path.clone());
        Some(Page { label, scheme, port: port(&open.port)?, path })
    });
    let Deploys::Container(container) = &template.deploys else { return named.collect() };
    if !template.open.is_empty() {
        return named.collect();
    }
    let by_tcp = container.ports.iter().filter(|port| port.protocol == Protocol::Tcp);
    let led_to = by_tcp.filter_map(|it| {
        let scheme = if it.container.ends_with("443") { "https" } else { "http" };
        let port = port(it.variable.as_deref()?)?;
        Some(Page { label: Words::default(), scheme: scheme.to_owned(), port, path: "/".to_owned() })
    });
    led_to.collect()
}

/// What a form begins with: the default of each variable, and a free port for each port. Secrets are left open.
pub fn proposal(template: &Template, taken: &dyn Fn(u16, Protocol) -> bool) -> BTreeMap<String, String> {
    let mut ports = Ports { taken, given: Vec::new() };
    let mut values = BTreeMap::new();
    for variable in template.variables.iter().filter(|variable| variable.asked) {
        let value = match &variable.kind {
            Kind::Secret { .. } => continue,
            Kind::Port { protocol } => {
                variable.default.as_deref().and_then(|port| ports.propose(variable, port, *protocol).ok())
            }
            _ => variable.default.clone(),
        };
        values.insert(variable.name.clone(), value.unwrap_or_default());
    }
    values
}

/// The value of a variable, and whether it was made.
fn one(
    variable: &Variable,
    answer: Option<&str>,
    ports: &mut Ports<'_>,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<(String, bool), Refusal> {
    match (&variable.kind, answer) {
        (Kind::Secret { length, alphabet }, None | Some("")) => {
            Ok((secret::make(*length, *alphabet, random), true))
        }
        (Kind::Port { protocol }, None) => {
            let proposed = variable.default.as_deref().unwrap_or_default();
            match proposed {
                "" if variable.required => Err(Refusal::Required),
                "" => Ok((String::new(), false)),
                port => Ok((ports.propose(variable, port, *protocol)?, false)),
            }
        }
        (Kind::Port { protocol }, Some(answer)) => {
            let port = variable.check(answer)?;
            if let Ok(number) = port.parse() {
                ports.take(variable, number, *protocol)?;
            }
            Ok((port, false))
        }
        (_, None) => {
            variable.check(variable.default.as_deref().unwrap_or_default()).map(|value| (value, false))
        }
        (_, Some(answer)) => variable.check(answer).map(|value| (value, false)),
    }
}

/// The ports of the host that are gone.
struct Ports<'a> {
    taken: &'a dyn Fn(u16, Protocol) -> bool,
    given: Vec<(u16, Protocol, String)>,
}

impl Ports<'_> {
    fn owner(&self, port: u16, protocol: Protocol) -> Option<&str> {
        let found = self.given.iter().find(|(given, by, _)| *given == port && *by == protocol);
        found.map(|(.., name)| name.as_str())
    }

    /// The first that is free, from one on.
    fn free(&self, from: u16, protocol: Protocol) -> Option<u16> {
        // Below 1024 the next ones have owners by convention: there 80 becomes 8080 rather than 81.
        let mut tries = (from..=from).chain(if from < 1024 {
            from.saturating_add(8000)..=u16::MAX
        } else {
            from..=u16::MAX
        });
        tries.find(|port| self.owner(*port, protocol).is_none() && !(self.taken)(*port, protocol))
    }

    fn propose(&mut self, variable: &Variable, from: &str, protocol: Protocol) -> Result<String, Refusal> {
        let from = crate::variable::port(from).ok_or(Refusal::NotAPort)?;
        let port = self.free(from, protocol).ok_or(Refusal::NoPortFree)?;
        self.given.push((port, protocol, variable.name.clone()));
        Ok(port.to_string())
    }

    fn take(&mut self, variable: &Variable, port: u16, protocol: Protocol) -> Result<(), Refusal> {
        if let Some(other) = self.owner(port, protocol) {
            let (other, free) = (other.to_owned(), self.free(port, protocol));
            return Err(Refusal::PortTwice { port, other, free });
        }
        if (self.taken)(port, protocol) {
            return Err(Refusal::PortTaken { port, protocol, free: self.free(port, protocol) });
        }
        self.given.push((port, protocol, variable.name.clone()));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
