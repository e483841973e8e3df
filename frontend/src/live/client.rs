//! The client of the live protocol.

use std::{cell::RefCell, rc::Rc, time::Duration};

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use longshore_api::web::{
    API,
    live::{ByeReason, ClientMessage, PROTOCOL, Resume, Topic},
    problem::Problem,
};

use super::{
    Line, Listener, backoff,
    decode::{self, Body, Heard},
    socket::Socket,
};
use crate::{api::Failure, browser};

/// The line of the page, in the context.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    line: RwSignal<Line>,
    inner: StoredValue<Rc<RefCell<Inner>>, LocalStorage>,
    /// Called when the session may have ended, or its rights may be others.
    doubt: Callback<()>,
}

#[derive(Default)]
struct Inner {
    socket: Option<Socket>,
    /// The first build that was heard: the page came from the same server a moment before.
    build: Option<String>,
    epoch: Option<String>,
    said_hello: bool,
    subscriptions: Vec<Open>,
    last_number: u32,
    failures: u32,
    retry: Option<TimeoutHandle>,
}

struct Open {
    number: u32,
    topic: Topic,
    /// Of the last message; none before the first snapshot.
    seq: Option<u64>,
    listener: Rc<dyn Listener>,
}

/// A subscription; it ends when the owner that made it is cleaned up, or by [`Subscription::end`].
#[derive(Clone, Copy)]
pub(crate) struct Subscription {
    live: Live,
    number: u32,
}

impl Live {
    /// Opens the line. `doubt` is to look whether the session still holds; it may be called often.
    pub(crate) fn start(doubt: Callback<()>) -> Self {
        let live = Self {
            line: RwSignal::new(Line::Connecting),
            inner: StoredValue::new_local(Rc::default()),
            doubt,
        };
        live.connect();
        // A laptop that wakes, a network that is back: no need to wait for the clock.
        let hurry = move || {
            if matches!(live.line.get_untracked(), Line::Lost { .. }) {
                live.connect();
            }
        };
        let online = window_event_listener(leptos::ev::online, move |_| hurry());
        let shown = window_event_listener_untyped("visibilitychange", move |_| hurry());
        on_cleanup(move || {
            online.remove();
            shown.remove();
            live.close();
        });
        live
    }

    /// The state of the line.
    pub(crate) fn line(self) -> Signal<Line> {
        self.line.into()
    }

    /// Opens a subscription for as long as the current owner lives.
    pub(crate) fn subscribe(self, topic: Topic, listener: Rc<dyn Listener>) -> Subscription {
        let number = self.with(|inner| {
            inner.last_number += 1;
            let number = inner.last_number;
            inner.open(Open { number, topic, seq: None, listener });
            number
        });
        let subscription = Subscription { live: self, number };
        on_cleanup(move || subscription.end());
        subscription
    }

