//! One console as the page sees it: its terminal, its line, and what became of both.

use std::{cell::RefCell, rc::Rc, time::Duration};

use js_sys::Uint8Array;
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use longshore_api::{
    sentence::Sentence,
    web::console::{About, FromBrowser, FromServer, Run, Size, WINDOW},
    words::say,
};
use web_sys::Element;

use super::{
    outbox::Outbox,
    socket::{Came, Socket},
    terminal::{Terminal, Told, Way},
};
use crate::json;

/// Shown bytes are acknowledged so many at a time.
const ACK_EVERY: u64 = WINDOW / 8;
/// The line is tried again after this, and then after twice as long each time.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Where a console stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum State {
    /// Not yet.
    Connecting,
    /// What is typed goes to the program.
    Open,
    /// The line broke; it is tried again.
    Lost,
    /// The program ended, or was ended.
    Ended {
        /// Its code, where it is known.
        exit: Option<i64>,
        /// Why, where it did not end by itself.
        why: Option<Sentence>,
    },
    /// It could not begin.
    Failed {
        /// Why.
        why: Sentence,
        /// The engine's own words.
        engine: Option<String>,
    },
}

/// A console. A handle; the page that made it holds what it stands for.
#[derive(Clone, Copy)]
pub(super) struct Session {
    state: RwSignal<State>,
    about: RwSignal<Option<About>>,
    /// Why its engine does not answer, while it does not.
    away: RwSignal<Option<Sentence>>,
    size: RwSignal<Option<Size>>,
    found: RwSignal<(u32, u32)>,
    key: Callback<String>,
    /// Called when it begins or is no more to come back to.
    kept: Callback<()>,
    /// Called where it was to be come back to and is no more; without it, a new one is begun.
    gone: Option<Callback<()>>,
    inner: StoredValue<Rc<RefCell<Inner>>, LocalStorage>,
}

struct Inner {
    host: String,
    container: String,
    run: Run,
    terminal: Option<Rc<Terminal>>,
    socket: Option<Socket>,
    /// By which it is found again.
    id: Option<String>,
    outbox: Outbox,
    /// So many bytes of its output have come, were shown, and were acknowledged.
    came: u64,
    shown: u64,
    told: u64,
    /// Up to here its output was shown by an earlier page: what it asked of the terminal has been answered, and answering
    /// again would type into the shell.
    answered: u64,
    wait: Duration,
    retry: Option<TimeoutHandle>,
}

impl Session {
    /// One in a container, by its name; `id` where it may be there already. It begins with its terminal.
    pub(super) fn new(
        host: &str,
        container: &str,
        run: Run,
        id: Option<String>,
        key: Callback<String>,
        kept: Callback<()>,
        gone: Option<Callback<()>>,
    ) -> Self {
        let inner = Inner {
            host: host.to_owned(),
            container: container.to_owned(),
            run,
            terminal: None,
            socket: None,
            id,
            outbox: Outbox::default(),
            came: 0,
            shown: 0,
            told: 0,
            answered: 0,
            wait: FIRST_WAIT,
            retry: None,
        };
        Self {
            state: RwSignal::new(State::Connecting),
            about: RwSignal::new(None),
            away: RwSignal::new(None),
            size: RwSignal::new(None),
            found: RwSignal::new((0, 0)),
            key,
            kept,
            gone,
            inner: StoredValue::new_local(Rc::new(RefCell::new(inner))),
        }
    }

    /// Where it stands.
    pub(super) fn state(self) -> State {
        self.state.get()
    }

    /// What runs, once it does.
    pub(super) fn about(self) -> Option<About> {
        self.about.get()
    }

    /// Why its engine does not answer, while it does not.
    pub(super) fn away(self) -> Option<Sentence> {
        self.away.get()
    }

    /// The size of its terminal.
    pub(super) fn size(self) -> Option<Size> {
        self.size.get()
    }

    /// By which it is found again, where it can be.
    pub(super) fn id(self) -> Option<String> {
        self.with(|inner| inner.id.clone()).flatten()
    }

