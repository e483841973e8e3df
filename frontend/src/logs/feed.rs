//! What is read and shown, over all sources: lines come as fast as the page can show them, and no faster.

use std::{cell::RefCell, rc::Rc};

use leptos::prelude::*;
use longshore_api::{
    sentence::Sentence,
    web::log::{LogAsk, LogMissed, LogQuery, LogTell},
    words::say,
};
use web_sys::HtmlElement;

use super::{
    address::Named,
    line::{self, millis},
    lines::{self, Item, Lines, Make},
    source::{FIRST, Source, Standing},
};
use crate::{
    browser,
    clock::full_time,
    speech::{Speech, speech},
};

/// Whoever has scrolled up still gets so many screens below what they see, and no more.
const SCREENS_BELOW: i32 = 2;

/// The feed of the page.
#[derive(Clone, Copy)]
pub(super) struct Feed {
    inner: StoredValue<Rc<RefCell<Inner>>, LocalStorage>,
    s: Speech,
    paused: RwSignal<bool>,
    away: RwSignal<bool>,
    standings: RwSignal<Vec<Standing>>,
    kept: RwSignal<usize>,
}

#[derive(Default)]
struct Inner {
    sources: Vec<Source>,
    lines: Lines,
    query: LogQuery,
    /// The next frame shows what has come.
    framed: bool,
}

impl Feed {
    pub(super) fn new() -> Self {
        let feed = Self {
            inner: StoredValue::new_local(Rc::default()),
            s: speech(),
            paused: RwSignal::new(false),
            away: RwSignal::new(false),
            standings: RwSignal::default(),
            kept: RwSignal::new(0),
        };
        on_cleanup(move || feed.with(|inner| inner.sources.iter_mut().for_each(Source::close)));
        feed
    }

    fn with<T: Default>(self, f: impl FnOnce(&mut Inner) -> T) -> T {
        self.inner.try_with_value(|inner| f(&mut inner.borrow_mut())).unwrap_or_default()
    }

    /// Lines stand in this element from now on.
    pub(super) fn stand_in(self, body: HtmlElement) {
        self.with(|inner| inner.lines.stand_in(body));
    }

    /// Reads these logs, from their newest lines on.
    pub(super) fn read(self, named: Vec<Named>) {
        self.paused.set(false);
        self.away.set(false);
        self.with(|inner| {
            inner.sources.iter_mut().for_each(Source::close);
            inner.lines.clear();
            inner.query = LogQuery { last: Some(FIRST), follow: true, ..LogQuery::default() };
            inner.sources = named.into_iter().map(Source::new).collect();
            inner.open_all(self);
        });
        self.tell();
    }

    /// Begins anew at the newest lines.
    pub(super) fn to_newest(self) {
        self.paused.set(false);
        self.away.set(false);
        self.with(|inner| {
            inner.lines.clear();
            inner.sources.iter_mut().for_each(Source::forget);
            inner.open_all(self);
        });
        self.tell();
    }

    /// Whether reading is held.
    pub(super) fn is_paused(self) -> bool {
        self.paused.get()
    }

    /// Whether older lines than the newest are looked at.
    pub(super) fn is_away(self) -> bool {
        self.away.get()
    }

    /// How it stands with each log.
    pub(super) fn standings(self) -> Vec<Standing> {
        self.standings.get()
    }

    /// How many lines are kept.
    pub(super) fn kept(self) -> usize {
        self.kept.get()
    }

    /// Holds reading, or goes on with it at the newest line that is shown.
    pub(super) fn pause(self, hold: bool) {
        self.paused.set(hold);
        if !hold {
            self.away.set(false);
            self.with(|inner| inner.lines.to_end());
            self.frame_soon();
        }
    }

    /// The person has scrolled, or the list has another shape.
    pub(super) fn scrolled(self) {
        let at_end = self.with(|inner| inner.lines.is_at_end());
        if self.away.get_untracked() == at_end {
            self.away.set(!at_end);
        }
        self.frame_soon();
    }

    /// Keeps the newest line in sight after lines have taken another shape.
    pub(super) fn reshaped(self) {
        if !self.away.get_untracked() {
            self.with(|inner| inner.lines.to_end());
        }
    }

    /// What is shown, as text.
    pub(super) fn texts(self) -> String {
        self.with(|inner| inner.lines.texts())
    }

    /// The notes in another language.
    pub(super) fn say_again(self) {
        self.with(|inner| {
            let Inner { sources, lines, .. } = inner;
            lines.make_again(&Maker { sources, s: self.s });
        });
    }

    pub(super) fn opened(self, which: usize, line: u32, query: &LogQuery) {
        self.with(|inner| {
            if let Some(source) = inner.sources.get(which).filter(|source| source.is_on(line)) {
                source.ask(&LogAsk::Read(query.clone()));
            }
        });
    }

    pub(super) fn heard(self, which: usize, line: u32, text: &str) {
        let Ok(tell) = serde_json::from_str::<LogTell>(text) else { return self.lost(which, line) };
        self.with(|inner| {
            if let Some(source) = inner.sources.get_mut(which).filter(|source| source.is_on(line)) {
                source.take(tell);
            }
        });
        self.frame_soon();
    }