    /// Asks once: the first answer is heard, then the subscription ends.
    pub(crate) fn once(self, topic: Topic, answer: impl FnOnce(Body<'_>) -> Option<()> + 'static) {
        self.once_or(topic, answer, |_| ());
    }

    /// The same; `refused` hears why there is no answer.
    pub(crate) fn once_or(
        self,
        topic: Topic,
        answer: impl FnOnce(Body<'_>) -> Option<()> + 'static,
        refused: impl FnOnce(Failure) + 'static,
    ) {
        let number = self.with(|inner| {
            inner.last_number += 1;
            inner.last_number
        });
        let subscription = Subscription { live: self, number };
        let listener = Rc::new(Once {
            subscription,
            answer: RefCell::new(Some(Box::new(answer))),
            refused: RefCell::new(Some(Box::new(refused))),
        });
        self.with(|inner| {
            inner.open(Open { number, topic, seq: None, listener });
        });
    }

    fn with<T>(self, f: impl FnOnce(&mut Inner) -> T) -> T {
        self.inner.with_value(|inner| f(&mut inner.borrow_mut()))
    }

    fn close(self) {
        if let Some(inner) = self.inner.try_get_value() {
            let mut inner = inner.borrow_mut();
            inner.socket = None;
            if let Some(retry) = inner.retry.take() {
                retry.clear();
            }
        }
    }

    fn connect(self) {
        self.with(|inner| {
            if let Some(retry) = inner.retry.take() {
                retry.clear();
            }
            inner.said_hello = false;
            inner.socket =
                Socket::open(&url("live"), || {}, move |text| self.heard(&text), move || self.lost());
        });
    }

    fn lost(self) {
        let wait = self.with(|inner| {
            inner.said_hello = false;
            let wait = backoff::wait(inner.failures, js_sys::Math::random());
            inner.failures = inner.failures.saturating_add(1);
            let wait_for = Duration::from_millis(wait.unsigned_abs().into());
            inner.retry = set_timeout_with_handle(move || self.connect(), wait_for).ok();
            wait
        });
        if self.line.get_untracked() != Line::Outdated {
            self.line.set(Line::Lost { retry_at: browser::now() + i64::from(wait) });
        }
        self.doubt.run(());
    }

    fn heard(self, text: &str) {
        if decode::read(text).and_then(|message| self.take(message)).is_none() {
            // Only a server of another build says what this one does not understand.
            self.line.set(Line::Outdated);
        }
    }

    fn take(self, message: Heard<'_>) -> Option<()> {
        match message {
            Heard::Hello { build, protocol, epoch } => self.hello(build, protocol, epoch),
            Heard::Snapshot { sub, seq, body } => {
                if let Some(listener) = self.with(|inner| inner.received(sub, seq)) {
                    listener.snapshot(body)?;
                }
            }
            Heard::Delta { sub, seq, body } => {
                if let Some(listener) = self.with(|inner| inner.received(sub, seq)) {
                    listener.delta(body)?;
                }
            }
            Heard::Problem { sub, problem } => {
                let listener = sub.and_then(|sub| {
                    self.with(|inner| {
                        inner.place(sub).map(|place| inner.subscriptions[place].listener.clone())
                    })
                });
                if let Some(listener) = listener {
                    listener.refused(problem);
                }
            }
            Heard::Renewed | Heard::Bye { reason: ByeReason::SignedOut } => self.doubt.run(()),
            Heard::Bye { reason: ByeReason::Stopping | ByeReason::Nonsense } => {}
        }
        Some(())
    }

    fn hello(self, build: String, protocol: u32, epoch: String) {
        let (same_build, forgetful) = self.with(|inner| {
            inner.failures = 0;
            inner.said_hello = true;
            let same_build =
                *inner.build.get_or_insert_with(|| build.clone()) == build && protocol == PROTOCOL;
            let restarted = inner.epoch.replace(epoch.clone()).is_some_and(|before| before != epoch);
            let mut forgetful = Vec::new();
            if restarted {
                for open in &mut inner.subscriptions {
                    open.seq = None;
                    forgetful.push(open.listener.clone());
                }
            }
            (same_build, forgetful)
        });
        if !same_build {
            self.line.set(Line::Outdated);
            return;
        }
        for listener in forgetful {
            listener.forget();
        }
        self.with(|inner| {
            for open in &inner.subscriptions {
                inner.ask(open, true);
            }
        });
        self.line.set(Line::Live);
    }
}

type Answer = Box<dyn FnOnce(Body<'_>) -> Option<()>>;
type Refused = Box<dyn FnOnce(Failure)>;

struct Once {
    subscription: Subscription,
    answer: RefCell<Option<Answer>>,
    refused: RefCell<Option<Refused>>,
}

impl Listener for Once {
    fn snapshot(&self, whole: Body<'_>) -> Option<()> {
        self.subscription.end();
        let answer = self.answer.borrow_mut().take();
        answer.map_or(Some(()), |answer| answer(whole))
    }

    fn delta(&self, _: Body<'_>) -> Option<()> {
        Some(())
    }

    fn refused(&self, problem: Problem) {
        self.subscription.end();
        if let Some(refused) = self.refused.borrow_mut().take() {
            refused(Failure::Refused(Box::new(problem)));
        }
    }
}

impl Inner {
    fn received(&mut self, sub: u32, seq: u64) -> Option<Rc<dyn Listener>> {
        let place = self.place(sub)?;
        let open = &mut self.subscriptions[place];
        open.seq = Some(seq);
        Some(open.listener.clone())
    }

    fn place(&self, number: u32) -> Option<usize> {
        self.subscriptions.iter().position(|open| open.number == number)
    }

    fn open(&mut self, open: Open) {
        self.ask(&open, false);
        self.subscriptions.push(open);
    }

    fn ask(&self, open: &Open, resuming: bool) {
        let resume = match (resuming, &self.epoch, open.seq) {
            (true, Some(epoch), Some(seq)) => {
                Some(Resume { epoch: epoch.clone(), seq, have: open.listener.held() })
            }
            _ => None,
        };
        self.send(&ClientMessage::Subscribe { sub: open.number, topic: open.topic.clone(), resume });
    }

    /// What is said before the server has said hello is said again after it, so it need not be sent.
    fn send(&self, message: &ClientMessage) {
        if let (true, Some(socket), Ok(text)) =
            (self.said_hello, &self.socket, serde_json::to_string(message))
        {
            socket.send(&text);
        }
    }
}

impl Subscription {
    /// Asks something else on the same subscription; a snapshot follows.
    pub(crate) fn ask(self, topic: Topic) {
        self.live.with(|inner| {
            let Some(place) = inner.place(self.number) else { return };
            if inner.subscriptions[place].topic != topic {
                inner.subscriptions[place].topic = topic;
                inner.ask(&inner.subscriptions[place], true);
            }
        });
    }

    /// Ends it now.
    pub(crate) fn end(self) {
        if let Some(inner) = self.live.inner.try_get_value() {
            let mut inner = inner.borrow_mut();
            if let Some(place) = inner.place(self.number) {
                inner.subscriptions.remove(place);
                inner.send(&ClientMessage::Unsubscribe { sub: self.number });
            }
        }
    }
}

/// The address of a websocket below `/api/v1/`.
pub(crate) fn url(path: &str) -> String {
    let location = window().location();
    let scheme = if location.protocol().is_ok_and(|protocol| protocol == "https:") { "wss" } else { "ws" };
    let host = location.host().unwrap_or_default();
    format!("{scheme}://{host}{}", browser::below_base(&format!("{API}/{path}")))
}
