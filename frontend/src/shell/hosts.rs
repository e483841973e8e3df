//! The hosts that the viewer may see, live, for all pages.

use std::rc::Rc;

use leptos::prelude::*;
use longshore_api::web::{
    host::{Host, Link},
    live::Topic,
    problem::Problem,
};

use serde::Deserialize;

use crate::live::{Body, Listener, Live};

/// The hosts, in the context; none before the first answer.
#[derive(Clone, Copy)]
pub(crate) struct Hosts(RwSignal<Option<Vec<Host>>>);

impl Hosts {
    pub(super) fn start(live: Live) -> Self {
        let hosts = Self(RwSignal::new(None));
        live.subscribe(Topic::Hosts, Rc::new(hosts));
        hosts
    }

    /// All of them, by name; none before the first answer.
    pub(crate) fn all(self) -> Vec<Host> {
        self.0.get().unwrap_or_default()
    }

    /// One of them.
    pub(crate) fn one(self, slug: &str) -> Option<Host> {
        self.0.with(|hosts| hosts.as_ref()?.iter().find(|host| host.slug == slug).cloned())
    }

    /// What a host is called; its slug as long as nobody knows.
    pub(crate) fn name(self, slug: &str) -> String {
        self.one(slug).map_or_else(|| slug.to_owned(), |host| host.name)
    }

    /// The host that lists are limited to: the chosen one, or the only one.
    pub(crate) fn chosen(self, slug: Option<String>) -> Option<Host> {
        match slug {
            Some(slug) => self.one(&slug),
            None => self.0.with(|hosts| match hosts.as_deref() {
                Some([only]) => Some(only.clone()),
                _ => None,
            }),
        }
    }

    /// The host that something is done on before another is chosen: the one that lists are limited to, else the first
    /// that answers.
    pub(crate) fn first(self, only: Option<String>) -> String {
        let chosen = self.chosen(only).map(|host| host.slug);
        chosen
            .or_else(|| self.all().into_iter().map(|host| host.slug).find(|slug| self.answers(slug)))
            .unwrap_or_default()
    }

    /// Whether a host's engine answers, so that something can be done on it.
    pub(crate) fn answers(self, slug: &str) -> bool {
        self.0.with(|hosts| {
            hosts.iter().flatten().any(|host| host.slug == slug && matches!(host.link, Link::Up { .. }))
        })
    }

    /// Where this browser reaches the host's machine: the name it reaches us by, where the engine is beside us.
    pub(crate) fn address(self, slug: &str) -> String {
        let given =
            self.one(slug).and_then(|host| host.engine).map(|engine| engine.address).unwrap_or_default();
        let remote =
            given.strip_prefix("tcp://").and_then(|rest| rest.rsplit_once(':')).map(|(name, _)| name);
        match remote {
            Some(name) => name.to_owned(),
            None => window().location().hostname().unwrap_or_default(),
        }
    }

    /// The page that a published port of a host may have.
    pub(crate) fn page_at(self, slug: &str, port: u16) -> String {
        format!("http://{}:{port}", self.address(slug))
    }

    /// How many do not answer.
    pub(crate) fn unreachable(self) -> usize {
        self.0.with(|hosts| {
            hosts.iter().flatten().filter(|host| matches!(host.link, Link::Down { .. })).count()
        })
    }
}

/// What the line says of them, always the whole.
#[derive(Deserialize)]
struct Whole {
    hosts: Vec<Host>,
}

impl Listener for Hosts {
    fn snapshot(&self, whole: Body<'_>) -> Option<()> {
        self.0.set(Some(whole.read::<Whole>()?.hosts));
        Some(())
    }

    fn delta(&self, change: Body<'_>) -> Option<()> {
        self.snapshot(change)
    }

    fn refused(&self, _: Problem) {}
}

/// The hosts, from the context.
pub(crate) fn hosts() -> Hosts {
    expect_context()
}
