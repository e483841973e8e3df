//! What the page knows of its container: how it is now, from the live line, and what an inspection says, asked again
//! whenever the engine has told something of it.

use std::{rc::Rc, time::Duration};

use leptos::prelude::*;
use longshore_api::web::{
    container::Container,
    detail::{Detail, Followed},
    live::Topic,
    problem::Problem,
};

use super::loaded::every;
use crate::{
    api::{self, Failure},
    live::{Body, Listener, Live},
    parts::memo,
    session::{Session, session},
};

/// Health checks run without an event: their log is read again so often.
const HEALTH_EVERY: Duration = Duration::from_secs(10);

/// The container of the page. In its context.
#[derive(Clone, Copy)]
pub(super) struct One {
    host: StoredValue<String>,
    reference: StoredValue<String>,
    detail: RwSignal<Option<Detail>>,
    row: RwSignal<Option<Container>>,
    gone: RwSignal<bool>,
    stamp: RwSignal<u64>,
    failure: RwSignal<Option<Failure>>,
    /// Counts questions: the answer to an older one is old.
    asked: StoredValue<u32>,
    /// The job that makes it anew, and the name that it has before and after.
    remade: RwSignal<Option<(String, String)>>,
    session: Session,
}

impl One {
    /// Asks for it, by its name or its full id, and follows it for as long as the owner lives.
    pub(super) fn follow(host: String, reference: String) -> Self {
        let one = Self {
            host: StoredValue::new(host),
            reference: StoredValue::new(reference),
            detail: RwSignal::new(None),
            row: RwSignal::new(None),
            gone: RwSignal::new(false),
            stamp: RwSignal::new(0),
            failure: RwSignal::new(None),
            asked: StoredValue::new(0),
            remade: RwSignal::new(None),
            session: session(),
        };
        one.look();
        let live = expect_context::<Live>();
        let id = memo(move || one.detail.with(|detail| detail.as_ref().map(|detail| detail.id.clone())));
        Effect::new(move |_| {
            if let Some(id) = id.get() {
                live.subscribe(Topic::Container { host: one.host.get_value(), id }, Rc::new(one));
            }
        });
        let stamp = memo(move || one.stamp.get());
        Effect::new(move |before: Option<u64>| {
            let now = stamp.get();
            // The first is that of the answer which is there already.
            if before.is_some_and(|before| before != 0 && before != now) {
                one.look();
            }
            now
        });
        let checked = memo(move || {
            let checks = one.detail.with(|detail| detail.as_ref().is_some_and(|d| d.health.is_some()));
            checks && one.is_up()
        });
        Effect::new(move |_| {
            if checked.get() {
                every(HEALTH_EVERY, move || one.look());
            }
        });
        one
    }

    /// The slug of its host.
    pub(super) fn host(self) -> String {
        self.host.get_value()
    }

    /// What an inspection says of it, once there is an answer.
    pub(super) fn detail(self) -> RwSignal<Option<Detail>> {
        self.detail
    }

    /// A part of that.
    pub(super) fn part<T: PartialEq + Default + Send + Sync + 'static>(
        self,
        of: fn(&Detail) -> T,
    ) -> Memo<T> {
        memo(move || self.detail.with(|detail| detail.as_ref().map(of).unwrap_or_default()))
    }

    /// Its row, as it is now or was last.
    pub(super) fn row(self) -> RwSignal<Option<Container>> {
        self.row
    }

    /// A job makes it anew, under this name: the one that is followed here is the old one meanwhile.
    pub(super) fn recreated_by(self, job: String, name: String) {
        self.remade.set(Some((job, name)));
    }

    /// The job that makes it anew, with its name.
    pub(super) fn remade(self) -> RwSignal<Option<(String, String)>> {
        self.remade
    }

    /// Whether its processes exist.
    pub(super) fn is_up(self) -> bool {
        self.row.with(|row| row.as_ref().is_some_and(|row| row.state.is_up()))
    }

    /// Whether it was there, and is no more.
    pub(super) fn is_gone(self) -> bool {
        self.gone.get()
    }

    /// Why it cannot be shown.
    pub(super) fn failure(self) -> RwSignal<Option<Failure>> {
        self.failure
    }

    /// Its full id; empty before the first answer.
    pub(super) fn id(self) -> String {
        self.detail.with_untracked(|detail| detail.as_ref().map(|d| d.id.clone())).unwrap_or_default()
    }

    /// A call on its behalf failed, perhaps because the session has ended.
    pub(super) fn noticed(self, failure: &Failure) {
        self.session.noticed(failure);
    }

    /// Makes whoever reads it follow what the engine tells of it.
    pub(super) fn track(self) {
        self.stamp.track();
    }

    /// Asks what an inspection says now.
    pub(super) fn look(self) {
        let (host, id) = (self.host.get_value(), self.id());
        let reference = if id.is_empty() { self.reference.get_value() } else { id };
        let number = self.asked.get_value() + 1;
        self.asked.set_value(number);
        leptos::task::spawn_local(async move {
            let answer = api::container(&host, &reference).await;
            if self.asked.try_get_value() == Some(number) {
                self.take(answer);
            }
        });
    }

    fn take(self, answer: Result<Detail, Failure>) {
        match answer {
            Ok(detail) => {
                if self.detail.with_untracked(|before| before.as_ref() != Some(&detail)) {
                    self.detail.set(Some(detail));
                }
                self.failure.set(None);
            }
            Err(failure) => {
                self.session.noticed(&failure);
                // What was shown stays; the line says when it is no more, and notices say that the host is silent.
                if self.detail.with_untracked(Option::is_none) {
                    self.failure.set(Some(failure));
                }
            }
        }
    }
}

impl Listener for One {
    fn snapshot(&self, whole: Body<'_>) -> Option<()> {
        let Followed { row, gone, stamp } = whole.read()?;
        if let Some(row) = row {
            self.row.set(Some(row));
            self.stamp.set(stamp);
        }
        if self.gone.get_untracked() != gone {
            self.gone.set(gone);
        }
        Some(())
    }

    fn delta(&self, change: Body<'_>) -> Option<()> {
        self.snapshot(change)
    }

    fn refused(&self, _: Problem) {}
}

/// The container of the page, from the context.
pub(super) fn one() -> One {
    expect_context()
}