    /// Gives it a place on the page, and begins.
    pub(super) fn show_in(self, place: &Element, label: &str) -> bool {
        let Some(terminal) = Terminal::open(place, label, Rc::new(Teller(self))) else { return false };
        self.size.set(Some(terminal.size()));
        self.with(|inner| inner.terminal = Some(Rc::new(terminal)));
        self.connect();
        true
    }

    /// Which of how many matches is shown.
    pub(super) fn found(self) -> (u32, u32) {
        self.found.get()
    }

    /// Looks for a text in what was shown.
    pub(super) fn find(self, text: &str, way: Way) {
        if let Some(terminal) = self.terminal() {
            match text {
                "" => terminal.unfind(),
                text => terminal.find(text, way),
            }
        }
    }

    /// Takes the marks of what was found away.
    pub(super) fn unfind(self) {
        if let Some(terminal) = self.terminal() {
            terminal.unfind();
        }
    }

    /// Copies what is selected.
    pub(super) fn copy(self) {
        if let Some(terminal) = self.terminal() {
            terminal.copy();
        }
    }

    /// All that was shown and is still held.
    pub(super) fn text(self) -> String {
        self.terminal().map(|terminal| terminal.text()).unwrap_or_default()
    }

    /// Gives its terminal the focus.
    pub(super) fn focus(self) {
        if let Some(terminal) = self.terminal() {
            terminal.focus();
        }
    }

    /// The person is done with it.
    pub(super) fn end(self) {
        let terminal = self.with(|inner| {
            inner.retry.take().inspect(TimeoutHandle::clear);
            if let Some(socket) = inner.socket.take() {
                socket.say(&FromBrowser::End);
            }
            inner.id = None;
            inner.terminal.take()
        });
        // It may tell something while it goes.
        drop(terminal);
    }

    /// Begins anew, in the same terminal.
    pub(super) fn again(self) {
        self.forget();
        self.about.set(None);
        self.connect();
        self.focus();
    }

    fn forget(self) {
        self.with(|inner| {
            inner.id = None;
            inner.outbox = Outbox::default();
            (inner.came, inner.shown, inner.told, inner.answered) = (0, 0, 0, 0);
            inner.wait = FIRST_WAIT;
        });
    }

    fn with<T>(self, of: impl FnOnce(&mut Inner) -> T) -> Option<T> {
        let inner = self.inner.try_get_value()?;
        let mut inner = inner.borrow_mut();
        Some(of(&mut inner))
    }

    fn terminal(self) -> Option<Rc<Terminal>> {
        self.with(|inner| inner.terminal.clone()).flatten()
    }

    fn connect(self) {
        self.state.set(State::Connecting);
        self.with(|inner| {
            inner.socket = None;
            inner.socket = Socket::open(&inner.host, &inner.container, move |came| self.came(came));
        });
    }

    fn came(self, came: Came) {
        match came {
            Came::Open => self.greet(),
            Came::Bytes(bytes) => self.show(&bytes),
            Came::Text(text) => {
                if let Some(message) = json::read(&text) {
                    self.heard(message);
                }
            }
            Came::Closed => self.lost(),
        }
    }

    fn greet(self) {
        self.with(|inner| {
            let (Some(socket), Some(terminal)) = (&inner.socket, &inner.terminal) else { return };
            let size = terminal.size();
            socket.say(&match &inner.id {
                Some(id) => FromBrowser::Resume { id: id.clone(), shown: inner.came, size },
                None => FromBrowser::Open { run: inner.run.clone(), size },
            });
        });
    }

