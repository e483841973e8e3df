//! What is read and shown, over all sources: lines come as fast as the page can show them, and no faster.

use std::{cell::RefCell, rc::Rc};

use leptos::prelude::*;
use longshore_api::{
    sentence::Sentence,
    web::{
        log::{LogAsk, LogMissed, LogQuery, LogTell},
        problem::Problem,
    },
    words::say,
};
use web_sys::HtmlElement;

use super::{
    address::Named,
    line::{self, Said, millis},
    lines::{self, Item, Lines, Make},
    older::Older,
    source::{LATER, Source, Standing},
};
use crate::{
    browser,
    clock::full_time,
    json,
    speech::{Speech, speech},
};

/// Whoever has scrolled up still gets so many screens below what they see, and no more.
const SCREENS_BELOW: i32 = 2;

/// The feed of the page.
#[derive(Clone, Copy)]
pub(super) struct Feed {
    inner: StoredValue<Rc<RefCell<Inner>>, LocalStorage>,
    s: Speech,
    /// Reading is held.
    paused: RwSignal<bool>,
    /// Older lines than the newest are looked at.
    away: RwSignal<bool>,
    /// How it stands with each log.
    standings: RwSignal<Vec<Standing>>,
    /// So many lines are in the list.
    kept: RwSignal<usize>,
    /// So many hits there are, once all has been read.
    found: RwSignal<Option<u64>>,
    /// Bytes that a search has read.
    read: RwSignal<u64>,
    /// What is written from now on follows.
    follows: RwSignal<bool>,
    /// Older lines are on their way.
    fetching: RwSignal<bool>,
}

/// What is behind the signals: the logs and the list.
#[derive(Default)]
struct Inner {
    sources: Vec<Source>,
    lines: Lines,
    query: LogQuery,
    /// Older lines that are fetched.
    older: Option<Older>,
    /// So many times they were: what belongs to an earlier time is not taken.
    olders: u32,
    /// Lines at the end were taken away, for older ones: they are read again when one comes back to them.
    cut: bool,
    /// The next frame shows what has come.
    framed: bool,
}

impl Feed {
    /// A feed that reads nothing yet; it closes its lines when its page goes.
    pub(super) fn new() -> Self {
        let feed = Self {
            inner: StoredValue::new_local(Rc::default()),
            s: speech(),
            paused: RwSignal::new(false),
            away: RwSignal::new(false),
            standings: RwSignal::default(),
            kept: RwSignal::new(0),
            found: RwSignal::new(None),
            read: RwSignal::new(0),
            follows: RwSignal::new(true),
            fetching: RwSignal::new(false),
        };
        on_cleanup(move || {
            feed.with(|inner| {
                inner.older = None;
                inner.sources.iter_mut().for_each(Source::close);
            });
        });
        feed
    }

    /// Nothing happens once the page is gone.
    fn with<T: Default>(self, f: impl FnOnce(&mut Inner) -> T) -> T {
        self.inner.try_with_value(|inner| f(&mut inner.borrow_mut())).unwrap_or_default()
    }

    /// Lines stand in this element from now on.
    pub(super) fn stand_in(self, body: HtmlElement) {
        self.with(|inner| inner.lines.stand_in(body));
    }

    /// Reads these logs.
    pub(super) fn read(self, named: Vec<Named>, query: LogQuery) {
        self.follows.set(query.follow);
        self.with(|inner| {
            inner.sources.iter_mut().for_each(Source::close);
            inner.query = query;
            inner.sources = named.into_iter().map(Source::new).collect();
        });
        self.to_newest();
    }

    /// Begins anew at the newest lines.
    pub(super) fn to_newest(self) {
        self.paused.set(false);
        self.found.set(None);
        self.read.set(0);
        // What has an end is read from its front, as far as one scrolls.
        self.away.set(!self.follows.get_untracked());
        self.with(|inner| {
            inner.lines.clear();
            (inner.older, inner.cut) = (None, false);
            inner.sources.iter_mut().for_each(Source::forget);
            inner.open_all(self, None);
        });
        self.tell();
    }

    /// Whether what is written from now on follows.
    pub(super) fn follows(self) -> bool {
        self.follows.get()
    }

