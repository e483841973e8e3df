//! One container's log: its line to the server, which comes back by itself and goes on where it was lost.

use std::{collections::VecDeque, time::Duration};

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use longshore_api::web::log::{BATCHES_MAX, LogAsk, LogPlace, LogQuery, LogTell};

use super::{address::Named, feed::Feed};
use crate::live::{self, Socket};

/// So many lines are asked for at first.
pub(super) const FIRST: u32 = 500;
/// Of what was written while the line was lost, at most so many lines are shown.
const LATER: u32 = 1_500;

/// How it stands with a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Standing {
    /// What is there is being read.
    #[default]
    Reading,
    /// What is shown is what is written.
    Follows,
    /// The container does not run.
    Stopped,
    /// All was read; nothing follows.
    Over,
    /// The line is lost, and is tried again.
    Lost,
}

/// The log of one container.
pub(super) struct Source {
    pub(super) named: Named,
    pub(super) standing: Standing,
    /// What has come and is not shown yet.
    pub(super) queue: VecDeque<LogTell>,
    /// There are older lines.
    pub(super) more: bool,
    socket: Option<Socket>,
    /// Tells the messages of an earlier line from those of this one.
    line: u32,
    place: Option<LogPlace>,
    failures: u32,
    retry: Option<TimeoutHandle>,
}

impl Source {
    pub(super) fn new(named: Named) -> Self {
        Self {
            named,
            standing: Standing::default(),
            queue: VecDeque::new(),
            more: false,
            socket: None,
            line: 0,
            place: None,
            failures: 0,
            retry: None,
        }
    }

    /// Forgets all and closes the line.
    pub(super) fn close(&mut self) {
        self.socket = None;
        self.line += 1;
        if let Some(retry) = self.retry.take() {
            retry.clear();
        }
    }

    /// Opens the line, for `query` from the beginning or from where it was lost.
    pub(super) fn open(&mut self, which: usize, feed: Feed, query: &LogQuery) {
        self.close();
        if self.standing != Standing::Lost {
            self.standing = Standing::Reading;
        }
        let line = self.line;
        let query = match self.place {
            Some(place) => LogQuery { after: Some(place), last: Some(LATER), ..query.clone() },
            None => query.clone(),
        };
        let Named { host, name } = &self.named;
        let url = live::url(&format!("hosts/{host}/containers/{name}/logs/live"));
        self.socket = Socket::open(
            &url,
            move || feed.opened(which, line, &query),
            move |text| feed.heard(which, line, &text),
            move || feed.lost(which, line),
        );
    }

    /// Whether messages of this line are still heard.
    pub(super) fn is_on(&self, line: u32) -> bool {
        self.line == line
    }

    /// Says something to the server.
    pub(super) fn ask(&self, ask: &LogAsk) {
        if let (Some(socket), Ok(text)) = (&self.socket, serde_json::to_string(ask)) {
            socket.send(&text);
        }
    }

    /// Takes a message.
    pub(super) fn take(&mut self, tell: LogTell) {
        self.failures = 0;
        if let LogTell::Lines(batch) = &tell {
            self.place = batch.place.or(self.place);
        }
        self.queue.push_back(tell);
    }

    /// Forgets how far it has read.
    pub(super) fn forget(&mut self) {
        self.close();
        self.queue.clear();
        (self.place, self.more, self.standing) = (None, false, Standing::Reading);
    }

    /// The line is gone: it is tried again, later each time. Where so much waits to be shown that nothing more fits,
    /// there is no hurry.
    pub(super) fn lose(&mut self, which: usize, feed: Feed) {
        self.close();
        self.standing = Standing::Lost;
        let wait = live::wait(self.failures, js_sys::Math::random());
        self.failures = self.failures.saturating_add(1);
        let wait = Duration::from_millis(wait.unsigned_abs().into());
        self.retry = set_timeout_with_handle(move || feed.try_again(which), wait).ok();
    }

    /// Whether what waits leaves room for more.
    pub(super) fn has_room(&self) -> bool {
        self.queue.len() < BATCHES_MAX as usize
    }
}
