//! Older lines, fetched when one scrolls up to where they would stand. A reading of its own for each log, of the last
//! lines before a time; when all have come they are put in front together.

use longshore_api::web::log::{LAST_MAX, LogAsk, LogLine, LogQuery, LogTell};

use super::{address::Named, feed::Feed};
use crate::live::Socket;

/// So many are fetched at once, of all logs together.
const OLDER: u32 = 600;

/// The reading of older lines.
pub(super) struct Older {
    of: Vec<One>,
    /// Tells what is heard for an earlier reading.
    pub(super) number: u32,
}

struct One {
    which: usize,
    query: LogQuery,
    socket: Option<Socket>,
    lines: Vec<LogLine>,
    more: bool,
    over: bool,
}

/// What came of it.
pub(super) struct Fetched {
    /// Oldest first, with the sources.
    pub(super) lines: Vec<(usize, LogLine)>,
    /// Whether each of the sources that were asked has more.
    pub(super) more: Vec<(usize, bool)>,
}

impl Older {
    /// Asks for what these logs hold before a time.
    pub(super) fn fetch(
        number: u32,
        before: i64,
        of: Vec<(usize, &Named)>,
        query: &LogQuery,
        feed: Feed,
    ) -> Self {
        let last = (OLDER / u32::try_from(of.len().max(1)).unwrap_or(1)).clamp(50, LAST_MAX);
        let one = |(which, named): (usize, &Named)| {
            let query = LogQuery {
                before: Some(before),
                last: Some(last),
                until: None,
                follow: false,
                after: None,
                ..query.clone()
            };
            let socket = Socket::open(
                &named.url(),
                move || feed.older_opened(number, which),
                move |text| feed.older_heard(number, which, &text),
                move || feed.older_lost(number, which),
            );
            One { which, query, socket, lines: Vec::new(), more: false, over: false }
        };
        Self { of: of.into_iter().map(one).collect(), number }
    }

    fn one(&mut self, which: usize) -> Option<&mut One> {
        self.of.iter_mut().find(|one| one.which == which)
    }

    /// The line of one is open.
    pub(super) fn opened(&mut self, which: usize) {
        if let Some(one) = self.one(which) {
            let ask = LogAsk::Read(one.query.clone());
            one.ask(&ask);
        }
    }

    /// One has something to say.
    pub(super) fn heard(&mut self, which: usize, tell: LogTell) {
        let Some(one) = self.one(which) else { return };
        match tell {
            LogTell::Lines(batch) => {
                one.lines.extend(batch.lines);
                one.ask(&LogAsk::Took(1));
            }
            LogTell::Caught { more, .. } => (one.more, one.over) = (more, true),
            LogTell::Over | LogTell::Problem(_) | LogTell::Removed => one.over = true,
            _ => {}
        }
    }

    /// The line of one is gone: what it has not said, it does not say now. Whoever scrolls on asks again.
    pub(super) fn lost(&mut self, which: usize) {
        if let Some(one) = self.one(which)
            && !one.over
        {
            (one.more, one.over) = (true, true);
        }
    }

    /// Whether all have said what they have.
    pub(super) fn is_over(&self) -> bool {
        self.of.iter().all(|one| one.over)
    }

    /// What came. Nothing is missing from the first of the lines on: where one log has more than it said, the others begin
    /// where it does.
    pub(super) fn into_fetched(self) -> Fetched {
        let begin = self
            .of
            .iter()
            .filter(|one| one.more)
            .filter_map(|one| one.lines.first())
            .map(|line| line.at)
            .max();
        let mut fetched = Fetched { lines: Vec::new(), more: Vec::new() };
        for one in self.of {
            let all = one.lines.len();
            let lines = one.lines.into_iter().filter(|line| begin.is_none_or(|begin| line.at >= begin));
            let before = fetched.lines.len();
            fetched.lines.extend(lines.map(|line| (one.which, line)));
            let left_out = fetched.lines.len() - before < all;
            fetched.more.push((one.which, one.more || left_out));
        }
        if fetched.more.len() > 1 {
            fetched.lines.sort_by_key(|(_, line)| line.at);
        }
        fetched
    }
}

impl One {
    fn ask(&self, ask: &LogAsk) {
        if let (Some(socket), Ok(text)) = (&self.socket, serde_json::to_string(ask)) {
            socket.send(&text);
        }
    }
}