    /// How many hits there are, where something is searched for and all has been read.
    pub(super) fn found(self) -> Option<u64> {
        self.found.get()
    }

    /// How many bytes a search has read.
    pub(super) fn bytes_read(self) -> u64 {
        self.read.get()
    }

    /// Whether older lines are on their way.
    pub(super) fn is_fetching(self) -> bool {
        self.fetching.get()
    }

    /// Goes to the next hit that is shown.
    pub(super) fn to_hit(self, below: bool) {
        self.with(|inner| inner.lines.next_hit(below));
    }

    /// Unfolds or folds the line of JSON that was clicked.
    pub(super) fn clicked(self, on: &web_sys::Element) {
        self.with(|inner| inner.lines.flip(on));
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
        if !self.follows.get_untracked() {
            return;
        }
        self.paused.set(hold);
        if !hold {
            if self.with(|inner| inner.cut) {
                return self.to_newest();
            }
            self.away.set(false);
            self.with(|inner| inner.lines.show_end());
            self.frame_soon();
        }
    }

    /// The person has scrolled, or the list has another shape.
    pub(super) fn scrolled(self) {
        let at_end = self.with(|inner| inner.lines.is_at_end() && !inner.cut && inner.query.follow);
        if self.away.get_untracked() == at_end {
            self.away.set(!at_end);
        }
        self.fetch_older();
        self.frame_soon();
    }

    /// Fetches what is older than the oldest line, where one has come near it.
    fn fetch_older(self) {
        let fetches = self.with(|inner| {
            if inner.older.is_some() || inner.lines.above() > inner.lines.height() {
                return false;
            }
            let of: Vec<(usize, &Named)> = inner
                .sources
                .iter()
                .enumerate()
                .filter(|(_, source)| source.more)
                .map(|(which, source)| (which, &source.named))
                .collect();
            let Some(before) = inner.lines.oldest(None).filter(|_| !of.is_empty()) else { return false };
            inner.olders += 1;
            inner.older = Some(Older::fetch(inner.olders, before, of, &inner.query, self));
            true
        });
        if fetches {
            self.fetching.set(true);
        }
    }

    /// The line for the older lines of one log is open.
    pub(super) fn older_opened(self, number: u32, which: usize) {
        self.with_older(number, |older| older.opened(which));
    }

    /// The server has said something on it.
    pub(super) fn older_heard(self, number: u32, which: usize, text: &str) {
        let tell = json::read::<LogTell>(text).unwrap_or(LogTell::Over);
        self.with_older(number, |older| older.heard(which, tell));
    }

    /// It is closed, or there was none.
    pub(super) fn older_lost(self, number: u32, which: usize) {
        self.with_older(number, |older| older.lost(which));
    }

    /// Does it to the fetching of this number, if that is still under way, and shows what was fetched when that is over.
    fn with_older(self, number: u32, f: impl FnOnce(&mut Older)) {
        let over = self.with(|inner| {
            let Some(older) = inner.older.as_mut().filter(|older| older.number == number) else {
                return false;
            };
            f(older);
            older.is_over()
        });
        if over {
            // Not from within the function of a socket that goes with it.
            request_animation_frame(move || self.put_older(number));
        }
    }

    /// Shows what was fetched.
    fn put_older(self, number: u32) {
        self.with(|inner| {
            if let Some(older) = inner.older.take_if(|older| older.number == number) {
                inner.put(older, self.s);
            }
        });
        _ = self.fetching.try_set(false);
        self.tell();
    }

    /// Keeps the newest line in sight after lines have taken another shape.
    pub(super) fn reshaped(self) {
        if !self.away.get_untracked() {
            self.with(|inner| inner.lines.show_end());
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

    /// The line of a log is open: it is asked for.
    pub(super) fn opened(self, which: usize, line: u32, query: &LogQuery) {
        self.with(|inner| {
            if let Some(source) = inner.sources.get(which).filter(|source| source.is_on(line)) {
                source.ask(&LogAsk::Read(query.clone()));
            }
        });
    }

    /// The server has said something on it; what it said waits for the next frame.
    pub(super) fn heard(self, which: usize, line: u32, text: &str) {
        let Some(tell) = json::read::<LogTell>(text) else { return self.lost(which, line) };
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
            let over = |tell: &LogTell| match tell {
                LogTell::Over | LogTell::Removed => true,
                LogTell::Problem(problem) => is_final(problem),
                _ => false,
            };
            if source.standing == Standing::Over || source.queue.back().is_some_and(over) {
                source.close();
                return;
            }
            source.lose(which, self);
        });
        self.tell();
    }