    fn heard(self, message: FromServer) {
        match message {
            FromServer::Opened { about } => {
                self.with(|inner| inner.id = Some(about.id.clone()));
                self.opened(about);
            }
            FromServer::Resumed { about, typed, taken, from, until, .. } => {
                self.with(|inner| {
                    if inner.came == 0 {
                        inner.answered = until;
                    }
                    (inner.came, inner.shown, inner.told) = (from, from, from);
                    inner.outbox.resume(typed, taken);
                });
                self.opened(about);
            }
            FromServer::Ack { bytes } => {
                self.with(|inner| inner.outbox.acknowledged(bytes));
                self.flush();
            }
            FromServer::Away { why } => self.away.set(why),
            FromServer::Ended { exit, why } => self.over(State::Ended { exit, why }),
            FromServer::Problem { problem } => {
                let resuming = self.with(|inner| inner.id.is_some() && inner.came == 0).unwrap_or_default();
                if resuming && problem.status == 404 {
                    // What an earlier page left is no more: a new one, as if nothing had been left.
                    self.forget();
                    match self.gone {
                        Some(gone) => gone.run(()),
                        None => self.connect(),
                    }
                    return;
                }
                if self.about.with_untracked(Option::is_some) {
                    self.over(State::Ended { exit: None, why: Some(problem.sentence) });
                    return;
                }
                self.over(State::Failed { why: problem.sentence, engine: problem.engine });
            }
        }
    }

    fn opened(self, about: About) {
        self.with(|inner| inner.wait = FIRST_WAIT);
        self.about.set(Some(about));
        self.away.set(None);
        self.state.set(State::Open);
        self.kept.run(());
        self.flush();
    }

    fn over(self, state: State) {
        self.with(|inner| {
            inner.socket = None;
            inner.id = None;
        });
        self.state.set(state);
        self.kept.run(());
    }

    fn lost(self) {
        if matches!(self.state.get_untracked(), State::Ended { .. } | State::Failed { .. }) {
            return;
        }
        let wait = self.with(|inner| {
            inner.socket = None;
            let wait = inner.wait;
            inner.wait = (wait * 2).min(LONGEST_WAIT);
            inner.id.is_some().then_some(wait)
        });
        match wait.flatten() {
            Some(wait) => {
                self.state.set(State::Lost);
                let retry = set_timeout_with_handle(move || self.reconnect(), wait);
                self.with(|inner| inner.retry = retry.ok());
            }
            // It never began, so there is nothing to come back to.
            None => self.over(State::Failed { why: say::server_silent(), engine: None }),
        }
    }

    fn reconnect(self) {
        if self.state.try_get_untracked() != Some(State::Lost) {
            return;
        }
        self.with(|inner| {
            inner.socket = Socket::open(&inner.host, &inner.container, move |came| self.came(came));
        });
    }

    fn show(self, bytes: &Uint8Array) {
        let Some(terminal) = self.terminal() else { return };
        let count = u64::from(bytes.length());
        self.with(|inner| inner.came += count);
        terminal.write(bytes, move || self.shown(count));
    }

    fn shown(self, count: u64) {
        self.with(|inner| {
            inner.shown += count;
            if inner.shown - inner.told >= ACK_EVERY
                && let Some(socket) = &inner.socket
            {
                // A line that came back meanwhile counts from where it began.
                let bytes = inner.shown.min(inner.came);
                socket.say(&FromBrowser::Ack { bytes });
                inner.told = bytes;
            }
        });
    }

    fn flush(self) {
        if self.state.get_untracked() != State::Open {
            return;
        }
        self.with(|inner| {
            if let Some(socket) = &inner.socket {
                while let Some(frame) = inner.outbox.next() {
                    socket.send(&frame);
                }
            }
        });
    }
}

/// What the terminal tells goes to the console.
struct Teller(Session);

impl Told for Teller {
    fn typed(&self, bytes: Vec<u8>) {
        let Some(state) = self.0.state.try_get_untracked() else { return };
        if matches!(state, State::Ended { .. } | State::Failed { .. }) {
            return;
        }
        self.0.with(|inner| {
            if inner.shown >= inner.answered {
                inner.outbox.push(&bytes);
            }
        });
        self.0.flush();
    }

    fn sized(&self, size: Size) {
        if self.0.size.try_set(Some(size)).is_some() {
            // It was given back: the page is gone.
            return;
        }
        self.0.with(|inner| {
            if let Some(socket) = &inner.socket {
                socket.say(&FromBrowser::Size { size });
            }
        });
    }

    fn key(&self, name: &str) {
        self.0.key.run(name.to_owned());
    }

    fn found(&self, at: u32, count: u32) {
        _ = self.0.found.try_set((at, count));
    }
}