    /// The server has closed the line, or there is none.
    pub(super) fn lost(self, which: usize, line: u32) {
        self.with(|inner| {
            let Some(source) = inner.sources.get_mut(which).filter(|source| source.is_on(line)) else {
                return;
            };
            let over = |tell: &LogTell| matches!(tell, LogTell::Over | LogTell::Removed);
            if source.standing == Standing::Over || source.queue.back().is_some_and(over) {
                source.close();
                return;
            }
            source.lose(which, self);
        });
        self.tell();
    }

    pub(super) fn try_again(self, which: usize) {
        self.with(|inner| {
            let Inner { sources, query, .. } = inner;
            let Some(source) = sources.get_mut(which) else { return };
            if source.has_room() { source.open(which, self, query) } else { source.lose(which, self) }
        });
    }

    /// Shows what has come with the next frame: a page that nobody sees has none, and lets the server wait.
    fn frame_soon(self) {
        if !self.with(|inner| std::mem::replace(&mut inner.framed, true)) {
            request_animation_frame(move || self.frame());
        }
    }

    fn frame(self) {
        let (paused, away) = (self.paused.try_get_untracked(), self.away.try_get_untracked());
        let (Some(paused), Some(away)) = (paused, away) else { return };
        self.with(|inner| {
            inner.framed = false;
            let below = inner.lines.below();
            if paused || (away && below > SCREENS_BELOW * inner.lines.height()) {
                return;
            }
            inner.show(self.s, away);
        });
        self.tell();
    }

    /// What the page around the list shows.
    fn tell(self) {
        let (standings, kept) = self.with(|inner| {
            (inner.sources.iter().map(|source| source.standing).collect::<Vec<_>>(), inner.lines.len())
        });
        if self.standings.with_untracked(|before| *before != standings) {
            self.standings.set(standings);
        }
        if self.kept.get_untracked() != kept {
            self.kept.set(kept);
        }
    }
}

impl Inner {
    fn open_all(&mut self, feed: Feed) {
        for (which, source) in self.sources.iter_mut().enumerate() {
            source.open(which, feed, &self.query);
        }
    }

    /// Shows all that has come, and asks for more.
    fn show(&mut self, s: Speech, away: bool) {
        let mut new = Vec::new();
        for (which, source) in self.sources.iter_mut().enumerate() {
            let mut batches = 0;
            let mut last = 0;
            while let Some(tell) = source.queue.pop_front() {
                let (mark, what) = match tell {
                    LogTell::Lines(batch) => {
                        batches += 1;
                        last = batch.lines.last().map_or(last, |line| line.at);
                        new.extend(batch.lines.into_iter().map(|line| (which, Item::Line(line))));
                        continue;
                    }
                    LogTell::Caught { more, .. } => {
                        source.more |= more;
                        source.standing = Standing::Follows;
                        continue;
                    }
                    LogTell::Progress { .. } => continue,
                    LogTell::Over => {
                        source.standing = Standing::Over;
                        continue;
                    }
                    LogTell::Missed(missed) => ("restarting", left_out(missed)),
                    LogTell::Stopped { exit_code, out_of_memory } => {
                        source.standing = Standing::Stopped;
                        stopped(exit_code, out_of_memory)
                    }
                    LogTell::Started => {
                        source.standing = Standing::Follows;
                        ("running", say::log_started())
                    }
                    LogTell::Removed => {
                        source.standing = Standing::Over;
                        ("exited", say::log_removed())
                    }
                    LogTell::Problem(problem) => ("failed", problem.sentence),
                };
                let at = if last == 0 { browser::now() * 1_000_000 } else { last };
                new.push((which, Item::Note { at, mark, what }));
            }
            if batches > 0 {
                source.ask(&LogAsk::Took(batches));
            }
        }
        if new.is_empty() {
            return;
        }
        let Self { sources, lines, .. } = self;
        let maker = Maker { sources, s };
        let sorted = sources.len() > 1;
        if away {
            lines.steady(|lines| lines.append(new, sorted, &maker));
        } else {
            lines.append(new, sorted, &maker);
            lines.to_end();
        }
    }
}

fn stopped(exit_code: Option<i32>, out_of_memory: bool) -> (&'static str, Sentence) {
    let code = exit_code.unwrap_or_default();
    let mark = if code == 0 { "exited" } else { "failed" };
    (mark, if out_of_memory { say::log_stopped_out_of_memory(code) } else { say::log_stopped(code) })
}

fn left_out(missed: LogMissed) -> Sentence {
    let (from, until) = (full_time(millis(missed.from)), full_time(millis(missed.until)));
    match missed.lines {
        Some(lines) => say::log_missed(from, i64::try_from(lines).unwrap_or(i64::MAX), until),
        None => say::log_thrown_away(from, until),
    }
}

/// Makes elements in the language of the page.
struct Maker<'a> {
    sources: &'a [Source],
    s: Speech,
}

impl Make for Maker<'_> {
    fn make(&self, source: usize, item: &Item) -> HtmlElement {
        match item {
            Item::Line(one) => {
                let name = self.sources.get(source).map_or("", |source| source.named.name.as_str());
                let from = (self.sources.len() > 1).then_some((source, name));
                untrack(|| line::line(one, from, self.s.words().log_line_cut))
            }
            Item::Note { mark, what, .. } => untrack(|| lines::note(mark, &self.s.say(what))),
        }
    }
}