    /// Opens a lost line again, unless more is waiting to be shown than there is room for.
    pub(super) fn try_again(self, which: usize) {
        self.with(|inner| {
            let Inner { sources, query, .. } = inner;
            let Some(source) = sources.get_mut(which) else { return };
            if source.has_room() {
                source.open(which, self, query, Some(LATER))
            } else {
                source.lose(which, self)
            }
        });
    }

    /// Shows what has come with the next frame: a page that nobody sees has none, and lets the server wait.
    fn frame_soon(self) {
        if !self.with(|inner| std::mem::replace(&mut inner.framed, true)) {
            request_animation_frame(move || self.frame());
        }
    }

    /// Shows what has come, unless reading is held or enough stands below what is seen.
    fn frame(self) {
        let (paused, away) = (self.paused.try_get_untracked(), self.away.try_get_untracked());
        let (Some(paused), Some(away)) = (paused, away) else { return };
        self.with(|inner| {
            inner.framed = false;
            let below = inner.lines.below();
            if paused || (away && below > SCREENS_BELOW * inner.lines.height()) {
                return;
            }
            if std::mem::take(&mut inner.cut) {
                inner.open_all(self, None);
            }
            let shown = inner.show(self.s, away);
            if let Some(found) = shown.found {
                self.found.set(Some(found));
            } else if shown.hits > 0 {
                self.found.update(|found| *found = found.map(|found| found + shown.hits));
            }
            if shown.read > 0 {
                self.read.set(shown.read);
            }
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
    /// Opens the line of each log; the newest `later` lines if it goes on where it was lost.
    fn open_all(&mut self, feed: Feed, later: Option<u32>) {
        for (which, source) in self.sources.iter_mut().enumerate() {
            source.open(which, feed, &self.query, later);
        }
    }

    /// Puts older lines in front. Where there are too many then, those at the end go, and are read again later.
    fn put(&mut self, older: Older, s: Speech) {
        let fetched = older.into_fetched();
        let Self { sources, lines, .. } = self;
        for (which, more) in fetched.more {
            if let Some(source) = sources.get_mut(which) {
                source.more = more;
            }
        }
        let mut cut = false;
        lines.steady(|lines| cut = lines.prepend(fetched.lines, &Maker { sources, s }));
        if cut {
            self.cut = true;
            for (which, source) in self.sources.iter_mut().enumerate() {
                if let Some(place) = self.lines.place(which) {
                    source.go_back(place);
                }
            }
        }
    }

    /// Shows all that has come, and asks for more.
    fn show(&mut self, s: Speech, away: bool) -> Shown {
        let mut shown = Shown::default();
        let mut caught = false;
        let mut new = Vec::new();
        let lines = &self.lines;
        for (which, source) in self.sources.iter_mut().enumerate() {
            let mut batches = 0;
            let mut last = 0;
            while let Some(tell) = source.queue.pop_front() {
                let mut engine = None;
                let (mark, what) = match tell {
                    LogTell::Lines(batch) => {
                        batches += 1;
                        last = batch.lines.last().map_or(last, |line| line.at);
                        let hit = |line: &&longshore_api::web::log::LogLine| {
                            line.is(longshore_api::web::log::LogLine::HIT)
                        };
                        shown.hits += batch.lines.iter().filter(hit).count() as u64;
                        new.extend(batch.lines.into_iter().map(|line| (which, Item::Line(line))));
                        continue;
                    }
                    LogTell::Caught { more, found } => {
                        // What was left out later stands in a note of its own.
                        if !std::mem::replace(&mut source.caught, true) {
                            source.more |= more;
                            source.found = found;
                        }
                        caught = true;
                        source.standing = Standing::Follows;
                        continue;
                    }
                    LogTell::Progress { read } => {
                        shown.read = shown.read.max(read);
                        continue;
                    }
                    LogTell::Over => {
                        source.standing = Standing::Over;
                        continue;
                    }
                    LogTell::Missed(missed) => ("restarting", left_out(missed)),
                    LogTell::Stopped { exit_code, out_of_memory, failed } => {
                        source.standing = Standing::Stopped;
                        stopped(exit_code, out_of_memory, failed)
                    }
                    LogTell::Started => {
                        source.standing = Standing::Follows;
                        ("running", say::log_started())
                    }
                    LogTell::Removed => {
                        source.standing = Standing::Over;
                        ("exited", say::log_removed())
                    }
                    LogTell::Problem(problem) => {
                        if is_final(&problem) {
                            source.standing = Standing::Over;
                        }
                        // An engine that is away is so at every attempt.
                        if lines.has_just_said(which, &problem.sentence) {
                            continue;
                        }
                        engine = problem.engine;
                        ("failed", problem.sentence)
                    }
                };
                let at = if last == 0 { browser::now() * 1_000_000 } else { last };
                new.push((which, Item::Note { at, mark, what, engine }));
            }
            if batches > 0 {
                source.ask(&LogAsk::Took(batches));
            }
        }
        let Self { sources, lines, .. } = self;
        let sorted = sources.len() > 1;
        if !new.is_empty() {
            let maker = Maker { sources, s };
            let mut lost = Vec::new();
            if away {
                lines.steady(|lines| lost = lines.append(new, sorted, &maker));
            } else {
                lost = lines.append(new, sorted, &maker);
            }
            for which in lost {
                sources[which].more = true;
            }
        }
        if caught && sources.iter().all(|source| source.caught) {
            shown.found = sources.iter().map(|source| source.found).sum();
            if sorted {
                let begin = (0..sources.len()).filter(|which| sources[*which].more);
                let begin = begin.filter_map(|which| lines.oldest(Some(which))).max();
                for which in begin.map_or_else(Vec::new, |begin| lines.begin_at(begin)) {
                    sources[which].more = true;
                }
            }
        }
        if !away {
            lines.show_end();
        }
        shown
    }
}

/// What the page around the list learns of what was shown.
#[derive(Default)]
struct Shown {
    /// Hits among what was new.
    hits: u64,
    /// All hits, if the last log has just been read whole.
    found: Option<u64>,
    /// Bytes that a search has read; 0 where nothing was said of it.
    read: u64,
}

/// Whether it is no use to ask again: so it is where the engine has answered, and will answer the same. What stands before
/// one that is away answers too.
fn is_final(problem: &Problem) -> bool {
    problem.status < 500 || problem.engine.is_some() && !matches!(problem.status, 502..=504)
}

/// The mark and the words of a container that has stopped.
fn stopped(exit_code: Option<i32>, out_of_memory: bool, failed: bool) -> (&'static str, Sentence) {
    let code = exit_code.unwrap_or_default();
    let mark = if failed { "failed" } else { "exited" };
    (mark, if out_of_memory { say::log_stopped_out_of_memory(code) } else { say::log_stopped(code) })
}

/// The words for lines that are not shown.
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
                untrack(|| {
                    let words = self.s.words();
                    line::line(one, from, Said { cut: words.log_line_cut(), unfold: words.log_unfold() })
                })
            }
            Item::Note { mark, what, engine, .. } => {
                untrack(|| lines::note(mark, &self.s.say(what), engine.as_deref()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_an_engine_has_no_last_word() {
        let said = |status: u16, engine: Option<&str>| {
            is_final(&Problem {
                kind: String::new(),
                title: String::new(),
                status,
                sentence: say::log_stopped(0),
                engine: engine.map(str::to_owned),
                field: None,
                request_id: String::new(),
            })
        };
        assert!(said(404, None) && said(501, Some("the driver keeps no logs")) && said(500, Some("no")));
        assert!(!said(500, None) && !said(502, Some("<html>Bad Gateway</html>")) && !said(503, Some("away")));
    }
}
